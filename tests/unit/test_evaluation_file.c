/* Evaluations survive the way through a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "near.h"
#include "scratch.h"
#include "softeq/run.h"

static void what_is_written_is_read(void **state) {
    static sq_evaluation written = {.samples = 7,
                                    .mse = 0.25,
                                    .shifted_mse = NAN,
                                    .n_types = 2,
                                    .type_names = {"O(3)", "O(3)#2"},
                                    .equivariance_error = {0.5, 0.1},
                                    .lambda = {0, 100}};
    static sq_evaluation found;
    const char *path = scratch_path(state, "evaluation.nc");
    assert_ok(sq_evaluation_write(&written, path, NULL));
    assert_ok(sq_evaluation_read(path, &found));
    assert_true(isnan(found.shifted_mse) && isnan(found.displaced.ade));
    assert_near(found.mse, 0.25, 0);
    assert_int_equal(found.n_types, 2);
    assert_string_equal(found.type_names[1], "O(3)#2");
    assert_near(found.equivariance_error[1], 0.1, 0);
    assert_near(found.lambda[1], 100, 0);
    sq_evaluation_clear(&found);
}

static void displacements_are_read_by_step(void **state) {
    double of_model[] = {0.5, 1.5}, of_line[] = {0.25, 2.5};
    sq_evaluation written = {
        .steps = 2,
        .interval = 0.4,
        .displaced = {"", "this model", 1, 1.5, 0.25, of_model},
        .n_yardsticks = 2,
        .yardsticks = {{"constant_velocity", "constant velocity", NAN, NAN, NAN, NULL},
                       {"least_squares", "least-squares line", 1.375, 2.5, 0.75, of_line}}};
    sq_evaluation found;
    const char *path = scratch_path(state, "evaluation.nc");
    assert_ok(sq_evaluation_write(&written, path, NULL));
    assert_ok(sq_evaluation_read(path, &found));
    assert_int_equal(found.steps, 2);
    assert_near(sq_evaluation_seconds(&found, 1), 0.8, 0);
    assert_near(found.displaced.ade, 1, 0);
    assert_near(found.displaced.displacement[1], 1.5, 0);
    assert_null(found.yardsticks[0].displacement);
    assert_near(found.yardsticks[1].miss_rate, 0.75, 0);
    assert_near(found.yardsticks[1].displacement[0], 0.25, 0);
    sq_evaluation_clear(&found);
}

static void another_file_is_refused(void **state) {
    static sq_evaluation found;
    (void)state;
    assert_failure(sq_evaluation_read("/nowhere/evaluation.nc", &found), SQ_ERR_IO, "nowhere");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(what_is_written_is_read),
        in_scratch(displacements_are_read_by_step),
        cmocka_unit_test(another_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
