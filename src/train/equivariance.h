/* The error of a model under the action of each symmetry type (docs/architecture.md):
 * mean over samples and elements of |f(gx) - g f(x)| / (|f(gx)| + |g f(x)|), in raw units. */
#ifndef SQ_TRAIN_EQUIVARIANCE_H
#define SQ_TRAIN_EQUIVARIANCE_H

#include "train/held_types.h"
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
 * beside mean |f(x) - y|^2 on the same samples. They are alike where the data has the symmetry,
 * whatever the quality of the model (docs/architecture.md). Samples with a mask count if all their
 * outputs do. Elements of groups that are not orthogonal are drawn near the identity
 * (sq_moved_scale). ratio: (n_types), moved_g over the unmoved error; NaN if that is zero.
 * Collective, as above. */
sq_status sq_moved_error_ratio(sq_problem *problem, sq_dataset *dataset, double *ratio);

/* What it would cost to hold the network to a type exactly: the mean squared error once its weights
 * are projected on the type, over that of the network as it is. Below 1: what breaks the symmetry
 * in the weights is noise. Samples with a mask count if all their outputs do. For kinds with
 * regularizers; the parameters stay as they are. ratio: (n_types); NaN if the network has no error.
 * Collective, as above. */
sq_status sq_projected_error_ratio(sq_problem *problem, sq_dataset *dataset, double *ratio);

/* The same of several types at once: of the group that they generate together. */
sq_status sq_held_error_ratio(sq_problem *problem, sq_dataset *dataset, const sq_held_types *types,
                              double *ratio);

/* Whether the model's error is noise or something that it has not learned, and what that breaks: a
 * model that is held to a symmetry does not tell by its own predictions whether the data has it
 * (docs/architecture.md). Over samples all of whose outputs count; all NaN if these are fewer than
 * 100, or there is no error. */
typedef struct {
    double all;                 /* part of the squared error that can be predicted from the inputs
                                   (train/unlearned.h); 0 and below if it is noise */
    double moved[SQ_MAX_TYPES]; /* the same of that on moved samples: as large where the data has
                                   the symmetry, small or below 0 where what was left breaks it */
    /* For orthogonal groups; else NaN. */
    double z[SQ_MAX_TYPES]; /* by how many standard errors less than half of what is taken off the
                               squares is taken off those of moved samples */
    double distance[SQ_MAX_TYPES]; /* sq_unlearned_distance of moved samples: 1 if the inputs are as
                                      likely moved */
} sq_unlearned_shares;

/* Over the first `samples` rows at most, under 5 random elements of each type. turn: standard
 * deviation of the Lie algebra coordinates of orthogonal groups; 4: any rotation is about as
 * likely; 1: small ones are likelier, and what is broken little by these is not seen. Every rank
 * fits; they share the elements. Collective, as above. */
sq_status sq_unlearned_measure(sq_problem *problem, sq_dataset *dataset, int64_t samples,
                               double turn, sq_unlearned_shares *shares);

/* Is a share worth speaking of? */
static inline bool sq_is_unlearned(double share) {
    static const double least_share = 0.2;
    return share >= least_share;
}

/* Does what is unlearned break a type? Then the data does, whether the model does or not. */
static inline bool sq_unlearned_breaks(double share, double z, double distance) {
    static const double least_z = 2.0, most_distance = 1.5;
    return sq_is_unlearned(share) && z >= least_z && distance < most_distance;
}

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
