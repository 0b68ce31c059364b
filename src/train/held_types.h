/* Types that a network is held to exactly, W = P_g W for all of them at once: it is held to the
 * group that they generate together. For kinds with regularizers; of other kinds no type is held.
 */
#ifndef SQ_TRAIN_HELD_TYPES_H
#define SQ_TRAIN_HELD_TYPES_H

#include <stdbool.h>

#include "nn/model_internal.h"
#include "softeq/config.h"
#include "softeq/error.h"
#include "train/problem.h"

/* Open struct; zeroed: none is held. */
typedef struct {
    bool held[SQ_MAX_TYPES];
    sq_projection *joint; /* (n_layers) onto what the group of all that are held leaves alone; NULL:
                             none is held */
} sq_held_types;

bool sq_held_types_are(const sq_held_types *types, const sq_model *model, const bool *held);

/* Solves for the invariants of these types together, if they are not known yet. Collective: rank 0
 * solves, the others receive them. held: (n_types), the same on all ranks. Errors: SQ_ERR_NUMERIC,
 * on all ranks, for types that are almost, but not quite, alike. Cleared by the caller, before the
 * problem, also on failure. */
sq_status sq_held_types_set(sq_held_types *types, sq_problem *problem, const bool *held);
void sq_held_types_clear(sq_held_types *types, const sq_model *model);

/* Takes out of x what breaks any of them. x: as the parameters are, or their gradient */
void sq_held_types_project(const sq_held_types *types, const sq_model *model, sq_real *x);

/* Does a network that is held to `types` have type `type` as well? So the group that they generate
 * has it, as far as these weights can tell. Not collective; the same on all ranks. Errors:
 * SQ_ERR_MEMORY. */
sq_status sq_held_types_imply(const sq_held_types *types, const sq_model *model, int type,
                              bool *implied);
/* The same of one type alone: O(2) implies SO(2). For kinds with regularizers. */
sq_status sq_type_implies(const sq_model *model, int type, int other, bool *implied);

/* The weights of the regularizers that have something left to do. lambda, left: (n_types) */
void sq_held_types_leave_out(const sq_held_types *types, const sq_model *model,
                             const double *lambda, double *left);

#endif
