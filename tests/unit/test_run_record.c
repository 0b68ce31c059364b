/* Reading a run's folder gives what training returned, and which type it favours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "small_run.h"
#include "train/run_log.h"
#include "train/run_record.h"

static void train(const char *folder, sq_run_summary *summary) {
    sq_config config = small_run_config();
    const sq_run_options options = {.folder = folder};
    assert_ok(small_run_train(&config, &options, summary));
}

static void a_record_tells_what_training_returned(void **state) {
    const char *folder = scratch_path(state, "run");
    sq_run_summary summary;
    sq_run_record record;
    train(folder, &summary);
    assert_ok(sq_run_record_read(folder, &record));
    assert_string_equal(record.state, "finished");
    assert_string_equal(record.kind, "per");
    assert_int_equal(record.training_samples, 30);
    assert_int_equal(record.epochs, summary.epochs);
    assert_int_equal(record.best_epoch, summary.best_epoch);
    assert_string_equal(record.content_hash, summary.content_hash);
    assert_int_equal(record.n_types, 2);
    assert_string_equal(record.type_names[1], "O(2)@xy");
    assert_true(record.valid_mse[record.best_epoch] == summary.best_valid);
    for (int g = 0; g < 2; g++)
        assert_true(record.total_symmetry_level[record.best_epoch * 2 + g] ==
                    summary.symmetry_level[g]);
    sq_run_record_clear(&record);
}

/* The best of all epochs, as the rule tunes all through training, whatever tune_at says. */
static void under_a_running_rule_all_epochs_count(void **state) {
    const char *folder = scratch_path(state, "run");
    const sq_run_options options = {.folder = folder};
    sq_config config = small_run_config();
    sq_run_summary summary;
    sq_run_record record;
    strcpy(config.symmetry.tuning, "gap");
    config.symmetry.tune_at = 2000;
    assert_ok(small_run_train(&config, &options, &summary));
    assert_true(summary.best_epoch >= 0);
    assert_ok(sq_run_record_read(folder, &record));
    assert_int_equal(record.best_epoch, summary.best_epoch);
    sq_run_record_clear(&record);
}

/* Whoever reads a record has room for as many types as a run can have. */
static void a_log_with_more_types_than_a_run_has_is_refused(void **state) {
    const char *folder = scratch_path(state, "run");
    enum { N_TYPES = SQ_MAX_TYPES + 1 };
    const char *names[N_TYPES], *const layers[] = {"layer0"};
    char path[4096];
    sq_run_summary summary;
    sq_run_record record;
    sq_run_log *log = NULL;
    for (int g = 0; g < N_TYPES; g++) names[g] = "O(2)";
    train(folder, &summary);
    const sq_run_log_options options = {
        .n_types = N_TYPES, .type_names = names, .n_layers = 1, .layer_names = layers};
    assert_ok(sq_run_log_create(&options, &log));
    snprintf(path, sizeof path, "%s/log.nc", folder);
    assert_ok(sq_run_log_write(log, path));
    sq_run_log_destroy(&log);
    assert_int_equal(sq_run_record_read(folder, &record), SQ_ERR_DATA);
    assert_non_null(strstr(sq_error_message(), "33 types"));
}

static void parts_of_an_epoch_take_no_more_time_than_all_of_it(void **state) {
    const char *folder = scratch_path(state, "run");
    sq_run_summary summary;
    sq_run_record record;
    train(folder, &summary);
    assert_ok(sq_run_record_read(folder, &record));
    assert_true(record.n_parts > 0);
    for (int64_t k = 0; k < record.epochs; k++) {
        double sum = 0.0;
        for (int part = 0; part < record.n_parts; part++)
            sum += record.part_seconds[k * record.n_parts + part];
        assert_true(sum > 0.0 && sum <= record.seconds[k]);
        assert_true(record.ranks[k] == 1);
    }
    sq_run_record_clear(&record);
}

static void the_leading_type_has_the_largest_lambda_then_the_highest_level(void **state) {
    (void)state;
    const double lambda[] = {0, 2, 2}, level[] = {1, 0.8, 0.9};
    assert_int_equal(sq_leading_type(3, lambda, level), 2);
    assert_int_equal(sq_leading_type(2, lambda, level), 1);
    assert_int_equal(sq_leading_type(0, lambda, level), -1);
}

static void a_folder_without_a_run_is_refused(void **state) {
    sq_run_record record;
    assert_int_equal(sq_run_record_read(scratch_path(state, "none"), &record), SQ_ERR_IO);
    assert_non_null(strstr(sq_error_message(), "is not the folder of a run"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(a_record_tells_what_training_returned),
        in_scratch(under_a_running_rule_all_epochs_count),
        in_scratch(a_log_with_more_types_than_a_run_has_is_refused),
        in_scratch(parts_of_an_epoch_take_no_more_time_than_all_of_it),
        in_scratch(the_leading_type_has_the_largest_lambda_then_the_highest_level),
        in_scratch(a_folder_without_a_run_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
