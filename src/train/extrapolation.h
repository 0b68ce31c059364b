/* Extrapolations of trajectories: each predicted position is a sum of the observed ones with fixed
 * weights, so that it commutes with every linear map of space, hence with every candidate type. The
 * weights sum to one: it commutes with translations, too. What forecasts are compared with, and
 * what a network can be asked to improve on (data.residual). */
#ifndef SQ_TRAIN_EXTRAPOLATION_H
#define SQ_TRAIN_EXTRAPOLATION_H

#include <stdbool.h>
#include <stddef.h>

#include "softeq/dataset.h"
#include "symmetry/representation.h"

typedef struct {
    const char *name;  /* in configurations: "constant-velocity" */
    const char *key;   /* in JSON: "constant_velocity" */
    const char *title; /* "constant velocity" */
    int least_observed;
    /* Weights of the observed positions in the one `ahead` steps after the last. weights:
     * (observed) */
    void (*weigh)(int observed, int ahead, double *weights);
} sq_extrapolation_kind;

/* All of them. */
extern const sq_extrapolation_kind sq_extrapolation_kinds[];
extern const int sq_n_extrapolation_kinds;

/* The kind of that name, NULL if there is none. */
const sq_extrapolation_kind *sq_extrapolation_find(const char *name);

/* Open struct; the creator clears. Zeroed: none. */
typedef struct {
    const sq_extrapolation_kind *kind; /* NULL: none */
    size_t d, observed, predicted;
    double *weights; /* (predicted, observed) */
} sq_extrapolation;

/* True if the data are trajectories of this kind's use: enough observed positions stand first in
 * the input, and the output is positions only. */
bool sq_extrapolation_applies(const sq_extrapolation_kind *kind, const sq_dataset_info *info,
                              const sq_representation *input, const sq_representation *output);

/* Errors: SQ_ERR_CONFIG, naming data.residual, if it does not apply. */
sq_status sq_extrapolation_create(const sq_extrapolation_kind *kind, const sq_dataset_info *info,
                                  const sq_representation *input, const sq_representation *output,
                                  sq_extrapolation *extrapolation);
void sq_extrapolation_clear(sq_extrapolation *extrapolation);

/* target += factor * the extrapolation of input, in raw units; nothing if there is none. input:
 * (rows, n_input), target: (rows, predicted * d), row-major */
void sq_extrapolation_add(const sq_extrapolation *extrapolation, double factor, size_t rows,
                          size_t n_input, const sq_real *input, sq_real *target);

#endif
