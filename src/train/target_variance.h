/* The variance of a data set's targets: the mean squared error of the best constant. */
#ifndef SQ_TRAIN_TARGET_VARIANCE_H
#define SQ_TRAIN_TARGET_VARIANCE_H

#include "train/problem.h"

/* Means over the outputs that count, of what the network learns: less the residual's extrapolation.
 */
typedef struct {
    double raw;      /* in the units of the data squared */
    double scaled;   /* in the network's units, as the loss is */
    double weighted; /* as outputs of unlike units count (sq_scaling_weights) */
} sq_target_variance;

/* Reads all of the data set. Collective: ranks share the rows; exact for any number of them. */
sq_status sq_target_variance_measure(const sq_problem *problem, sq_dataset *dataset,
                                     sq_target_variance *variance);

#endif
