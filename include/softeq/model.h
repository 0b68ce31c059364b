/* Models: a network of linear, bilinear and gated layers, and the way its weights follow from the
 * parameters that are trained (docs/architecture.md). */
#ifndef SOFTEQ_MODEL_H
#define SOFTEQ_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"
#include "softeq/group.h"
#include "softeq/real.h"

typedef struct sq_model sq_model;
typedef struct sq_bases sq_bases;

/* Everything a model is made from. Texts are owned by the caller; the groups are copied. */
typedef struct {
    const char *kind; /* mlp emlp rpp mixed-rpp per frame-averaging */
    const char *input_representation, *output_representation;
    int channels;           /* width of the hidden representation, see sq_representation_hidden */
    const char *allocation; /* of channels to ranks: repeated, filled; NULL: repeated */
    const char *duals;      /* when hidden tensors have indices of V*: exact, always; NULL: exact */
    int layers;             /* linear layers, at least 1 */
    const char *init;       /* orthogonal, projected, half */
    const sq_group *const *types; /* (n_types) */
    int n_types;
    int mixed_type; /* of mixed-rpp: index of the type that projects the residual pathway */
    double rpp_basic_decay, rpp_equivariant_decay;
    double weight_decay, gate_decay;
    uint64_t seed;
} sq_model_options;

/* One trained parameter array: its place in the one contiguous parameter buffer. */
typedef struct {
    char name[64]; /* "layer0_weight" */
    int layer;
    int rank; /* number of dimensions: 1 to 3 */
    int shape[3];
    size_t offset; /* into the parameter buffer, in elements */
    size_t count;
} sq_parameter;

/* The invariant bases that models of these types need: a table in memory, backed by a folder on
 * disk if cache_folder is not NULL or "". The caller destroys it, after all models made with it. */
sq_status sq_bases_create(const char *cache_folder, sq_bases **bases);
void sq_bases_destroy(sq_bases **bases);

/* Builds the model with freshly initialised parameters (the same on every rank: keyed by seed).
 * The caller destroys it. Not collective. */
sq_status sq_model_create(const sq_model_options *options, sq_bases *bases, sq_model **model);
void sq_model_destroy(sq_model **model);

int sq_model_n_input(const sq_model *model);
int sq_model_n_output(const sq_model *model);
int sq_model_n_layers(const sq_model *model);
int sq_model_n_types(const sq_model *model);
const char *sq_model_kind(const sq_model *model);
const char *sq_model_layer_name(const sq_model *model, int layer);
const sq_group *sq_model_type(const sq_model *model, int type);

/* The trained parameters: one contiguous buffer and its table. Owned by the model. After writing
 * to the buffer call sq_model_parameters_changed. */
size_t sq_model_parameter_count(const sq_model *model);
sq_real *sq_model_parameters(sq_model *model);
const sq_parameter *sq_model_parameter_table(const sq_model *model, size_t *rows);
sq_status sq_model_parameters_changed(sq_model *model);

/* Which copies the bilinear layer of `layer` multiplies: text such as "1:0,3,5;2:1,0", kept in
 * model files. Setting fails with SQ_ERR_DATA if it does not fit. text: (capacity). */
sq_status sq_model_selection_format(const sq_model *model, int layer, char *text, size_t capacity);
sq_status sq_model_selection_set(sq_model *model, int layer, const char *text);

/* Prediction for rows. input: (samples, n_input), output: (samples, n_output), row-major. The
 * result of a row depends only on its place within a chunk of 128 rows. */
sq_status sq_model_predict(sq_model *model, const sq_real *input, size_t samples, sq_real *output);

#endif
