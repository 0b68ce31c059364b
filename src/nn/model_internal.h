/* The inside of a model, for training, evaluation and the tests. */
#ifndef SQ_NN_MODEL_INTERNAL_H
#define SQ_NN_MODEL_INTERNAL_H

#include <stdint.h>

#include "nn/kinds.h"
#include "nn/network.h"
#include "nn/projection.h"
#include "softeq/model.h"

/* Where the weights of a layer stand in the parameter buffer, per pathway. */
typedef struct {
    size_t weight[SQ_MAX_PATHWAYS], bias[SQ_MAX_PATHWAYS];
} sq_layer_paths;

struct sq_model {
    const sq_kind *kind;
    int n_types, mixed_type;
    sq_group **types;
    sq_representation input, output;
    sq_network network;
    sq_projection *projections; /* (n_layers, n_types); NULL for a kind without representations */
    sq_layer_paths *paths;      /* (n_layers) */
    bool direct;                /* the parameters are the network's weights */
    sq_parameter_table table;   /* of the trained parameters */
    double *decay;              /* (table.rows): the loss has decay |x|^2 for that array */
    sq_real *parameters;        /* (table.count) */
    int64_t changes;            /* how often they have changed */
    sq_real *weights;           /* (network.table.count); the same memory if direct */
    sq_real *scratch;           /* of projections */
    sq_workspace *predictor;    /* of sq_model_predict; NULL until it is called */
};

/* Rows that sq_model_predict handles at once. */
enum { SQ_PREDICT_CHUNK = 128 };

/* NULL for a kind without representations. */
const sq_projection *sq_model_projection(const sq_model *model, int layer, int type);

/* Of this layer, W and b become their projections. x: as the parameters are, or their gradient. For
 * kinds whose parameters are the network's weights. */
void sq_model_project_layer(const sq_model *model, int layer, const sq_projection *projection,
                            sq_real *x);
/* Of every layer, W and b become what of them commutes with the type: x = P_g x. */
void sq_model_project_vector(const sq_model *model, int type, sq_real *x);

/* Gradient of the parameters from that of the network's weights (the chain rule through the
 * pathways). weights_gradient: (network.table.count); gradient: (table.count), overwritten; they
 * may be the same memory if the model is direct. */
void sq_model_pull_back(sq_model *model, const sq_real *weights_gradient, sq_real *gradient);

/* Adds the gradient of the penalties on parameters (weight decay and its kin); returns their value.
 */
double sq_model_add_decay(const sq_model *model, sq_real *gradient);

/* |W|^2 of a layer of the network. */
double sq_model_weight_norm(const sq_model *model, int layer);

#endif
