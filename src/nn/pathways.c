/* From trained parameters to the weights of the network and back (nn/kinds.h). */
#include <assert.h>
#include <string.h>

#include "nn/lanes.h"
#include "nn/model_internal.h"

const sq_projection *sq_model_projection(const sq_model *model, int layer, int type) {
    return model->projections ? &model->projections[layer * model->n_types + type] : NULL;
}

double sq_model_weight_norm(const sq_model *model, int layer) {
    const sq_layer *of = &model->network.layers[layer];
    return sq_sum_squares(model->weights + of->weight, of->out.size * of->in.size);
}

static const sq_projection *path_projection(const sq_model *model, int layer, int path) {
    switch (model->kind->pathways[path].projector) {
        case SQ_PATH_FIRST_TYPE: return sq_model_projection(model, layer, 0);
        case SQ_PATH_MIXED_TYPE: return sq_model_projection(model, layer, model->mixed_type);
        case SQ_PATH_FREE: break;
    }
    return NULL;
}

static void copy_or_add(size_t count, const sq_real *from, int beta, sq_real *to) {
    if (!beta) memcpy(to, from, count * sizeof *to);
    for (size_t e = 0; beta && e < count; e++) to[e] += from[e];
}

/* Projects a pathway's W and b (or their gradients): to = beta to + P from. */
static void project_path(const sq_model *model, int layer, int path, int beta,
                         const sq_real *weight, const sq_real *bias, sq_real *to_weight,
                         sq_real *to_bias) {
    const sq_layer *of = &model->network.layers[layer];
    const sq_projection *projection = path_projection(model, layer, path);
    if (!projection) {
        copy_or_add(of->out.size * of->in.size, weight, beta, to_weight);
        copy_or_add(of->out.size, bias, beta, to_bias);
        return;
    }
    sq_projection_weight(projection, weight, beta, to_weight, model->scratch);
    sq_projection_bias(projection, bias, beta, to_bias, model->scratch);
}

/* Copies the arrays that no pathway touches between a buffer of parameters and one of weights. */
static void copy_shared(const sq_model *model, sq_real *parameters, sq_real *weights,
                        bool to_weights) {
    for (size_t row = 0; row < model->network.table.rows; row++) {
        const sq_parameter *in_network = &model->network.table.row[row];
        const sq_layer *layer = &model->network.layers[in_network->layer];
        if (in_network->offset == layer->weight || in_network->offset == layer->bias) continue;
        const sq_parameter *trained = sq_parameter_find(&model->table, in_network->name);
        sq_real *p = parameters + trained->offset, *w = weights + in_network->offset;
        memcpy(to_weights ? w : p, to_weights ? p : w, trained->count * sizeof *p);
    }
}

sq_status sq_model_parameters_changed(sq_model *model) {
    model->changes++;
    if (model->direct) return SQ_OK;
    for (int k = 0; k < model->network.n_layers; k++) {
        const sq_layer *layer = &model->network.layers[k];
        for (int path = 0; path < model->kind->n_pathways; path++)
            project_path(model, k, path, path > 0, model->parameters + model->paths[k].weight[path],
                         model->parameters + model->paths[k].bias[path],
                         model->weights + layer->weight, model->weights + layer->bias);
    }
    copy_shared(model, model->parameters, model->weights, true);
    return SQ_OK;
}

void sq_model_project_layer(const sq_model *model, int layer, const sq_projection *projection,
                            sq_real *x) {
    assert(model->direct);
    const sq_layer *of = &model->network.layers[layer];
    sq_real *weight = x + of->weight, *bias = x + of->bias;
    sq_projection_weight(projection, weight, 0, weight, model->scratch);
    sq_projection_bias(projection, bias, 0, bias, model->scratch);
}

void sq_model_project_vector(const sq_model *model, int type, sq_real *x) {
    assert(model->projections);
    for (int k = 0; k < model->network.n_layers; k++)
        sq_model_project_layer(model, k, sq_model_projection(model, k, type), x);
}

void sq_model_pull_back(sq_model *model, const sq_real *weights_gradient, sq_real *gradient) {
    if (model->direct) {
        if (gradient != weights_gradient)
            memcpy(gradient, weights_gradient, model->table.count * sizeof *gradient);
        return;
    }
    for (int k = 0; k < model->network.n_layers; k++) {
        const sq_layer *layer = &model->network.layers[k];
        for (int path = 0; path < model->kind->n_pathways; path++) /* P is symmetric */
            project_path(model, k, path, 0, weights_gradient + layer->weight,
                         weights_gradient + layer->bias, gradient + model->paths[k].weight[path],
                         gradient + model->paths[k].bias[path]);
    }
    copy_shared(model, gradient, (sq_real *)weights_gradient, false);
}

double sq_model_add_decay(const sq_model *model, sq_real *gradient) {
    double value = 0.0;
    for (size_t row = 0; row < model->table.rows; row++) {
        const sq_parameter *array = &model->table.row[row];
        sq_real twice = (sq_real)(2.0 * model->decay[row]);
        if (twice == 0) continue;
        const sq_real *x = model->parameters + array->offset;
        sq_real *g = gradient + array->offset;
        for (size_t e = 0; e < array->count; e++) g[e] += twice * x[e];
        value += model->decay[row] * sq_sum_squares(x, array->count);
    }
    return value;
}
