/* Mean, spread and median. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/statistics.h"
#include "near.h"

static sq_spread spread_of(const double *values, int count) {
    sq_running_sums sums = {0};
    for (int k = 0; k < count; k++) sq_running_add(&sums, values[k]);
    return sq_running_spread(&sums);
}

static void mean_and_deviation_are_those_of_the_formula(void **state) {
    const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    sq_spread spread = spread_of(values, 8);
    (void)state;
    assert_near(spread.mean, 5, 1e-15);
    assert_near(spread.deviation, sqrt(32.0 / 7), 1e-15);
}

static void what_is_not_there_is_left_out(void **state) {
    const double values[] = {NAN, 3, NAN, 5};
    sq_spread spread = spread_of(values, 4);
    (void)state;
    assert_int_equal(spread.count, 2);
    assert_near(spread.mean, 4, 0);
    assert_near(spread.deviation, sqrt(2), 1e-15);
}

static void too_few_have_no_spread(void **state) {
    const double value = 3;
    sq_spread none = spread_of(NULL, 0), one = spread_of(&value, 1);
    (void)state;
    assert_true(isnan(none.mean) && isnan(none.deviation));
    assert_true(one.mean == 3 && isnan(one.deviation));
}

static void the_last_digits_are_kept(void **state) {
    const double equal[] = {0.1, 0.1, 0.1}, close[] = {1e9 + 1, 1e9 + 2, 1e9 + 3};
    sq_spread of_equal = spread_of(equal, 3), of_close = spread_of(close, 3);
    (void)state;
    assert_true(of_equal.deviation == 0);
    assert_near(of_close.deviation, 1, 1e-15);
}

static void the_median_is_in_the_middle(void **state) {
    double odd[] = {3, 1, 2}, even[] = {4, 1, 3, 2}, one[] = {7};
    (void)state;
    assert_near(sq_median(odd, 3), 2, 0);
    assert_true(odd[0] == 1 && odd[2] == 3);
    assert_near(sq_median(even, 4), 2.5, 0);
    assert_near(sq_median(one, 1), 7, 0);
    assert_true(isnan(sq_median(one, 0)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_and_deviation_are_those_of_the_formula),
        cmocka_unit_test(what_is_not_there_is_left_out),
        cmocka_unit_test(too_few_have_no_spread),
        cmocka_unit_test(the_last_digits_are_kept),
        cmocka_unit_test(the_median_is_in_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
