#include "cli/rehearsal.h"

#include "nn/kinds.h"
#include "softeq/comm.h"
#include "softeq/group.h"
#include "train/augmentation.h"
#include "train/problem.h"

/* The same in small: a sample in each split, and a network without representations, which needs no
 * bases. */
static sq_status make_small(sq_config *config) {
    sq_status status;
    const sq_kind *kind;
    SQ_TRY(sq_kind_find(config->model.kind, &kind));
    config->data.samples = 3;
    config->data.train_samples = config->data.valid_samples = config->data.test_samples = 1;
    config->model.channels = 1;
    config->model.layers = 2;
    if (kind->gated) SQ_TRY(sq_config_set(config, "model", "kind", "mlp", "rehearsal"));
cleanup:
    return status;
}

static sq_status check_types(const sq_config *config) {
    sq_group **types = NULL;
    int count = 0;
    sq_status status = sq_group_list_create_within(config->symmetry.folder, config->symmetry.types,
                                                   (int)config->symmetry.dimension, &types, &count);
    if (status == SQ_OK) sq_group_list_destroy(&types, count);
    return status;
}

static sq_status check_problem(const sq_config *config) {
    sq_status status;
    sq_config small = *config;
    sq_problem problem = {0};
    sq_comm *comm = NULL;
    sq_augmentation augmentation = {0};
    SQ_TRY(make_small(&small));
    SQ_TRY(sq_comm_create_serial(&comm));
    SQ_TRY(sq_problem_create(&small, NULL, NULL, NULL, NULL, comm, &problem));
    SQ_TRY(sq_augmentation_create(&problem, &augmentation));
cleanup:
    sq_augmentation_clear(&augmentation);
    sq_problem_clear(&problem);
    sq_comm_destroy(&comm);
    return status;
}

sq_status sq_rehearse(const sq_config *config) {
    sq_status status = sq_config_check(config);
    if (status != SQ_OK) return status;
    return config->data.task[0] ? check_problem(config) : check_types(config);
}
