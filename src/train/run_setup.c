/* The start of a run, fresh or from a checkpoint. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cores.h"
#include "base/log.h"
#include "base/memory.h"
#include "linalg/linalg.h"
#include "train/augmentation.h"
#include "train/checkpoint_folder.h"
#include "train/run_internal.h"
#include "train/settings.h"

/* ---- buffers --------------------------------------------------------------------------------- */

static sq_run_log_facts collect_facts(const sq_run *run) {
    const sq_problem *problem = &run->problem;
    return (sq_run_log_facts){
        .kind = sq_model_kind(problem->model),
        .data = problem->info.title,
        .precision = SQ_REAL_NAME,
        .blas_kernel = sq_linalg_kernel(),
        .cpu = run->cpu,
        .parameters = (int64_t)sq_model_parameter_count(problem->model),
        .training_samples = sq_dataset_describe(problem->train)->samples,
        .validation_samples = sq_dataset_describe(problem->valid)->samples,
        .nodes = sq_comm_nodes(run->comm),
    };
}

static sq_status create_log(sq_run *run) {
    const char *layer_names[1024];
    int n_layers = sq_model_n_layers(run->problem.model);
    bool trajectory = run->problem.info.trajectory;
    char mse_units[80];
    const char *units = run->problem.info.units;
    snprintf(mse_units, sizeof mse_units, units[0] && strcmp(units, "1") ? "%s2" : "1", units);
    for (int k = 0; k < n_layers; k++) layer_names[k] = sq_model_layer_name(run->problem.model, k);
    sq_run_log_options options = {
        .n_types = run->problem.n_types,
        .n_layers = n_layers,
        .type_names = run->problem.type_names,
        .layer_names = layer_names,
        .metric_name = trajectory ? "valid_ade" : NULL,
        .metric_long_name = "average displacement error on the validation split",
        .metric_units = units[0] ? units : "1",
        .mse_units = mse_units,
        .title = "softeq training log",
        .history = run->options->history ? run->options->history : "",
        .facts = collect_facts(run),
    };
    return sq_run_log_create(&options, &run->log);
}

static sq_status create_buffers(sq_run *run) {
    sq_status status = SQ_OK;
    size_t n_by = (size_t)(sq_model_n_layers(run->problem.model) * run->problem.n_types);
    SQ_TRY(sq_trainer_create(&run->problem, &run->trainer));
    SQ_TRY(sq_alloc(sq_model_parameter_count(run->problem.model), sizeof *run->best, &run->best));
    SQ_TRY(sq_alloc(n_by, sizeof *run->by, &run->by));
    SQ_TRY(sq_alloc(n_by, sizeof *run->level, &run->level));
    if (run->root) SQ_TRY(create_log(run));
cleanup:
    return status;
}

void sq_run_release(sq_run *run) {
    (void)sq_background_wait(&run->saves.writer);
    sq_trainer_destroy(&run->trainer);
    sq_run_log_destroy(&run->log);
    sq_problem_clear(&run->problem);
    sq_trace_destroy(&run->trace);
    sq_trace_destroy(&run->reads);
    sq_folder_lock_release(&run->lock);
    sq_free(run->best);
    sq_free(run->by);
    sq_free(run->level);
}

/* ---- going on from a checkpoint -------------------------------------------------------------- */

/* The log as it was at the checkpoint. A log that is gone is a pity, but no reason to stop; one
 * that is damaged is left for the user to look at. */
static sq_status read_log(sq_run *run) {
    char path[SQ_RUN_PATH];
    sq_run_path(run, "log.nc", path);
    if (access(path, F_OK) == 0 || errno != ENOENT)
        return sq_fail_within(
            sq_run_log_read(run->log, path, run->position.log_length, !run->position.finished),
            "the log does not belong to the checkpoint; remove it to go on "
            "without its epochs");
    if (run->position.log_length > 0)
        sq_log(SQ_LOG_WARNING, "%s is not there: its first %lld epochs stay empty", path,
               (long long)run->position.log_length);
    return sq_run_log_skip(run->log, run->position.log_length);
}

/* What a run selected that failed, under a name that nothing has yet. */
static sq_status put_aside(const sq_run *run, const char *best) {
    char name[48] = "best-of-failed.nc", aside[SQ_RUN_PATH];
    sq_run_path(run, name, aside);
    for (int k = 2; access(aside, F_OK) == 0; k++) {
        snprintf(name, sizeof name, "best-of-failed-%d.nc", k);
        sq_run_path(run, name, aside);
    }
    if (rename(best, aside) != 0)
        return sq_fail(SQ_ERR_IO, "%s: cannot be renamed to %s: %s", best, aside, strerror(errno));
    sq_log(SQ_LOG_INFO, "the best model of the run that failed is now %s", aside);
    return SQ_OK;
}

/* Results without checkpoints are those of a run whose checkpoints were removed: to train it again
 * would replace them. */
static sq_status start_afresh(const sq_run *run) {
    sq_status status = SQ_OK;
    const char *folder = run->options->folder;
    char best[SQ_RUN_PATH], log[SQ_RUN_PATH];
    sq_run_path(run, "best.nc", best);
    sq_run_path(run, "log.nc", log);
    bool has_best = access(best, F_OK) == 0;
    if (has_best && sq_run_log_says(log, SQ_RUN_LOG_FAILED))
        SQ_TRY(put_aside(run, best));
    else if (has_best)
        return sq_fail(SQ_ERR_CONFIG,
                       "%s holds best.nc but no checkpoint to resume from: remove best.nc to start "
                       "afresh, or give another folder",
                       folder);
    sq_log(SQ_LOG_INFO, "%s: no checkpoint to resume from, starting afresh", folder);
cleanup:
    return status;
}

/* Rank 0: reads the newest checkpoint, if there is one. */
static sq_status read_checkpoint(sq_run *run) {
    sq_status status = SQ_OK;
    sq_state_list list = {0};
    sq_checkpoint *checkpoint = NULL;
    char *path = NULL;
    SQ_TRY(sq_checkpoint_find_newest(run->options->folder, &path));
    if (!path) {
        status = start_afresh(run);
        goto cleanup;
    }
    SQ_TRY(sq_checkpoint_open(path, &checkpoint));
    SQ_TRY(sq_run_list_checkpoint(run, &list));
    SQ_TRY(sq_state_check(&list, checkpoint));
    SQ_TRY(sq_state_read(&list, checkpoint));
    SQ_TRY(sq_state_read_selection(checkpoint, run->problem.model));
    SQ_TRY(read_log(run));
    run->goes_on = true;
    sq_log(SQ_LOG_INFO, "resuming from %s: epoch %lld, batch %lld, step %lld", path,
           (long long)run->position.epoch + 1, (long long)run->position.batch + 1,
           (long long)run->position.steps);
cleanup:
    sq_checkpoint_close(&checkpoint);
    sq_state_list_clear(&list);
    sq_free(path);
    return status;
}

/* Whether best.nc has the parameters that the checkpoint has selected; a damaged one has not. */
static sq_status compare_best(sq_run *run, const char *path, bool *same) {
    sq_status status = SQ_OK;
    sq_state_list list = {0};
    sq_checkpoint *best = NULL;
    sq_real *theirs = NULL;
    size_t count = sq_model_parameter_count(run->problem.model);
    *same = false;
    SQ_TRY(sq_alloc(count, sizeof *theirs, &theirs));
    SQ_TRY(sq_state_add_parameters(&list, &run->problem, "", "", theirs));
    *same = sq_checkpoint_open(path, &best) == SQ_OK && sq_state_read(&list, best) == SQ_OK &&
            memcmp(theirs, run->best, count * sizeof *theirs) == 0;
cleanup:
    sq_checkpoint_close(&best);
    sq_state_list_clear(&list);
    sq_free(theirs);
    return status;
}

/* A run that failed may leave a log and a best model of epochs that its last checkpoint does not
 * know. Both become what they were there: whoever reads them finds that they agree. */
static sq_status restore_results(sq_run *run) {
    sq_status status = SQ_OK;
    char best[SQ_RUN_PATH], log[SQ_RUN_PATH];
    sq_run_path(run, "best.nc", best);
    sq_run_path(run, "log.nc", log);
    bool selected = run->position.selection.best_epoch >= 0, same = false;
    bool has_best = access(best, F_OK) == 0, failed = sq_run_log_says(log, SQ_RUN_LOG_FAILED);
    /* Without a failure it may be missing if this was broken off. */
    if (!run->goes_on || (!failed && (has_best || !selected))) return SQ_OK;
    if (has_best) SQ_TRY(compare_best(run, best, &same));
    if (has_best && !(same && selected)) SQ_TRY(put_aside(run, best));
    SQ_TRY(sq_run_write_files(run, SQ_RUN_LOG | (selected && !same ? SQ_RUN_BEST : 0)));
cleanup:
    return status;
}

/* What rank 0 has read reaches all ranks. */
static sq_status share_state(sq_run *run) {
    sq_status status = SQ_OK;
    size_t bytes = sq_model_parameter_count(run->problem.model) * sizeof(sq_real);
    sq_real *const arrays[] = {sq_trainer_moment(run->trainer, 0),
                               sq_trainer_moment(run->trainer, 1), run->best};
    SQ_TRY(sq_comm_broadcast(run->comm, &run->position, sizeof run->position));
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
        SQ_TRY(sq_comm_broadcast(run->comm, arrays[k], bytes));
    SQ_TRY(sq_state_share_model(&run->problem));
    *sq_trainer_steps(run->trainer) = run->position.steps;
cleanup:
    return status;
}

static sq_status resume(sq_run *run) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_comm_agree(run->comm, run->root ? read_checkpoint(run) : SQ_OK));
    SQ_TRY(share_state(run));
cleanup:
    return status;
}

static sq_status check_scenes(const sq_run *run) {
    if (!run->root || run->problem.borrowed_data) return SQ_OK;
    return sq_problem_check_scenes(run->config);
}

/* A long pass goes on with what it was begun as. */
static void beat_on(void *context) {
    sq_run *run = context;
    sq_run_beat(run, run->operation);
}

/* The unit of lambda in the loss: the loss of the best constant. */
static double loss_of_constant(const sq_run *run) {
    return sq_settings_have_distances(run->config) ? sqrt(run->targets.scaled)
                                                   : run->targets.scaled;
}

static sq_stiffness stiffness_of(const sq_run *run) {
    const sq_problem *problem = &run->problem;
    double constant = loss_of_constant(run);
    int candidates = 0;
    for (int g = 0; g < problem->n_types; g++) candidates += problem->lambda[g] != 0.0;
    switch (sq_problem_penalty(problem)) {
        case SQ_PENALTY_DECOUPLED: return sq_stiffness_decoupled(run->config->train.lr, candidates);
        case SQ_PENALTY_PRECONDITIONED:
            return sq_stiffness_preconditioned(constant, !sq_settings_have_distances(run->config));
        case SQ_PENALTY_LOSS: break;
    }
    return sq_stiffness_in_loss(constant);
}

static void begin_moving(const sq_problem *problem, sq_tuned_running *tuned) {
    bool moves[SQ_MAX_TYPES];
    for (int g = 0; g < problem->n_types; g++)
        moves[g] = sq_tuning_may_move(problem->model->kind, problem->lambda[g]);
    sq_tuned_running_begin_moving(tuned, moves);
}

/* Collective. */
static sq_status begin_tuning(sq_run *run) {
    sq_status status = SQ_OK;
    int rule = 0;
    const sq_config *config = run->config;
    const sq_problem *problem = &run->problem;
    sq_tuning *tuning = &run->position.tuning;
    bool regularized = problem->model->kind->regularized;
    SQ_TRY(sq_comm_agree(run->comm, sq_tuning_find(config->symmetry.tuning, &rule)));
    sq_tuning_init(tuning, rule, problem->n_types, problem->lambda,
                   regularized ? config->symmetry.tune_at : 0, config->symmetry.tune_power);
    sq_selection_init(&run->position.selection, sq_tuning_first_selected(config),
                      config->train.patience);
    bool found = sq_augmentation_is_found(config);
    if (!(regularized || found) || !sq_tuning_is_running(rule)) return SQ_OK;
    SQ_TRY(sq_target_variance_measure(problem, problem->train, &run->targets));
    sq_tuning_begin_running(tuning, stiffness_of(run), config->train.epochs);
    if (!found) return SQ_OK;
    SQ_TRY(sq_target_variance_measure(problem, problem->valid, &run->valid_targets));
    begin_moving(problem, &tuning->running);
cleanup:
    return status;
}

sq_status sq_run_prepare(sq_run *run) {
    sq_status status = SQ_OK;
    const sq_config *config = run->config;
    const sq_alive alive = {.call = beat_on, .context = run};
    sq_run_beat(run, "setting up");
    sq_cpu_type(run->cpu, sizeof run->cpu);
    SQ_TRY(sq_comm_agree(run->comm, run->root ? sq_run_check_folder(run) : SQ_OK));
    SQ_TRY(sq_problem_create(config, run->options->train, run->options->valid, run->options->cache,
                             &alive, run->comm, &run->problem));
    SQ_TRY(sq_comm_agree(run->comm, create_buffers(run)));
    SQ_TRY(sq_comm_agree(run->comm, check_scenes(run)));
    SQ_TRY(sq_run_warn(run));
    /* Only now: a run that cannot begin leaves no folder behind. */
    SQ_TRY(sq_comm_agree(run->comm, run->root ? sq_run_prepare_folder(run) : SQ_OK));
    SQ_TRY(sq_comm_agree(run->comm, sq_run_begin_trace(run)));
    SQ_TRY(begin_tuning(run));
    if (run->options->resume) SQ_TRY(resume(run));
    SQ_TRY(sq_comm_agree(run->comm, run->root ? sq_run_write_config(run) : SQ_OK));
    SQ_TRY(sq_comm_agree(run->comm, run->root ? restore_results(run) : SQ_OK));
    if (run->root) sq_run_saves_init(run);
    run->first_epoch = run->position.epoch;
    run->started = sq_clock_seconds();
cleanup:
    return status;
}
