/* What holding a network to a type would cost, and that it leaves the network as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "small_problem.h"
#include "train/projected_error.h"

enum { SAMPLES = 7, N_IN = 5, N_OUT = 6, TYPES = 2 };

static sq_real input[SAMPLES * N_IN], target[SAMPLES * N_OUT];

static small_problem *create_problem(void) {
    const sq_dataset_info info = {.samples = SAMPLES,
                                  .n_input = N_IN,
                                  .n_output = N_OUT,
                                  .input_representation = "2*T(0) + T(1)",
                                  .output_representation = "2*T(1)"};
    sq_rng rng = test_rng(131);
    fill_normal(&rng, input, SAMPLES * N_IN);
    return small_problem_create("per", "O(3) O(2)@xy", 3, 4, &info, input, target, NULL);
}

/* Adds noise to all parameters. */
static void disturb(sq_model *model) {
    sq_rng rng = test_rng(139);
    sq_real *x = sq_model_parameters(model);
    for (size_t e = 0; e < sq_model_parameter_count(model); e++)
        x[e] += (sq_real)(0.1 * sq_rng_normal(&rng));
    assert_ok(sq_model_parameters_changed(model));
}

/* The targets are those of the network once its weights are projected on the first type. */
static void projecting_takes_away_what_is_noise(void **state) {
    double ratio[TYPES];
    (void)state;
    small_problem *p = create_problem();
    sq_model *model = p->problem.model;
    size_t bytes = sq_model_parameter_count(model) * sizeof(sq_real);
    sq_real *kept = allocate(1, bytes);
    disturb(model);
    memcpy(kept, sq_model_parameters(model), bytes);
    sq_model_project_vector(model, 0, sq_model_parameters(model));
    assert_ok(sq_model_parameters_changed(model));
    assert_ok(sq_model_predict(model, input, SAMPLES, target));
    memcpy(sq_model_parameters(model), kept, bytes);
    assert_ok(sq_model_parameters_changed(model));
    assert_ok(sq_projected_error_ratio(&p->problem, p->dataset, ratio));
    assert_near(ratio[0], 0, NEAR_REAL);
    assert_true(ratio[1] > 0.01); /* O(2)@xy leaves more of the noise */
    assert_memory_equal(kept, sq_model_parameters(model), bytes);
    sq_free(kept);
    small_problem_destroy(p);
}

static void projecting_a_symmetric_network_changes_nothing(void **state) {
    double ratio[TYPES];
    sq_rng rng = test_rng(141);
    (void)state;
    small_problem *p = create_problem();
    fill_normal(&rng, target, SAMPLES * N_OUT);
    sq_model_project_vector(p->problem.model, 0, sq_model_parameters(p->problem.model));
    assert_ok(sq_model_parameters_changed(p->problem.model));
    assert_ok(sq_projected_error_ratio(&p->problem, p->dataset, ratio));
    for (int type = 0; type < TYPES; type++) assert_near(ratio[type], 1, 100 * NEAR_REAL);
    small_problem_destroy(p);
}

/* A network that has learned the targets by heart loses what it learned. */
static void projecting_costs_what_is_no_noise(void **state) {
    double ratio[TYPES];
    (void)state;
    small_problem *p = create_problem();
    disturb(p->problem.model);
    assert_ok(sq_model_predict(p->problem.model, input, SAMPLES, target));
    for (int e = 0; e < SAMPLES * N_OUT; e++) target[e] *= (sq_real)1.01;
    assert_ok(sq_projected_error_ratio(&p->problem, p->dataset, ratio));
    for (int type = 0; type < TYPES; type++) assert_true(ratio[type] > 10);
    small_problem_destroy(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(projecting_takes_away_what_is_noise),
        cmocka_unit_test(projecting_a_symmetric_network_changes_nothing),
        cmocka_unit_test(projecting_costs_what_is_no_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
