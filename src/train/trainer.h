/* One update after another: the loss and its gradient over a global batch, summed exactly over
 * microbatches and ranks, and the same Adam step on every rank. */
#ifndef SQ_TRAIN_TRAINER_H
#define SQ_TRAIN_TRAINER_H

#include "nn/regularizer.h"
#include "train/metrics.h"
#include "train/problem.h"

typedef struct sq_trainer sq_trainer;

/* What one update, or the end of an epoch, has seen. */
typedef struct {
    double loss;         /* of the batch, in the network's units, all terms included */
    double mse;          /* raw units */
    double weighted_mse; /* the same as outputs of unlike units count (sq_scaling_weights) */
    bool stop;           /* given: this rank asks all to stop; found: some rank did */
    bool passed_over;    /* no output of the batch counts: no step was made, the errors are zero */
} sq_step_result;

/* For the problem's training and validation data; problem must outlive it. Not collective. */
sq_status sq_trainer_create(sq_problem *problem, sq_trainer **trainer);
void sq_trainer_destroy(sq_trainer **trainer);

/* Batches of an epoch; the last one may be smaller. */
int64_t sq_trainer_batches(const sq_trainer *trainer);
/* Microbatches of a whole batch: ranks beyond that number have nothing to do. */
int64_t sq_trainer_microbatches(const sq_trainer *trainer);

/* The group that data.augment names, as it was read; NULL: it names none. */
const sq_group *sq_trainer_augmented_by(const sq_trainer *trainer);

/* From now on, which part of the samples each type moves (data.augment = found). share: (n_types)
 */
void sq_trainer_share_out(sq_trainer *trainer, const double *share);

/* From now on, hold the network to these types exactly: what breaks them is taken out of the
 * gradient before Adam sees it, and out of the weights after each step. Their regularizers, which
 * would have nothing to do, are left out. For kinds with regularizers. Collective, as
 * sq_held_types_set. held: (n_types) */
sq_status sq_trainer_hold(sq_trainer *trainer, const bool *held);

/* From now on, steps do one part after the other, so that the trace tells them apart: no sum over
 * ranks begins during the backward pass. *converting: added to it are the seconds spent on turning
 * gradients of the task's loss into fixed point, which the trace counts to that pass. NULL: with
 * overlap and not timed, as at first. */
void sq_trainer_take_apart(sq_trainer *trainer, double *converting);

/* Update number `batch` of `epoch` with these weights of the regularizers. lambda: (n_types). A
 * batch of which no output counts is passed over: parameters, moments and steps stay as they are.
 * Collective. Errors on all ranks alike: SQ_ERR_NUMERIC names step, parameter and remedy. */
sq_status sq_trainer_step(sq_trainer *trainer, int64_t epoch, int64_t batch, const double *lambda,
                          double lr, sq_step_result *result);

/* Metrics on the validation data; regularizers and levels of the weights as they are. by, level:
 * (n_layers, n_types); total_level: (n_types). Collective. */
sq_status sq_trainer_validate(sq_trainer *trainer, sq_metrics *metrics, double *by, double *level,
                              double *total_level);

/* sq_regularizer_expected at the weights as they are. expected: (n_types). Not collective. */
void sq_trainer_expected_regularizers(const sq_trainer *trainer, double *expected);

/* State beside the parameters: Adam's moments (parameter count each) and steps done. */
sq_real *sq_trainer_moment(sq_trainer *trainer, int which);
int64_t *sq_trainer_steps(sq_trainer *trainer);

#endif
