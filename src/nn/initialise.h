/* Initial values of a model's parameters. */
#ifndef SQ_NN_INITIALISE_H
#define SQ_NN_INITIALISE_H

#include "nn/model_internal.h"

/* Fills the parameters: orthogonal weights, uniform biases, normal bilinear parameters, gates of
 * 1e-3 (mlp: Xavier normal weights, no bias), then changed as `init` says: orthogonal (not at
 * all), projected (P_1 W + 1e-3 W), half ((P_1 W + W)/2). Keyed by (seed, array). */
sq_status sq_model_initialise(sq_model *model, const char *init, uint64_t seed);

#endif
