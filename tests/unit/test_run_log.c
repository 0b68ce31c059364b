/* The run log: round trip, what stands for "not computed", cutting back, other runs' files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/netcdf_file.h"
#include "train/run_log.h"

enum { N_TYPES = 3, N_LAYERS = 2, N_EPOCHS = 1200 };

static const char *const types[N_TYPES] = {"O(3)", "O(2)@xy", "O(2)@yz"};
static const char *const layers[N_LAYERS] = {"layer0", "layer1"};
static const sq_run_log_options options = {.n_types = N_TYPES,
                                           .n_layers = N_LAYERS,
                                           .type_names = types,
                                           .layer_names = layers,
                                           .metric_name = "valid_ade",
                                           .metric_long_name = "average displacement error",
                                           .metric_units = "m",
                                           .mse_units = "m2",
                                           .title = "a run",
                                           .history = "2026-01-01T00:00:00Z: softeq train"};

typedef struct {
    char folder[64], path[128];
    sq_run_log *log;
} fixture;

/* Numbers that tell epoch, series and place. */
static void append(sq_run_log *log, int64_t epoch) {
    double lambda[N_TYPES], regularizer[N_LAYERS * N_TYPES], level[N_LAYERS * N_TYPES];
    double error[N_TYPES];
    double e = (double)epoch;
    for (int k = 0; k < N_TYPES; k++) lambda[k] = e + 0.1 * k;
    for (int k = 0; k < N_TYPES; k++) error[k] = e + 0.01 * k;
    for (int k = 0; k < N_LAYERS * N_TYPES; k++) regularizer[k] = 2 * e + k;
    for (int k = 0; k < N_LAYERS * N_TYPES; k++) level[k] = 1 / (1 + e + k);
    sq_run_log_epoch values = {.epoch = epoch,
                               .train_loss = e + 0.5,
                               .train_mse = e + 0.25,
                               .valid_mse = e + 0.125,
                               .metric = epoch % 2 ? NAN : e,
                               .learning_rate = 1e-3,
                               .seconds = 0.1,
                               .lambda = lambda,
                               .regularizer = regularizer,
                               .symmetry_level = level,
                               .equivariance_error = epoch % 10 == 0 ? error : NULL};
    assert_int_equal(sq_run_log_append(log, &values), SQ_OK);
}

static int set_up(void **state) {
    fixture *f = calloc(1, sizeof *f);
    if (!f) return -1;
    strcpy(f->folder, "/tmp/softeq-test-XXXXXX");
    if (!mkdtemp(f->folder) || sq_run_log_create(&options, &f->log) != SQ_OK) return -1;
    snprintf(f->path, sizeof f->path, "%s/log.nc", f->folder);
    for (int64_t epoch = 0; epoch < N_EPOCHS; epoch++) append(f->log, epoch);
    *state = f;
    return sq_run_log_write(f->log, f->path);
}

static int tear_down(void **state) {
    fixture *f = *state;
    sq_run_log_destroy(&f->log);
    unlink(f->path);
    rmdir(f->folder);
    free(f);
    return 0;
}

static void the_file_holds_what_was_appended(void **state) {
    fixture *f = *state;
    sq_nc *file;
    double value;
    char name[32];
    assert_int_equal(sq_nc_open(f->path, &file), SQ_OK);
    sq_nc_read_double(file, "regularizer", (size_t[]){1100, 1, 2}, (size_t[]){1, 1, 1}, &value);
    assert_true(value == 2 * 1100 + 5);
    sq_nc_read_double(file, "valid_ade", (size_t[]){4}, (size_t[]){1}, &value);
    assert_true(value == 4);
    sq_nc_read_double(file, "equivariance_error", (size_t[]){20, 1}, (size_t[]){1, 1}, &value);
    assert_true(value == 20 + 0.01);
    assert_int_equal(sq_nc_read_string(file, "type_name", (size_t[]){1}, name, sizeof name), SQ_OK);
    assert_string_equal(name, "O(2)@xy");
    sq_nc_close(&file);
}

static void what_was_not_computed_is_the_missing_value(void **state) {
    fixture *f = *state;
    sq_nc *file;
    double value, missing;
    assert_int_equal(sq_nc_open(f->path, &file), SQ_OK);
    sq_nc_read_double(file, "equivariance_error", (size_t[]){7, 0}, (size_t[]){1, 1}, &value);
    sq_nc_get_number(file, "equivariance_error", "_FillValue", &missing);
    assert_true(isnan(value) && isnan(missing));
    sq_nc_close(&file);
}

static void skipped_epochs_are_missing_values(void **state) {
    fixture *f = *state;
    sq_run_log *log;
    sq_nc *file;
    double value;
    assert_int_equal(sq_run_log_create(&options, &log), SQ_OK);
    assert_int_equal(sq_run_log_skip(log, 700), SQ_OK);
    append(log, 700);
    assert_int_equal(sq_run_log_write(log, f->path), SQ_OK);
    sq_run_log_destroy(&log);
    assert_int_equal(sq_nc_open(f->path, &file), SQ_OK);
    sq_nc_read_double(file, "valid_mse", (size_t[]){699}, (size_t[]){1}, &value);
    assert_true(isnan(value));
    sq_nc_read_double(file, "valid_mse", (size_t[]){700}, (size_t[]){1}, &value);
    assert_true(value == 700.125);
    sq_nc_close(&file);
}

static void every_variable_has_long_name_and_units(void **state) {
    fixture *f = *state;
    sq_nc *file;
    char name[64];
    assert_int_equal(sq_nc_open(f->path, &file), SQ_OK);
    assert_int_equal(sq_nc_variable_count(file), 19);
    for (int k = 0; k < sq_nc_variable_count(file); k++) {
        assert_int_equal(sq_nc_variable_name(file, k, name, sizeof name), SQ_OK);
        assert_true(sq_nc_has_attribute(file, name, "long_name"));
        assert_true(sq_nc_has_attribute(file, name, "units"));
    }
    sq_nc_close(&file);
}

static void assert_same_values(const char *path_a, const char *path_b, const char *name,
                               size_t count) {
    sq_nc *a, *b;
    double *values = calloc(2 * count, sizeof *values);
    assert_int_equal(sq_nc_open(path_a, &a), SQ_OK);
    assert_int_equal(sq_nc_open(path_b, &b), SQ_OK);
    assert_int_equal(sq_nc_read_double(a, name, NULL, NULL, values), SQ_OK);
    assert_int_equal(sq_nc_read_double(b, name, NULL, NULL, values + count), SQ_OK);
    assert_memory_equal(values, values + count, count * sizeof *values);
    free(values);
    sq_nc_close(&a);
    sq_nc_close(&b);
}

static void a_log_that_was_read_back_goes_on(void **state) {
    fixture *f = *state;
    char path[128];
    sq_run_log *resumed;
    snprintf(path, sizeof path, "%s/resumed.nc", f->folder);
    assert_int_equal(sq_run_log_create(&options, &resumed), SQ_OK);
    assert_int_equal(sq_run_log_read(resumed, f->path, 700, true), SQ_OK);
    assert_int_equal(sq_run_log_length(resumed), 700);
    for (int64_t epoch = 700; epoch < N_EPOCHS; epoch++) append(resumed, epoch);
    assert_int_equal(sq_run_log_write(resumed, path), SQ_OK);
    assert_same_values(f->path, path, "train_loss", N_EPOCHS);
    assert_same_values(f->path, path, "lambda", N_EPOCHS * N_TYPES);
    assert_same_values(f->path, path, "symmetry_level", N_EPOCHS * N_TYPES * N_LAYERS);
    assert_same_values(f->path, path, "equivariance_error", N_EPOCHS * N_TYPES);
    sq_run_log_destroy(&resumed);
    unlink(path);
}

/* In one attribute, which a log without warnings lacks. */
static void warnings_are_kept_line_by_line(void **state) {
    fixture *f = *state;
    sq_nc *file = NULL;
    char text[64];
    assert_int_equal(sq_nc_open(f->path, &file), SQ_OK);
    assert_false(sq_nc_has_attribute(file, NULL, "warnings"));
    sq_nc_close(&file);
    assert_int_equal(sq_run_log_warn(f->log, "one"), SQ_OK);
    assert_int_equal(sq_run_log_warn(f->log, "another"), SQ_OK);
    assert_int_equal(sq_run_log_write(f->log, f->path), SQ_OK);
    assert_int_equal(sq_nc_open(f->path, &file), SQ_OK);
    assert_int_equal(sq_nc_get_text(file, NULL, "warnings", text, sizeof text), SQ_OK);
    assert_string_equal(text, "one\nanother");
    sq_nc_close(&file);
}

static void assert_refused(const fixture *f, const sq_run_log_options *other, int64_t epochs,
                           const char *message) {
    sq_run_log *log;
    assert_int_equal(sq_run_log_create(other, &log), SQ_OK);
    assert_int_equal(sq_run_log_read(log, f->path, epochs, true), SQ_ERR_DATA);
    assert_int_equal(sq_run_log_length(log), 0);
    assert_non_null(strstr(sq_error_message(), f->path));
    assert_non_null(strstr(sq_error_message(), message));
    sq_run_log_destroy(&log);
}

static void another_runs_log_is_refused(void **state) {
    sq_run_log_options other = options;
    const char *const other_types[N_TYPES] = {"O(3)", "O(2)@xz", "O(2)@yz"};
    other.type_names = other_types;
    assert_refused(*state, &other, 1, "is 'O(2)@xy', this run has 'O(2)@xz'");
    other = options;
    other.n_layers = 1;
    assert_refused(*state, &other, 1, "has 2 names, this run has 1");
    other = options;
    other.metric_name = "valid_fde";
    assert_refused(*state, &other, 1, "has no variable valid_fde");
    assert_refused(*state, &options, N_EPOCHS + 1, "holds 1200 epochs");
}

static void a_damaged_log_is_refused(void **state) {
    fixture *f = *state;
    FILE *file = fopen(f->path, "r+b");
    assert_non_null(file);
    fseek(file, 3000, SEEK_SET);
    fputs("damage", file);
    fclose(file);
    assert_refused(f, &options, 1, "damaged");
}

static void epochs_follow_one_another(void **state) {
    fixture *f = *state;
    sq_run_log_epoch values = {.epoch = N_EPOCHS + 1};
    assert_int_equal(sq_run_log_append(f->log, &values), SQ_ERR_ARGUMENT);
    assert_int_equal(sq_run_log_length(f->log), N_EPOCHS);
}

static void an_empty_log_without_metric_and_types_can_be_written(void **state) {
    fixture *f = *state;
    const sq_run_log_options bare = {.n_layers = 1, .layer_names = layers};
    sq_run_log *log, *back;
    assert_int_equal(sq_run_log_create(&bare, &log), SQ_OK);
    assert_int_equal(sq_run_log_write(log, f->path), SQ_OK);
    sq_run_log_epoch values = {.epoch = 0, .train_loss = 1};
    assert_int_equal(sq_run_log_append(log, &values), SQ_OK);
    assert_int_equal(sq_run_log_write(log, f->path), SQ_OK);
    assert_int_equal(sq_run_log_create(&bare, &back), SQ_OK);
    assert_int_equal(sq_run_log_read(back, f->path, 1, true), SQ_OK);
    sq_run_log_destroy(&log);
    sq_run_log_destroy(&back);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(warnings_are_kept_line_by_line),
        TEST(the_file_holds_what_was_appended),
        TEST(what_was_not_computed_is_the_missing_value),
        TEST(skipped_epochs_are_missing_values),
        TEST(every_variable_has_long_name_and_units),
        TEST(a_log_that_was_read_back_goes_on),
        TEST(another_runs_log_is_refused),
        TEST(a_damaged_log_is_refused),
        TEST(epochs_follow_one_another),
        TEST(an_empty_log_without_metric_and_types_can_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
