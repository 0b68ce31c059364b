/* Order of whole numbers, for sorting: differences would overflow. */
#ifndef SQ_BASE_ORDER_H
#define SQ_BASE_ORDER_H

#include <stdint.h>

/* Below 0 if a comes first, 0 if they are equal, above 0 if b comes first. */
static inline int sq_order(int64_t a, int64_t b) { return (a > b) - (a < b); }

/* For qsort, of arrays of int64_t. */
static inline int sq_compare_int64(const void *left, const void *right) {
    return sq_order(*(const int64_t *)left, *(const int64_t *)right);
}

#endif
