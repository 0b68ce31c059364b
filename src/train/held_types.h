/* Types that a network is held to exactly, W = P_g W for all of them at once. For kinds with
 * regularizers; of other kinds no type is held. */
#ifndef SQ_TRAIN_HELD_TYPES_H
#define SQ_TRAIN_HELD_TYPES_H

#include <stdbool.h>

#include "nn/model_internal.h"
#include "softeq/config.h"
#include "softeq/error.h"

/* Open struct; zeroed: none is held. */
typedef struct {
    bool held[SQ_MAX_TYPES];
    int rounds; /* of projections on one type after the other */
} sq_held_types;

/* held: (n_types). Depends on nothing else, so that a run that goes on comes to the same. */
sq_status sq_held_types_set(sq_held_types *types, const sq_model *model, const bool *held);

/* Takes out of x what breaks any of them. x: as the parameters are, or their gradient */
void sq_held_types_project(const sq_held_types *types, const sq_model *model, sq_real *x);

/* The weights of the regularizers that have something left to do. lambda, left: (n_types) */
void sq_held_types_leave_out(const sq_held_types *types, const sq_model *model,
                             const double *lambda, double *left);

#endif
