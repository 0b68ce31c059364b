/* Adam against its formulas, one number at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "near.h"
#include "nn/adam.h"

static void steps_agree_with_the_formulas(void **state) {
    enum { COUNT = 37, STEPS = 25 };
    sq_real x[COUNT], m[COUNT] = {0}, v[COUNT] = {0}, gradient[COUNT];
    double px[COUNT], pm[COUNT] = {0}, pv[COUNT] = {0};
    const double lr = 0.01;
    sq_rng rng = test_rng(91);
    (void)state;
    fill_normal(&rng, x, COUNT);
    for (int e = 0; e < COUNT; e++) px[e] = (double)x[e];
    for (int step = 1; step <= STEPS; step++) {
        fill_normal(&rng, gradient, COUNT);
        sq_adam_step(COUNT, lr, step, gradient, m, v, x);
        for (int e = 0; e < COUNT; e++) {
            double g = (double)gradient[e];
            pm[e] = 0.9 * pm[e] + 0.1 * g;
            pv[e] = 0.999 * pv[e] + 0.001 * g * g;
            double rate = lr * sqrt(1.0 - pow(0.999, step)) / (1.0 - pow(0.9, step));
            px[e] -= rate * pm[e] / sqrt(pv[e] + 1e-8);
            assert_near((double)x[e], px[e], NEAR_REAL);
        }
    }
}

static void epsilon_stands_inside_of_the_root(void **state) {
    sq_real x = 0, m = 0, v = 0;
    const sq_real gradient = (sq_real)1e-6; /* far below the root of epsilon */
    (void)state;
    sq_adam_step(1, 1.0, 1, &gradient, &m, &v, &x);
    double expected = -sqrt(0.001) / 0.1 * 1e-7 / sqrt(1e-15 + 1e-8);
    assert_near((double)x, expected, 1e-5 * fabs(expected));
}

static void nothing_moves_without_gradient(void **state) {
    sq_real x = 3, m = 0, v = 0;
    const sq_real gradient = 0;
    (void)state;
    for (int step = 1; step < 5; step++) sq_adam_step(1, 1.0, step, &gradient, &m, &v, &x);
    assert_near((double)x, 3, 0);
}

static void a_pull_is_divided_as_the_gradient_is(void **state) {
    enum { COUNT = 37, STEPS = 12 };
    sq_real x[COUNT], m[COUNT] = {0}, v[COUNT] = {0}, gradient[COUNT], pull[COUNT], before[COUNT];
    const double strength = 0.3;
    sq_rng rng = test_rng(92);
    (void)state;
    fill_normal(&rng, x, COUNT);
    fill_normal(&rng, pull, COUNT);
    for (int step = 1; step <= STEPS; step++) {
        fill_normal(&rng, gradient, COUNT);
        sq_adam_step(COUNT, 0.01, step, gradient, m, v, x);
    }
    memcpy(before, x, sizeof x);
    sq_adam_pull(COUNT, strength, STEPS, v, pull, x);
    for (int e = 0; e < COUNT; e++) {
        double mean_square = (double)v[e] / (1.0 - pow(0.999, STEPS));
        double part = fmin(strength / sqrt(mean_square), 1.0);
        assert_near((double)(before[e] - x[e]), part * (double)pull[e], 1e-5);
    }
}

static void no_pull_goes_beyond_its_aim(void **state) {
    sq_real x = 3;
    const sq_real v = (sq_real)1e-9, pull = 2;
    (void)state;
    sq_adam_pull(1, 1e300, 5, &v, &pull, &x);
    assert_near((double)x, 1, 0);
    sq_adam_pull(1, 0, 5, &v, &pull, &x);
    assert_near((double)x, 1, 0);
}

static void epsilon_stands_inside_of_the_root_of_a_pull(void **state) {
    sq_real x = 0;
    const sq_real v = 0, pull = 1;
    (void)state;
    sq_adam_pull(1, 1e-5, 1, &v, &pull, &x);
    assert_near((double)x, -1e-5 * sqrt(0.001) / 1e-4, 1e-8);
}

static void a_gradient_beyond_its_usual_size_is_clipped(void **state) {
    enum { COUNT = 37, STEPS = 150 };
    const double clip = 3.0;
    sq_real x[COUNT] = {0}, m[COUNT] = {0}, v[COUNT] = {0}, gradient[COUNT], clipped[COUNT];
    sq_rng rng = test_rng(93);
    (void)state;
    for (int step = 1; step <= STEPS; step++) {
        fill_normal(&rng, gradient, COUNT);
        sq_adam_step(COUNT, 0.01, step, gradient, m, v, x);
    }
    fill_normal(&rng, gradient, COUNT);
    for (int e = 0; e < COUNT; e += 2) gradient[e] *= 100;
    memcpy(clipped, gradient, sizeof gradient);
    sq_adam_clip(COUNT, clip, STEPS + 1, v, clipped);
    for (int e = 0; e < COUNT; e++) {
        double most = clip * sqrt((double)v[e] / (1.0 - pow(0.999, STEPS)) + 1e-8);
        assert_near((double)clipped[e], fmax(-most, fmin((double)gradient[e], most)), 1e-5);
    }
}

static void the_first_gradients_are_not_clipped(void **state) {
    sq_real gradient = 7;
    const sq_real v = 0;
    (void)state;
    sq_adam_clip(1, 3.0, 100, &v, &gradient);
    assert_near((double)gradient, 7, 0);
    sq_adam_clip(1, 3.0, 101, &v, &gradient);
    assert_near((double)gradient, 3e-4, 1e-8);
}

static void what_is_no_number_stays_none(void **state) {
    sq_real gradient = (sq_real)NAN;
    const sq_real v = 1;
    (void)state;
    sq_adam_clip(1, 3.0, 101, &v, &gradient);
    assert_true(isnan((double)gradient));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_agree_with_the_formulas),
        cmocka_unit_test(epsilon_stands_inside_of_the_root),
        cmocka_unit_test(nothing_moves_without_gradient),
        cmocka_unit_test(a_pull_is_divided_as_the_gradient_is),
        cmocka_unit_test(no_pull_goes_beyond_its_aim),
        cmocka_unit_test(epsilon_stands_inside_of_the_root_of_a_pull),
        cmocka_unit_test(a_gradient_beyond_its_usual_size_is_clipped),
        cmocka_unit_test(the_first_gradients_are_not_clipped),
        cmocka_unit_test(what_is_no_number_stays_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
