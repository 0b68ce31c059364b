#include "train/load.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
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

static sq_status open_data(const sq_config *config, const char *data, sq_dataset **dataset) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_problem_open_split(config, SQ_SPLIT_TEST, data, dataset));
    if (*dataset) goto cleanup;
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

/* Rank 0: parameters, scales, lambda and the chosen copies. */
static sq_status read_model(const char *folder, const char *file, sq_problem *problem,
                            double *lambda) {
    sq_status status = SQ_OK;
    sq_state_list list = {0};
    sq_checkpoint *checkpoint = NULL;
    char path[PATH_CAPACITY];
    snprintf(path, sizeof path, file ? "%s" : "%s/best.nc", file ? file : folder);
    SQ_TRY(sq_checkpoint_open(path, &checkpoint));
    SQ_TRY(sq_state_add_model(&list, problem, sq_model_parameters(problem->model), lambda));
    SQ_TRY(sq_fail_within(sq_state_check(&list, checkpoint), "%s", path));
    SQ_TRY(sq_fail_within(sq_state_read(&list, checkpoint), "%s", path));
    SQ_TRY(sq_state_read_selection(checkpoint, problem->model));
cleanup:
    sq_checkpoint_close(&checkpoint);
    sq_state_list_clear(&list);
    return status;
}

static sq_status share_model(sq_problem *problem, double *lambda) {
    sq_status status = SQ_OK;
    sq_model *model = problem->model;
    sq_scaling *scaling = &problem->scaling;
    SQ_TRY(sq_comm_broadcast(problem->comm, sq_model_parameters(model),
                             sq_model_parameter_count(model) * sizeof(sq_real)));
    SQ_TRY(sq_comm_broadcast(problem->comm, scaling->input,
                             (size_t)scaling->n_input * sizeof(double)));
    SQ_TRY(sq_comm_broadcast(problem->comm, scaling->output,
                             (size_t)scaling->n_output * sizeof(double)));
    SQ_TRY(sq_comm_broadcast(problem->comm, lambda, SQ_MAX_TYPES * sizeof *lambda));
    SQ_TRY(sq_model_parameters_changed(model));
cleanup:
    return status;
}

sq_status sq_load_model(const char *folder, const char *file, const char *data, const char *cache,
                        sq_comm *comm, sq_problem *problem, sq_dataset **dataset, double *lambda) {
    sq_status status = SQ_OK;
    sq_config config;
    *dataset = NULL;
    SQ_TRY(sq_comm_agree(comm, read_config(folder, &config)));
    SQ_TRY(sq_comm_agree(comm, open_data(&config, data, dataset)));
    SQ_TRY(sq_problem_create_for(&config, sq_dataset_describe(*dataset), cache, comm, problem));
    SQ_TRY(sq_comm_agree(comm, sq_problem_check_data(problem, *dataset)));
    if (sq_comm_rank(comm) == 0) status = read_model(folder, file, problem, lambda);
    SQ_TRY(sq_comm_agree(comm, status));
    SQ_TRY(share_model(problem, lambda));
cleanup:
    return status;
}
