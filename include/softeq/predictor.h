/* A trained model for use: rows in, predictions out, in the units of the data. */
#ifndef SOFTEQ_PREDICTOR_H
#define SOFTEQ_PREDICTOR_H

#include <stddef.h>

#include "softeq/error.h"
#include "softeq/real.h"

typedef struct sq_predictor sq_predictor;

/* Loads the model of a run's folder (config.ini beside best.nc). file: another model file or
 * checkpoint of that run; NULL: best.nc. cache: folder of solved bases where the configuration
 * names none; NULL: they are solved anew. Not collective, needs no communicator. The caller
 * destroys. Errors: SQ_ERR_IO, SQ_ERR_CONFIG, SQ_ERR_DATA for a folder that is no run's, for files
 * that are damaged or that belong to another model. */
sq_status sq_predictor_create(const char *folder, const char *file, const char *cache,
                              sq_predictor **predictor);
void sq_predictor_destroy(sq_predictor **predictor);

/* Width of a row, and what it is made of ("5*T(0) + 5*T(1)", owned by the predictor). */
int sq_predictor_n_input(const sq_predictor *predictor);
int sq_predictor_n_output(const sq_predictor *predictor);
const char *sq_predictor_input_representation(const sq_predictor *predictor);
const char *sq_predictor_output_representation(const sq_predictor *predictor);

/* input: (samples, n_input), output: (samples, n_output), row-major, raw units. One thread at a
 * time. The result of a row depends only on its place within a chunk of 128 rows. */
sq_status sq_predictor_run(sq_predictor *predictor, const sq_real *input, size_t samples,
                           sq_real *output);

/* Writes the model as an ONNX file (opset 13): input "input" (sample, n_input) and output "output"
 * (sample, n_output), 32-bit floats in raw units; any number of samples. SQ_ERR_CONFIG for a kind
 * of model that ONNX has no operators for. */
sq_status sq_predictor_export(const sq_predictor *predictor, const char *path);

#endif
