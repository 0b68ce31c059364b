/* Whether a model's error is noise or something that it has not learned, and what that breaks: a
 * model that is held to a symmetry does not tell by its own predictions whether the data has it
 * (docs/architecture.md). */
#ifndef SQ_TRAIN_UNLEARNED_SHARE_H
#define SQ_TRAIN_UNLEARNED_SHARE_H

#include <stdbool.h>

#include "train/problem.h"

/* Over samples all of whose outputs count; all NaN if these are fewer than 100, or there is no
 * error. */
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
 * fits; they share the elements. Collective; the result does not depend on how many ranks there
 * are. */
sq_status sq_unlearned_measure(sq_problem *problem, sq_dataset *dataset, int64_t samples,
                               double turn, sq_unlearned_shares *shares);

/* Is a share worth speaking of? */
static inline bool sq_is_unlearned(double share) {
    static const double least_share = 0.2;
    return share >= least_share;
}

/* Are inputs about as likely moved as not, by their distance? */
static inline bool sq_moved_inputs_are_alike(double distance) {
    static const double most_distance = 1.5;
    return distance < most_distance;
}

/* Can what is unlearned tell whether a type is broken? */
static inline bool sq_unlearned_may_tell(double share, double distance) {
    return sq_is_unlearned(share) && sq_moved_inputs_are_alike(distance);
}

/* Does what is unlearned break a type? Then the data does, whether the model does or not. */
static inline bool sq_unlearned_breaks(double share, double z, double distance) {
    static const double least_z = 2.0;
    return sq_unlearned_may_tell(share, distance) && z >= least_z;
}

/* Does it keep the type, as surely? */
static inline bool sq_unlearned_keeps(double share, double z, double distance) {
    return sq_unlearned_breaks(share, -z, distance);
}

#endif
