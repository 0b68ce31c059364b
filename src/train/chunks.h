/* A data set read through once in chunks of rows: each is summed in order by one rank, so that sums
 * over a whole data set have the same bits on any number of ranks. */
#ifndef SQ_TRAIN_CHUNKS_H
#define SQ_TRAIN_CHUNKS_H

#include "softeq/dataset.h"
#include "train/alive.h"
#include "train/extrapolation.h"

/* Open struct: the chunk that was read last. */
typedef struct {
    sq_dataset *dataset;              /* borrowed */
    const sq_extrapolation *residual; /* borrowed; taken off the targets */
    const sq_alive *alive;            /* borrowed; told of each chunk; may be NULL */
    int64_t count;                    /* of chunks */
    size_t rows;                      /* of this chunk */
    sq_real *input, *target, *mask;   /* (rows, n_input), (rows, n_output) twice */
    int64_t *row;                     /* (rows) */
} sq_chunks;

/* The caller clears, also on failure. */
sq_status sq_chunks_create(sq_dataset *dataset, const sq_extrapolation *residual,
                           const sq_alive *alive, sq_chunks *chunks);
void sq_chunks_clear(sq_chunks *chunks);

/* Reads chunk `number` of chunks->count. A data set without masks has ones. */
sq_status sq_chunks_read(sq_chunks *chunks, int64_t number);

#endif
