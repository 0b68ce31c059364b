/* Numbers that should be equal up to rounding. Include after cmocka.h. */
#ifndef SQ_TESTS_NEAR_H
#define SQ_TESTS_NEAR_H

#include <math.h>

#include "base/rng.h"
#include "softeq/real.h"

/* What a few hundred roundings of numbers of order one leave, in the precision of networks. */
#ifdef SOFTEQ_DOUBLE
#define NEAR_REAL 1e-12
#else
#define NEAR_REAL 1e-5
#endif

static inline void assert_near(double value, double expected, double tolerance) {
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.17g is not %.17g: off by %.2e", value, expected, fabs(value - expected));
}

/* The numbers of a test; its seed is printed. */
static inline sq_rng test_rng(uint64_t seed) {
    print_message("seed %lu\n", (unsigned long)seed);
    return sq_rng_create(seed, SQ_RNG_TEST, 0, 0);
}

static inline void fill_normal(sq_rng *rng, sq_real *values, size_t count) {
    for (size_t e = 0; e < count; e++) values[e] = (sq_real)sq_rng_normal(rng);
}

static inline void fill_normal_double(sq_rng *rng, double *values, size_t count) {
    for (size_t e = 0; e < count; e++) values[e] = sq_rng_normal(rng);
}

#endif
