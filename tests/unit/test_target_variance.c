/* The variance of targets: what the best constant leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "near.h"
#include "small_model.h"
#include "train/target_variance.h"

enum { SAMPLES = 5000, N_IN = 3, N_OUT = 2 }; /* two chunks of rows */

typedef struct {
    sq_real input[SAMPLES * N_IN], target[SAMPLES * N_OUT], mask[SAMPLES * N_OUT];
} samples;

/* Two values, far from zero, each in half of the rows: standard deviations 2 and 3. */
static samples *create_samples(void) {
    samples *s = allocate(1, sizeof *s);
    for (size_t row = 0; row < SAMPLES; row++) {
        double sign = row % 2 == 0 ? 1.0 : -1.0;
        s->target[row * N_OUT] = (sq_real)(100 + 2 * sign);
        s->target[row * N_OUT + 1] = (sq_real)(-50 + 3 * sign);
        s->mask[row * N_OUT] = s->mask[row * N_OUT + 1] = 1;
    }
    return s;
}

/* scale, shift: of each output; NULL: one, zero */
static sq_target_variance measure(const samples *s, bool masked, const double *scale,
                                  const double *shift) {
    sq_dataset_info info = {.samples = SAMPLES, .n_input = N_IN, .n_output = N_OUT};
    sq_model model = {.output = {.size = N_OUT, .n_blocks = N_OUT}};
    sq_problem problem = {.model = &model};
    sq_dataset *dataset = NULL;
    sq_target_variance variance;
    for (size_t e = 0; e < N_OUT; e++)
        model.output.blocks[e] = (sq_block){.count = 1, .size = 1, .offset = e};
    assert_ok(sq_comm_create_serial(&problem.comm));
    assert_ok(sq_dataset_wrap(&info, s->input, s->target, masked ? s->mask : NULL, &dataset));
    assert_ok(sq_scaling_create(N_IN, N_OUT, &problem.scaling));
    for (int e = 0; scale && e < N_OUT; e++) problem.scaling.output[e] = scale[e];
    for (int e = 0; shift && e < N_OUT; e++) problem.scaling.shift[e] = shift[e];
    assert_ok(sq_target_variance_measure(&problem, dataset, &variance));
    sq_scaling_clear(&problem.scaling);
    sq_dataset_destroy(&dataset);
    sq_comm_destroy(&problem.comm);
    return variance;
}

static void it_is_about_the_mean_of_each_output(void **state) {
    (void)state;
    samples *s = create_samples();
    sq_target_variance variance = measure(s, false, NULL, NULL);
    assert_near(variance.raw, (4 + 9) / 2.0, 1e-6);
    assert_near(variance.scaled, variance.raw, 0);
    assert_near(variance.weighted, variance.raw, 0);
    sq_free(s);
}

static void scaled_outputs_have_the_variance_that_the_loss_sees(void **state) {
    (void)state;
    samples *s = create_samples();
    sq_target_variance variance = measure(s, false, (double[]){2, 1}, NULL);
    assert_near(variance.raw, (4 + 9) / 2.0, 1e-6);
    assert_near(variance.scaled, (1 + 9) / 2.0, 1e-6);
    assert_near(variance.weighted, (4 + 4 * 9) / 2.0, 1e-6); /* the second twice the first */
    sq_free(s);
}

/* Rounding does not make it negative, whatever the constant. */
static void constants_have_none(void **state) {
    (void)state;
    static const double constant[] = {0.1, 3.3, -7.7, 123.4};
    samples *s = create_samples();
    for (size_t k = 0; k < sizeof constant / sizeof *constant; k++) {
        for (size_t e = 0; e < SAMPLES * N_OUT; e++) s->target[e] = (sq_real)constant[k];
        sq_target_variance variance = measure(s, false, (double[]){2, 1}, NULL);
        assert_true(variance.raw >= 0 && variance.scaled >= 0);
        assert_near(variance.raw, 0, 1e-9);
        assert_near(variance.scaled, 0, 1e-9);
    }
    sq_free(s);
}

/* Squares of such numbers have no digits left for what they vary by. */
static void what_is_taken_off_does_not_cancel(void **state) {
    (void)state;
    static const double far = 3e6;
    samples *s = create_samples();
    for (size_t e = 0; e < SAMPLES * N_OUT; e++)
        s->target[e] = (sq_real)(far + (e % 4 < 2 ? 0.25 : -0.25));
    assert_near(measure(s, false, NULL, (double[]){far, far}).raw, 0.0625, 1e-9);
    sq_free(s);
}

/* An error as large as the variance explains nothing, whatever the units of the outputs. */
static void what_is_explained_is_relative_to_the_variance(void **state) {
    (void)state;
    samples *s = create_samples();
    sq_target_variance variance = measure(s, false, (double[]){2, 1}, NULL);
    assert_near(sq_target_explained_share(&variance, 0.0), 1, 0);
    assert_near(sq_target_explained_share(&variance, 0.1 * variance.weighted), 0.9, 1e-6);
    assert_near(sq_target_explained_share(&variance, variance.weighted), 0, 1e-6);
    assert_true(sq_target_explained_share(&variance, 2 * variance.weighted) < 0);
    sq_free(s);
}

/* Rounding is no variance. */
static void of_constants_nothing_is_to_be_explained(void **state) {
    (void)state;
    static const double constant = 123.4;
    samples *s = create_samples();
    for (size_t e = 0; e < SAMPLES * N_OUT; e++) s->target[e] = (sq_real)constant;
    sq_target_variance variance = measure(s, false, (double[]){2, 1}, NULL);
    assert_true(isnan(sq_target_explained_share(&variance, 1e-9)));
    const double near = (double)(sq_real)123.39;
    variance = measure(s, false, NULL, (double[]){near, near});
    assert_true(isnan(sq_target_explained_share(&variance, 1e-9)));
    sq_free(s);
}

static void masked_outputs_do_not_count(void **state) {
    (void)state;
    samples *s = create_samples();
    for (size_t row = 0; row < SAMPLES; row++) s->mask[row * N_OUT + 1] = 0;
    for (size_t row = 0; row < 10; row++) {
        s->mask[row * N_OUT] = 0;
        s->target[row * N_OUT] = 1000;
    }
    assert_near(measure(s, true, NULL, NULL).raw, 4, 1e-6);
    for (size_t e = 0; e < SAMPLES * N_OUT; e++) s->mask[e] = 0;
    assert_near(measure(s, true, NULL, NULL).raw, 0, 0);
    sq_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_about_the_mean_of_each_output),
        cmocka_unit_test(scaled_outputs_have_the_variance_that_the_loss_sees),
        cmocka_unit_test(constants_have_none),
        cmocka_unit_test(what_is_taken_off_does_not_cancel),
        cmocka_unit_test(what_is_explained_is_relative_to_the_variance),
        cmocka_unit_test(of_constants_nothing_is_to_be_explained),
        cmocka_unit_test(masked_outputs_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
