/* Writes a data shard row by row: what a data set writes itself with, and every importer. */
#ifndef SQ_DATASET_SHARD_WRITER_H
#define SQ_DATASET_SHARD_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "io/netcdf_file.h"
#include "softeq/dataset.h"

typedef struct sq_shard_writer sq_shard_writer;

/* Begins a shard that will stand at `path` once it is finished. Of info everything but samples and
 * hash is used. history: the command that makes it; may be NULL. */
sq_status sq_shard_writer_create(const char *path, const sq_dataset_info *info, const char *history,
                                 sq_shard_writer **writer);

/* The file, for attributes and variables over `sample` that a format has besides. Owned by the
 * writer. Define them before the first append. */
sq_nc *sq_shard_writer_file(sq_shard_writer *writer);

/* Rows appended so far: where the next ones go. */
size_t sq_shard_writer_rows(const sq_shard_writer *writer);

/* input: (count, n_input), target: (count, n_output), mask: (count, n_output), or NULL unless the
 * data set is masked. */
sq_status sq_shard_writer_append(sq_shard_writer *writer, size_t count, const sq_real *input,
                                 const sq_real *target, const sq_real *mask);

/* Brings the shard to its place; destroys the writer in any case. SQ_ERR_DATA without rows. */
sq_status sq_shard_writer_finish(sq_shard_writer **writer);

/* Leaves nothing behind. Accepts and leaves NULL. */
void sq_shard_writer_abandon(sq_shard_writer **writer);

#endif
