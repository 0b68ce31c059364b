/* Training from the first epoch to best.nc. */
#include "softeq/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cores.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "io/atomic_file.h"
#include "linalg/linalg.h"
#include "train/equivariance.h"
#include "train/run_log.h"
#include "train/state.h"
#include "train/trainer.h"

enum { PATH_CAPACITY = 4096 };

typedef struct {
    const sq_config *config;
    const sq_run_options *options;
    sq_comm *comm;
    bool root; /* rank 0: has the log and writes files */
    sq_problem problem;
    sq_trainer *trainer;
    sq_position position;
    sq_run_log *log;    /* rank 0 only */
    sq_real *best;      /* (parameters): the selected model */
    double *by, *level; /* (n_layers, n_types) */
    double total_level[SQ_MAX_TYPES];
    sq_metrics valid;
    double started, last_checkpoint, last_log;
    int64_t first_epoch; /* done by this process */
    char content_hash[33];
} run;

/* ---- files ----------------------------------------------------------------------------------- */

static void run_path(const run *r, const char *name, char path[PATH_CAPACITY]) {
    snprintf(path, PATH_CAPACITY, "%s/%s", r->options->folder, name);
}

static sq_status write_config(const run *r) {
    sq_status status = SQ_OK;
    char path[PATH_CAPACITY];
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream) return sq_fail(SQ_ERR_MEMORY, "cannot write the configuration");
    sq_config_write(r->config, stream);
    fclose(stream);
    run_path(r, "config.ini", path);
    SQ_TRY(sq_write_text_file(path, text));
cleanup:
    free(text);
    return status;
}

/* A finished or broken-off run is not overwritten by accident. */
static sq_status check_folder(const run *r) {
    static const char *const traces[] = {"best.nc", "log.nc", "config.ini"};
    char path[PATH_CAPACITY];
    for (size_t k = 0; k < sizeof traces / sizeof *traces; k++) {
        run_path(r, traces[k], path);
        if (access(path, F_OK) == 0)
            return sq_fail(SQ_ERR_CONFIG,
                           "%s exists: go on with that run by --resume, or give another folder "
                           "(or remove this one)",
                           path);
    }
    return SQ_OK;
}

static sq_status prepare_folder(const run *r) {
    sq_status status = SQ_OK;
    if (!r->root) return SQ_OK;
    if (!r->options->resume) SQ_TRY(check_folder(r));
    SQ_TRY(sq_make_folder(r->options->folder));
cleanup:
    return status;
}

static sq_status write_best(run *r) {
    sq_status status = SQ_OK;
    sq_state_list list = {0};
    char path[PATH_CAPACITY];
    run_path(r, "best.nc", path);
    SQ_TRY(sq_state_add_model(&list, &r->problem, r->best, r->position.tuning.lambda));
    SQ_TRY(sq_checkpoint_write(path, "softeq model", list.arrays, list.n_arrays, list.texts,
                               list.n_texts, r->content_hash));
cleanup:
    sq_state_list_clear(&list);
    return status;
}

/* Everything that is needed to go on. */
static sq_status list_checkpoint(run *r, sq_state_list *list) {
    sq_status status = SQ_OK;
    const sq_problem *problem = &r->problem;
    r->position.steps = *sq_trainer_steps(r->trainer);
    r->position.log_length = r->position.epoch;
    SQ_TRY(sq_state_add_position(list, problem, &r->position));
    SQ_TRY(sq_state_add_model(list, problem, sq_model_parameters(problem->model),
                              r->position.tuning.lambda));
    SQ_TRY(sq_state_add_parameters(list, problem, "adam_m_",
                                   "first moment of Adam: ", sq_trainer_moment(r->trainer, 0)));
    SQ_TRY(sq_state_add_parameters(list, problem, "adam_v_",
                                   "second moment of Adam: ", sq_trainer_moment(r->trainer, 1)));
    SQ_TRY(sq_state_add_parameters(list, problem, "best_", "the selected model: ", r->best));
cleanup:
    return status;
}

static sq_status write_log(run *r) {
    char path[PATH_CAPACITY];
    run_path(r, "log.nc", path);
    r->last_log = sq_clock_seconds();
    return sq_run_log_write(r->log, path);
}

/* The log first: a checkpoint never knows of an epoch that the log has not. */
static sq_status write_checkpoint(run *r) {
    sq_status status = SQ_OK;
    sq_state_list list = {0};
    char name[64], path[PATH_CAPACITY];
    SQ_TRY(write_log(r));
    SQ_TRY(list_checkpoint(r, &list));
    snprintf(name, sizeof name, "checkpoint-%lld.nc", (long long)r->position.steps);
    run_path(r, name, path);
    SQ_TRY(sq_checkpoint_write(path, "softeq checkpoint", list.arrays, list.n_arrays, list.texts,
                               list.n_texts, NULL));
    SQ_TRY(sq_checkpoint_prune(r->options->folder, (int)r->config->checkpoint.keep));
    r->last_checkpoint = sq_clock_seconds();
cleanup:
    sq_state_list_clear(&list);
    return status;
}

/* ---- set-up and resume ----------------------------------------------------------------------- */

static sq_status create_log(run *r) {
    const char *layer_names[1024];
    int n_layers = sq_model_n_layers(r->problem.model);
    bool trajectory = r->problem.info.trajectory;
    char mse_units[80];
    const char *units = r->problem.info.units;
    snprintf(mse_units, sizeof mse_units, units[0] && strcmp(units, "1") ? "(%s)2" : "1", units);
    for (int k = 0; k < n_layers; k++) layer_names[k] = sq_model_layer_name(r->problem.model, k);
    sq_run_log_options options = {
        .n_types = r->problem.n_types,
        .n_layers = n_layers,
        .type_names = r->problem.type_names,
        .layer_names = layer_names,
        .metric_name = trajectory ? "valid_ade" : NULL,
        .metric_long_name = "average displacement error on the validation split",
        .metric_units = units[0] ? units : "1",
        .mse_units = mse_units,
        .title = "softeq training log",
        .history = r->options->history ? r->options->history : "",
    };
    return sq_run_log_create(&options, &r->log);
}

static sq_status create_buffers(run *r) {
    sq_status status = SQ_OK;
    size_t n_by = (size_t)(sq_model_n_layers(r->problem.model) * r->problem.n_types);
    SQ_TRY(sq_trainer_create(&r->problem, &r->trainer));
    SQ_TRY(sq_alloc(sq_model_parameter_count(r->problem.model), sizeof *r->best, &r->best));
    SQ_TRY(sq_alloc(n_by, sizeof *r->by, &r->by));
    SQ_TRY(sq_alloc(n_by, sizeof *r->level, &r->level));
    if (r->root) SQ_TRY(create_log(r));
cleanup:
    return status;
}

/* Rank 0: reads the newest checkpoint, if there is one. */
static sq_status read_checkpoint(run *r) {
    sq_status status = SQ_OK;
    sq_state_list list = {0};
    sq_checkpoint *checkpoint = NULL;
    char *path = NULL;
    char log_path[PATH_CAPACITY];
    SQ_TRY(sq_checkpoint_find_newest(r->options->folder, &path));
    if (!path) {
        sq_log(SQ_LOG_INFO, "%s: no checkpoint to resume from, starting afresh",
               r->options->folder);
        goto cleanup;
    }
    SQ_TRY(sq_checkpoint_open(path, &checkpoint));
    SQ_TRY(list_checkpoint(r, &list));
    SQ_TRY(sq_fail_within(sq_state_check(&list, checkpoint), "%s", path));
    SQ_TRY(sq_fail_within(sq_state_read(&list, checkpoint), "%s", path));
    SQ_TRY(sq_state_read_selection(checkpoint, r->problem.model));
    run_path(r, "log.nc", log_path);
    SQ_TRY(sq_run_log_read(r->log, log_path, r->position.log_length));
    sq_log(SQ_LOG_INFO, "resuming from %s: epoch %lld, step %lld", path,
           (long long)r->position.epoch, (long long)r->position.steps);
cleanup:
    sq_checkpoint_close(&checkpoint);
    sq_state_list_clear(&list);
    sq_free(path);
    return status;
}

/* What rank 0 has read reaches all ranks. The chosen copies are a function of the seed, which is
 * part of the configuration: every rank has them already. */
static sq_status share_state(run *r) {
    sq_status status = SQ_OK;
    size_t bytes = sq_model_parameter_count(r->problem.model) * sizeof(sq_real);
    sq_real *const arrays[] = {sq_model_parameters(r->problem.model),
                               sq_trainer_moment(r->trainer, 0), sq_trainer_moment(r->trainer, 1),
                               r->best};
    SQ_TRY(sq_comm_broadcast(r->comm, &r->position, sizeof r->position));
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
        SQ_TRY(sq_comm_broadcast(r->comm, arrays[k], bytes));
    *sq_trainer_steps(r->trainer) = r->position.steps;
    SQ_TRY(sq_model_parameters_changed(r->problem.model));
cleanup:
    return status;
}

static sq_status prepare(run *r) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_comm_agree(r->comm, prepare_folder(r)));
    SQ_TRY(sq_problem_create(r->config, r->options->cache, r->comm, &r->problem));
    SQ_TRY(sq_comm_agree(r->comm, create_buffers(r)));
    sq_tuning_init(&r->position.tuning, r->problem.n_types, r->problem.lambda,
                   r->config->symmetry.tune_at, r->config->symmetry.tune_power,
                   r->config->train.patience);
    if (r->options->resume) {
        SQ_TRY(sq_comm_agree(r->comm, r->root ? read_checkpoint(r) : SQ_OK));
        SQ_TRY(share_state(r));
    }
    SQ_TRY(sq_comm_agree(r->comm, r->root ? write_config(r) : SQ_OK));
    r->first_epoch = r->position.epoch;
    r->started = r->last_checkpoint = r->last_log = sq_clock_seconds();
cleanup:
    return status;
}

static void release(run *r) {
    sq_trainer_destroy(&r->trainer);
    sq_run_log_destroy(&r->log);
    sq_problem_clear(&r->problem);
    sq_free(r->best);
    sq_free(r->by);
    sq_free(r->level);
}

/* ---- epochs ---------------------------------------------------------------------------------- */

static double learning_rate(const sq_config *config, int64_t epoch) {
    if (strcmp(config->train.schedule, "constant") == 0) return config->train.lr;
    double part = (double)epoch / (double)config->train.epochs;
    return config->train.lr / 2 * (1.0 + cos(3.14159265358979323846 * part));
}

/* Mean over the samples of an epoch. */
static sq_status train_epoch(run *r, sq_run_log_epoch *epoch) {
    sq_status status = SQ_OK;
    int64_t batches = sq_trainer_batches(r->trainer);
    int64_t samples = sq_dataset_describe(r->problem.train)->samples;
    epoch->learning_rate = learning_rate(r->config, r->position.epoch);
    for (; r->position.batch < batches; r->position.batch++) {
        sq_step_result result;
        int64_t first = r->position.batch * r->config->train.batch;
        int64_t count =
            samples - first < r->config->train.batch ? samples - first : r->config->train.batch;
        SQ_TRY(sq_trainer_step(r->trainer, r->position.epoch, r->position.batch,
                               r->position.tuning.lambda, epoch->learning_rate, &result));
        epoch->train_loss += result.loss * (double)count / (double)samples;
        epoch->train_mse += result.mse * (double)count / (double)samples;
    }
    r->position.batch = 0;
cleanup:
    return status;
}

static void sum_layers(const run *r, double *total) {
    int n_types = r->problem.n_types;
    for (int g = 0; g < n_types; g++) {
        total[g] = 0.0;
        for (int k = 0; k < sq_model_n_layers(r->problem.model); k++)
            total[g] += r->by[k * n_types + g];
    }
}

static void report_tuning(const run *r) {
    char text[1024] = "";
    size_t used = 0;
    for (int g = 0; g < r->problem.n_types && used < sizeof text; g++)
        used += (size_t)snprintf(text + used, sizeof text - used, "  %s %.4g",
                                 r->problem.type_names[g], r->position.tuning.lambda[g]);
    if (r->root)
        sq_log(SQ_LOG_INFO, "epoch %lld: lambda tuned:%s", (long long)r->position.epoch + 1, text);
}

static void show_progress(const run *r, const sq_run_log_epoch *epoch) {
    double elapsed = sq_clock_seconds() - r->started;
    double done = (double)(r->position.epoch + 1 - r->first_epoch);
    double samples = (double)sq_dataset_describe(r->problem.train)->samples;
    sq_run_progress progress = {
        .epoch = r->position.epoch + 1,
        .epochs = r->config->train.epochs,
        .step = *sq_trainer_steps(r->trainer),
        .train_loss = epoch->train_loss,
        .train_mse = epoch->train_mse,
        .valid_mse = epoch->valid_mse,
        .metric = epoch->metric,
        .metric_name = r->problem.info.trajectory ? "ade" : NULL,
        .seconds = elapsed,
        .seconds_left = elapsed / done * (double)(r->config->train.epochs - r->position.epoch - 1),
        .samples_per_second = samples * done / elapsed,
        .n_types = r->problem.n_types,
        .type_names = r->problem.type_names,
        .lambda = r->position.tuning.lambda,
        .symmetry_level = r->total_level,
    };
    if (r->root && r->options->observer)
        r->options->observer(&progress, r->options->observer_context);
}

/* Measures, tunes and selects; *stop: training is over. */
static sq_status end_epoch(run *r, sq_run_log_epoch *epoch, bool *stop) {
    sq_status status = SQ_OK;
    double total[SQ_MAX_TYPES];
    double lambda[SQ_MAX_TYPES]; /* that the epoch was trained with */
    bool is_best = false;
    sq_tuning *tuning = &r->position.tuning;
    memcpy(lambda, tuning->lambda, sizeof lambda);
    SQ_TRY(sq_trainer_validate(r->trainer, &r->valid, r->by, r->level, r->total_level));
    sum_layers(r, total);
    epoch->epoch = r->position.epoch;
    epoch->valid_mse = sq_metrics_mse(&r->valid);
    epoch->metric = sq_metrics_ade(&r->valid);
    epoch->lambda = lambda;
    epoch->regularizer = r->by;
    epoch->symmetry_level = r->level;
    if (sq_tuning_end_epoch(tuning, r->position.epoch, total)) report_tuning(r);
    *stop = sq_tuning_select(tuning, r->position.epoch, epoch->valid_mse, &is_best) ||
            r->position.epoch + 1 == r->config->train.epochs;
    if (is_best)
        memcpy(r->best, sq_model_parameters(r->problem.model),
               sq_model_parameter_count(r->problem.model) * sizeof *r->best);
    if (!isfinite(epoch->valid_mse))
        status = sq_fail(SQ_ERR_NUMERIC,
                         "epoch %lld: the validation error is not a finite number; lower train.lr",
                         (long long)r->position.epoch + 1);
cleanup:
    return status;
}

static bool wants_equivariance(const run *r, bool last) {
    int64_t every = r->config->log.equivariance_every;
    return last || (every > 0 && (r->position.epoch + 1) % every == 0);
}

/* Rank 0, after an epoch: log and checkpoint when they are due. A failed save costs nothing but the
 * chance to resume from it. */
static void save_when_due(run *r) {
    const sq_config *config = r->config;
    double now = sq_clock_seconds();
    sq_status status = SQ_OK;
    bool by_epochs = config->checkpoint.every_epochs > 0 &&
                     r->position.epoch % config->checkpoint.every_epochs == 0;
    bool by_time = config->checkpoint.every_seconds > 0 &&
                   now - r->last_checkpoint >= config->checkpoint.every_seconds;
    if (by_epochs || by_time)
        status = write_checkpoint(r);
    else if (now - r->last_log >= config->log.write_seconds)
        status = write_log(r);
    if (status != SQ_OK) sq_log(SQ_LOG_WARNING, "not saved: %s", sq_error_message());
}

static sq_status run_epoch(run *r, bool *stop) {
    sq_status status = SQ_OK;
    sq_run_log_epoch epoch = {0};
    double error[SQ_MAX_TYPES];
    double began = sq_clock_seconds();
    SQ_TRY(train_epoch(r, &epoch));
    SQ_TRY(end_epoch(r, &epoch, stop));
    if (wants_equivariance(r, *stop)) {
        SQ_TRY(sq_equivariance_error(&r->problem, r->problem.valid, error));
        epoch.equivariance_error = error;
    }
    epoch.seconds = sq_clock_seconds() - began;
    sq_status local = r->root ? sq_run_log_append(r->log, &epoch) : SQ_OK;
    if (local != SQ_OK) return local;
    show_progress(r, &epoch);
    r->position.epoch++;
    r->position.finished = *stop;
    if (r->root && !*stop) save_when_due(r);
cleanup:
    return status;
}

/* ---- the end --------------------------------------------------------------------------------- */

/* Makes the selected model the current one; without a selection (too few epochs after the tuning)
 * the last model is the result. */
static sq_status take_best(run *r) {
    size_t bytes = sq_model_parameter_count(r->problem.model) * sizeof(sq_real);
    if (r->position.tuning.best_epoch >= 0) {
        memcpy(sq_model_parameters(r->problem.model), r->best, bytes);
        return sq_model_parameters_changed(r->problem.model);
    }
    memcpy(r->best, sq_model_parameters(r->problem.model), bytes);
    if (r->root)
        sq_log(SQ_LOG_WARNING,
               "no epoch after 2 symmetry.tune_at (%lld) was selected: best.nc is the last model",
               2 * (long long)r->config->symmetry.tune_at);
    return SQ_OK;
}

static sq_status save_results(run *r) {
    sq_status status = SQ_OK;
    if (!r->root) return SQ_OK;
    SQ_TRY(write_best(r));
    SQ_TRY(write_log(r));
cleanup:
    return status;
}

static sq_status finish(run *r, sq_run_summary *summary) {
    sq_status status = SQ_OK;
    sq_metrics metrics;
    memset(summary, 0, sizeof *summary);
    SQ_TRY(sq_comm_agree(r->comm, r->root ? write_checkpoint(r) : SQ_OK));
    SQ_TRY(take_best(r));
    SQ_TRY(sq_trainer_validate(r->trainer, &metrics, r->by, r->level, summary->symmetry_level));
    SQ_TRY(sq_equivariance_error(&r->problem, r->problem.valid, summary->equivariance_error));
    SQ_TRY(sq_comm_agree(r->comm, save_results(r)));
    SQ_TRY(sq_comm_broadcast(r->comm, r->content_hash, sizeof r->content_hash));
    summary->epochs = r->position.epoch;
    summary->steps = r->position.steps = *sq_trainer_steps(r->trainer);
    summary->best_epoch = r->position.tuning.best_epoch;
    summary->best_valid = sq_metrics_mse(&metrics);
    summary->stopped_early = r->position.epoch < r->config->train.epochs;
    summary->seconds = sq_clock_seconds() - r->started;
    summary->n_types = r->problem.n_types;
    memcpy(summary->content_hash, r->content_hash, sizeof summary->content_hash);
    memcpy(summary->lambda, r->position.tuning.lambda, sizeof summary->lambda);
    for (int g = 0; g < summary->n_types; g++)
        sq_copy_bounded(summary->type_names[g], sizeof summary->type_names[g],
                        r->problem.type_names[g]);
cleanup:
    return status;
}

static void report_start(const run *r) {
    const sq_problem *p = &r->problem;
    if (!r->root) return;
    sq_log(SQ_LOG_INFO,
           "%s: %zu parameters, %lld training and %lld validation samples, %d rank%s (%s)",
           sq_model_kind(p->model), sq_model_parameter_count(p->model),
           (long long)sq_dataset_describe(p->train)->samples,
           (long long)sq_dataset_describe(p->valid)->samples, sq_comm_size(r->comm),
           sq_comm_size(r->comm) == 1 ? "" : "s", SQ_REAL_NAME);
    sq_log(SQ_LOG_INFO, "BLAS kernel %s, one thread a rank; rank 0 may run on %d core%s; %s",
           sq_linalg_kernel(), sq_cores_allowed(), sq_cores_allowed() == 1 ? "" : "s",
           sq_comm_description(r->comm));
    int64_t microbatches =
        (r->config->train.batch + r->config->train.microbatch - 1) / r->config->train.microbatch;
    if (sq_comm_size(r->comm) > microbatches)
        sq_log(SQ_LOG_WARNING,
               "%d ranks share %lld microbatches of a batch: some have none; a smaller "
               "train.microbatch gives all of them work",
               sq_comm_size(r->comm), (long long)microbatches);
}

sq_status sq_train(const sq_config *config, const sq_run_options *options, sq_comm *comm,
                   sq_run_summary *summary) {
    sq_status status = SQ_OK;
    run *r = NULL;
    SQ_TRY(sq_comm_agree(comm, sq_alloc(1, sizeof *r, &r)));
    r->config = config;
    r->options = options;
    r->comm = comm;
    r->root = sq_comm_rank(comm) == 0;
    SQ_TRY(prepare(r));
    report_start(r);
    bool stop = r->position.finished != 0;
    while (!stop) SQ_TRY(run_epoch(r, &stop));
    SQ_TRY(finish(r, summary));
cleanup:
    if (r) release(r);
    sq_free(r);
    return status;
}
