/* A tuning of three types, the third of which has no weight, by any rule. */
#ifndef SQ_TESTS_SMALL_TUNING_H
#define SQ_TESTS_SMALL_TUNING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "train/tuning.h"

enum { N_TYPES = 3 };

static inline sq_tuning tuning_by(const char *name, int64_t tune_at, double power) {
    sq_tuning tuning;
    int rule;
    assert_int_equal(sq_tuning_find(name, &rule), SQ_OK);
    sq_tuning_init(&tuning, rule, N_TYPES, (double[]){10, 10, 0}, tune_at, power);
    return tuning;
}

#endif
