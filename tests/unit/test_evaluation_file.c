/* Evaluations survive the way through a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "scratch.h"
#include "softeq/run.h"

static void what_is_written_is_read(void **state) {
    static sq_evaluation written = {.samples = 7,
                                    .mse = 0.25,
                                    .shifted_mse = NAN,
                                    .ade = 3,
                                    .n_types = 2,
                                    .type_names = {"O(3)", "O(3)#2"},
                                    .equivariance_error = {0.5, 0.1},
                                    .lambda = {0, 100}};
    static sq_evaluation found;
    const char *path = scratch_path(state, "evaluation.nc");
    assert_ok(sq_evaluation_write(&written, path, NULL));
    assert_ok(sq_evaluation_read(path, &found));
    assert_true(isnan(found.shifted_mse));
    written.shifted_mse = found.shifted_mse = 0;
    assert_memory_equal(&found, &written, sizeof found);
}

static void another_file_is_refused(void **state) {
    static sq_evaluation found;
    (void)state;
    assert_failure(sq_evaluation_read("/nowhere/evaluation.nc", &found), SQ_ERR_IO, "nowhere");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(what_is_written_is_read),
        cmocka_unit_test(another_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
