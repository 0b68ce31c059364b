#include "train/tuning.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void sq_tuning_init(sq_tuning *tuning, int n_types, const double *lambda, int64_t tune_at,
                    double power, int64_t patience) {
    assert(n_types >= 0 && n_types <= SQ_MAX_TYPES);
    *tuning = (sq_tuning){.n_types = n_types,
                          .tune_at = tune_at,
                          .power = power,
                          .patience = patience,
                          .best = INFINITY,
                          .best_epoch = -1};
    for (int g = 0; g < n_types; g++) tuning->lambda[g] = lambda[g];
    for (int g = 0; g < SQ_MAX_TYPES; g++) tuning->least[g] = INFINITY;
}

/* Whether epoch `number` (counted from 1) is one whose regularizers count. */
static bool in_window(const sq_tuning *tuning, int64_t number) {
    int64_t window = tuning->tune_at < SQ_TUNING_WINDOW ? tuning->tune_at : SQ_TUNING_WINDOW;
    int64_t skipped = window / 2;
    return number > tuning->tune_at - window + skipped && number <= tuning->tune_at;
}

static bool any_below(const double *values, const double *bounds, int count) {
    for (int k = 0; k < count; k++) {
        if (values[k] < bounds[k]) return true;
    }
    return false;
}

/* Whether type g has a regularizer to be weighed: not zero, and of a kept epoch. */
static bool is_measured(const sq_tuning *tuning, int g) {
    return tuning->least[g] > 0 && isfinite(tuning->least[g]);
}

static void set_lambda(sq_tuning *tuning) {
    double smallest = INFINITY;
    for (int g = 0; g < tuning->n_types; g++) {
        if (tuning->lambda[g] != 0 && is_measured(tuning, g)) {
            smallest = fmin(smallest, tuning->least[g]);
        }
    }
    for (int g = 0; g < tuning->n_types; g++) {
        if (tuning->lambda[g] == 0 || !is_measured(tuning, g)) continue;
        tuning->lambda[g] /= pow(tuning->least[g] / smallest, tuning->power);
    }
}

bool sq_tuning_end_epoch(sq_tuning *tuning, int64_t epoch, const double *regularizer) {
    int64_t number = epoch + 1;
    if (!in_window(tuning, number)) return false;
    if (any_below(regularizer, tuning->least, tuning->n_types)) {
        memcpy(tuning->least, regularizer, (size_t)tuning->n_types * sizeof *regularizer);
    }
    if (number < tuning->tune_at) return false;
    set_lambda(tuning);
    return true;
}

bool sq_tuning_select(sq_tuning *tuning, int64_t epoch, double valid, bool *is_best) {
    int64_t first = 2 * tuning->tune_at;
    *is_best = epoch >= first && valid < tuning->best;
    if (*is_best) {
        tuning->best = valid;
        tuning->best_epoch = epoch;
    }
    int64_t since = tuning->best_epoch >= 0 ? tuning->best_epoch : first - 1;
    return tuning->patience > 0 && epoch - since > tuning->patience;
}
