#include "train/held_types.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

static void project_once(const sq_held_types *types, const sq_model *model, sq_real *x) {
    for (int g = 0; g < model->n_types; g++)
        if (types->held[g]) sq_model_project_vector(model, g, x);
}

/* Any numbers that no type leaves alone will do, if they are the same each time. */
static void fill(size_t count, sq_real *x) {
    for (size_t e = 0; e < count; e++)
        x[e] = (sq_real)(fmod(0.6180339887498949 * (double)(e + 1), 1.0) - 0.5);
}

/* |x - y|^2 over |x|^2 is no more than rounding. */
static bool is_same(size_t count, const sq_real *x, const sq_real *y) {
    double squares = 0.0, change = 0.0;
    for (size_t e = 0; e < count; e++) {
        double difference = (double)x[e] - (double)y[e];
        squares += (double)x[e] * (double)x[e];
        change += difference * difference;
    }
    return change <= 1e-12 * squares;
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
    for (types->rounds = 1; types->rounds < MOST_ROUNDS; types->rounds++) {
        memcpy(next, x, count * sizeof *x);
        project_once(types, model, next);
        if (is_same(count, x, next)) break;
        memcpy(x, next, count * sizeof *x);
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
    types->rounds = count;
    return count > 1 ? count_rounds(types, model) : SQ_OK;
}

void sq_held_types_project(const sq_held_types *types, const sq_model *model, sq_real *x) {
    for (int round = 0; round < types->rounds; round++) project_once(types, model, x);
}

void sq_held_types_leave_out(const sq_held_types *types, const sq_model *model,
                             const double *lambda, double *left) {
    for (int g = 0; g < model->n_types; g++) left[g] = types->held[g] ? 0.0 : lambda[g];
}
