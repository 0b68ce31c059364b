#include "train/held_types.h"

#include <string.h>

#include "base/memory.h"
#include "base/rng.h"
#include "nn/lanes.h"

static void project_once(const sq_held_types *types, const sq_model *model, sq_real *x) {
    for (int g = 0; g < model->n_types; g++)
        if (types->held[g]) sq_model_project_vector(model, g, x);
}

/* Any numbers that no type leaves alone will do, if they are the same each time. */
static void fill(size_t count, sq_real *x) {
    sq_rng rng = sq_rng_create(0, SQ_RNG_PROJECTIONS, 0, 0);
    for (size_t e = 0; e < count; e++) x[e] = (sq_real)sq_rng_normal(&rng);
}

/* Does one more round change no more of x than rounding does? projected: (count), scratch, and the
 * next x. */
static bool is_settled(const sq_held_types *types, const sq_model *model, sq_real *x,
                       sq_real *projected) {
    size_t count = model->table.count;
    memcpy(projected, x, count * sizeof *x);
    project_once(types, model, projected);
    for (size_t e = 0; e < count; e++) x[e] -= projected[e];
    return sq_sum_squares(x, count) <= 1e-12 * sq_sum_squares(projected, count);
}

/* One round is enough for types that lie one in the other. Projections that do not commute, such as
 * on the planes xy and yz, undo a part of each other, less in each round (von Neumann's
 * alternating projections). */
static sq_status count_rounds(sq_held_types *types, const sq_model *model) {
    enum { MOST_ROUNDS = 64 };
    sq_status status = SQ_OK;
    size_t count = model->table.count;
    sq_real *x = NULL, *next = NULL;
    SQ_TRY(sq_alloc(count, sizeof *x, &x));
    SQ_TRY(sq_alloc(count, sizeof *next, &next));
    fill(count, x);
    project_once(types, model, x);
    types->rounds = 1;
    while (types->rounds < MOST_ROUNDS && !is_settled(types, model, x, next)) {
        memcpy(x, next, count * sizeof *x);
        types->rounds++;
    }
cleanup:
    sq_free(x);
    sq_free(next);
    return status;
}

sq_status sq_held_types_set(sq_held_types *types, const sq_model *model, const bool *held) {
    size_t bytes = (size_t)model->n_types * sizeof *held;
    int count = 0;
    if (memcmp(types->held, held, bytes) == 0) return SQ_OK;
    memcpy(types->held, held, bytes);
    for (int g = 0; g < model->n_types; g++) count += held[g];
    types->rounds = count > 0;
    return count > 1 ? count_rounds(types, model) : SQ_OK;
}

void sq_held_types_project(const sq_held_types *types, const sq_model *model, sq_real *x) {
    for (int round = 0; round < types->rounds; round++) project_once(types, model, x);
}

void sq_held_types_leave_out(const sq_held_types *types, const sq_model *model,
                             const double *lambda, double *left) {
    for (int g = 0; g < model->n_types; g++) left[g] = types->held[g] ? 0.0 : lambda[g];
}
