/* Weights of the regularizers that are set again and again, all through training, and need no
 * lambda to begin with (docs/architecture.md). */
#ifndef SQ_TRAIN_TUNED_RUNNING_H
#define SQ_TRAIN_TUNED_RUNNING_H

#include <stdbool.h>
#include <stdint.h>

#include "softeq/config.h"

/* How stiff types are held. */
typedef struct {
    double first;      /* lambda that types begin with */
    double most_scale; /* times as much is the most of types that the network is better projected
                          on, at least 1; of others it is once */
    bool fades; /* as gradients of squares do: with the root of the part of the targets' variance
                   that is left unexplained */
} sq_stiffness;

/* In the loss types begin with what the paper chose for moments of inertia, in units of the loss of
 * the best constant. */
sq_stiffness sq_stiffness_in_loss(double loss_of_constant);

/* Beside Adam (symmetry.penalty = decoupled) each type begins by taking away a tenth, in a step, of
 * what breaks it, and up to five types together come to half: the other half is needed to tell
 * whether projecting still helps. Without steps, lr = 0, whatever is finite will do. candidates:
 * types that are not left out */
sq_stiffness sq_stiffness_decoupled(double lr, int candidates);

/* Divided as Adam divides the gradient. squares: the loss is one of squares, whose gradients fade.
 */
sq_stiffness sq_stiffness_preconditioned(double loss_of_constant, bool squares);

/* Open struct: all of it is state. Epochs are counted from 0. */
typedef struct {
    int n_types;
    int64_t period;    /* epochs after which lambda is set, again and again; 0: never */
    int64_t beginning; /* epochs that may say nothing yet */
    int64_t middle;    /* epoch from which on types may be held exactly */
    sq_stiffness stiffness;
    double start[SQ_MAX_TYPES]; /* the first lambda; 0: the type is left out */
    double scale[SQ_MAX_TYPES]; /* lambda over the first, if the type holds and nothing fades; 0:
                                   it was let go */
    int64_t held_since[SQ_MAX_TYPES]; /* epoch after which it is held exactly; -1: it is not; -2: it
                                         is set aside */
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

/* Sets lambda at the end of an epoch that asks for it (docs/architecture.md).
 * - While the network has learned next to nothing, or it is not known what: all weights are halved,
 *   but in the beginning of the training those of types that it is better projected on stay.
 * - Then the weights of types that the network is better projected on rise, and those of types that
 *   are held exactly stay.
 * - All others rise while the network overfits, but not where types move samples, and fall while it
 *   is held back.
 * In any case weights are smaller by the ratio of the type, which counts as 1 if it is below or
 * NaN. A gap that is NaN changes nothing. ratio: (n_types) sq_moved_error_ratio. lambda: (n_types)
 */
void sq_tuned_running_take(sq_tuned_running *tuned, int64_t epoch, const double *ratio,
                           const sq_tuning_fit *fit, double *lambda);

/* May type g be held exactly from now on, as far as an epoch shows that asks for lambda? If it is
 * in the second half of the training, the network has learned something and is better projected,
 * and the type is not left out. */
bool sq_tuned_running_may_hold(const sq_tuned_running *tuned, int64_t epoch,
                               const sq_tuning_fit *fit, int g);
/* Holds it from then on, unless it is let go; before sq_tuned_running_take of that epoch. */
void sq_tuned_running_hold(sq_tuned_running *tuned, int64_t epoch, int g);
/* Is it asked at the end of epoch `epoch` what the network has not learned, and what that breaks?
 * Every now and then in the second half. */
bool sq_tuned_running_doubts(const sq_tuned_running *tuned, int64_t epoch);
/* May type g be let go if that breaks it? */
bool sq_tuned_running_may_let_go(const sq_tuned_running *tuned, int g);
/* Lets it go, for good: it is held no longer, its lambda is 0, and it moves no samples. Before
 * sq_tuned_running_hold and sq_tuned_running_take of that epoch. */
void sq_tuned_running_let_go(sq_tuned_running *tuned, int g);
bool sq_tuned_running_is_let_go(const sq_tuned_running *tuned, int g);
/* May type g be set aside since it implies one that was let go? */
bool sq_tuned_running_may_set_aside(const sq_tuned_running *tuned, int g);
/* For good, it is not held, moves no samples, and begins again with next to no weight. As above. */
void sq_tuned_running_set_aside(sq_tuned_running *tuned, int g);
/* Holds it no longer; it may be held again. */
void sq_tuned_running_release(sq_tuned_running *tuned, int g);
/* Are the weights to be projected on type g after each step? (sq_trainer_hold) */
bool sq_tuned_running_holds(const sq_tuned_running *tuned, int g);

#endif
