/* Weights of the regularizers that are set again and again, all through training, and need no
 * lambda to begin with (docs/architecture.md). */
#ifndef SQ_TRAIN_TUNED_RUNNING_H
#define SQ_TRAIN_TUNED_RUNNING_H

#include <stdbool.h>
#include <stdint.h>

#include "softeq/config.h"

/* How stiff types are held. */
typedef struct {
    double first;      /* lambda that types begin with, and come to no more than ... */
    double most_scale; /* ... or than this many times as much (at least 1), if the network is better
                          projected */
    bool fades; /* as gradients of squares do: with the root of the part of the targets' variance
                   that is left unexplained */
} sq_stiffness;

/* Open struct: all of it is state. Epochs are counted from 0. */
typedef struct {
    int n_types;
    int64_t period;    /* epochs after which lambda is set, again and again; 0: never */
    int64_t beginning; /* epochs that may say nothing yet */
    int64_t middle;    /* epoch from which on types may be held exactly */
    sq_stiffness stiffness;
    double start[SQ_MAX_TYPES]; /* the first lambda; 0: the type is left out */
    double scale[SQ_MAX_TYPES]; /* lambda over the first, if the type holds and nothing fades */
    int64_t held_since[SQ_MAX_TYPES]; /* epoch after which it is held exactly; -1: it is not */
    bool moves[SQ_MAX_TYPES];         /* types by which training samples may be moved */
    double share[SQ_MAX_TYPES];       /* part of the samples that each moves */
} sq_tuned_running;

/* lambda: (n_types), of the configuration; where it is not zero it becomes the first. epochs: of
 * the whole training, whose first twentieth is its beginning, and in whose second half types may be
 * held exactly */
void sq_tuned_running_begin(sq_tuned_running *tuned, int n_types, sq_stiffness stiffness,
                            int64_t epochs, double *lambda);

/* The part of the samples that all types together move at most. */
#define SQ_TUNING_MOST_MOVED 0.9

/* Lets types move training samples (data.augment = found): none at first, then as far as moved
 * samples cost nothing. moves: (n_types) */
void sq_tuned_running_begin_moving(sq_tuned_running *tuned, const bool *moves);

/* What an epoch showed of the fit; NaN where nothing was measured. */
typedef struct {
    double gap;         /* error on the validation split over that in training: sq_tuning_gap */
    double unexplained; /* part of the training targets' variance that was left */
    const double *projected; /* (n_types) sq_projected_error_ratio; NULL: was not asked for */
} sq_tuning_fit;

/* The gap. variance_*: of the targets of either split, so that a validation split whose targets
 * vary more than the others is not taken for overfitting; 0: unknown, then it does not count. */
double sq_tuning_gap(double valid_mse, double train_mse, double variance_valid,
                     double variance_train);

/* Is lambda set at the end of epoch `epoch`? */
bool sq_tuned_running_asks(const sq_tuned_running *tuned, int64_t epoch);

/* Sets lambda at the end of an epoch that asks for it. Weights rise while the network overfits and
 * fall while it is held back, but where types move samples, which prevents overfitting, they only
 * fall; those of types whose moved samples are worse than the others are smaller. While the network
 * has learned next to nothing, or it is not known what, all weights fall, but for those of types
 * that it would be better projected on: they stay in the beginning of the training, and rise in any
 * case once something is learned; in the second half of the training they are held exactly from
 * then on. A ratio that is NaN counts as 1; a gap that is NaN changes nothing. ratio: (n_types)
 * sq_moved_error_ratio. lambda: (n_types) */
void sq_tuned_running_take(sq_tuned_running *tuned, int64_t epoch, const double *ratio,
                           const sq_tuning_fit *fit, double *lambda);

/* Are the weights to be projected on type g after each step? (sq_trainer_hold) */
bool sq_tuned_running_holds(const sq_tuned_running *tuned, int g);

#endif
