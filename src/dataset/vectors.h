/* Lengths of vectors in R^3, for the formulas of tasks. */
#ifndef SQ_DATASET_VECTORS_H
#define SQ_DATASET_VECTORS_H

#include <math.h>

static inline double sq_dot3(const double *a, const double *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static inline double sq_length3(const double *a) { return sqrt(sq_dot3(a, a)); }

/* |x| + |y| + |z| */
static inline double sq_absolute3(const double *a) { return fabs(a[0]) + fabs(a[1]) + fabs(a[2]); }

#endif
