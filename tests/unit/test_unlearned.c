/* What a model has not learned, and which types that breaks: of a network that is zero, so that its
 * error is all of the targets, and which breaks no type itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "small_problem.h"
#include "softeq/run.h"
#include "train/unlearned_share.h"

enum { SAMPLES = 300, D = 3, N_IN = 2 * D, N_OUT = D, TYPES = 2 };

static sq_real input[SAMPLES * N_IN], target[SAMPLES * N_OUT], mask[SAMPLES * N_OUT];

static const sq_dataset_info info = {.samples = SAMPLES,
                                     .n_input = N_IN,
                                     .n_output = N_OUT,
                                     .input_representation = "2*T(1)",
                                     .output_representation = "T(1)"};

typedef void function(const sq_real *x, sq_rng *rng, sq_real *y);

/* (a b) a + b: whatever turns or mirrors a and b does so with it. */
static void full_symmetry(const sq_real *x, sq_rng *rng, sq_real *y) {
    sq_real product = 0;
    (void)rng;
    for (int c = 0; c < D; c++) product += x[c] * x[D + c];
    for (int c = 0; c < D; c++) y[c] = product * x[c] + x[D + c];
}

/* The same, but for the third axis. */
static void planar_symmetry(const sq_real *x, sq_rng *rng, sq_real *y) {
    full_symmetry(x, rng, y);
    y[2] = 2 * x[2] * x[2];
}

static void noise(const sq_real *x, sq_rng *rng, sq_real *y) {
    (void)x;
    for (int c = 0; c < D; c++) y[c] = (sq_real)sq_rng_normal(rng);
}

static small_problem *create_problem(function *targets) {
    sq_rng rng = test_rng(181);
    fill_normal(&rng, input, SAMPLES * N_IN);
    for (int s = 0; s < SAMPLES; s++) targets(input + s * N_IN, &rng, target + s * N_OUT);
    for (int e = 0; e < SAMPLES * N_OUT; e++) mask[e] = 1;
    small_problem *p =
        small_problem_create("emlp", "O(3) O(2)@xy", 1, 4, &info, input, target, mask);
    memset(sq_model_parameters(p->problem.model), 0,
           sq_model_parameter_count(p->problem.model) * sizeof(sq_real));
    assert_ok(sq_model_parameters_changed(p->problem.model));
    return p;
}

static void measure(small_problem *p, sq_evaluation *found) {
    sq_unlearned_shares shares;
    *found = (sq_evaluation){.n_types = TYPES};
    assert_ok(sq_unlearned_measure(&p->problem, p->dataset, SAMPLES, 4.0, &shares));
    found->unlearned_share = shares.all;
    memcpy(found->unlearned_share_moved, shares.moved, sizeof shares.moved);
    memcpy(found->unlearned_z, shares.z, sizeof shares.z);
    memcpy(found->moved_distance_ratio, shares.distance, sizeof shares.distance);
}

static void measure_function(function *targets, sq_evaluation *found) {
    small_problem *p = create_problem(targets);
    measure(p, found);
    small_problem_destroy(p);
}

static void what_has_the_symmetry_is_there_on_moved_samples(void **state) {
    static sq_evaluation found;
    (void)state;
    measure_function(full_symmetry, &found);
    assert_true(found.unlearned_share > 0.7);
    for (int g = 0; g < TYPES; g++) {
        assert_near(found.unlearned_share_moved[g], found.unlearned_share, 0.15);
        assert_false(sq_evaluation_unlearned_breaks(&found, g));
    }
}

static void what_breaks_a_type_is_not(void **state) {
    static sq_evaluation found;
    (void)state;
    measure_function(planar_symmetry, &found);
    assert_true(sq_evaluation_has_unlearned(&found));
    assert_true(sq_evaluation_unlearned_breaks(&found, 0));
    assert_false(sq_evaluation_unlearned_breaks(&found, 1));
}

/* Far from all samples nothing is known of what the data breaks. */
static void nothing_is_said_of_samples_that_moved_away(void **state) {
    static sq_evaluation found;
    (void)state;
    small_problem *p = create_problem(planar_symmetry);
    for (int s = 0; s < SAMPLES; s++) input[s * N_IN] += 20;
    measure(p, &found);
    assert_true(sq_evaluation_has_unlearned(&found));
    for (int g = 0; g < TYPES; g++) {
        assert_true(found.moved_distance_ratio[g] > 2);
        assert_false(sq_evaluation_unlearned_breaks(&found, g));
    }
    small_problem_destroy(p);
}

/* A vector that always points up tells turned samples from the others, if they are turned off it.
 */
static void one_vector_is_enough_to_know_moved_samples_by(void **state) {
    static sq_evaluation found;
    (void)state;
    small_problem *p = create_problem(planar_symmetry);
    for (int s = 0; s < SAMPLES; s++)
        for (int c = 0; c < D; c++) input[s * N_IN + D + c] = c == D - 1;
    measure(p, &found);
    assert_true(isinf(found.moved_distance_ratio[0]));
    assert_near(found.moved_distance_ratio[1], 1, 0.15);
    assert_false(sq_evaluation_unlearned_breaks(&found, 0));
    small_problem_destroy(p);
}

static void nothing_is_said_of_groups_that_are_not_orthogonal(void **state) {
    static sq_evaluation found;
    (void)state;
    small_problem_destroy(create_problem(planar_symmetry)); /* for its samples */
    small_problem *p =
        small_problem_create("emlp", "Scaling(3) SO(3)", 1, 4, &info, input, target, mask);
    measure(p, &found);
    assert_true(isnan(found.unlearned_z[0]) && isnan(found.moved_distance_ratio[0]));
    assert_false(isnan(found.unlearned_z[1]) || isnan(found.unlearned_share_moved[0]));
    assert_false(sq_evaluation_unlearned_breaks(&found, 0));
    small_problem_destroy(p);
}

static void noise_is_nothing_to_be_learned(void **state) {
    static sq_evaluation found;
    (void)state;
    measure_function(noise, &found);
    assert_false(sq_evaluation_has_unlearned(&found));
    assert_false(sq_evaluation_unlearned_breaks(&found, 0));
}

static void samples_that_do_not_count_change_nothing(void **state) {
    static sq_evaluation found;
    (void)state;
    small_problem *p = create_problem(full_symmetry);
    for (int s = 0; s < SAMPLES; s += 7) {
        mask[s * N_OUT + 1] = 0;
        target[s * N_OUT] = 1000;
    }
    measure(p, &found);
    assert_true(found.unlearned_share > 0.7);
    small_problem_destroy(p);
}

static void samples_that_do_not_count_may_be_all_of_one_half(void **state) {
    static sq_evaluation found;
    (void)state;
    small_problem *p = create_problem(full_symmetry);
    for (int s = 0; s < SAMPLES / 2; s++) mask[s * N_OUT] = 0;
    measure(p, &found);
    assert_true(found.unlearned_share > 0.5);
    small_problem_destroy(p);
}

static void few_samples_say_nothing(void **state) {
    sq_dataset_info few = info;
    static sq_evaluation found;
    (void)state;
    few.samples = 99;
    small_problem *p =
        small_problem_create("emlp", "O(3) O(2)@xy", 1, 4, &few, input, target, mask);
    measure(p, &found);
    assert_true(isnan(found.unlearned_share) && isnan(found.unlearned_share_moved[1]));
    small_problem_destroy(p);
}

static void no_error_has_no_parts(void **state) {
    static sq_evaluation found;
    (void)state;
    small_problem *p = create_problem(full_symmetry);
    memset(target, 0, sizeof target);
    measure(p, &found);
    assert_true(isnan(found.unlearned_share) && isnan(found.unlearned_share_moved[1]));
    assert_false(sq_evaluation_has_unlearned(&found));
    small_problem_destroy(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_the_symmetry_is_there_on_moved_samples),
        cmocka_unit_test(what_breaks_a_type_is_not),
        cmocka_unit_test(nothing_is_said_of_samples_that_moved_away),
        cmocka_unit_test(one_vector_is_enough_to_know_moved_samples_by),
        cmocka_unit_test(nothing_is_said_of_groups_that_are_not_orthogonal),
        cmocka_unit_test(noise_is_nothing_to_be_learned),
        cmocka_unit_test(samples_that_do_not_count_change_nothing),
        cmocka_unit_test(samples_that_do_not_count_may_be_all_of_one_half),
        cmocka_unit_test(few_samples_say_nothing),
        cmocka_unit_test(no_error_has_no_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
