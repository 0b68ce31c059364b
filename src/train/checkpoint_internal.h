/* What writing and reading of state files share. Nobody else includes this. */
#ifndef SQ_TRAIN_CHECKPOINT_INTERNAL_H
#define SQ_TRAIN_CHECKPOINT_INTERNAL_H

#include "io/netcdf_file.h"
#include "softeq/checkpoint.h"

enum { SQ_STATE_MAX_RANK = 3 };

/* Global attributes: the hash, and the names of the texts it covers, in order, parted by blanks.
 * The arrays it covers are the variables, in the order of the file. */
#define SQ_STATE_HASH "content_hash"
#define SQ_STATE_HASHED_TEXTS "content_hash_texts"

size_t sq_state_element_size(sq_state_type type);

/* The type of the variable that keeps an array, and back; false: arrays have no such type. */
sq_nc_type sq_state_nc_type(sq_state_type type);
bool sq_state_type_of(sq_nc_type nc_type, sq_state_type *type);

/* Number of elements. SQ_ERR_DATA if their bytes cannot be counted. */
sq_status sq_state_count(const sq_state_array *array, size_t *count);

#endif
