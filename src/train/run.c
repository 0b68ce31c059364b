/* Training from the first epoch to best.nc. */
#include "softeq/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/cores.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "linalg/linalg.h"
#include "train/augmentation.h"
#include "train/equivariance.h"
#include "train/projected_error.h"
#include "train/replicas.h"
#include "train/run_internal.h"
#include "train/settings.h"

/* ---- epochs ---------------------------------------------------------------------------------- */

static double learning_rate(const sq_config *config, int64_t epoch) {
    if (strcmp(config->train.schedule, "constant") == 0) return config->train.lr;
    double part = (double)epoch / (double)config->train.epochs;
    return config->train.lr / 2 * (1.0 + cos(3.14159265358979323846 * part));
}

static bool wants_to_stop(const sq_run *run) {
    return run->options->stop && *run->options->stop != 0;
}

/* Samples of the batch that is next. */
static int64_t batch_samples(const sq_run *run) {
    int64_t left = sq_dataset_describe(run->problem.train)->samples -
                   run->position.batch * run->config->train.batch;
    return left < run->config->train.batch ? left : run->config->train.batch;
}

static bool wants_comparison(const sq_run *run) {
    int64_t every = run->config->train.compare_every;
    return sq_comm_size(run->comm) > 1 && every > 0 && *sq_trainer_steps(run->trainer) % every == 0;
}

/* All ranks have made the same updates of what a checkpoint holds: a difference is a fault of the
 * machine. */
static sq_status compare_replicas(sq_run *run) {
    sq_status status = SQ_OK;
    char hash[SQ_STATE_HASH_SIZE];
    int64_t steps = *sq_trainer_steps(run->trainer), every = run->config->train.compare_every;
    SQ_TRY(sq_comm_agree(run->comm, sq_run_hash_state(run, hash)));
    status = sq_fail_within(
        sq_replicas_compare(run->comm, hash),
        "step %lld: the ranks' training states differ (they agreed at step %lld: resume from a "
        "checkpoint up to there)",
        (long long)steps, (long long)(steps - every));
cleanup:
    run->doubtful = status != SQ_OK;
    return status;
}

static sq_status train_batch(sq_run *run, double lr) {
    sq_status status = SQ_OK;
    sq_position *position = &run->position;
    double samples = (double)sq_dataset_describe(run->problem.train)->samples;
    double part = (double)batch_samples(run) / samples;
    sq_step_result result = {.stop = wants_to_stop(run)};
    sq_run_beat(run, "training");
    SQ_TRY(sq_trainer_step(run->trainer, position->epoch, position->batch, position->tuning.lambda,
                           lr, &result));
    if (result.passed_over)
        position->passed_over += batch_samples(run);
    else if (wants_comparison(run))
        SQ_TRY(compare_replicas(run));
    position->train_loss += result.loss * part;
    position->train_mse += result.mse * part;
    position->train_weighted += result.weighted_mse * part;
    position->batch++;
    run->stopped = result.stop;
cleanup:
    return status;
}

/* What is left of an epoch, or until somebody wants to stop. */
static sq_status train_epoch(sq_run *run, double lr) {
    sq_status status = SQ_OK;
    while (run->position.batch < sq_trainer_batches(run->trainer) && !run->stopped) {
        SQ_TRY(train_batch(run, lr));
        if (run->root && !run->stopped) sq_run_save_when_due(run);
    }
cleanup:
    return status;
}

/* A batch of which nothing counts takes no step; data that has no other batches trains nothing. */
static sq_status check_passed_over(sq_run *run) {
    bool moved = run->config->data.augment[0] != '\0';
    int64_t samples = sq_dataset_describe(run->problem.train)->samples;
    int64_t passed_over = run->position.passed_over;
    if (passed_over == samples)
        return sq_fail(
            SQ_ERR_DATA,
            "no output of the training data counts: its mask is zero%s; name other "
            "files in data.train%s",
            moved ? " somewhere in every tensor, which data.augment moves as a whole" : "",
            moved ? ", or leave data.augment empty" : "");
    if (passed_over == 0 || run->told_passed_over || !run->root) return SQ_OK;
    sq_log(SQ_LOG_INFO,
           "epoch %lld: no output counts in batches of %lld of %lld samples: they took no step; "
           "leave out rows of which nothing counts, or raise train.batch",
           (long long)run->position.epoch + 1, (long long)passed_over, (long long)samples);
    run->told_passed_over = true;
    return SQ_OK;
}

/* The epoch's mean over steps, from the sum over them, each with its part of all samples. */
static double mean_over_steps(const sq_run *run, double sum) {
    double samples = (double)sq_dataset_describe(run->problem.train)->samples;
    return sum * (samples / (samples - (double)run->position.passed_over));
}

static void sum_layers(const sq_run *run, double *total) {
    int n_types = run->problem.n_types;
    for (int g = 0; g < n_types; g++) {
        total[g] = 0.0;
        for (int k = 0; k < sq_model_n_layers(run->problem.model); k++)
            total[g] += run->by[k * n_types + g];
    }
}

/* Of a sample that lacks outputs it is not known what they are once it is moved. */
static void warn_of_unmeasured(sq_run *run, const double *ratio) {
    for (int g = 0; g < run->problem.n_types; g++)
        if (!isnan(ratio[g])) return;
    if (!run->root || run->told_unmeasured || sq_metrics_mse(&run->valid) == 0.0) return;
    run->told_unmeasured = true;
    sq_log(
        SQ_LOG_WARNING,
        "epoch %lld: which types hold is not measured: each of the first %lld validation samples "
        "lacks outputs by its mask; symmetry.tuning = %s needs some without a gap",
        (long long)run->position.epoch + 1, (long long)run->config->log.equivariance_samples,
        run->config->symmetry.tuning);
}

static sq_status measure_moved(sq_run *run, double *ratio) {
    sq_run_beat(run, "measuring the error of moved samples");
    sq_status status = sq_moved_error_ratio(&run->problem, run->problem.valid, ratio);
    if (status == SQ_OK) warn_of_unmeasured(run, ratio);
    return status;
}

/* What the rule of tuning looks at, if this epoch counts. Collective. statistic: (n_types) */
static sq_status measure_statistic(sq_run *run, double *statistic) {
    double expected[SQ_MAX_TYPES];
    int n_types = run->problem.n_types;
    for (int g = 0; g < n_types; g++) statistic[g] = NAN;
    switch (sq_tuning_wants(&run->position.tuning, run->position.epoch)) {
        case SQ_STATISTIC_REGULARIZER: sum_layers(run, statistic); break;
        case SQ_STATISTIC_NORMALISED:
            sum_layers(run, statistic);
            sq_trainer_expected_regularizers(run->trainer, expected);
            for (int g = 0; g < n_types; g++)
                if (expected[g] > 0.0) statistic[g] /= expected[g];
            break;
        case SQ_STATISTIC_MOVED: return measure_moved(run, statistic);
        case SQ_STATISTIC_NONE: break;
    }
    return SQ_OK;
}

static bool may_hold_exactly(const sq_run *run) {
    return run->problem.model->kind->regularized && sq_tuning_projects(run->position.tuning.rule);
}

/* *projected: values, or NULL if this epoch does not ask. Collective. values: (n_types) */
static sq_status measure_projected(sq_run *run, double *values, const double **projected) {
    const sq_position *position = &run->position;
    bool asks = sq_tuning_wants(&position->tuning, position->epoch) != SQ_STATISTIC_NONE;
    *projected = NULL;
    if (!asks || !may_hold_exactly(run)) return SQ_OK;
    *projected = values;
    sq_run_beat(run, "measuring the error of projected weights");
    return sq_projected_error_ratio(&run->problem, run->problem.valid, values);
}

static void report_tuning(const sq_run *run) {
    char text[1024] = "";
    size_t used = 0;
    for (int g = 0; g < run->problem.n_types && used < sizeof text; g++)
        used += (size_t)snprintf(text + used, sizeof text - used, "  %s %.4g",
                                 run->problem.type_names[g], run->position.tuning.lambda[g]);
    if (run->root)
        sq_log(SQ_LOG_INFO, "epoch %lld: lambda tuned:%s", (long long)run->position.epoch + 1,
               text);
}

static void show_progress(const sq_run *run, const sq_run_log_epoch *epoch) {
    double elapsed = sq_clock_seconds() - run->started;
    double done = (double)(run->position.epoch + 1 - run->first_epoch);
    double samples = (double)sq_dataset_describe(run->problem.train)->samples;
    sq_run_progress progress = {
        .epoch = run->position.epoch + 1,
        .epochs = run->config->train.epochs,
        .step = *sq_trainer_steps(run->trainer),
        .train_loss = epoch->train_loss,
        .train_mse = epoch->train_mse,
        .valid_mse = epoch->valid_mse,
        .metric = epoch->metric,
        .metric_name = run->problem.info.trajectory ? "ade" : NULL,
        .seconds = elapsed,
        .seconds_left =
            elapsed / done * (double)(run->config->train.epochs - run->position.epoch - 1),
        .samples_per_second = samples * done / elapsed,
        .n_types = run->problem.n_types,
        .type_names = run->problem.type_names,
        .lambda = run->position.tuning.lambda,
        .symmetry_level = run->total_level,
    };
    if (run->root && run->options->observer)
        run->options->observer(&progress, run->options->observer_context);
}

/* What the best model has least of: the error that it is trained for. */
static double selection_value(const sq_run *run, const sq_metrics *metrics) {
    return sq_settings_have_distances(run->config) ? sq_metrics_ade(metrics)
                                                   : sq_metrics_mse(metrics);
}

/* Outputs of unlike units count as in the loss. If there are none the weighted errors are the same
 * to the bit, and checkpoints do not hold the epoch's. */
static sq_tuning_fit describe_fit(const sq_run *run, const sq_run_log_epoch *epoch) {
    const sq_target_variance *train = &run->targets, *valid = &run->valid_targets;
    double train_mse = epoch->train_mse;
    if (sq_scaling_is_uneven(&run->problem.scaling, &run->problem.model->output))
        train_mse = mean_over_steps(run, run->position.train_weighted);
    return (sq_tuning_fit){.gap = sq_tuning_gap(sq_metrics_weighted_mse(&run->valid), train_mse,
                                                valid->weighted, train->weighted),
                           .unexplained = train_mse / train->weighted};
}

/* Measures, tunes and selects; *stop: training is over. */
static sq_status end_epoch(sq_run *run, sq_run_log_epoch *epoch, bool *stop) {
    sq_status status = SQ_OK;
    double statistic[SQ_MAX_TYPES], projected[SQ_MAX_TYPES];
    bool is_best = false;
    sq_tuning *tuning = &run->position.tuning;
    sq_run_beat(run, "validating");
    SQ_TRY(sq_trainer_validate(run->trainer, &run->valid, run->by, run->level, run->total_level));
    SQ_TRY(measure_statistic(run, statistic));
    epoch->epoch = run->position.epoch;
    epoch->train_loss = mean_over_steps(run, run->position.train_loss);
    epoch->train_mse = mean_over_steps(run, run->position.train_mse);
    epoch->valid_mse = sq_metrics_mse(&run->valid);
    epoch->metric = sq_metrics_ade(&run->valid);
    epoch->regularizer = run->by;
    epoch->symmetry_level = run->level;
    epoch->total_symmetry_level = run->total_level;
    sq_tuning_fit fit = describe_fit(run, epoch);
    SQ_TRY(measure_projected(run, projected, &fit.projected));
    if (fit.projected) SQ_TRY(sq_run_let_go_types(run, statistic));
    SQ_TRY(sq_run_hold_types(run, &fit));
    if (sq_tuning_end_epoch(tuning, run->position.epoch, statistic, &fit)) report_tuning(run);
    *stop = sq_selection_take(&run->position.selection, run->position.epoch,
                              selection_value(run, &run->valid), &is_best) ||
            run->position.epoch + 1 == run->config->train.epochs;
    if (is_best)
        memcpy(run->best, sq_model_parameters(run->problem.model),
               sq_model_parameter_count(run->problem.model) * sizeof *run->best);
    if (run->valid.counted == 0.0)
        return sq_fail(SQ_ERR_DATA,
                       "no output of the validation data counts: its mask is zero; name other "
                       "files in data.valid");
    if (!isfinite(epoch->valid_mse))
        status = sq_fail(SQ_ERR_NUMERIC,
                         "epoch %lld: the validation error is not a finite number; lower train.lr",
                         (long long)run->position.epoch + 1);
cleanup:
    return status;
}

static bool wants_equivariance(const sq_run *run, bool last) {
    int64_t every = run->config->log.equivariance_every;
    return last || (every > 0 && (run->position.epoch + 1) % every == 0);
}

/* Puts the epoch into the log and moves on to the next one. */
static sq_status close_epoch(sq_run *run, const sq_run_log_epoch *epoch, bool last) {
    sq_status status = run->root ? sq_run_log_append(run->log, epoch) : SQ_OK;
    if (status != SQ_OK) return status;
    show_progress(run, epoch);
    run->position.epoch++;
    run->position.batch = 0;
    run->position.train_loss = run->position.train_mse = run->position.train_weighted = 0.0;
    run->position.passed_over = 0;
    run->position.finished = last;
    if (run->root && !last) sq_run_save_when_due(run);
    return SQ_OK;
}

/* Failures of the communicator do not know where training stands. */
static sq_status name_place(const sq_run *run, sq_status status) {
    if (status != SQ_ERR_COMM) return status;
    return sq_fail_within(status, "epoch %lld, after step %lld", (long long)run->position.epoch + 1,
                          (long long)*sq_trainer_steps(run->trainer));
}

/* Collective. noted: (n_types), 1 or 0 for the log */
static sq_status pass_on_held(const sq_run *run, double *noted) {
    bool held[SQ_MAX_TYPES];
    for (int g = 0; g < run->problem.n_types; g++) {
        held[g] = sq_tuned_running_holds(&run->position.tuning.running, g);
        noted[g] = held[g];
    }
    return sq_trainer_hold(run->trainer, held);
}

static sq_status run_epoch(sq_run *run) {
    sq_status status = SQ_OK;
    double lambda[SQ_MAX_TYPES], share[SQ_MAX_TYPES], held[SQ_MAX_TYPES];
    double error[SQ_MAX_TYPES], data_error[SQ_MAX_TYPES];
    double began = sq_clock_seconds();
    bool last = false;
    sq_run_log_epoch epoch = {.learning_rate = learning_rate(run->config, run->position.epoch),
                              .ranks = sq_comm_size(run->comm),
                              .part_seconds = run->trace->seconds,
                              .lambda = lambda};
    memset(run->trace->seconds, 0, sizeof run->trace->seconds);
    run->reads->seconds[SQ_TRACE_READ] = 0.0; /* between epochs their threads rest */
    memcpy(lambda, run->position.tuning.lambda, sizeof lambda);
    if (sq_augmentation_is_found(run->config)) {
        memcpy(share, run->position.tuning.running.share, sizeof share);
        sq_trainer_share_out(run->trainer, share);
        epoch.augment_share = share;
    }
    SQ_TRY(pass_on_held(run, held));
    if (may_hold_exactly(run)) epoch.held_exactly = held;
    SQ_TRY(train_epoch(run, epoch.learning_rate));
    if (run->stopped) return SQ_OK;
    SQ_TRY(check_passed_over(run));
    SQ_TRY(end_epoch(run, &epoch, &last));
    if (wants_equivariance(run, last)) {
        sq_run_beat(run, "measuring the equivariance error");
        SQ_TRY(sq_equivariance_error(&run->problem, run->problem.valid, error));
        SQ_TRY(sq_equivariance_error_of_task(&run->problem, run->problem.valid, data_error));
        epoch.equivariance_error = error;
        epoch.data_equivariance_error = data_error;
    }
    run->trace->seconds[SQ_TRACE_READ] = run->reads->seconds[SQ_TRACE_READ];
    epoch.seconds = sq_clock_seconds() - began;
    SQ_TRY(close_epoch(run, &epoch, last));
cleanup:
    return status;
}

/* A failure that all ranks know of leaves what there is; one of the communicator means that the job
 * is about to be ended. */
static sq_status train_epochs(sq_run *run) {
    sq_status status = SQ_OK;
    while (!run->position.finished && !run->stopped) SQ_TRY(name_place(run, run_epoch(run)));
cleanup:
    if (status == SQ_OK || status == SQ_ERR_COMM || !run->root) return status;
    run->failed = true;
    return sq_run_leave_what_there_is(run, status);
}

/* ---- the end --------------------------------------------------------------------------------- */

/* Makes the selected model the current one; without a selection (too few epochs after the tuning)
 * the last model is the result. */
static sq_status take_best(sq_run *run) {
    size_t bytes = sq_model_parameter_count(run->problem.model) * sizeof(sq_real);
    if (run->position.selection.best_epoch >= 0) {
        memcpy(sq_model_parameters(run->problem.model), run->best, bytes);
        return sq_model_parameters_changed(run->problem.model);
    }
    memcpy(run->best, sq_model_parameters(run->problem.model), bytes);
    return SQ_OK;
}

/* Rank 0 saves; the others wait for as long as it may try. */
static sq_status save(sq_run *run, unsigned files) {
    sq_comm_set_patience(run->comm, sq_run_longest_save(run));
    sq_status status = sq_comm_agree(run->comm, run->root ? sq_run_save_now(run, files) : SQ_OK);
    sq_comm_set_patience(run->comm, run->config->train.stall_seconds);
    return status;
}

static sq_status save_checkpoint(sq_run *run) { return save(run, SQ_RUN_LOG | SQ_RUN_CHECKPOINT); }

/* The results last: a run that is broken off before can be resumed from its last checkpoint. */
static sq_status save_results(sq_run *run, char *content_hash) {
    sq_status status = SQ_OK;
    SQ_TRY(save(run, SQ_RUN_BEST));
    SQ_TRY(sq_comm_agree(run->comm, run->root ? sq_run_hash_best(run, content_hash) : SQ_OK));
    SQ_TRY(sq_comm_broadcast(run->comm, content_hash, SQ_STATE_HASH_SIZE));
cleanup:
    return status;
}

static sq_status stop(sq_run *run) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_fail_within(save_checkpoint(run), "stopped on request without a checkpoint"));
    SQ_TRY(sq_run_write_trace(run));
    status =
        sq_fail(SQ_STOPPED,
                "stopped on request in epoch %lld, after step %lld; a checkpoint is saved: go on "
                "with --resume",
                (long long)run->position.epoch + 1, (long long)*sq_trainer_steps(run->trainer));
cleanup:
    return status;
}

static sq_status finish(sq_run *run, sq_run_summary *summary) {
    sq_status status = SQ_OK;
    sq_metrics metrics;
    memset(summary, 0, sizeof *summary);
    SQ_TRY(save_checkpoint(run));
    SQ_TRY(take_best(run));
    sq_run_beat(run, "measuring the best model");
    SQ_TRY(
        sq_trainer_validate(run->trainer, &metrics, run->by, run->level, summary->symmetry_level));
    SQ_TRY(sq_equivariance_error(&run->problem, run->problem.valid, summary->equivariance_error));
    SQ_TRY(save_results(run, summary->content_hash));
    SQ_TRY(sq_run_write_trace(run));
    summary->epochs = run->position.epoch;
    summary->steps = run->position.steps = *sq_trainer_steps(run->trainer);
    summary->best_epoch = run->position.selection.best_epoch;
    summary->best_valid = selection_value(run, &metrics);
    summary->stopped_early = run->position.epoch < run->config->train.epochs;
    summary->seconds = sq_clock_seconds() - run->started;
    summary->n_types = run->problem.n_types;
    memcpy(summary->lambda, run->position.tuning.lambda, sizeof summary->lambda);
    bool found = sq_augmentation_is_found(run->config);
    for (int g = 0; g < summary->n_types; g++) {
        const sq_tuned_running *tuned = &run->position.tuning.running;
        summary->augment_share[g] = found ? tuned->share[g] : NAN;
        bool held = sq_tuned_running_holds(tuned, g) && tuned->held_since[g] + 1 < summary->epochs;
        summary->held_from[g] = held ? tuned->held_since[g] + 1 : -1;
        sq_copy_bounded(summary->type_names[g], sizeof summary->type_names[g],
                        run->problem.type_names[g]);
    }
cleanup:
    return status;
}

/* Said before hours of training. */
static void warn_of_no_selection(const sq_run *run) {
    int64_t first = sq_tuning_first_selected(run->config), epochs = run->config->train.epochs;
    if (first >= epochs)
        sq_log(SQ_LOG_WARNING,
               "models count after 2 symmetry.tune_at, %lld epochs, and train.epochs is %lld: "
               "best.nc will be the last model; a smaller tune_at lets the best one be selected",
               (long long)first, (long long)epochs);
}

static void report_start(const sq_run *run) {
    const sq_problem *p = &run->problem;
    if (!run->root) return;
    warn_of_no_selection(run);
    sq_log(SQ_LOG_INFO,
           "%s: %zu parameters, %lld training and %lld validation samples, %d rank%s (%s)",
           sq_model_kind(p->model), sq_model_parameter_count(p->model),
           (long long)sq_dataset_describe(p->train)->samples,
           (long long)sq_dataset_describe(p->valid)->samples, sq_comm_size(run->comm),
           sq_comm_size(run->comm) == 1 ? "" : "s", SQ_REAL_NAME);
    sq_log(SQ_LOG_INFO, "BLAS kernel %s, one thread a rank; rank 0 may run on %d core%s; %s",
           sq_linalg_kernel(), sq_cores_allowed(), sq_cores_allowed() == 1 ? "" : "s",
           sq_comm_description(run->comm));
    int64_t microbatches = sq_trainer_microbatches(run->trainer);
    if (sq_comm_size(run->comm) > microbatches)
        sq_log(SQ_LOG_WARNING,
               "%d ranks share %lld %s of a batch: some have none; a smaller train.microbatch "
               "gives all of them work",
               sq_comm_size(run->comm), (long long)microbatches,
               sq_number_word(microbatches, "microbatch", "microbatches"));
}

void sq_run_beat(sq_run *run, const char *operation) {
    run->operation = operation;
    if (run->options->heartbeat)
        run->options->heartbeat(operation, run->trainer ? *sq_trainer_steps(run->trainer) : 0,
                                run->options->heartbeat_context);
}

sq_status sq_train(const sq_config *config, const sq_run_options *options, sq_comm *comm,
                   sq_run_summary *summary) {
    sq_status status = SQ_OK;
    sq_run *run = NULL;
    SQ_TRY(sq_comm_agree(comm, sq_alloc(1, sizeof *run, &run)));
    run->config = config;
    run->options = options;
    run->comm = comm;
    run->root = sq_comm_rank(comm) == 0;
    sq_comm_set_patience(comm, config->train.stall_seconds);
    SQ_TRY(sq_run_prepare(run));
    report_start(run);
    SQ_TRY(train_epochs(run));
    SQ_TRY(run->stopped ? stop(run) : finish(run, summary));
cleanup:
    if (run) sq_run_release(run);
    sq_free(run);
    return status;
}
