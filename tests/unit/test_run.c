/* Whole runs by the library's own calls: what they return and what they leave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dataset/shard_layout.h"
#include "dataset/shard_writer.h"
#include "io/netcdf_file.h"
#include "near.h"
#include "small_run.h"
#include "softeq/checkpoint.h"
#include "softeq/dataset.h"
#include "train/checkpoint_folder.h"
#include "train/run_record.h"

/* Keeps count of the epochs it is told of. */
static void count_epochs(const sq_run_progress *progress, void *context) {
    int64_t *count = context;
    if (progress->epoch > *count) (*count)++;
}

static sq_status train(const sq_config *config, const char *folder, bool resume,
                       sq_run_summary *summary) {
    const sq_run_options options = {.folder = folder, .resume = resume};
    return small_run_train(config, &options, summary);
}

static void a_run_returns_what_it_leaves(void **state) {
    sq_config config = small_run_config();
    sq_run_summary summary;
    sq_checkpoint *best = NULL;
    char path[256];
    const char *folder = scratch_path(state, "run");
    assert_ok(train(&config, folder, false, &summary));
    assert_int_equal(summary.epochs, 6);
    assert_int_equal(summary.steps, 12); /* 30 training samples in batches of 20 */
    assert_in_range(summary.best_epoch, 2, 5);
    assert_int_equal(summary.n_types, 2);
    assert_string_equal(summary.type_names[1], "O(2)@xy");
    for (int g = 0; g < 2; g++) {
        assert_true(summary.symmetry_level[g] > 0.0 && summary.symmetry_level[g] < 1.0);
        assert_true(summary.equivariance_error[g] > 0.0 && summary.equivariance_error[g] <= 1.0);
    }
    snprintf(path, sizeof path, "%s/best.nc", folder);
    assert_ok(sq_checkpoint_open(path, &best));
    assert_string_equal(sq_checkpoint_hash(best), summary.content_hash);
    sq_checkpoint_close(&best);
}

static void every_epoch_is_observed_and_logged_once(void **state) {
    sq_config config = small_run_config();
    sq_run_summary summary;
    sq_nc *log = NULL;
    int64_t epochs = 0;
    size_t length = 0;
    double valid[6];
    char path[256];
    const sq_run_options options = {.folder = scratch_path(state, "run"),
                                    .observer = count_epochs,
                                    .observer_context = &epochs};
    assert_ok(small_run_train(&config, &options, &summary));
    assert_int_equal(epochs, 6);
    snprintf(path, sizeof path, "%s/log.nc", options.folder);
    assert_ok(sq_nc_open(path, &log));
    assert_ok(sq_nc_dimension_length(log, "epoch", &length));
    assert_int_equal(length, 6);
    assert_ok(sq_nc_read_double(log, "valid_mse", NULL, NULL, valid));
    assert_near(valid[summary.best_epoch], summary.best_valid, 1e-6 * summary.best_valid);
    for (int64_t k = 2; k < 6; k++) assert_true(valid[k] >= valid[summary.best_epoch]);
    sq_nc_close(&log);
}

static void the_same_run_gives_the_same_bits(void **state) {
    sq_config config = small_run_config();
    sq_run_summary one, two, other;
    assert_ok(train(&config, scratch_path(state, "one"), false, &one));
    assert_ok(train(&config, scratch_path(state, "two"), false, &two));
    assert_string_equal(one.content_hash, two.content_hash);
    config.train.seed = 2;
    assert_ok(train(&config, scratch_path(state, "other"), false, &other));
    assert_string_not_equal(one.content_hash, other.content_hash);
}

static void results_are_not_overwritten(void **state) {
    sq_config config = small_run_config();
    sq_run_summary summary, again;
    const char *folder = scratch_path(state, "run");
    assert_ok(train(&config, folder, false, &summary));
    assert_failure(train(&config, folder, false, &again), SQ_ERR_CONFIG, "holds a run already");
    assert_ok(train(&config, folder, true, &again)); /* finished already */
    assert_string_equal(again.content_hash, summary.content_hash);
    assert_int_equal(again.epochs, 6);
    config.train.batch = 21;
    assert_failure(train(&config, folder, true, &again), SQ_ERR_CONFIG, "train.batch = 20");
}

static void a_run_that_cannot_begin_leaves_no_folder(void **state) {
    sq_config config = small_run_config();
    sq_run_summary summary;
    strcpy(config.symmetry.lambda, "0 1 2");
    assert_failure(train(&config, scratch_path(state, "run"), false, &summary), SQ_ERR_CONFIG,
                   "symmetry.lambda");
    assert_int_equal(scratch_count_files(state), 0);
}

static void patience_ends_a_run_early(void **state) {
    sq_config config = small_run_config();
    sq_run_summary summary;
    config.train.lr = 0; /* nothing gets better */
    config.train.epochs = 100;
    config.train.patience = 3;
    assert_ok(train(&config, scratch_path(state, "run"), false, &summary));
    assert_true(summary.stopped_early);
    assert_int_equal(summary.best_epoch, 2);
    assert_int_equal(summary.epochs, 7); /* the best of epoch 3 and more than 3 others */
}

static void evaluation_finds_what_training_reported(void **state) {
    sq_config config = small_run_config();
    sq_run_summary summary;
    sq_evaluation evaluation;
    sq_comm *comm = NULL;
    sq_dataset *valid = NULL;
    const char *folder = scratch_path(state, "run"), *data = scratch_path(state, "valid.nc");
    const char *out = scratch_path(state, "out.nc");
    assert_ok(train(&config, folder, false, &summary));
    assert_ok(sq_dataset_make(&config, SQ_SPLIT_VALID, &valid));
    assert_ok(sq_dataset_write(valid, data, NULL));
    sq_dataset_destroy(&valid);
    assert_ok(sq_comm_create_serial(&comm));
    char word[300];
    snprintf(word, sizeof word, "\"%s\"", data);
    assert_ok(sq_evaluate(folder, NULL, word, NULL, comm, &evaluation));
    assert_int_equal(evaluation.samples, 30);
    assert_near(evaluation.mse, summary.best_valid, 1e-6 * summary.best_valid);
    for (int g = 0; g < 2; g++) {
        assert_near(evaluation.symmetry_level[g], summary.symmetry_level[g], 1e-6);
        assert_near(evaluation.equivariance_error[g], summary.equivariance_error[g], 1e-6);
        assert_near(evaluation.lambda[g], summary.lambda[g], 0);
    }
    assert_true(isnan(evaluation.displaced.ade));
    sq_evaluation_clear(&evaluation);
    assert_ok(sq_predict(folder, word, out, NULL, NULL, comm));
    assert_int_equal(access(out, R_OK), 0);
    sq_comm_destroy(&comm);
}

/* Rows of a scalar and a vector to learn from two vectors, the vector in the unit 1 / per. */
enum { UNLIKE_ROWS = 40, UNLIKE_IN = 6, UNLIKE_OUT = 4 };
typedef struct {
    sq_real input[UNLIKE_ROWS * UNLIKE_IN], target[UNLIKE_ROWS * UNLIKE_OUT];
    sq_dataset *dataset;
} unlike_rows;

static void make_unlike(unlike_rows *made, double begin, double per) {
    const sq_dataset_info info = {.samples = UNLIKE_ROWS,
                                  .n_input = UNLIKE_IN,
                                  .n_output = UNLIKE_OUT,
                                  .input_representation = "2*T(1)",
                                  .output_representation = "T(0) + T(1)"};
    for (int k = 0; k < UNLIKE_ROWS; k++) {
        sq_real *x = made->input + (ptrdiff_t)k * UNLIKE_IN;
        sq_real *y = made->target + (ptrdiff_t)k * UNLIKE_OUT;
        for (int c = 0; c < UNLIKE_IN; c++) x[c] = (sq_real)sin(begin + 12.9898 * k + 78.233 * c);
        y[0] = x[0] * x[3] + x[1] * x[4] + x[2] * x[5];
        for (int c = 0; c < 3; c++) y[1 + c] = (sq_real)(per * (double)(x[c] + x[2]));
    }
    assert_ok(sq_dataset_wrap(&info, made->input, made->target, NULL, &made->dataset));
}

/* The weights as training left them, with the vector in the unit 1 / per. lambda: (2) */
static void train_unlike(void **state, const char *rule, const char *name, double per,
                         double *lambda) {
    sq_config config = small_run_config();
    sq_run_summary summary;
    unlike_rows *rows = calloc(2, sizeof *rows);
    make_unlike(&rows[0], 0.5, per);
    make_unlike(&rows[1], 7.25, per);
    strcpy(config.data.task, "");
    strcpy(config.data.scale, "fit");
    strcpy(config.symmetry.tuning, rule);
    strcpy(config.symmetry.lambda, "1");
    strcpy(config.symmetry.penalty, "preconditioned");
    config.train.lr = 1e-2;
    config.train.epochs = 60;
    const sq_run_options options = {
        .folder = scratch_path(state, name), .train = rows[0].dataset, .valid = rows[1].dataset};
    assert_ok(small_run_train(&config, &options, &summary));
    memcpy(lambda, summary.lambda, 2 * sizeof *lambda);
    for (int k = 0; k < 2; k++) sq_dataset_destroy(&rows[k].dataset);
    free(rows);
}

/* A factor of 1024 is exact: but for units both runs are the same. */
static void what_is_found_does_not_depend_on_units(void **state) {
    static const char *const rules[] = {"gap", "projected"};
    for (int k = 0; k < 2; k++) {
        double small[2], large[2];
        char name[32];
        snprintf(name, sizeof name, "%s in units", rules[k]);
        train_unlike(state, rules[k], rules[k], 1.0, small);
        train_unlike(state, rules[k], name, 1024.0, large);
        for (int g = 0; g < 2; g++) assert_near(small[g], large[g], 0);
    }
}

/* A split of the made task with labels over the inputs, over a dimension that the predictions have
 * with another length, and one that is called as theirs. */
static void write_labelled(const sq_config *config, const char *path) {
    static const char *const by_input[] = {SQ_SHARD_DIM_SAMPLE, SQ_SHARD_DIM_INPUT};
    static const char *const by_feature[] = {SQ_SHARD_DIM_SAMPLE, "feature"};
    sq_dataset *made = NULL;
    sq_shard_writer *writer = NULL;
    assert_ok(sq_dataset_make(config, SQ_SPLIT_VALID, &made));
    const sq_dataset_info *info = sq_dataset_describe(made);
    sq_real *input = calloc((size_t)info->n_input, sizeof *input);
    sq_real *target = calloc((size_t)info->n_output, sizeof *target);
    assert_ok(sq_shard_writer_create(path, info, NULL, &writer));
    sq_nc *file = sq_shard_writer_file(writer);
    assert_ok(sq_nc_define_dimension(file, "feature", 2));
    assert_ok(sq_nc_define_variable(file, "weight", SQ_NC_DOUBLE, 2, by_input));
    assert_ok(sq_nc_define_variable(file, "pair", SQ_NC_DOUBLE, 2, by_feature));
    assert_ok(sq_nc_define_variable(file, "prediction", SQ_NC_DOUBLE, 1, by_input));
    for (int64_t row = 0; row < info->samples; row++) {
        const size_t start[] = {(size_t)row, 0}, shape[] = {1, 2};
        const double pair[] = {(double)row, -(double)row};
        assert_ok(sq_dataset_read(made, &row, 1, input, target, NULL));
        assert_ok(sq_nc_write_double(file, "pair", start, shape, pair));
        assert_ok(sq_shard_writer_append(writer, 1, input, target, NULL));
    }
    assert_ok(sq_shard_writer_finish(&writer));
    sq_dataset_destroy(&made);
    free(input);
    free(target);
}

static void predictions_keep_labels_of_any_dimension(void **state) {
    sq_config config = small_run_config();
    sq_run_summary summary;
    sq_comm *comm = NULL;
    sq_nc *file = NULL;
    double pairs[30][2];
    const char *folder = scratch_path(state, "run"), *out = scratch_path(state, "out.nc");
    assert_ok(train(&config, folder, false, &summary));
    write_labelled(&config, scratch_path(state, "data.nc"));
    assert_ok(sq_comm_create_serial(&comm));
    assert_ok(sq_predict(folder, scratch_word(state, "data.nc"), out, NULL, NULL, comm));
    assert_ok(sq_nc_open(out, &file));
    const size_t inputs[] = {30, 20}, outputs[] = {30, 9}, two[] = {30, 2};
    assert_ok(sq_nc_check_shape(file, "weight", 2, inputs, "weight"));
    assert_ok(sq_nc_check_shape(file, "prediction", 2, outputs, "prediction"));
    assert_ok(sq_nc_check_shape(file, "pair", 2, two, "pair"));
    assert_ok(sq_nc_read_double(file, "pair", NULL, NULL, &pairs[0][0]));
    assert_true(pairs[29][0] == 29 && pairs[29][1] == -29);
    sq_nc_close(&file);
    sq_comm_destroy(&comm);
}

/* How often a run was said to be alive while it did what takes longest with many samples. */
typedef struct {
    int setting_up, measuring;
} beats;

static void count_beats(const char *operation, int64_t step, void *context) {
    beats *counted = context;
    (void)step;
    counted->setting_up += strcmp(operation, "setting up") == 0;
    counted->measuring += strcmp(operation, "measuring the equivariance error") == 0;
}

/* A watchdog would end it otherwise, at the same place again each time it is resumed. */
static void measurements_and_the_set_up_show_that_they_go_on(void **state) {
    enum { ELEMENTS = 7, TYPES = 2, CHUNKS = 3 };
    sq_config config = small_run_config();
    sq_run_summary summary;
    beats counted = {0};
    const sq_run_options options = {.folder = scratch_path(state, "run"),
                                    .heartbeat = count_beats,
                                    .heartbeat_context = &counted};
    config.train.epochs = 1;
    config.train.batch = 10000;
    config.data.samples = 30000; /* a third of them to train on: three chunks of rows */
    config.log.equivariance_elements = ELEMENTS;
    config.log.equivariance_samples = 10;
    strcpy(config.data.scale, "fit");
    strcpy(config.symmetry.tuning, "gap"); /* which asks for the variance of the targets */
    assert_ok(small_run_train(&config, &options, &summary));
    assert_true(counted.measuring > TYPES * ELEMENTS);
    assert_true(counted.setting_up > 2 * CHUNKS);
}

/* The task that a configuration names has not made the caller's own data, whose rows may be wider
 * than those of any task. */
static void borrowed_data_is_of_no_task(void **state) {
    enum { ROWS = 4, N_IN = 80, EPOCHS = 2, TYPES = 2 };
    static sq_real input[ROWS * N_IN], target[ROWS];
    const sq_dataset_info info = {.samples = ROWS,
                                  .n_input = N_IN,
                                  .n_output = 1,
                                  .input_representation = "80*T(0)",
                                  .output_representation = "T(0)"};
    sq_config config = small_run_config();
    sq_run_options options = {.folder = scratch_path(state, "run")};
    sq_run_summary summary;
    sq_nc *log = NULL;
    double error[EPOCHS * TYPES];
    char path[256];
    for (int e = 0; e < ROWS * N_IN; e++) input[e] = (sq_real)(e % 7);
    for (int row = 0; row < ROWS; row++) target[row] = (sq_real)row;
    config.train.epochs = EPOCHS;
    assert_ok(sq_dataset_wrap(&info, input, target, NULL, &options.train));
    assert_ok(sq_dataset_wrap(&info, input, target, NULL, &options.valid));
    assert_ok(small_run_train(&config, &options, &summary));
    snprintf(path, sizeof path, "%s/log.nc", options.folder);
    assert_ok(sq_nc_open(path, &log));
    assert_ok(sq_nc_read_double(log, "data_equivariance_error", NULL, NULL, error));
    for (int k = 0; k < EPOCHS * TYPES; k++) assert_true(isnan(error[k]));
    sq_nc_close(&log);
    sq_dataset_destroy(&options.train);
    sq_dataset_destroy(&options.valid);
}

/* Ten rows in batches of three, the last one alone; a row's target counts where `counts` says. */
typedef struct {
    sq_config config;
    sq_run_options options;
    sq_real input[10 * 2], target[10], mask[10];
} masked_run;

static masked_run *masked_run_create(void **state, const char *folder, const char *counts) {
    const sq_dataset_info info = {.samples = 10,
                                  .n_input = 2,
                                  .n_output = 1,
                                  .input_representation = "2*T(0)",
                                  .output_representation = "T(0)"};
    masked_run *r = calloc(1, sizeof *r);
    r->config = small_run_config();
    r->config.train.batch = 3;
    r->config.train.microbatch = 2;
    r->config.train.patience = 0;
    r->options.folder = scratch_path(state, folder);
    for (int row = 0; row < 10; row++) {
        r->input[2 * row] = (sq_real)row / 10;
        r->input[2 * row + 1] = (sq_real)(row % 3);
        r->target[row] = (sq_real)(row % 4);
        r->mask[row] = counts[row] == '1';
    }
    assert_ok(sq_dataset_wrap(&info, r->input, r->target, r->mask, &r->options.train));
    assert_ok(sq_dataset_wrap(&info, r->input, r->target, NULL, &r->options.valid));
    return r;
}

static void masked_run_destroy(masked_run *r) {
    sq_dataset_destroy(&r->options.train);
    sq_dataset_destroy(&r->options.valid);
    free(r);
}

static void read_series(const masked_run *r, const char *name, double *values) {
    char path[256];
    sq_nc *log = NULL;
    snprintf(path, sizeof path, "%s/log.nc", r->options.folder);
    assert_ok(sq_nc_open(path, &log));
    assert_ok(sq_nc_read_double(log, name, NULL, NULL, values));
    sq_nc_close(&log);
}

/* Of four batches the one row's is the only one that takes steps, one each epoch: what the model is
 * off there is the epoch's error, not a quarter of it. */
static void means_are_over_batches_that_count(void **state) {
    masked_run *r = masked_run_create(state, "run", "0000010000");
    sq_run_summary summary;
    double mse[6], loss[6];
    r->config.train.lr = 0; /* the model stays as it is */
    assert_ok(small_run_train(&r->config, &r->options, &summary));
    assert_int_equal(summary.steps, 6);
    read_series(r, "train_mse", mse);
    read_series(r, "train_loss", loss);
    for (int epoch = 0; epoch < 6; epoch++) {
        assert_true(mse[epoch] > 0.0);
        assert_near(mse[epoch], mse[0], 1e-6 * mse[0]);
        assert_true(isfinite(loss[epoch]) && loss[epoch] >= mse[epoch] * (1 - 1e-6));
    }
    masked_run_destroy(r);
}

static void data_without_any_target_is_refused(void **state) {
    masked_run *r = masked_run_create(state, "run", "0000000000");
    sq_run_summary summary;
    assert_failure(small_run_train(&r->config, &r->options, &summary), SQ_ERR_DATA,
                   "no output of the training data counts: its mask is zero");
    masked_run_destroy(r);
}

/* Stops the run after as many heartbeats of training. */
typedef struct {
    int left;
    volatile sig_atomic_t stop;
} stop_after;

static void count_down(const char *operation, int64_t step, void *context) {
    stop_after *after = context;
    (void)step;
    if (strcmp(operation, "training") == 0 && --after->left == 0) after->stop = 1;
}

/* Wherever in an epoch it is stopped, in a batch that counts or not. */
static void a_resumed_run_knows_what_it_has_passed_over(void **state) {
    masked_run *whole = masked_run_create(state, "whole", "0100000010");
    sq_run_summary expected, summary;
    double mse[6], expected_mse[6];
    assert_ok(small_run_train(&whole->config, &whole->options, &expected));
    read_series(whole, "train_mse", expected_mse);
    for (int batches = 1; batches <= 8; batches++) {
        char name[16];
        stop_after after = {.left = batches};
        snprintf(name, sizeof name, "run%d", batches);
        masked_run *r = masked_run_create(state, name, "0100000010");
        r->options.heartbeat = count_down;
        r->options.heartbeat_context = &after;
        r->options.stop = &after.stop;
        assert_failure(small_run_train(&r->config, &r->options, &summary), SQ_STOPPED,
                       "stopped on request");
        after.stop = 0;
        r->options.resume = true;
        assert_ok(small_run_train(&r->config, &r->options, &summary));
        assert_string_equal(summary.content_hash, expected.content_hash);
        assert_int_equal(summary.steps, expected.steps);
        read_series(r, "train_mse", mse);
        assert_memory_equal(mse, expected_mse, sizeof mse);
        masked_run_destroy(r);
    }
    masked_run_destroy(whole);
}

static sq_status stop_and_go_on(masked_run *r, int batches, bool resume, sq_run_summary *summary) {
    stop_after after = {.left = batches};
    r->options.heartbeat = batches > 0 ? count_down : NULL;
    r->options.heartbeat_context = &after;
    r->options.stop = &after.stop;
    r->options.resume = resume;
    sq_status status = small_run_train(&r->config, &r->options, summary);
    r->options.heartbeat = NULL;
    r->options.stop = NULL;
    return status;
}

/* As on a file system that fails for a while: the newest checkpoint is a link to nowhere when the
 * run is resumed from the one before, and there again when that is resumed. */
static void a_checkpoint_that_was_skipped_is_not_taken_later(void **state) {
    masked_run *r = masked_run_create(state, "run", "1111111111");
    sq_run_summary summary, expected;
    char path[2][256];
    assert_failure(stop_and_go_on(r, 5, false, &summary), SQ_STOPPED, "after step 6");
    assert_ok(stop_and_go_on(r, 0, true, &expected));
    for (int k = 0; k < 2; k++)
        snprintf(path[k], sizeof path[k], "%s/%s", r->options.folder,
                 k == 0 ? "checkpoint-24.nc" : "away.nc");
    assert_int_equal(rename(path[0], path[1]), 0);
    assert_int_equal(symlink("back.nc", path[0]), 0);
    assert_failure(stop_and_go_on(r, 1, true, &summary), SQ_STOPPED, "after step 8");
    snprintf(path[0], sizeof path[0], "%s/back.nc", r->options.folder);
    assert_int_equal(rename(path[1], path[0]), 0);
    assert_ok(stop_and_go_on(r, 0, true, &summary));
    assert_string_equal(summary.content_hash, expected.content_hash);
    masked_run_destroy(r);
}

/* Spoils a row, which the caller may change, in the fourth epoch. */
static void spoil(const char *operation, int64_t step, void *context) {
    masked_run *r = context;
    if (strcmp(operation, "training") == 0 && step >= 13) r->input[0] = (sq_real)NAN;
}

static masked_run *failing_run_create(void **state, const char *folder) {
    masked_run *r = masked_run_create(state, folder, "1111111111");
    r->options.heartbeat = spoil;
    r->options.heartbeat_context = r;
    return r;
}

static bool has_file(const masked_run *r, const char *name) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", r->options.folder, name);
    return access(path, F_OK) == 0;
}

static void expect_state(const masked_run *r, const char *expected) {
    char path[256], found[32] = "";
    sq_nc *log = NULL;
    snprintf(path, sizeof path, "%s/log.nc", r->options.folder);
    assert_ok(sq_nc_open(path, &log));
    assert_ok(sq_nc_get_text(log, NULL, "state", found, sizeof found));
    assert_string_equal(found, expected);
    sq_nc_close(&log);
}

static void a_run_that_fails_leaves_its_log_and_its_best_model(void **state) {
    masked_run *r = failing_run_create(state, "run");
    sq_run_summary summary;
    double mse[6];
    assert_failure(small_run_train(&r->config, &r->options, &summary), SQ_ERR_NUMERIC, "epoch 4");
    expect_state(r, "failed");
    read_series(r, "valid_mse", mse);
    for (int epoch = 0; epoch < 3; epoch++) assert_true(mse[epoch] > 0.0);
    assert_true(has_file(r, "best.nc"));
    assert_false(sq_checkpoint_exists(r->options.folder)); /* of a state that is spoilt */
    masked_run_destroy(r);
}

static void a_failed_run_without_checkpoints_starts_afresh(void **state) {
    masked_run *r = failing_run_create(state, "run"), *whole = NULL;
    sq_run_summary summary, expected;
    whole = masked_run_create(state, "whole", "1111111111");
    assert_ok(small_run_train(&whole->config, &whole->options, &expected));
    assert_failure(small_run_train(&r->config, &r->options, &summary), SQ_ERR_NUMERIC, "epoch 4");
    r->input[0] = 0;
    r->options.resume = true;
    assert_failure(small_run_train(&r->config, &r->options, &summary), SQ_ERR_NUMERIC, "epoch 4");
    assert_false(has_file(r, "best-of-failed-2.nc"));
    r->input[0] = 0;
    r->options.heartbeat = NULL;
    assert_ok(small_run_train(&r->config, &r->options, &summary));
    assert_string_equal(summary.content_hash, expected.content_hash);
    expect_state(r, "finished");
    assert_true(has_file(r, "best-of-failed.nc"));
    assert_true(has_file(r, "best-of-failed-2.nc"));
    masked_run_destroy(r);
    masked_run_destroy(whole);
}

/* The first weights of a file that knows them by this name. */
static double *read_weights(const masked_run *r, const char *file, const char *name) {
    char path[256];
    sq_nc *nc = NULL;
    double *values = calloc(4096, sizeof *values);
    snprintf(path, sizeof path, "%s/%s", r->options.folder, file);
    assert_ok(sq_nc_open(path, &nc));
    assert_ok(sq_nc_read_double(nc, name, NULL, NULL, values));
    sq_nc_close(&nc);
    return values;
}

/* It is resumed from a checkpoint before the model it has selected, and broken off at once. */
static void the_best_model_of_a_failed_run_is_not_taken_for_an_earlier_one(void **state) {
    masked_run *r = failing_run_create(state, "run");
    sq_run_record record;
    sq_run_summary summary;
    double mse[6];
    r->config.symmetry.tune_at = 0;
    r->config.checkpoint.every_epochs = 2;
    assert_failure(small_run_train(&r->config, &r->options, &summary), SQ_ERR_NUMERIC, "epoch 4");
    read_series(r, "valid_mse", mse);
    assert_true(mse[1] < mse[0] && mse[2] < mse[1]);
    r->input[0] = 0;
    assert_failure(stop_and_go_on(r, 1, true, &summary), SQ_STOPPED, "after step 10");
    assert_ok(sq_run_record_read(r->options.folder, &record));
    assert_int_equal(record.epochs, 2);
    assert_int_equal(record.best_epoch, 1);
    sq_run_record_clear(&record);
    double *best = read_weights(r, "best.nc", "layer0_weight");
    double *selected = read_weights(r, "checkpoint-8.nc", "best_layer0_weight");
    double *aside = read_weights(r, "best-of-failed.nc", "layer0_weight");
    assert_memory_equal(best, selected, 4096 * sizeof *best);
    assert_memory_not_equal(best, aside, 4096 * sizeof *best);
    assert_ok(stop_and_go_on(r, 0, true, &summary)); /* it did not fail again */
    assert_false(has_file(r, "best-of-failed-2.nc"));
    free(best);
    free(selected);
    free(aside);
    masked_run_destroy(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(a_run_returns_what_it_leaves),
        in_scratch(every_epoch_is_observed_and_logged_once),
        in_scratch(the_same_run_gives_the_same_bits),
        in_scratch(results_are_not_overwritten),
        in_scratch(a_run_that_cannot_begin_leaves_no_folder),
        in_scratch(patience_ends_a_run_early),
        in_scratch(evaluation_finds_what_training_reported),
        in_scratch(what_is_found_does_not_depend_on_units),
        in_scratch(predictions_keep_labels_of_any_dimension),
        in_scratch(measurements_and_the_set_up_show_that_they_go_on),
        in_scratch(borrowed_data_is_of_no_task),
        in_scratch(means_are_over_batches_that_count),
        in_scratch(data_without_any_target_is_refused),
        in_scratch(a_resumed_run_knows_what_it_has_passed_over),
        in_scratch(a_checkpoint_that_was_skipped_is_not_taken_later),
        in_scratch(a_run_that_fails_leaves_its_log_and_its_best_model),
        in_scratch(a_failed_run_without_checkpoints_starts_afresh),
        in_scratch(the_best_model_of_a_failed_run_is_not_taken_for_an_earlier_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
