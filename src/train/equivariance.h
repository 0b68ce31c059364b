/* The error of a model under the action of each symmetry type (docs/architecture.md):
 * mean over samples and elements of |f(gx) - g f(x)| / (|f(gx)| + |g f(x)|), where f is
 * less the shift of scalar outputs (data.scale = standardize). Outputs of unlike units count as
 * they do in the loss (sq_scaling_weights); if there is one scale, units are those of the data. */
#ifndef SQ_TRAIN_EQUIVARIANCE_H
#define SQ_TRAIN_EQUIVARIANCE_H

#include <stdbool.h>

#include "train/problem.h"

/* Over the first log.equivariance_samples rows and log.equivariance_elements random elements per
 * type (never the identity), keyed by train.seed. error: (n_types); NaN if the data set is empty of
 * signal. Collective: the elements are shared out over ranks; the result does not depend on how
 * many there are. */
sq_status sq_equivariance_error(sq_problem *problem, sq_dataset *dataset, double *error);

/* The same of the made task's own function on its own samples: what a perfect model would have. NaN
 * for data from files or of the caller. */
sq_status sq_equivariance_error_of_task(sq_problem *problem, sq_dataset *dataset, double *error);

/* What a symmetry costs: the error of the model on moved samples whose targets are moved alike,
 *     moved_g = mean |f(g x) - g y|^2,
 * beside mean |f(x) - y|^2 on the same samples, in these units. They are alike where the data has
 * the symmetry, whatever the quality of the model (docs/architecture.md). Samples with a mask count
 * if all their outputs do. Elements of groups that are not orthogonal are drawn near the identity
 * (sq_moved_scale). ratio: (n_types), moved_g over the unmoved error; NaN if that is zero.
 * Collective, as above. */
sq_status sq_moved_error_ratio(sq_problem *problem, sq_dataset *dataset, double *ratio);

/* Does a moved error ratio say that the data has the symmetry, as far as the model can tell? */
static inline bool sq_moved_error_is_alike(double ratio) {
    static const double most_ratio = 1.5;
    return ratio < most_ratio;
}

/* Equivariance error and moved error ratio at once, to the same bits: under the elements that they
 * share the model is asked once. */
sq_status sq_equivariance_measure(sq_problem *problem, sq_dataset *dataset, double *error,
                                  double *ratio);

#endif
