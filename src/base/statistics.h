/* Mean, spread and median of a few numbers. */
#ifndef SQ_BASE_STATISTICS_H
#define SQ_BASE_STATISTICS_H

#include <stddef.h>

/* Numbers as they come: their mean, and a sum of squared differences from it (Welford 1962). Equal
 * numbers have none, and numbers that differ in their last digits only keep these. Zeroed: no
 * number yet. Open struct. */
typedef struct {
    int count;
    double mean, squares;
} sq_running_sums;

/* NaN stands for a number that is not there: it is left out. */
void sq_running_add(sq_running_sums *sums, double value);

typedef struct {
    int count;
    double mean;      /* NaN for none */
    double deviation; /* standard, over count - 1; NaN for less than two */
} sq_spread;
sq_spread sq_running_spread(const sq_running_sums *sums);

/* values: (count), without NaN; sorted afterwards. Between the two in the middle if count is even;
 * NaN for none. */
double sq_median(double *values, size_t count);

#endif
