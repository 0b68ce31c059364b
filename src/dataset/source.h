/* What stands behind a data set: something that reads rows. */
#ifndef SQ_DATASET_SOURCE_H
#define SQ_DATASET_SOURCE_H

#include "dataset/read_ahead.h"

/* Operations of a kind of source. */
typedef struct {
    /* As sq_dataset_read; rows are within range. */
    sq_status (*read)(void *source, const int64_t *rows, size_t count, sq_real *input,
                      sq_real *target, sq_real *mask);
    void (*destroy)(void *source);
    /* As those of read_ahead.h; NULL where there is nothing to read ahead. */
    sq_status (*expect)(void *source, const int64_t *first_rows, size_t count);
    void (*rest)(void *source);
    void (*set_trace)(void *source, sq_trace *trace);
} sq_source_kind;

/* A data set over a source, which belongs to it from then on, but not if this fails. */
sq_status sq_dataset_create(const sq_dataset_info *info, const sq_source_kind *kind, void *source,
                            sq_dataset **dataset);

/* A data set over arrays, its info.hash computed. mask may be NULL. owned: the arrays are freed
 * with the data set; on failure they stay the caller's. */
sq_status sq_dataset_create_memory(const sq_dataset_info *info, const sq_real *input,
                                   const sq_real *target, const sq_real *mask, bool owned,
                                   sq_dataset **dataset);

#endif
