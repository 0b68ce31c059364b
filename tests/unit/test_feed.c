/* What the network is trained on. The group that moves training samples: boosts may be held smaller
 * than rotations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "nn/lanes.h"
#include "small_problem.h"
#include "train/feed.h"

enum { D = 4 };
static const sq_real vector[D] = {1, 2, 3, 4}, number[1] = {5};
static const sq_dataset_info one_vector = {.samples = 1,
                                           .n_input = D,
                                           .n_output = 1,
                                           .input_representation = "T(1)",
                                           .output_representation = "T(0)"};

static bool mixes_time(const double *generator) {
    for (int i = 1; i < D; i++)
        if (generator[i] != 0 || generator[i * D] != 0) return true;
    return false;
}

static void boosts_are_stretched_and_rotations_are_not(void **state) {
    static const double stretches[] = {1.0, 0.3};
    (void)state;
    small_problem *p =
        small_problem_create("mlp", "O(1,3)", 2, 1, &one_vector, vector, number, NULL);
    const sq_group *lorentz = p->problem.types[0];
    strcpy(p->problem.config.data.augment, "O(1,3)");
    for (int s = 0; s < 2; s++) {
        sq_augmentation augmentation;
        int boosts = 0;
        p->problem.config.data.augment_stretch = stretches[s];
        assert_ok(sq_augmentation_create(&p->problem, &augmentation));
        const sq_group *group = augmentation.group[0];
        assert_int_equal(group->n_lie, lorentz->n_lie);
        for (int k = 0; k < group->n_lie; k++) {
            const double *ours = group->lie + k * D * D, *theirs = lorentz->lie + k * D * D;
            double factor = mixes_time(theirs) ? stretches[s] : 1.0;
            boosts += mixes_time(theirs);
            for (int e = 0; e < D * D; e++) assert_near(ours[e], factor * theirs[e], 0);
        }
        assert_int_equal(boosts, 3);
        sq_augmentation_clear(&augmentation);
    }
    small_problem_destroy(p);
}

static void targets_come_less_their_shift_over_their_scale(void **state) {
    sq_feed feed;
    const int64_t row = 0;
    (void)state;
    small_problem *p =
        small_problem_create("mlp", "O(1,3)", 2, 1, &one_vector, vector, number, NULL);
    p->problem.scaling.shift[0] = 3;
    p->problem.scaling.output[0] = 4;
    assert_ok(sq_feed_create(&p->problem, p->dataset, NULL, 1, &feed));
    sq_real *lanes = allocate(D * sq_padded(1), sizeof *lanes);
    assert_ok(sq_feed_load(&feed, &row, 1, 0, lanes));
    assert_near((double)feed.target_lanes[0], (5.0 - 3) / 4, 0);
    sq_free(lanes);
    sq_feed_clear(&feed);
    small_problem_destroy(p);
}

static void without_augmentation_there_is_no_group(void **state) {
    sq_augmentation augmentation;
    (void)state;
    small_problem *p =
        small_problem_create("mlp", "O(1,3)", 2, 1, &one_vector, vector, number, NULL);
    assert_ok(sq_augmentation_create(&p->problem, &augmentation));
    assert_int_equal(augmentation.count, 0);
    small_problem_destroy(p);
}

static void boosts_beyond_double_precision_are_refused(void **state) {
    sq_augmentation augmentation;
    sq_feed feed;
    const int64_t row = 0;
    (void)state;
    small_problem *p =
        small_problem_create("mlp", "O(1,3)", 2, 1, &one_vector, vector, number, NULL);
    strcpy(p->problem.config.data.augment, "O(1,3)");
    p->problem.config.data.augment_scale = 100;
    assert_ok(sq_augmentation_create(&p->problem, &augmentation));
    assert_ok(sq_feed_create(&p->problem, p->dataset, &augmentation, 1, &feed));
    sq_real *lanes = allocate(D * sq_padded(1), sizeof *lanes);
    assert_failure(sq_feed_load(&feed, &row, 1, 0, lanes), SQ_ERR_NUMERIC,
                   "lower data.augment_scale or data.augment_stretch: O(1,3): an element");
    sq_free(lanes);
    sq_feed_clear(&feed);
    sq_augmentation_clear(&augmentation);
    small_problem_destroy(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boosts_are_stretched_and_rotations_are_not),
        cmocka_unit_test(targets_come_less_their_shift_over_their_scale),
        cmocka_unit_test(without_augmentation_there_is_no_group),
        cmocka_unit_test(boosts_beyond_double_precision_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
