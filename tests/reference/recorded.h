/* A file of recorded numbers: inputs, weights, projections, losses, gradients, Adam steps. */
#ifndef SQ_TESTS_RECORDED_H
#define SQ_TESTS_RECORDED_H

#include "io/netcdf_file.h"
#include "nn/model_internal.h"

/* An array of the file, in double. */
typedef struct {
    int rank;
    size_t shape[SQ_NC_MAX_RANK];
    size_t count;
    double *values;
} recorded_array;

sq_status recorded_read(const sq_nc *file, const char *name, recorded_array *array);
void recorded_clear(recorded_array *array);

/* The symmetry types of a file as a list of our own names: "Union(SO(3)Scaling(3)), O2xy" becomes
 * "SO(3)*Scaling(3) O(2)@xy". text: (capacity). */
void recorded_types(const char *theirs, char *text, size_t capacity);

/* Builds the model that the file was recorded from; input and output representation come from the
 * attributes input_rep(resentation) and output_rep(resentation), or else from the recorded
 * projections. */
sq_status recorded_model(const sq_nc *file, sq_bases *bases, sq_model **model);

/* For each trained parameter, its value in the file and the value of its recorded gradient.
 * present: 1 where the file has the parameter (the bilinear layer may have chosen one copy twice).
 * All: (parameter count), allocated here. */
typedef struct {
    double *value, *gradient;
    unsigned char *present;
} recorded_parameters;
sq_status recorded_load(const sq_nc *file, sq_model *model, recorded_parameters *parameters);
void recorded_parameters_clear(recorded_parameters *parameters);

#endif
