#include "train/held_types.h"

#include <string.h>

#include "base/memory.h"
#include "softeq/group.h"

bool sq_held_types_are(const sq_held_types *types, const sq_model *model, const bool *held) {
    return memcmp(types->held, held, (size_t)model->n_types * sizeof *held) == 0;
}

static sq_status create_joint(const sq_group *group, const sq_model *model, sq_bases *bases,
                              sq_projection **joint) {
    sq_status status;
    SQ_TRY(sq_alloc((size_t)model->network.n_layers, sizeof **joint, joint));
    for (int k = 0; k < model->network.n_layers; k++) {
        const sq_layer *layer = &model->network.layers[k];
        SQ_TRY(sq_projection_create(group, &layer->out, &layer->in, bases, &(*joint)[k]));
    }
cleanup:
    return status;
}

static sq_status solve(sq_held_types *types, const sq_model *model, sq_bases *bases) {
    sq_status status = SQ_OK;
    const sq_group *groups[SQ_MAX_TYPES];
    sq_group *together = NULL;
    int count = 0;
    for (int g = 0; g < model->n_types; g++)
        if (types->held[g]) groups[count++] = model->types[g];
    if (count == 0) return SQ_OK;
    SQ_TRY(sq_group_join(groups, count, &together));
    SQ_TRY(sq_fail_within(create_joint(together, model, bases, &types->joint), "%s together",
                          together->name));
cleanup:
    sq_group_destroy(&together);
    return status;
}

sq_status sq_held_types_set(sq_held_types *types, sq_problem *problem, const bool *held) {
    sq_status status = SQ_OK;
    bool root = sq_comm_rank(problem->comm) == 0;
    sq_held_types_clear(types, problem->model);
    memcpy(types->held, held, (size_t)problem->n_types * sizeof *held);
    if (root) status = solve(types, problem->model, problem->bases);
    SQ_TRY(sq_comm_agree(problem->comm, status));
    SQ_TRY(sq_problem_share_bases(problem));
    if (!root) status = solve(types, problem->model, problem->bases);
    SQ_TRY(sq_comm_agree(problem->comm, status));
cleanup:
    return status;
}

void sq_held_types_clear(sq_held_types *types, const sq_model *model) {
    for (int k = 0; types->joint && k < model->network.n_layers; k++)
        sq_projection_clear(&types->joint[k]);
    sq_free(types->joint);
    memset(types, 0, sizeof *types);
}

void sq_held_types_project(const sq_held_types *types, const sq_model *model, sq_real *x) {
    for (int k = 0; types->joint && k < model->network.n_layers; k++)
        sq_model_project_layer(model, k, &types->joint[k], x);
}

void sq_held_types_leave_out(const sq_held_types *types, const sq_model *model,
                             const double *lambda, double *left) {
    for (int g = 0; g < model->n_types; g++) left[g] = types->held[g] ? 0.0 : lambda[g];
}
