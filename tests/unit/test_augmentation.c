/* Which samples the types that are found move, and by what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "small_problem.h"
#include "train/augmentation.h"

enum { D = 3, ROWS = 4000 };
static const sq_real vector[D] = {1, 2, 3}, number[1] = {5};
static const sq_dataset_info one_vector = {.samples = 1,
                                           .n_input = D,
                                           .n_output = 1,
                                           .input_representation = "T(1)",
                                           .output_representation = "T(0)"};

static small_problem *problem_that_finds(const char *tuning) {
    small_problem *p =
        small_problem_create("per", "O(2)@xy Scaling(3)", 2, 1, &one_vector, vector, number, NULL);
    strcpy(p->problem.config.data.augment, "found");
    strcpy(p->problem.config.symmetry.tuning, tuning);
    return p;
}

/* Which type's element it is: one keeps the third axis, the other only scales. -1: none */
static int type_of(const double *element, bool moved) {
    if (!moved) return -1;
    return element[0] == element[8] && element[1] == 0.0 ? 1 : 0;
}

/* How many of the rows each type moves in an epoch. */
static void count_moved(const sq_augmentation *augmentation, int64_t epoch, int *count) {
    double element[D * D], inverse[D * D];
    count[0] = count[1] = 0;
    for (int64_t row = 0; row < ROWS; row++) {
        bool moved;
        assert_ok(sq_augmentation_draw(augmentation, row, epoch, element, inverse, &moved));
        int type = type_of(element, moved);
        if (type >= 0) count[type]++;
    }
}

static void found_types_move_nothing_before_they_are_found(void **state) {
    sq_augmentation augmentation;
    int count[2];
    (void)state;
    small_problem *p = problem_that_finds("gap");
    assert_ok(sq_augmentation_create(&p->problem, &augmentation));
    assert_int_equal(augmentation.count, 2);
    count_moved(&augmentation, 0, count);
    assert_int_equal(count[0] + count[1], 0);
    sq_augmentation_clear(&augmentation);
    small_problem_destroy(p);
}

static void each_type_moves_its_share_of_the_samples(void **state) {
    sq_augmentation augmentation;
    int count[2];
    (void)state;
    small_problem *p = problem_that_finds("gap");
    assert_ok(sq_augmentation_create(&p->problem, &augmentation));
    augmentation.share[0] = 0.6;
    augmentation.share[1] = 0.1;
    for (int64_t epoch = 0; epoch < 3; epoch++) {
        count_moved(&augmentation, epoch, count);
        assert_near((double)count[0] / ROWS, 0.6, 0.04); /* five standard deviations */
        assert_near((double)count[1] / ROWS, 0.1, 0.024);
    }
    sq_augmentation_clear(&augmentation);
    small_problem_destroy(p);
}

static void other_samples_are_moved_in_another_epoch(void **state) {
    sq_augmentation augmentation;
    double element[D * D], inverse[D * D];
    int both = 0;
    (void)state;
    small_problem *p = problem_that_finds("gap");
    assert_ok(sq_augmentation_create(&p->problem, &augmentation));
    augmentation.share[0] = 0.5;
    for (int64_t row = 0; row < ROWS; row++) {
        bool first, second;
        assert_ok(sq_augmentation_draw(&augmentation, row, 0, element, inverse, &first));
        assert_ok(sq_augmentation_draw(&augmentation, row, 1, element, inverse, &second));
        both += first && second;
    }
    assert_near((double)both / ROWS, 0.25, 0.035);
    sq_augmentation_clear(&augmentation);
    small_problem_destroy(p);
}

static void a_rule_that_measures_once_cannot_find_types_to_move_by(void **state) {
    sq_augmentation augmentation;
    (void)state;
    small_problem *p = problem_that_finds("paper");
    assert_failure(sq_augmentation_create(&p->problem, &augmentation), SQ_ERR_CONFIG,
                   "data.augment: found needs symmetry.tuning = projected or gap");
    sq_augmentation_clear(&augmentation);
    small_problem_destroy(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found_types_move_nothing_before_they_are_found),
        cmocka_unit_test(each_type_moves_its_share_of_the_samples),
        cmocka_unit_test(other_samples_are_moved_in_another_epoch),
        cmocka_unit_test(a_rule_that_measures_once_cannot_find_types_to_move_by),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
