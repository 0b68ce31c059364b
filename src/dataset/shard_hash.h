/* What stands for the values of a shard, so that a change of them is noticed. */
#ifndef SQ_DATASET_SHARD_HASH_H
#define SQ_DATASET_SHARD_HASH_H

#include <stdbool.h>

#include "io/content_hash.h"
#include "io/netcdf_file.h"
#include "softeq/dataset.h"

enum { SQ_SHARD_HASH_SIZE = 33 }; /* 32 hex digits and a NUL */

/* Rows as the writer of shards feeds them, one by one, so that the cut into blocks does not matter.
 * element_size: of the values; mask: NULL if there is none. */
void sq_shard_hash_rows(sq_content_hash *hash, const sq_dataset_info *info, size_t element_size,
                        size_t count, const void *input, const void *target, const void *mask);

/* The attribute content_hash as this program would write it, from all values. Reads every row.
 * text: (SQ_SHARD_HASH_SIZE) */
sq_status sq_shard_hash_content(const sq_nc *file, const sq_dataset_info *info, char *text);

/* Whether a text may be such a hash: other programs have others. */
bool sq_shard_hash_is_ours(const char *text);

/* Runs of rows, evenly spaced, the first and the last row among them. */
typedef struct {
    size_t count; /* 2 at least, unless one is all of them */
    size_t rows;  /* of each */
} sq_shard_runs;

/* Feeds what a shard says of its content, and runs of its rows: the same however the file is
 * chunked, compressed or written again. Values are not checked, and what does not count is left
 * out. */
sq_status sq_shard_hash_sample(const sq_nc *file, const sq_dataset_info *info, sq_shard_runs runs,
                               sq_content_hash *hash);

#endif
