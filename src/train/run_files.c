/* What a run leaves in its folder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/atomic_file.h"
#include "io/config_file.h"
#include "train/checkpoint_folder.h"
#include "train/run_internal.h"

void sq_run_path(const sq_run *run, const char *name, char *path) {
    snprintf(path, SQ_RUN_PATH, "%s/%s", run->options->folder, name);
}

/* ---- the folder ------------------------------------------------------------------------------ */

sq_status sq_run_check_folder(const sq_run *run) {
    const char *folder = run->options->folder;
    char log[SQ_RUN_PATH], best[SQ_RUN_PATH];
    sq_run_path(run, "log.nc", log);
    sq_run_path(run, "best.nc", best);
    if (run->options->resume) return SQ_OK;
    if (access(log, F_OK) != 0 && access(best, F_OK) != 0 && !sq_checkpoint_exists(folder))
        return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "%s holds a run already (log.nc, best.nc or checkpoints): go on with it by "
                   "--resume, or give another folder (or remove this one)",
                   folder);
}

void sq_run_sweep(const sq_run *run) {
    static const char *const names[] = {"config.ini.", "log.nc.", "best.nc.", "checkpoint-", NULL};
    sq_atomic_file_sweep(run->options->folder, names);
}

sq_status sq_run_prepare_folder(sq_run *run) {
    static const double patience = 5.0; /* seconds: ranks take some to end without their mpirun */
    sq_status status = SQ_OK;
    SQ_TRY(sq_make_folder(run->options->folder));
    SQ_TRY(sq_folder_lock_take(run->options->folder, patience, &run->lock));
    SQ_TRY(sq_run_check_folder(run)); /* again: what was waited for may have left results */
    if (run->options->resume) sq_run_sweep(run);
cleanup:
    return status;
}

/* Whoever reads it may be in another folder than this process. */
static void fix_folder(char folder[SQ_CONFIG_TEXT]) {
    char *found = realpath(folder[0] ? folder : ".", NULL);
    if (found && strlen(found) < SQ_CONFIG_TEXT) strcpy(folder, found);
    free(found);
}

static void fix_folders(sq_config *config) {
    bool group_files =
        strstr(config->symmetry.types, "file:") || strstr(config->data.augment, "file:");
    if (config->data.train[0]) fix_folder(config->data.folder);
    if (group_files) fix_folder(config->symmetry.folder);
}

sq_status sq_run_write_config(const sq_run *run) {
    sq_config config = *run->config;
    char path[SQ_RUN_PATH];
    fix_folders(&config);
    sq_run_path(run, "config.ini", path);
    return sq_config_write_file(&config, path);
}

/* ---- the selected model ---------------------------------------------------------------------- */

static sq_status list_best(sq_run *run, sq_state_list *list) {
    return sq_state_add_model(list, &run->problem, run->best, run->position.tuning.lambda);
}

static sq_status write_best(sq_run *run) {
    sq_status status = SQ_OK;
    sq_state_list list = {0};
    char path[SQ_RUN_PATH];
    sq_run_path(run, "best.nc", path);
    SQ_TRY(list_best(run, &list));
    SQ_TRY(sq_checkpoint_write(path, "softeq model", list.arrays, list.n_arrays, list.texts,
                               list.n_texts, NULL));
cleanup:
    sq_state_list_clear(&list);
    return status;
}

/* ---- checkpoints ----------------------------------------------------------------------------- */

sq_status sq_run_list_checkpoint(sq_run *run, sq_state_list *list) {
    sq_status status = SQ_OK;
    const sq_problem *problem = &run->problem;
    run->position.steps = *sq_trainer_steps(run->trainer);
    run->position.log_length = run->position.epoch;
    SQ_TRY(sq_state_add_position(list, problem, &run->position));
    SQ_TRY(sq_state_add_augmentation(list, sq_trainer_augmented_by(run->trainer)));
    SQ_TRY(sq_state_add_model(list, problem, sq_model_parameters(problem->model),
                              run->position.tuning.lambda));
    SQ_TRY(sq_state_add_parameters(list, problem, "adam_m_", "first moment of Adam, ",
                                   sq_trainer_moment(run->trainer, 0)));
    SQ_TRY(sq_state_add_parameters(list, problem, "adam_v_", "second moment of Adam, ",
                                   sq_trainer_moment(run->trainer, 1)));
    SQ_TRY(sq_state_add_parameters(list, problem, "best_", "selected model, ", run->best));
cleanup:
    return status;
}

/* What is on the disk is what was meant. A file that is not is of no use to anybody. */
static sq_status verify(const char *path, const char *hash) {
    sq_checkpoint *checkpoint = NULL;
    sq_status status = sq_checkpoint_open(path, &checkpoint);
    if (status == SQ_OK && strcmp(sq_checkpoint_hash(checkpoint), hash) != 0)
        status = sq_fail(SQ_ERR_DATA, "%s: reads back as another state than was written", path);
    sq_checkpoint_close(&checkpoint);
    if (status == SQ_ERR_DATA) unlink(path);
    return status;
}

static sq_status write_checkpoint(sq_run *run) {
    sq_status status = SQ_OK;
    sq_state_list list = {0};
    char name[64], path[SQ_RUN_PATH], hash[SQ_STATE_HASH_SIZE];
    SQ_TRY(sq_run_list_checkpoint(run, &list));
    snprintf(name, sizeof name, "checkpoint-%lld.nc", (long long)run->position.steps);
    sq_run_path(run, name, path);
    SQ_TRY(sq_checkpoint_write(path, "softeq checkpoint", list.arrays, list.n_arrays, list.texts,
                               list.n_texts, hash));
    SQ_TRY(verify(path, hash));
    SQ_TRY(sq_checkpoint_prune(run->options->folder, run->position.steps,
                               (int)run->config->checkpoint.keep));
cleanup:
    sq_state_list_clear(&list);
    return status;
}

/* ---- hashes ---------------------------------------------------------------------------------- */

typedef sq_status list_state(sq_run *run, sq_state_list *list);

static sq_status hash_listed(sq_run *run, list_state *put_on, char *hash) {
    sq_status status = SQ_OK;
    sq_state_list list = {0};
    SQ_TRY(put_on(run, &list));
    SQ_TRY(sq_state_hash(list.arrays, list.n_arrays, list.texts, list.n_texts, hash));
cleanup:
    sq_state_list_clear(&list);
    return status;
}

sq_status sq_run_hash_best(sq_run *run, char *hash) { return hash_listed(run, list_best, hash); }

sq_status sq_run_hash_state(sq_run *run, char *hash) {
    return hash_listed(run, sq_run_list_checkpoint, hash);
}

/* ---- all of them ----------------------------------------------------------------------------- */

static const char *state_of(const sq_run *run) {
    if (run->position.finished) return "finished";
    if (run->failed) return SQ_RUN_LOG_FAILED;
    return run->stopped ? "stopped" : "running";
}

sq_status sq_run_write_files(sq_run *run, unsigned files) {
    sq_status status = SQ_OK;
    char log_path[SQ_RUN_PATH];
    sq_run_path(run, "log.nc", log_path);
    sq_run_log_set_state(run->log, state_of(run));
    SQ_TRY(sq_checkpoint_set_aside(run->options->folder, *sq_trainer_steps(run->trainer)));
    if (files & SQ_RUN_LOG) SQ_TRY(sq_run_log_write(run->log, log_path));
    if (files & SQ_RUN_CHECKPOINT) SQ_TRY(write_checkpoint(run));
    if (files & SQ_RUN_BEST) SQ_TRY(write_best(run));
cleanup:
    return status;
}
