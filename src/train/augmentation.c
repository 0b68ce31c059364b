#include "train/augmentation.h"

#include <string.h>

#include "symmetry/group_sample.h"
#include "train/tuning.h"

double sq_moved_scale(const sq_group *group) { return group->orthogonal ? 1.0 : 0.3; }

bool sq_augmentation_is_found(const sq_config *config) {
    return strcmp(config->data.augment, "found") == 0;
}

static sq_status take_named(const sq_problem *problem, sq_augmentation *a) {
    sq_status status;
    const sq_config *config = &problem->config;
    SQ_TRY(sq_group_create_within(config->symmetry.folder, config->data.augment,
                                  problem->types[0]->dimension, &a->created));
    sq_group_stretch(a->created, config->data.augment_stretch);
    a->count = 1;
    a->group[0] = a->created;
    a->scale[0] = config->data.augment_scale;
    a->share[0] = 1.0;
cleanup:
    return status;
}

/* Samples are moved as those were that the types were found by. */
static void take_types(const sq_problem *problem, sq_augmentation *a) {
    a->count = problem->n_types;
    for (int g = 0; g < a->count; g++) {
        a->group[g] = problem->types[g];
        a->scale[g] = sq_moved_scale(problem->types[g]);
    }
}

static sq_status check_rule(const sq_config *config) {
    int rule;
    sq_status status = sq_tuning_find(config->symmetry.tuning, &rule);
    if (status != SQ_OK || sq_tuning_is_running(rule)) return status;
    return sq_fail(
        SQ_ERR_CONFIG,
        "found needs symmetry.tuning = projected or gap, which measure all through training what "
        "holds, not %s; set that, or name a group",
        config->symmetry.tuning);
}

static sq_status check_lambda(const sq_problem *problem) {
    for (int g = 0; g < problem->n_types; g++)
        if (sq_tuning_may_move(problem->model->kind, problem->lambda[g])) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "found leaves out types whose symmetry.lambda is 0, which all of them are; set "
                   "symmetry.lambda = 1");
}

static sq_status take_what(const sq_problem *problem, sq_augmentation *a) {
    sq_status status;
    if (!sq_augmentation_is_found(&problem->config)) return take_named(problem, a);
    SQ_TRY(check_rule(&problem->config));
    SQ_TRY(check_lambda(problem));
    take_types(problem, a);
cleanup:
    return status;
}

sq_status sq_augmentation_create(const sq_problem *problem, sq_augmentation *augmentation) {
    const sq_model *model = problem->model;
    *augmentation = (sq_augmentation){.seed = (uint64_t)problem->config.data.seed,
                                      .duals = sq_representation_has_duals(&model->input) ||
                                               sq_representation_has_duals(&model->output)};
    if (!problem->config.data.augment[0]) return SQ_OK;
    return sq_fail_within(take_what(problem, augmentation), "data.augment");
}

void sq_augmentation_clear(sq_augmentation *augmentation) {
    sq_group_destroy(&augmentation->created);
    memset(augmentation, 0, sizeof *augmentation);
}

/* Which group moves the sample; count: none. */
static int choose_group(const sq_augmentation *a, int64_t row, int64_t epoch) {
    sq_rng rng = sq_rng_create(a->seed, SQ_RNG_AUGMENT_GROUP, (uint32_t)epoch, (uint64_t)row);
    double left = sq_rng_uniform(&rng);
    for (int g = 0; g < a->count; g++) {
        if (left < a->share[g]) return g;
        left -= a->share[g];
    }
    return a->count;
}

sq_status sq_augmentation_draw(const sq_augmentation *augmentation, int64_t row, int64_t epoch,
                               double *element, double *inverse_transpose, bool *moved) {
    const sq_augmentation *a = augmentation;
    int g = choose_group(a, row, epoch);
    *moved = g < a->count;
    if (!*moved) return SQ_OK;
    bool needs_inverse = a->duals || !a->group[g]->orthogonal;
    sq_status status =
        sq_group_sample(a->group[g], a->scale[g], a->seed, SQ_RNG_AUGMENT, (uint32_t)epoch,
                        (uint64_t)row, element, needs_inverse ? inverse_transpose : NULL);
    if (status != SQ_ERR_NUMERIC || !a->created) return status;
    return sq_fail_within(status, "lower data.augment_scale or data.augment_stretch");
}
