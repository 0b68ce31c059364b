/* The variance of a data set's targets: the mean squared error of the best constant. */
#ifndef SQ_TRAIN_TARGET_VARIANCE_H
#define SQ_TRAIN_TARGET_VARIANCE_H

#include "train/problem.h"

/* Means over the outputs that count, of what the network learns: less the residual's extrapolation.
 */
typedef struct {
    double raw;           /* in the units of the data squared */
    double scaled;        /* in the network's units, as the loss is */
    double weighted;      /* as outputs of unlike units count (sq_scaling_weights) */
    double weighted_size; /* in these units: the mean square; rounding is relative to it */
} sq_target_variance;

/* Reads all of the data set. Collective: ranks share the rows; exact for any number of them. */
sq_status sq_target_variance_measure(const sq_problem *problem, sq_dataset *dataset,
                                     sq_target_variance *variance);

/* The part of it that a model with this sq_metrics_weighted_mse explains: 1: all; 0 or below: no
 * more than a constant would. NaN of targets that do not vary. */
double sq_target_explained_share(const sq_target_variance *variance, double weighted_mse);

#endif
