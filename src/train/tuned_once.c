#include "train/tuned_once.h"

#include <math.h>
#include <string.h>

/* Whether epoch `number` (counted from 1) is one whose regularizers count. */
static bool in_window(const sq_tuned_once *tuned, int64_t number) {
    int64_t window = tuned->tune_at < SQ_TUNING_WINDOW ? tuned->tune_at : SQ_TUNING_WINDOW;
    int64_t skipped = window / 2;
    return number > tuned->tune_at - window + skipped && number <= tuned->tune_at;
}

bool sq_tuned_once_asks(const sq_tuned_once *tuned, int64_t epoch) {
    return tuned->at_once ? epoch + 1 == tuned->tune_at : in_window(tuned, epoch + 1);
}

static bool any_below(const double *values, const double *bounds, int count) {
    for (int k = 0; k < count; k++) {
        if (values[k] < bounds[k]) return true;
    }
    return false;
}

/* Whether type g has a regularizer to be weighed: not zero, and of a kept epoch. */
static bool is_measured(const sq_tuned_once *tuned, int g) {
    return tuned->least[g] > 0 && isfinite(tuned->least[g]);
}

/* What the statistics are compared with. */
static double reference_of(const sq_tuned_once *tuned) {
    double smallest = INFINITY;
    if (!tuned->to_smallest) return 1.0;
    for (int g = 0; g < tuned->n_types; g++) {
        if (tuned->start[g] != 0 && is_measured(tuned, g)) {
            smallest = fmin(smallest, tuned->least[g]);
        }
    }
    return smallest;
}

static void set_lambda(const sq_tuned_once *tuned, double *lambda) {
    double reference = reference_of(tuned);
    for (int g = 0; g < tuned->n_types; g++) {
        lambda[g] = tuned->start[g];
        if (lambda[g] == 0 || !is_measured(tuned, g)) continue;
        lambda[g] /= pow(fmax(tuned->least[g] / reference, 1.0), tuned->power);
    }
}

bool sq_tuned_once_take(sq_tuned_once *tuned, int64_t epoch, const double *statistic,
                        double *lambda) {
    if (any_below(statistic, tuned->least, tuned->n_types)) {
        memcpy(tuned->least, statistic, (size_t)tuned->n_types * sizeof *statistic);
    }
    if (epoch + 1 < tuned->tune_at) return false;
    set_lambda(tuned, lambda);
    return true;
}
