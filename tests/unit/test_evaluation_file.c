/* Evaluations survive the way through a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "io/netcdf_file.h"
#include "near.h"
#include "scratch.h"
#include "softeq/run.h"

static void what_is_written_is_read(void **state) {
    static sq_evaluation written = {.run = "/runs/first",
                                    .content_hash = "4c322d4d5f372bc0555c38305b739a29",
                                    .data_hash = "0123456789abcdef",
                                    .samples = 7,
                                    .mse = 0.25,
                                    .explained_share = 0.75,
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
    assert_string_equal(found.run, "/runs/first");
    assert_string_equal(found.content_hash, "4c322d4d5f372bc0555c38305b739a29");
    assert_string_equal(found.data_hash, "0123456789abcdef");
    assert_near(found.mse, 0.25, 0);
    assert_near(found.explained_share, 0.75, 0);
    assert_int_equal(found.n_types, 2);
    assert_string_equal(found.type_names[1], "O(3)#2");
    assert_near(found.equivariance_error[1], 0.1, 0);
    assert_near(found.lambda[1], 100, 0);
    sq_evaluation_clear(&found);
}

/* A file with one type and two steps whose variable `name` has these dimensions. */
static void write_shaped(const char *path, const char *name, int rank,
                         const char *const *dimensions) {
    static const char *const types[] = {"type"}, *const steps[] = {"step"};
    const size_t first = 0;
    sq_nc *file;
    assert_ok(sq_nc_create(path, &file));
    assert_ok(sq_nc_put_integer(file, NULL, "samples", 7));
    assert_ok(sq_nc_put_number(file, NULL, "interval", 0.4));
    assert_ok(sq_nc_define_dimension(file, "type", 1));
    assert_ok(sq_nc_define_dimension(file, "step", 2));
    assert_ok(sq_nc_define_dimension(file, "many", 100000));
    assert_ok(sq_nc_define_variable(file, "type_name", SQ_NC_STRING, 1, types));
    assert_ok(sq_nc_define_variable(file, "seconds", SQ_NC_DOUBLE, 1, steps));
    assert_ok(sq_nc_define_variable(file, name, SQ_NC_DOUBLE, rank, dimensions));
    assert_ok(sq_nc_write_string(file, "type_name", &first, "O(3)"));
    assert_ok(sq_nc_close(&file));
}

static void a_file_of_an_earlier_version_does_not_say_what_is_explained(void **state) {
    static sq_evaluation found;
    const char *path = scratch_path(state, "evaluation.nc");
    write_shaped(path, "mse", 0, NULL);
    assert_ok(sq_evaluation_read(path, &found));
    assert_true(isnan(found.explained_share));
    sq_evaluation_clear(&found);
}

/* As former versions wrote it. */
static void a_file_need_not_say_which_run_it_is_of(void **state) {
    static sq_evaluation written = {.samples = 7, .n_types = 1, .type_names = {"O(3)"}}, found;
    const char *path = scratch_path(state, "evaluation.nc");
    assert_ok(sq_evaluation_write(&written, path, NULL));
    assert_ok(sq_evaluation_read(path, &found));
    assert_string_equal(found.run, "");
    assert_string_equal(found.content_hash, "");
    sq_evaluation_clear(&found);
}

static void displacements_are_read_by_step(void **state) {
    double of_model[] = {0.5, 1.5}, of_line[] = {0.25, 2.5};
    sq_evaluation written = {
        .steps = 2,
        .interval = 0.4,
        .units = "cm",
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
    assert_string_equal(found.units, "cm");
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

static void a_file_of_another_shape_is_refused(void **state) {
    static const char *const dimensions[] = {"many"};
    static const char *const names[] = {"mse", "lambda", "ade", "least_squares_ade"};
    sq_evaluation found;
    const char *path = scratch_path(state, "evaluation.nc");
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        write_shaped(path, names[k], 1, dimensions);
        assert_failure(sq_evaluation_read(path, &found), SQ_ERR_DATA,
                       "has not the shape of an evaluation");
        assert_non_null(strstr(sq_error_message(), names[k]));
        sq_evaluation_clear(&found);
    }
    write_shaped(path, "lambda", 0, NULL);
    assert_failure(sq_evaluation_read(path, &found), SQ_ERR_DATA, "lambda: has not the shape");
    sq_evaluation_clear(&found);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(what_is_written_is_read),
        in_scratch(a_file_of_an_earlier_version_does_not_say_what_is_explained),
        in_scratch(a_file_need_not_say_which_run_it_is_of),
        in_scratch(displacements_are_read_by_step),
        cmocka_unit_test(another_file_is_refused),
        in_scratch(a_file_of_another_shape_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
