/* Which epoch's model is the best one, and when to stop. */
#ifndef SQ_TRAIN_SELECTION_H
#define SQ_TRAIN_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

/* Open struct: all of it is state. Epochs are counted from 0. */
typedef struct {
    int64_t first;      /* epoch from which on models count */
    int64_t patience;   /* epochs without a better value after which training stops; 0: never */
    double best;        /* validation value of the selected model; infinity: none yet */
    int64_t best_epoch; /* -1: none yet */
} sq_selection;

void sq_selection_init(sq_selection *selection, int64_t first, int64_t patience);

/* Takes in the validation value of an epoch. *is_best: keep this model. Returns true when training
 * should stop early: more than `patience` epochs that count have passed without a better value. */
bool sq_selection_take(sq_selection *selection, int64_t epoch, double valid, bool *is_best);

#endif
