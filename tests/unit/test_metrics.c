/* Metrics by hand: squared errors, displacement errors, misses, yardsticks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "nn/lanes.h"
#include "small_problem.h"
#include "train/metrics.h"
#include "train/predictor.h"

/* Three walkers in the plane: two positions observed, two to predict. */
enum { SAMPLES = 3, N_IN = 4, N_OUT = 4 };
static const sq_real observed[SAMPLES * N_IN] = {
    0, 0, 1, 0, /* goes along x */
    0, 0, 0, 2, /* goes along y */
    5, 5, 5, 5, /* stands */
};
static const sq_real future[SAMPLES * N_OUT] = {
    2, 0, 3, 4, /* turns at last: off by 4 */
    0, 4, 0, 6, /* goes on */
    5, 8, 9, 5, /* off by 3, then by 4 */
};
static const sq_dataset_info walkers = {.samples = SAMPLES,
                                        .n_input = N_IN,
                                        .n_output = N_OUT,
                                        .input_representation = "2*T(1)",
                                        .output_representation = "2*T(1)",
                                        .trajectory = true,
                                        .observed_steps = 2,
                                        .predicted_steps = 2};

enum { STEPS = 2 };

/* Measures an extrapolation on the walkers. steps: (STEPS), or NULL. */
static sq_metrics measure(const char *name, const sq_real *mask, int64_t microbatch,
                          const sq_dataset_info *info, double scale, sq_step_metrics *steps) {
    sq_metrics metrics;
    sq_pass pass;
    sq_extrapolation yardstick = {0};
    const sq_extrapolation_kind *kind = sq_extrapolation_find(name);
    small_problem *p =
        small_problem_create("mlp", "O(2)", 2, microbatch, info, observed, future, mask);
    const sq_model *model = p->problem.model;
    for (int e = 0; e < N_IN; e++) p->problem.scaling.input[e] = scale;
    for (int e = 0; e < N_OUT; e++) p->problem.scaling.output[e] = 2.0 * scale;
    assert_true(sq_extrapolation_applies(kind, info, &model->input, &model->output) ==
                info->trajectory);
    assert_ok(sq_extrapolation_create(kind, &walkers, &model->input, &model->output, &yardstick));
    assert_ok(sq_pass_create(&p->problem, p->dataset, steps != NULL, &pass));
    sq_pass_set_yardstick(&pass, &yardstick);
    assert_ok(sq_pass_measure(&pass, &metrics));
    if (steps) memcpy(steps, pass.steps, STEPS * sizeof *steps);
    sq_pass_clear(&pass);
    sq_extrapolation_clear(&yardstick);
    small_problem_destroy(p);
    return metrics;
}

static sq_metrics measure_constant_velocity(const sq_real *mask, int64_t microbatch,
                                            const sq_dataset_info *info, double scale) {
    return measure("constant-velocity", mask, microbatch, info, scale, NULL);
}

static void displacement_errors_are_those_by_hand(void **state) {
    (void)state;
    for (int64_t microbatch = 1; microbatch <= 4; microbatch++) {
        sq_metrics metrics = measure_constant_velocity(NULL, microbatch, &walkers, 1.0);
        assert_near(sq_metrics_ade(&metrics), (0 + 4 + 0 + 0 + 3 + 4) / 6.0, 1e-6);
        assert_near(sq_metrics_fde(&metrics), (4 + 0 + 4) / 3.0, 1e-6);
        assert_near(sq_metrics_mse(&metrics), (16 + 9 + 16) / 12.0, 1e-6);
    }
}

static void count_call(void *context) { (*(int *)context)++; }

/* Else a watchdog takes a pass over much data for a stall. */
static void a_pass_tells_after_each_microbatch_that_it_is_alive(void **state) {
    (void)state;
    sq_metrics metrics;
    sq_pass pass;
    int calls = 0;
    small_problem *p = small_problem_create("mlp", "O(2)", 2, 2, &walkers, observed, future, NULL);
    p->problem.alive = (sq_alive){.call = count_call, .context = &calls};
    assert_ok(sq_pass_create(&p->problem, p->dataset, false, &pass));
    assert_ok(sq_pass_measure(&pass, &metrics));
    assert_int_equal(2, calls);
    sq_pass_clear(&pass);
    small_problem_destroy(p);
}

static void a_miss_is_further_off_than_two_metres_at_the_end(void **state) {
    (void)state;
    sq_metrics metrics = measure_constant_velocity(NULL, 2, &walkers, 1.0);
    assert_near(metrics.misses, 2, 0);
    assert_near(sq_metrics_miss_rate(&metrics), 2.0 / 3.0, 1e-12);
}

static void each_step_has_its_own_displacement(void **state) {
    const sq_real mask[SAMPLES * N_OUT] = {1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1};
    sq_step_metrics steps[STEPS];
    (void)state;
    for (int64_t microbatch = 1; microbatch <= 4; microbatch++) {
        measure("constant-velocity", mask, microbatch, &walkers, 2.0, steps);
        assert_near(sq_step_metrics_mean(&steps[0]), 0, 1e-6); /* the third walker does not count */
        assert_near(steps[0].count, 2, 0);
        assert_near(sq_step_metrics_mean(&steps[1]), 8.0 / 3.0, 1e-6);
    }
}

/* Of two positions the line with the least squares goes through both. */
static void both_yardsticks_agree_on_two_positions(void **state) {
    (void)state;
    sq_metrics line = measure("least-squares", NULL, 2, &walkers, 1.0, NULL);
    assert_near(sq_metrics_ade(&line), 11.0 / 6.0, 1e-6);
}

static void a_residual_is_added_to_what_the_network_says(void **state) {
    sq_real scaled[SAMPLES * N_IN], forecast[SAMPLES * N_OUT];
    double squares = 0.0;
    sq_metrics metrics;
    sq_pass pass;
    (void)state;
    small_problem *p = small_problem_create("mlp", "O(2)", 2, 2, &walkers, observed, future, NULL);
    const sq_model *model = p->problem.model;
    for (int e = 0; e < N_OUT; e++) p->problem.scaling.output[e] = 3.0;
    assert_ok(sq_extrapolation_create(sq_extrapolation_find("constant-velocity"), &walkers,
                                      &model->input, &model->output, &p->problem.residual));
    assert_ok(sq_problem_predict(&p->problem, observed, SAMPLES, scaled, forecast));
    for (int e = 0; e < SAMPLES * N_OUT; e++)
        squares += pow((double)forecast[e] - (double)future[e], 2);
    assert_ok(sq_pass_create(&p->problem, p->dataset, false, &pass));
    assert_ok(sq_pass_measure(&pass, &metrics));
    assert_near(sq_metrics_mse(&metrics), squares / (SAMPLES * N_OUT), 1e-4);
    memset(sq_model_parameters(p->problem.model), 0,
           sq_model_parameter_count(model) * sizeof(sq_real));
    assert_ok(sq_model_parameters_changed(p->problem.model));
    assert_ok(sq_pass_measure(&pass, &metrics)); /* nothing is added: constant velocity */
    assert_near(sq_metrics_ade(&metrics), 11.0 / 6.0, 1e-6);
    sq_pass_clear(&pass);
    small_problem_destroy(p);
}

static void scales_leave_metrics_in_raw_units(void **state) {
    (void)state;
    sq_metrics metrics = measure_constant_velocity(NULL, 2, &walkers, 8.0);
    assert_near(sq_metrics_ade(&metrics), 11.0 / 6.0, 1e-6);
    assert_near(sq_metrics_mse(&metrics), 41.0 / 12.0, 1e-6);
}

static void a_step_counts_if_all_its_coordinates_do(void **state) {
    const sq_real mask[SAMPLES * N_OUT] = {
        1, 1, 0, 1, /* its last step does not count */
        1, 1, 1, 1, /* all */
        1, 1, 0, 0, /* its first step */
    };
    (void)state;
    sq_metrics metrics = measure_constant_velocity(mask, 2, &walkers, 1.0);
    assert_near(metrics.steps, 4, 0);
    assert_near(metrics.finals, 1, 0);
    assert_near(metrics.counted, 9, 0);
    assert_near(sq_metrics_ade(&metrics), 3.0 / 4.0, 1e-6);
    assert_near(sq_metrics_fde(&metrics), 0, 1e-6);
    assert_near(sq_metrics_mse(&metrics), (16 + 9) / 9.0, 1e-6); /* y of the masked step counts */
}

static void without_steps_there_is_no_displacement_error(void **state) {
    const sq_real mask[SAMPLES * N_OUT] = {0};
    sq_dataset_info no_walkers = walkers;
    no_walkers.trajectory = false;
    (void)state;
    sq_metrics metrics = measure_constant_velocity(NULL, 2, &no_walkers, 1.0);
    assert_true(isnan(sq_metrics_ade(&metrics)) && isnan(sq_metrics_fde(&metrics)));
    assert_near(sq_metrics_mse(&metrics), 41.0 / 12.0, 1e-6);
    metrics = measure_constant_velocity(mask, 2, &walkers, 1.0);
    assert_true(isnan(sq_metrics_ade(&metrics)) && isnan(sq_metrics_mse(&metrics)));
}

static void the_network_is_measured_like_any_forecast(void **state) {
    sq_real prediction[SAMPLES * N_OUT];
    double squares = 0.0;
    sq_metrics metrics;
    sq_pass pass;
    (void)state;
    small_problem *p = small_problem_create("mlp", "O(2)", 2, 2, &walkers, observed, future, NULL);
    assert_ok(sq_model_predict(p->problem.model, observed, SAMPLES, prediction));
    for (int e = 0; e < SAMPLES * N_OUT; e++)
        squares += pow((double)prediction[e] - (double)future[e], 2);
    assert_ok(sq_pass_create(&p->problem, p->dataset, false, &pass));
    assert_ok(sq_pass_measure(&pass, &metrics));
    assert_near(sq_metrics_mse(&metrics), squares / (SAMPLES * N_OUT), 1e-5);
    sq_pass_clear(&pass);
    small_problem_destroy(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(displacement_errors_are_those_by_hand),
        cmocka_unit_test(a_pass_tells_after_each_microbatch_that_it_is_alive),
        cmocka_unit_test(a_miss_is_further_off_than_two_metres_at_the_end),
        cmocka_unit_test(each_step_has_its_own_displacement),
        cmocka_unit_test(both_yardsticks_agree_on_two_positions),
        cmocka_unit_test(a_residual_is_added_to_what_the_network_says),
        cmocka_unit_test(scales_leave_metrics_in_raw_units),
        cmocka_unit_test(a_step_counts_if_all_its_coordinates_do),
        cmocka_unit_test(without_steps_there_is_no_displacement_error),
        cmocka_unit_test(the_network_is_measured_like_any_forecast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
