/* From rows of a data set to the lanes of a microbatch: read, move by a group element, scale. */
#ifndef SQ_TRAIN_FEED_H
#define SQ_TRAIN_FEED_H

#include "train/augmentation.h"
#include "train/problem.h"

/* Buffers for one microbatch. Open struct, owned by its creator. */
typedef struct {
    const sq_problem *problem;
    sq_dataset *dataset;
    size_t most; /* samples */
    bool masked;
    const sq_augmentation *augmentation;          /* NULL: none */
    const sq_extrapolation *residual;             /* taken off the targets: the problem's */
    sq_real *input, *target, *mask;               /* (most, n), row-major, raw units */
    sq_real *target_lanes, *mask_lanes;           /* (n_output, ld), as the network sees them */
    double *weight;                               /* (n_output) sq_scaling_weights */
    double *element, *inverse, *vector, *scratch; /* of the augmentation */
} sq_feed;

/* augmentation: what moves the samples, or NULL. All borrowed. */
sq_status sq_feed_create(const sq_problem *problem, sq_dataset *dataset,
                         const sq_augmentation *augmentation, size_t most, sq_feed *feed);
void sq_feed_clear(sq_feed *feed);

/* Reads rows into `input_lanes` (n_input, ld) and feed->target_lanes, feed->mask_lanes (NULL if
 * the data has no mask); ld = sq_padded(count). rows: (count). */
sq_status sq_feed_load(sq_feed *feed, const int64_t *rows, size_t count, int64_t epoch,
                       sq_real *input_lanes);

/* Counted outputs of these rows. */
sq_status sq_feed_count(sq_feed *feed, const int64_t *rows, size_t count, double *counted);

#endif
