#include "train/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "softeq/config.h"
#include "train/state.h"

enum { PATH_CAPACITY = 4096 };

static sq_status read_config(const char *folder, sq_config *config) {
    char path[PATH_CAPACITY];
    snprintf(path, sizeof path, "%s/config.ini", folder);
    sq_config_init(config);
    sq_status status = sq_config_read_file(config, path);
    return sq_fail_within(status, "%s is not the folder of a run", folder);
}

/* named: the files as they were asked for. */
static sq_status open_data(const sq_config *config, const char *data, sq_dataset **dataset,
                           const char **named) {
    sq_status status = SQ_OK;
    *named = data ? data : config->data.test;
    SQ_TRY(sq_problem_open_split(config, SQ_SPLIT_TEST, data, dataset));
    if (*dataset) goto cleanup;
    *named = config->data.valid;
    SQ_TRY(sq_problem_open_split(config, SQ_SPLIT_VALID, NULL, dataset));
    if (!*dataset)
        status = sq_fail(SQ_ERR_CONFIG,
                         "the run's config.ini names neither data.test nor "
                         "data.valid: name the data with --data");
    else
        sq_log(SQ_LOG_WARNING,
               "the run has no test split: this is its validation split, on which "
               "the model was selected");
cleanup:
    return status;
}

/* What the data looks like that the file's model is made for. */
static sq_status describe_data(const sq_checkpoint *checkpoint, sq_dataset_info *info) {
    sq_status status = SQ_OK;
    const char *input = NULL, *output = NULL, *positions = NULL;
    memset(info, 0, sizeof *info);
    SQ_TRY(sq_checkpoint_text(checkpoint, "input_representation", &input));
    SQ_TRY(sq_checkpoint_text(checkpoint, "output_representation", &output));
    SQ_TRY(sq_state_text_of(checkpoint, SQ_STATE_RESIDUAL_POSITIONS, &positions));
    info->observed_steps = strtol(positions, NULL, 10);
    info->trajectory = info->observed_steps > 0;
    sq_copy_bounded(info->input_representation, sizeof info->input_representation, input);
    sq_copy_bounded(info->output_representation, sizeof info->output_representation, output);
    sq_copy_bounded(info->units, sizeof info->units,
                    sq_checkpoint_units(checkpoint, SQ_STATE_OUTPUT_SCALE));
cleanup:
    return status;
}

/* Rank 0: parameters, scales, lambda and the chosen copies. */
static sq_status read_parameters(const sq_checkpoint *checkpoint, sq_problem *problem,
                                 double *lambda) {
    sq_status status = SQ_OK;
    sq_state_list list = {0};
    SQ_TRY(sq_state_add_model(&list, problem, sq_model_parameters(problem->model), lambda));
    if (sq_checkpoint_has(checkpoint, SQ_STATE_SHIFT)) SQ_TRY(sq_state_add_shift(&list, problem));
    SQ_TRY(sq_state_check(&list, checkpoint));
    SQ_TRY(sq_state_read(&list, checkpoint));
    SQ_TRY(sq_state_read_selection(checkpoint, problem->model));
cleanup:
    sq_state_list_clear(&list);
    return status;
}

sq_status sq_load_model(const char *folder, const char *file, const char *cache, sq_comm *comm,
                        sq_problem *problem, double *lambda) {
    sq_status status = SQ_OK;
    sq_config config;
    sq_dataset_info info;
    sq_checkpoint *checkpoint = NULL; /* rank 0 only */
    bool root = sq_comm_rank(comm) == 0;
    char path[PATH_CAPACITY];
    snprintf(path, sizeof path, file ? "%s" : "%s/best.nc", file ? file : folder);
    SQ_TRY(sq_comm_agree(comm, read_config(folder, &config)));
    if (root) status = sq_checkpoint_open(path, &checkpoint);
    if (root && status == SQ_OK)
        status = sq_fail_within(describe_data(checkpoint, &info), "%s", path);
    SQ_TRY(sq_comm_agree(comm, status));
    SQ_TRY(sq_comm_broadcast(comm, &info, sizeof info));
    SQ_TRY(sq_problem_create_for(&config, &info, cache, comm, problem));
    if (root) status = sq_fail_within(read_parameters(checkpoint, problem, lambda), "%s", path);
    SQ_TRY(sq_comm_agree(comm, status));
    if (root) strcpy(problem->content_hash, sq_checkpoint_hash(checkpoint));
    SQ_TRY(sq_comm_broadcast(comm, problem->content_hash, sizeof problem->content_hash));
    SQ_TRY(sq_state_share_model(problem));
    SQ_TRY(sq_comm_broadcast(comm, lambda, SQ_MAX_TYPES * sizeof *lambda));
cleanup:
    sq_checkpoint_close(&checkpoint);
    return status;
}

sq_status sq_load_model_and_data(const char *folder, const char *file, const char *data,
                                 const char *cache, sq_comm *comm, sq_problem *problem,
                                 sq_dataset **dataset, double *lambda) {
    sq_status status = SQ_OK;
    const char *named = NULL;
    *dataset = NULL;
    SQ_TRY(sq_load_model(folder, file, cache, comm, problem, lambda));
    SQ_TRY(sq_comm_agree(comm, open_data(&problem->config, data, dataset, &named)));
    problem->info = *sq_dataset_describe(*dataset);
    SQ_TRY(sq_comm_agree(comm, sq_problem_check_data(problem, *dataset)));
    SQ_TRY(sq_comm_agree(comm, sq_problem_check_kind(&problem->config, named, *dataset)));
cleanup:
    return status;
}
