#include "base/statistics.h"

#include <math.h>
#include <stdlib.h>

void sq_running_add(sq_running_sums *sums, double value) {
    if (isnan(value)) return;
    double before = value - sums->mean;
    sums->mean += before / ++sums->count;
    sums->squares += before * (value - sums->mean);
}

sq_spread sq_running_spread(const sq_running_sums *sums) {
    return (sq_spread){
        .count = sums->count,
        .mean = sums->count > 0 ? sums->mean : NAN,
        .deviation = sums->count > 1 ? sqrt(sums->squares / (sums->count - 1)) : NAN,
    };
}

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double sq_median(double *values, size_t count) {
    if (count == 0) return NAN;
    qsort(values, count, sizeof *values, compare_doubles);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}
