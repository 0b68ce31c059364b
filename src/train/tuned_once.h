/* Weights of the regularizers that are set once, after epoch tune_at, from a statistic of every
 * type (docs/architecture.md; Kim et al. 2023, section 4). */
#ifndef SQ_TRAIN_TUNED_ONCE_H
#define SQ_TRAIN_TUNED_ONCE_H

#include <stdbool.h>
#include <stdint.h>

#include "softeq/config.h"

/* The window: the last SQ_TUNING_WINDOW epochs up to tune_at, or all of them if tune_at is smaller.
 * Its first half is skipped, so that at least one epoch counts. */
enum { SQ_TUNING_WINDOW = 100 };

/* Open struct: all of it is state. */
typedef struct {
    int n_types;
    int64_t tune_at;  /* epoch (counted from 1) after which lambda is set; 0: never */
    bool at_once;     /* by the statistic of epoch tune_at alone; else by the least of the window */
    bool to_smallest; /* divided by the smallest of all types; else taken as it is, at least 1 */
    double power;
    double start[SQ_MAX_TYPES]; /* lambda of the configuration */
    double least[SQ_MAX_TYPES]; /* statistic of the kept epoch; infinity before there is one */
} sq_tuned_once;

/* Does the end of epoch `epoch` (counted from 0) ask for the statistic? */
bool sq_tuned_once_asks(const sq_tuned_once *tuned, int64_t epoch);

/* Takes in the statistic of an epoch that asks for it: inside the window a vector is kept if any of
 * its components is below the same component of the vector kept so far. At the window's end
 * lambda_g /= (s_g / smallest s)^power, with the smallest taken over the types whose lambda is not
 * zero (to_smallest), or lambda_g /= max(s_g, 1)^power. A type whose statistic is zero holds
 * whatever the weights are: it keeps its lambda and takes no part in the smallest; so does one
 * whose statistic is NaN. statistic, lambda: (n_types). Returns true when it set lambda. */
bool sq_tuned_once_take(sq_tuned_once *tuned, int64_t epoch, const double *statistic,
                        double *lambda);

#endif
