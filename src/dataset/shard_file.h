/* One data shard: what its header says, and its rows, checked. */
#ifndef SQ_DATASET_SHARD_FILE_H
#define SQ_DATASET_SHARD_FILE_H

#include "io/netcdf_file.h"
#include "softeq/dataset.h"

/* Reads and checks the header. info: everything but hash.
 * Errors: SQ_ERR_DATA with what is missing or of the wrong shape. */
sq_status sq_shard_describe(const sq_nc *file, sq_dataset_info *info);
/* The same, but a shard may do without targets: it has no outputs then, and no mask. */
sq_status sq_shard_describe_inputs(const sq_nc *file, sq_dataset_info *info);

/* The scenes of rows first .. first+count-1, which the file has. scenes: (count). SQ_ERR_DATA if
 * they are no numbers. */
sq_status sq_shard_read_scenes(const sq_nc *file, size_t first, size_t count, int64_t *scenes);

/* SQ_ERR_DATA, naming both files, if rows of the two cannot stand in one data set. */
sq_status sq_shard_check_alike(const char *first_path, const sq_dataset_info *first,
                               const char *path, const sq_dataset_info *info);

/* SQ_ERR_DATA, naming both, if one tells of something else than the other: of motion or not, other
 * steps, another interval or unit. first_path, path: what they are called. */
sq_status sq_shard_check_kind(const char *first_path, const sq_dataset_info *first,
                              const char *path, const sq_dataset_info *info);

/* Reads rows first .. first+count-1 into (count, n_input), (count, n_output) and (count, n_output);
 * mask may be NULL if the shard has none, and is else filled with ones. Targets that do not count
 * read as 0. Errors: SQ_ERR_DATA with file, variable and row for a value that is no finite number.
 */
sq_status sq_shard_read(const sq_nc *file, const sq_dataset_info *info, int64_t first, size_t count,
                        sq_real *input, sq_real *target, sq_real *mask);

#endif
