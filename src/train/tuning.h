/* The weights of the regularizers: the paper's tuning rule, and when to select and stop
 * (docs/architecture.md; Kim et al. 2023, section 4). Open struct: all of it is state. */
#ifndef SQ_TRAIN_TUNING_H
#define SQ_TRAIN_TUNING_H

#include <stdbool.h>
#include <stdint.h>

#include "softeq/config.h"

/* The window: the last SQ_TUNING_WINDOW epochs up to tune_at, or all of them if tune_at is smaller.
 * Its first half is skipped, so that at least one epoch counts. */
enum { SQ_TUNING_WINDOW = 100 };

typedef struct {
    int n_types;
    int64_t tune_at; /* epoch (counted from 1) after which lambda is set; 0: never */
    double power;
    int64_t patience; /* 0: no early stop */
    double lambda[SQ_MAX_TYPES];
    double least[SQ_MAX_TYPES]; /* R of the kept epoch; infinity before there is one */
    double best;                /* validation value of the selected model; infinity: none yet */
    int64_t best_epoch;         /* counted from 0; -1: none yet */
} sq_tuning;

/* lambda: (n_types), copied. n_types: at most SQ_MAX_TYPES. */
void sq_tuning_init(sq_tuning *tuning, int n_types, const double *lambda, int64_t tune_at,
                    double power, int64_t patience);

/* Takes in the regularizers at the end of epoch `epoch` (counted from 0), summed over layers.
 * Inside the window a vector is kept if any of its components is below the same component of the
 * vector kept so far. At the window's end
 *     lambda_g /= (R_g / smallest R)^power
 * with the smallest taken over the types whose lambda is not zero. A type whose R is zero holds
 * whatever the weights are: it keeps its lambda and takes no part in the smallest.
 * regularizer: (n_types). Returns true when lambda was set just now. */
bool sq_tuning_end_epoch(sq_tuning *tuning, int64_t epoch, const double *regularizer);

/* Takes in the validation value of epoch `epoch` (counted from 0). Models count from epoch
 * 2 tune_at on, when training has had as long under the tuned lambda as before.
 * *is_best: keep this model. Returns true when training should stop early: more than `patience`
 * epochs that count have passed without a better value. */
bool sq_tuning_select(sq_tuning *tuning, int64_t epoch, double valid, bool *is_best);

#endif
