/* Scales of inputs and outputs: one per term of a representation, fitted on what counts; shifts of
 * scalar outputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "small_model.h"
#include "symmetry/group_sample.h"
#include "train/scaling.h"

enum { SAMPLES = 9000, N_IN = 8, N_OUT = 6 }; /* several chunks of rows */

typedef struct {
    sq_real input[SAMPLES * N_IN], target[SAMPLES * N_OUT], mask[SAMPLES * N_OUT];
    sq_representation in, out;
    sq_comm *comm;
    sq_dataset *dataset;
    sq_scaling scaling;
} fit_case;

static fit_case *create_case(bool masked) {
    fit_case *c = allocate(1, sizeof *c);
    sq_rng rng = test_rng(121);
    sq_dataset_info info = {.samples = SAMPLES, .n_input = N_IN, .n_output = N_OUT};
    assert_ok(sq_representation_parse("2*T(0) + 2*T(1)", 3, &c->in));
    assert_ok(sq_representation_parse("T(1) + 3*T(0)", 3, &c->out));
    for (size_t e = 0; e < SAMPLES * N_IN; e++)
        c->input[e] = (sq_real)((e % N_IN < 2 ? 0.01 : 40.0) * sq_rng_normal(&rng));
    for (size_t e = 0; e < SAMPLES * N_OUT; e++) {
        c->target[e] = (sq_real)(e % N_OUT < 3 ? 5.0 + sq_rng_normal(&rng) : 0.0);
        c->mask[e] = sq_rng_below(&rng, 2) == 0;
        if (masked && c->mask[e] == 0) c->target[e] = 1000; /* must not matter */
    }
    assert_ok(sq_comm_create_serial(&c->comm));
    assert_ok(sq_dataset_wrap(&info, c->input, c->target, masked ? c->mask : NULL, &c->dataset));
    assert_ok(sq_scaling_create(N_IN, N_OUT, &c->scaling));
    for (int e = 0; e < N_IN; e++) assert_near(c->scaling.input[e], 1, 0);
    const sq_extrapolation none = {0};
    assert_ok(sq_scaling_fit(&c->in, &c->out, &none, NULL, c->dataset, c->comm, &c->scaling));
    return c;
}

static void destroy_case(fit_case *c) {
    sq_scaling_clear(&c->scaling);
    sq_dataset_destroy(&c->dataset);
    sq_comm_destroy(&c->comm);
    sq_free(c);
}

/* Root mean square of columns first .. end-1 where they count. */
static double plain_rms(const sq_real *values, const sq_real *mask, int columns, int first,
                        int end) {
    double squares = 0.0, counted = 0.0;
    for (int s = 0; s < SAMPLES; s++) {
        for (int e = first; e < end; e++) {
            double weight = mask ? (double)mask[s * columns + e] : 1.0;
            double value = (double)values[s * columns + e];
            squares += weight * value * value;
            counted += weight;
        }
    }
    return sqrt(squares / counted);
}

static void check_scales(bool masked) {
    fit_case *c = create_case(masked);
    const sq_real *mask = masked ? c->mask : NULL;
    double scalars = plain_rms(c->input, NULL, N_IN, 0, 2);
    double vectors = plain_rms(c->input, NULL, N_IN, 2, 8);
    double target = plain_rms(c->target, mask, N_OUT, 0, 3);
    for (int e = 0; e < N_IN; e++)
        assert_near(c->scaling.input[e], e < 2 ? scalars : vectors, 1e-9 * vectors);
    for (int e = 0; e < N_OUT; e++) /* what is zero throughout keeps 1 */
        assert_near(c->scaling.output[e], e < 3 ? target : 1.0, 1e-9 * target);
    destroy_case(c);
}

static void scales_are_root_mean_squares_of_blocks(void **state) {
    (void)state;
    check_scales(false);
}

static void masked_outputs_do_not_count(void **state) {
    (void)state;
    check_scales(true);
}

static void scales_commute_with_the_group(void **state) {
    sq_group *group = NULL;
    double g[9], dual[9], work[3], scaled_then_moved[N_IN], moved_then_scaled[N_IN];
    (void)state;
    fit_case *c = create_case(false);
    assert_ok(sq_group_create("GL(3)", 0, &group));
    assert_ok(sq_group_sample(group, 1.0, 1, SQ_RNG_TEST, 0, 0, g, dual));
    for (int e = 0; e < N_IN; e++) {
        moved_then_scaled[e] = (double)c->input[e];
        scaled_then_moved[e] = (double)c->input[e] / c->scaling.input[e];
    }
    sq_representation_act(&c->in, g, dual, moved_then_scaled, moved_then_scaled, work);
    sq_representation_act(&c->in, g, dual, scaled_then_moved, scaled_then_moved, work);
    for (int e = 0; e < N_IN; e++)
        assert_near(moved_then_scaled[e] / c->scaling.input[e], scaled_then_moved[e], 1e-12);
    sq_group_destroy(&group);
    destroy_case(c);
}

/* ---- standardized ---- */

/* Scalar targets of a mean each, far from 0 for how much they vary. */
static const double offset[N_OUT] = {0, 0, 0, 1e6, -20, 0.1};

/* masked: what does not count stays where it is. */
static fit_case *create_standardized(bool masked) {
    const sq_extrapolation none = {0};
    fit_case *c = create_case(masked);
    sq_rng rng = test_rng(123);
    for (size_t e = 0; e < SAMPLES * N_OUT; e++) {
        double value = offset[e % N_OUT] + sq_rng_normal(&rng);
        if (e % N_OUT >= 3 && !(masked && c->mask[e] == 0)) c->target[e] = (sq_real)value;
    }
    assert_ok(
        sq_scaling_standardize(&c->in, &c->out, &none, NULL, c->dataset, c->comm, &c->scaling));
    return c;
}

/* Root mean square of the scalar targets, less their shifts, where they count. */
static double plain_deviation(const fit_case *c, const sq_real *mask) {
    double squares = 0.0, counted = 0.0;
    for (int at = 0; at < SAMPLES * N_OUT; at++) {
        if (at % N_OUT < 3 || (mask && mask[at] == 0)) continue;
        double value = (double)c->target[at] - c->scaling.shift[at % N_OUT];
        squares += value * value;
        counted += 1.0;
    }
    return sqrt(squares / counted);
}

static double plain_mean(const fit_case *c, const sq_real *mask, int output) {
    double sum = 0.0, counted = 0.0;
    for (int at = output; at < SAMPLES * N_OUT; at += N_OUT) {
        if (mask && mask[at] == 0) continue;
        sum += (double)c->target[at] - offset[output];
        counted += 1.0;
    }
    return offset[output] + sum / counted;
}

static void check_standardized(bool masked) {
    fit_case *c = create_standardized(masked);
    const sq_real *mask = masked ? c->mask : NULL;
    double deviation = plain_deviation(c, mask);
    for (int e = 3; e < N_OUT; e++) {
        double mean = plain_mean(c, mask, e);
        assert_near(c->scaling.shift[e], mean, 1e-6 + NEAR_REAL * fabs(mean));
        assert_near(c->scaling.output[e], deviation, 1e-9);
    }
    assert_near(deviation, 1, 0.05);
    destroy_case(c);
}

static void standardized_scalars_have_no_mean_and_vary_by_one(void **state) {
    (void)state;
    check_standardized(false);
}

static void masked_scalars_do_not_count(void **state) {
    (void)state;
    check_standardized(true);
}

static void standardizing_scales_inputs_and_tensors_as_fit_does(void **state) {
    (void)state;
    fit_case *fitted = create_case(false), *c = create_standardized(false);
    assert_memory_equal(c->scaling.input, fitted->scaling.input, N_IN * sizeof(double));
    assert_memory_equal(c->scaling.output, fitted->scaling.output, 3 * sizeof(double));
    for (int e = 0; e < 3; e++) assert_near(c->scaling.shift[e], 0, 0);
    destroy_case(fitted);
    destroy_case(c);
}

static void fit_shifts_nothing(void **state) {
    (void)state;
    fit_case *c = create_case(false);
    assert_false(sq_scaling_shifts(&c->scaling));
    destroy_case(c);
}

/* Whatever the constant: rounding of its mean is no spread. */
static void constant_scalars_keep_a_scale_of_one(void **state) {
    static const double constant[] = {0.1, 3.3, -1234567.8};
    const sq_extrapolation none = {0};
    (void)state;
    fit_case *c = create_case(false);
    for (size_t k = 0; k < sizeof constant / sizeof *constant; k++) {
        for (size_t e = 0; e < SAMPLES * N_OUT; e++)
            if (e % N_OUT >= 3) c->target[e] = (sq_real)constant[k];
        assert_ok(
            sq_scaling_standardize(&c->in, &c->out, &none, NULL, c->dataset, c->comm, &c->scaling));
        for (int e = 3; e < N_OUT; e++) {
            assert_near(c->scaling.shift[e], (double)(sq_real)constant[k], 0);
            assert_near(c->scaling.output[e], 1, 0);
        }
    }
    destroy_case(c);
}

static void given_scales_go_by_the_axes_of_tensors(void **state) {
    sq_representation in, out;
    sq_scaling scaling;
    const double expected[] = {1, 2, 3, 5}, of_matrix[] = {4, 6, 10, 6, 9, 15, 10, 15, 25};
    (void)state;
    assert_ok(sq_representation_parse("T(0) + T(1)", 3, &in));
    assert_ok(sq_representation_parse("T(2)", 3, &out));
    assert_ok(sq_scaling_create(4, 9, &scaling));
    assert_ok(sq_scaling_set(&in, &out, "2 3 5", &scaling));
    for (int e = 0; e < 4; e++) assert_near(scaling.input[e], expected[e], 0);
    for (int e = 0; e < 9; e++) assert_near(scaling.output[e], of_matrix[e], 0);
    assert_ok(sq_scaling_set(&in, &out, "2", &scaling));
    assert_near(scaling.input[3], 2, 0);
    assert_int_equal(sq_scaling_set(&in, &out, "2 3", &scaling), SQ_ERR_CONFIG);
    assert_int_equal(sq_scaling_set(&in, &out, "-1", &scaling), SQ_ERR_CONFIG);
    assert_int_equal(sq_scaling_set(&in, &out, "fti", &scaling), SQ_ERR_CONFIG);
    sq_scaling_clear(&scaling);
}

/* A scalar counts once, a vector as much less as its scales are larger, on the whole. */
static void errors_count_in_units_of_the_loss_by_tensors(void **state) {
    sq_representation out;
    sq_scaling scaling;
    double weight[7];
    (void)state;
    assert_ok(sq_representation_parse("T(0) + 2*T(1)", 3, &out));
    assert_ok(sq_scaling_create(1, 7, &scaling));
    sq_scaling_weights(&scaling, &out, weight);
    for (int c = 0; c < 7; c++) assert_near(weight[c], 1, 0);
    assert_false(sq_scaling_is_uneven(&scaling, &out));
    for (int c = 1; c < 7; c++) scaling.output[c] = c % 3 == 0 ? 8 : 1; /* squares: 66 / 3 = 22 */
    sq_scaling_weights(&scaling, &out, weight);
    assert_near(weight[0], 1, 0);
    for (int c = 1; c < 7; c++) assert_near(weight[c], 1 / sqrt(22), 1e-12);
    assert_true(sq_scaling_is_uneven(&scaling, &out));
    sq_scaling_clear(&scaling);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scales_are_root_mean_squares_of_blocks),
        cmocka_unit_test(masked_outputs_do_not_count),
        cmocka_unit_test(given_scales_go_by_the_axes_of_tensors),
        cmocka_unit_test(scales_commute_with_the_group),
        cmocka_unit_test(standardized_scalars_have_no_mean_and_vary_by_one),
        cmocka_unit_test(masked_scalars_do_not_count),
        cmocka_unit_test(standardizing_scales_inputs_and_tensors_as_fit_does),
        cmocka_unit_test(fit_shifts_nothing),
        cmocka_unit_test(constant_scalars_keep_a_scale_of_one),
        cmocka_unit_test(errors_count_in_units_of_the_loss_by_tensors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
