#include "train/held_types.h"

#include <string.h>

#include "base/memory.h"
#include "base/rng.h"
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

/* Of any weights, what is left after a projection on `types`, or on type `one` if that is NULL,
 * says whether `other` leaves it alone. */
static sq_status imply(const sq_held_types *types, const sq_model *model, int one, int other,
                       bool *implied) {
    static const double rounding = 1e-9; /* of squares; what is not implied takes away far more */
    sq_status status;
    sq_real *any = NULL, *projected = NULL;
    size_t count = model->table.count;
    double squares = 0.0, broken = 0.0;
    sq_rng rng = sq_rng_create(1, SQ_RNG_ELEMENT, 0, 0); /* which weights does not matter */
    SQ_TRY(sq_alloc(count, sizeof *any, &any));
    SQ_TRY(sq_alloc(count, sizeof *projected, &projected));
    for (size_t e = 0; e < count; e++) any[e] = (sq_real)sq_rng_normal(&rng);
    if (types)
        sq_held_types_project(types, model, any);
    else
        sq_model_project_vector(model, one, any);
    memcpy(projected, any, count * sizeof *any);
    sq_model_project_vector(model, other, projected);
    for (size_t e = 0; e < count; e++) {
        double difference = (double)projected[e] - (double)any[e];
        squares += (double)any[e] * any[e];
        broken += difference * difference;
    }
    *implied = broken <= rounding * squares;
cleanup:
    sq_free(any);
    sq_free(projected);
    return status;
}

sq_status sq_held_types_imply(const sq_held_types *types, const sq_model *model, int type,
                              bool *implied) {
    return imply(types, model, -1, type, implied);
}

sq_status sq_type_implies(const sq_model *model, int type, int other, bool *implied) {
    return imply(NULL, model, type, other, implied);
}

void sq_held_types_leave_out(const sq_held_types *types, const sq_model *model,
                             const double *lambda, double *left) {
    for (int g = 0; g < model->n_types; g++) left[g] = types->held[g] ? 0.0 : lambda[g];
}
