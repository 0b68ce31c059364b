/* Kernel ridge regression: what can be predicted, what cannot, and the choice between them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "linalg/kernel_ridge.h"
#include "near.h"
#include "scratch.h"

enum { ROWS = 200, N_IN = 2, N_OUT = 2 };

static double smooth(const double *x, int output) {
    return output == 0 ? sin(x[0]) * x[1] : x[0] - 0.5 * x[1] * x[1];
}

/* The part of the squares of `function` at other points that a fit to it there leaves. */
static double rest_of(double noise, double signal, uint64_t seed) {
    static double x[ROWS * N_IN], y[ROWS * N_OUT], there[ROWS * N_IN], predicted[ROWS * N_OUT];
    double rest = 0.0, all = 0.0;
    sq_kernel_ridge fit;
    sq_rng rng = test_rng(seed);
    fill_normal_double(&rng, x, ROWS * N_IN);
    fill_normal_double(&rng, there, ROWS * N_IN);
    for (int e = 0; e < ROWS * N_OUT; e++)
        y[e] = signal * smooth(x + e / N_OUT * N_IN, e % N_OUT) + noise * sq_rng_normal(&rng);
    assert_ok(sq_kernel_ridge_fit(ROWS, N_IN, x, N_OUT, y, &fit));
    assert_ok(sq_kernel_ridge_predict(&fit, ROWS, there, predicted));
    for (int e = 0; e < ROWS * N_OUT; e++) {
        double value = signal * smooth(there + e / N_OUT * N_IN, e % N_OUT);
        value += noise * sq_rng_normal(&rng);
        rest += pow(value - predicted[e], 2);
        all += value * value;
    }
    sq_kernel_ridge_clear(&fit);
    return rest / all;
}

static void a_smooth_function_is_predicted_elsewhere(void **state) {
    (void)state;
    assert_true(rest_of(0, 1, 171) < 0.01);
}

static void noise_is_left_as_it_is(void **state) {
    (void)state;
    assert_near(rest_of(1, 0, 173), 1, 0.05);
}

/* About as much noise as function, whose mean square is 1.09: that part can be predicted. */
static void the_ridge_follows_the_noise(void **state) {
    (void)state;
    double rest = rest_of(1, 1, 177), noise_alone = 1.0 / (1.0 + 1.09);
    assert_true(rest > noise_alone && rest < noise_alone + 0.15);
}

/* Far from all rows the kernel is 0. */
static void nothing_is_said_far_away(void **state) {
    double x[ROWS], y[ROWS], far = 1000, predicted;
    sq_kernel_ridge fit;
    sq_rng rng = test_rng(179);
    (void)state;
    fill_normal_double(&rng, x, ROWS);
    for (int i = 0; i < ROWS; i++) y[i] = 3 + x[i];
    assert_ok(sq_kernel_ridge_fit(ROWS, 1, x, 1, y, &fit));
    assert_ok(sq_kernel_ridge_predict(&fit, 1, &far, &predicted));
    assert_near(predicted, 0, 0);
    sq_kernel_ridge_clear(&fit);
}

static void no_rows_predict_zero(void **state) {
    double x[N_IN] = {1, 2}, predicted[N_OUT] = {5, 5};
    sq_kernel_ridge fit;
    (void)state;
    assert_ok(sq_kernel_ridge_fit(0, N_IN, x, N_OUT, x, &fit));
    assert_ok(sq_kernel_ridge_predict(&fit, 1, x, predicted));
    assert_near(predicted[0], 0, 0);
    assert_near(predicted[1], 0, 0);
    sq_kernel_ridge_clear(&fit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_smooth_function_is_predicted_elsewhere),
        cmocka_unit_test(noise_is_left_as_it_is),
        cmocka_unit_test(the_ridge_follows_the_noise),
        cmocka_unit_test(nothing_is_said_far_away),
        cmocka_unit_test(no_rows_predict_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
