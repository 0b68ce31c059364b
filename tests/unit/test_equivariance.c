/* The measured error under the action of each type, against the formula written out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "small_problem.h"
#include "symmetry/group_sample.h"
#include "train/equivariance.h"

enum { SAMPLES = 7, N_IN = 5, N_OUT = 6, ELEMENTS = 3, TYPES = 2 };

static sq_real input[SAMPLES * N_IN], target[SAMPLES * N_OUT];

static small_problem *create_problem(const char *kind, int layers) {
    const sq_dataset_info info = {.samples = SAMPLES,
                                  .n_input = N_IN,
                                  .n_output = N_OUT,
                                  .input_representation = "2*T(0) + T(1)",
                                  .output_representation = "2*T(1)"};
    sq_rng rng = test_rng(131);
    fill_normal(&rng, input, SAMPLES * N_IN);
    small_problem *p =
        small_problem_create(kind, "O(3) O(2)@xy", layers, 4, &info, input, target, NULL);
    p->problem.config.log.equivariance_elements = ELEMENTS;
    return p;
}

static void act(const sq_representation *rep, const double *g, const double *dual,
                const sq_real *from, sq_real *to) {
    double x[8], work[8];
    for (size_t c = 0; c < rep->size; c++) x[c] = (double)from[c];
    sq_representation_act(rep, g, dual, x, x, work);
    for (size_t c = 0; c < rep->size; c++) to[c] = (sq_real)x[c];
}

/* |f(gx) - g f(x)| / (|f(gx)| + |g f(x)|) of one row and element. */
static double plain_error(small_problem *p, int type, int64_t element, const sq_real *row) {
    sq_model *model = p->problem.model;
    double g[9], dual[9], difference = 0.0, first = 0.0, second = 0.0;
    sq_real moved[N_IN], output[N_OUT], of_moved[N_OUT];
    assert_ok(sq_group_sample(p->problem.types[type], 1.0,
                              (unsigned long long)p->problem.config.train.seed, SQ_RNG_ELEMENT, 0,
                              (unsigned long long)(type * ELEMENTS + element), g, dual));
    act(&model->input, g, dual, row, moved);
    assert_ok(sq_model_predict(model, moved, 1, of_moved));
    assert_ok(sq_model_predict(model, row, 1, output));
    act(&model->output, g, dual, output, output);
    for (int c = 0; c < N_OUT; c++) {
        difference += pow((double)of_moved[c] - (double)output[c], 2);
        first += pow((double)of_moved[c], 2);
        second += pow((double)output[c], 2);
    }
    return sqrt(difference) / (sqrt(first) + sqrt(second));
}

static void the_error_is_the_mean_over_rows_and_elements(void **state) {
    double error[TYPES];
    (void)state;
    small_problem *p = create_problem("mlp", 3);
    assert_ok(sq_equivariance_error(&p->problem, p->dataset, error));
    for (int type = 0; type < TYPES; type++) {
        double sum = 0.0;
        for (int64_t element = 0; element < ELEMENTS; element++)
            for (int s = 0; s < SAMPLES; s++)
                sum += plain_error(p, type, element, input + s * N_IN);
        assert_near(error[type], sum / (SAMPLES * ELEMENTS), 100 * NEAR_REAL);
        assert_true(error[type] > 0.01 && error[type] <= 1.0);
    }
    small_problem_destroy(p);
}

static void an_equivariant_model_has_none(void **state) {
    double error[TYPES];
    (void)state;
    small_problem *p = create_problem("emlp", 3);
    assert_ok(sq_equivariance_error(&p->problem, p->dataset, error));
    for (int type = 0; type < TYPES; type++) assert_near(error[type], 0, 100 * NEAR_REAL);
    small_problem_destroy(p);
}

static void scales_do_not_break_it(void **state) {
    double error[TYPES];
    (void)state;
    small_problem *p = create_problem("emlp", 2);
    for (int c = 0; c < N_IN; c++) p->problem.scaling.input[c] = c < 2 ? 3.0 : 0.2;
    for (int c = 0; c < N_OUT; c++) p->problem.scaling.output[c] = 7.0;
    assert_ok(sq_equivariance_error(&p->problem, p->dataset, error));
    for (int type = 0; type < TYPES; type++) assert_near(error[type], 0, 100 * NEAR_REAL);
    small_problem_destroy(p);
}

/* It is the network's error that is told, however far from 0 the targets are. */
static void what_is_taken_off_does_not_hide_what_is_broken(void **state) {
    const sq_dataset_info info = {.samples = SAMPLES,
                                  .n_input = N_IN,
                                  .n_output = N_OUT,
                                  .input_representation = "2*T(0) + T(1)",
                                  .output_representation = "3*T(0) + T(1)"};
    double error[TYPES], error_beside[TYPES];
    (void)state;
    small_problem *p =
        small_problem_create("mlp", "O(3) O(2)@xy", 3, 4, &info, input, target, NULL);
    p->problem.config.log.equivariance_elements = ELEMENTS;
    assert_ok(sq_equivariance_error(&p->problem, p->dataset, error));
    for (int c = 0; c < 3; c++) p->problem.scaling.shift[c] = 100 * (c + 1);
    assert_ok(sq_equivariance_error(&p->problem, p->dataset, error_beside));
    for (int type = 0; type < TYPES; type++) {
        assert_true(error[type] > 0.01);
        assert_near(error_beside[type], error[type], 0.01 * error[type]);
    }
    small_problem_destroy(p);
}

static void a_model_that_is_zero_has_no_error_to_speak_of(void **state) {
    double error[TYPES];
    (void)state;
    small_problem *p = create_problem("mlp", 1);
    memset(sq_model_parameters(p->problem.model), 0,
           sq_model_parameter_count(p->problem.model) * sizeof(sq_real));
    assert_ok(sq_equivariance_error(&p->problem, p->dataset, error));
    assert_true(isnan(error[0]) && isnan(error[1]));
    small_problem_destroy(p);
}

/* A reflection and the identity are all there is: the error is that of the reflection, always. */
static void the_identity_is_not_drawn(void **state) {
    const sq_dataset_info info = {.samples = SAMPLES,
                                  .n_input = N_IN,
                                  .n_output = N_OUT,
                                  .input_representation = "2*T(0) + T(1)",
                                  .output_representation = "2*T(1)"};
    double first[1], error[1];
    (void)state;
    small_problem *p =
        small_problem_create("mlp", "Reflection(1)@x", 3, 4, &info, input, target, NULL);
    p->problem.config.log.equivariance_elements = 1;
    assert_ok(sq_equivariance_error(&p->problem, p->dataset, first));
    assert_true(first[0] > 0.01);
    for (int64_t seed = 100; seed < 120; seed++) {
        p->problem.config.train.seed = seed;
        assert_ok(sq_equivariance_error(&p->problem, p->dataset, error));
        assert_near(error[0], first[0], 100 * NEAR_REAL);
    }
    small_problem_destroy(p);
}

/* |f(gx) - g y| = |g (f(x) - y)|, whatever the targets are. */
static void moving_costs_an_equivariant_model_nothing(void **state) {
    double ratio[TYPES];
    sq_rng rng = test_rng(133);
    (void)state;
    small_problem *p = create_problem("emlp", 3);
    fill_normal(&rng, target, SAMPLES * N_OUT);
    assert_ok(sq_moved_error_ratio(&p->problem, p->dataset, ratio));
    for (int type = 0; type < TYPES; type++) assert_near(ratio[type], 1, 1000 * NEAR_REAL);
    small_problem_destroy(p);
}

/* A model that has learned the targets by heart has no error but on moved samples. */
static void moving_costs_what_it_breaks(void **state) {
    double ratio[TYPES];
    (void)state;
    small_problem *p = create_problem("mlp", 3);
    assert_ok(sq_model_predict(p->problem.model, input, SAMPLES, target));
    for (int e = 0; e < SAMPLES * N_OUT; e++) target[e] *= (sq_real)1.01;
    assert_ok(sq_moved_error_ratio(&p->problem, p->dataset, ratio));
    for (int type = 0; type < TYPES; type++) assert_true(ratio[type] > 10);
    small_problem_destroy(p);
}

/* Scalings are drawn near the identity for the ratio only: those elements are not shared. */
static void both_at_once_are_the_same_bits(void **state) {
    enum { MIXED = 3 };
    const sq_dataset_info info = {.samples = SAMPLES,
                                  .n_input = N_IN,
                                  .n_output = N_OUT,
                                  .input_representation = "2*T(0) + T(1)",
                                  .output_representation = "2*T(1)"};
    double error[MIXED], ratio[MIXED], error_alone[MIXED], ratio_alone[MIXED];
    sq_rng rng = test_rng(137);
    (void)state;
    small_problem *p = small_problem_create("mlp", "O(3) SO(3)*Scaling(3) O(2)@xy", 3, 4, &info,
                                            input, target, NULL);
    fill_normal(&rng, input, SAMPLES * N_IN);
    fill_normal(&rng, target, SAMPLES * N_OUT);
    p->problem.config.log.equivariance_elements = ELEMENTS;
    assert_ok(sq_equivariance_error(&p->problem, p->dataset, error_alone));
    assert_ok(sq_moved_error_ratio(&p->problem, p->dataset, ratio_alone));
    assert_ok(sq_equivariance_measure(&p->problem, p->dataset, error, ratio));
    assert_memory_equal(error, error_alone, sizeof error);
    assert_memory_equal(ratio, ratio_alone, sizeof ratio);
    for (int type = 0; type < MIXED; type++) assert_true(error[type] > 0 && ratio[type] > 0);
    small_problem_destroy(p);
}

/* A scalar in other units beside a vector. */
static void units_of_one_output_do_not_hide_another(void **state) {
    enum { N = 4 };
    static const double unit = 1000;
    const sq_dataset_info info = {.samples = SAMPLES,
                                  .n_input = N_IN,
                                  .n_output = N,
                                  .input_representation = "2*T(0) + T(1)",
                                  .output_representation = "T(0) + T(1)"};
    double error[TYPES], ratio[TYPES], error_again[TYPES], ratio_again[TYPES];
    sq_rng rng = test_rng(149);
    (void)state;
    fill_normal(&rng, input, SAMPLES * N_IN);
    fill_normal(&rng, target, SAMPLES * N);
    small_problem *p =
        small_problem_create("mlp", "O(3) O(2)@xy", 3, 4, &info, input, target, NULL);
    p->problem.config.log.equivariance_elements = ELEMENTS;
    assert_ok(sq_equivariance_measure(&p->problem, p->dataset, error, ratio));
    for (int s = 0; s < SAMPLES; s++) target[s * N] *= (sq_real)unit;
    p->problem.scaling.output[0] = unit;
    assert_ok(sq_equivariance_measure(&p->problem, p->dataset, error_again, ratio_again));
    for (int g = 0; g < TYPES; g++) {
        assert_near(error_again[g], error[g], 1000 * NEAR_REAL);
        assert_near(ratio_again[g], ratio[g], 1000 * NEAR_REAL);
    }
    small_problem_destroy(p);
}

/* The error of cosine similarity itself, made with one of the symmetries. */
static void error_of_task(const char *symmetry, double *error) {
    sq_problem problem;
    sq_comm *comm;
    sq_dataset *dataset;
    sq_config config;
    sq_config_init(&config);
    strcpy(config.data.task, "cosine-similarity");
    strcpy(config.data.symmetry, symmetry);
    strcpy(config.symmetry.types, "SO(3)*Scaling(3) SO(3) Scaling(3)");
    strcpy(config.model.kind, "mlp");
    config.data.noise = 1;
    config.data.samples = 60;
    assert_ok(sq_comm_create_serial(&comm));
    assert_ok(sq_problem_create(&config, NULL, NULL, NULL, NULL, comm, &problem));
    assert_ok(sq_dataset_make(&config, SQ_SPLIT_TEST, &dataset));
    assert_ok(sq_equivariance_error_of_task(&problem, dataset, error));
    sq_dataset_destroy(&dataset);
    sq_problem_clear(&problem);
    sq_comm_destroy(&comm);
}

static void the_task_itself_says_what_holds(void **state) {
    double error[3];
    (void)state;
    error_of_task("so3-scale", error);
    for (int type = 0; type < 3; type++) assert_near(error[type], 0, 100 * NEAR_REAL);
    error_of_task("so3", error);
    assert_near(error[1], 0, 100 * NEAR_REAL);
    assert_true(error[0] > 0.1 && error[2] > 0.1);
    error_of_task("scale", error);
    assert_near(error[2], 0, 100 * NEAR_REAL);
    assert_true(error[0] > 0.01 && error[1] > 0.01);
}

static void data_of_files_has_no_task(void **state) {
    double error[TYPES];
    (void)state;
    small_problem *p = create_problem("mlp", 1);
    assert_ok(sq_equivariance_error_of_task(&p->problem, p->dataset, error));
    assert_true(isnan(error[0]) && isnan(error[1]));
    small_problem_destroy(p);
}

static void a_type_listed_again_has_a_name_of_its_own(void **state) {
    const sq_dataset_info info = {.samples = SAMPLES,
                                  .n_input = N_IN,
                                  .n_output = N_OUT,
                                  .input_representation = "2*T(0) + T(1)",
                                  .output_representation = "2*T(1)"};
    (void)state;
    small_problem *p =
        small_problem_create("mlp", "O(3) SO(3) O(3) O(3)", 2, 4, &info, input, target, NULL);
    assert_string_equal(p->problem.type_names[0], "O(3)");
    assert_string_equal(p->problem.type_names[1], "SO(3)");
    assert_string_equal(p->problem.type_names[2], "O(3)#2");
    assert_string_equal(p->problem.type_names[3], "O(3)#3");
    small_problem_destroy(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_error_is_the_mean_over_rows_and_elements),
        cmocka_unit_test(an_equivariant_model_has_none),
        cmocka_unit_test(scales_do_not_break_it),
        cmocka_unit_test(what_is_taken_off_does_not_hide_what_is_broken),
        cmocka_unit_test(a_model_that_is_zero_has_no_error_to_speak_of),
        cmocka_unit_test(the_identity_is_not_drawn),
        cmocka_unit_test(moving_costs_an_equivariant_model_nothing),
        cmocka_unit_test(moving_costs_what_it_breaks),
        cmocka_unit_test(both_at_once_are_the_same_bits),
        cmocka_unit_test(units_of_one_output_do_not_hide_another),
        cmocka_unit_test(the_task_itself_says_what_holds),
        cmocka_unit_test(data_of_files_has_no_task),
        cmocka_unit_test(a_type_listed_again_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
