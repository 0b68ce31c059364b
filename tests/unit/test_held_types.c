/* What a network has that is held to some types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "small_problem.h"
#include "train/held_types.h"

enum { SPACE, TURNS, FIRST_PLANE, SECOND_PLANE, TYPES };

static small_problem *create_problem(void) {
    static const sq_real input[6], target[3];
    const sq_dataset_info info = {.samples = 1,
                                  .n_input = 6,
                                  .n_output = 3,
                                  .input_representation = "2*T(1)",
                                  .output_representation = "T(1)"};
    return small_problem_create("per", "O(3) SO(3) O(2)@xy O(2)@yz", 2, 4, &info, input, target,
                                NULL);
}

static void a_group_implies_its_subgroups_and_not_the_other_way(void **state) {
    bool implied = false;
    (void)state;
    small_problem *p = create_problem();
    assert_ok(sq_type_implies(p->problem.model, SPACE, FIRST_PLANE, &implied));
    assert_true(implied);
    assert_ok(sq_type_implies(p->problem.model, FIRST_PLANE, SPACE, &implied));
    assert_false(implied);
    assert_ok(sq_type_implies(p->problem.model, FIRST_PLANE, SECOND_PLANE, &implied));
    assert_false(implied);
    small_problem_destroy(p);
}

static void two_planes_together_imply_space(void **state) {
    bool implied = false;
    sq_held_types types = {0};
    (void)state;
    small_problem *p = create_problem();
    const bool planes[TYPES] = {[FIRST_PLANE] = true, [SECOND_PLANE] = true};
    assert_ok(sq_held_types_set(&types, &p->problem, planes));
    assert_ok(sq_held_types_imply(&types, p->problem.model, SPACE, &implied));
    assert_true(implied);
    const bool plane[TYPES] = {[FIRST_PLANE] = true};
    assert_ok(sq_held_types_set(&types, &p->problem, plane));
    assert_ok(sq_held_types_imply(&types, p->problem.model, TURNS, &implied));
    assert_false(implied);
    sq_held_types_clear(&types, p->problem.model);
    small_problem_destroy(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_implies_its_subgroups_and_not_the_other_way),
        cmocka_unit_test(two_planes_together_imply_space),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
