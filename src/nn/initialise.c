#include "nn/initialise.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/rng.h"
#include "linalg/linalg.h"

/* Strength of the free pathway of rpp, of the w of the gates, and of W beside P_1 W. */
static const double small = 1e-3;

static sq_status orthogonal_weight(size_t n_out, size_t n_in, sq_rng *rng, sq_real *weight) {
    sq_status status = SQ_OK;
    double *normal = NULL;
    SQ_TRY(sq_alloc(n_out * n_in, sizeof *normal, &normal));
    for (size_t e = 0; e < n_out * n_in; e++) normal[e] = sq_rng_normal(rng);
    SQ_TRY(sq_orthonormalise(n_out, n_in, normal));
    for (size_t e = 0; e < n_out * n_in; e++) weight[e] = (sq_real)normal[e];
cleanup:
    sq_free(normal);
    return status;
}

static void xavier_weight(size_t n_out, size_t n_in, sq_rng *rng, sq_real *weight) {
    double deviation = sqrt(2.0 / (double)(n_out + n_in));
    for (size_t e = 0; e < n_out * n_in; e++) weight[e] = (sq_real)(deviation * sq_rng_normal(rng));
}

/* Weight and bias of the first pathway. */
static sq_status initialise_linear(sq_model *model, int index, uint64_t seed) {
    sq_status status = SQ_OK;
    const sq_layer *layer = &model->network.layers[index];
    sq_real *weight = model->parameters + model->paths[index].weight[0];
    sq_real *bias = model->parameters + model->paths[index].bias[0];
    size_t n_out = layer->out.size, n_in = layer->in.size;
    sq_rng rng = sq_rng_create(seed, SQ_RNG_INIT, (uint32_t)index, 0);
    if (!model->kind->gated) {
        xavier_weight(n_out, n_in, &rng, weight);
        return SQ_OK;
    }
    SQ_TRY(orthogonal_weight(n_out, n_in, &rng, weight));
    for (size_t e = 0; e < n_out; e++)
        bias[e] = (sq_real)(sq_rng_uniform(&rng) / sqrt((double)n_out));
cleanup:
    return status;
}

static void initialise_others(sq_model *model, uint64_t seed) {
    for (size_t row = 0; row < model->table.rows; row++) {
        const sq_parameter *array = &model->table.row[row];
        sq_real *values = model->parameters + array->offset;
        if (strstr(array->name, "_gate_weight"))
            for (size_t e = 0; e < array->count; e++) values[e] = (sq_real)small;
        if (!strstr(array->name, "_bilinear")) continue;
        sq_rng rng = sq_rng_create(seed, SQ_RNG_INIT, (uint32_t)array->layer, row + 1);
        for (size_t e = 0; e < array->count; e++) values[e] = (sq_real)sq_rng_normal(&rng);
    }
}

/* x = mix (P_1 x) + keep x. */
static sq_status mix_with_projection(sq_model *model, int index, double mix, double keep) {
    sq_status status = SQ_OK;
    const sq_layer *layer = &model->network.layers[index];
    const sq_projection *projection = sq_model_projection(model, index, 0);
    sq_real *weight = model->parameters + model->paths[index].weight[0];
    sq_real *bias = model->parameters + model->paths[index].bias[0];
    size_t n_weight = layer->out.size * layer->in.size, n_bias = layer->out.size;
    sq_real *projected = NULL;
    if (!projection) return SQ_OK;
    SQ_TRY(sq_alloc(n_weight + n_bias, sizeof *projected, &projected));
    sq_projection_weight(projection, weight, 0, projected, model->scratch);
    sq_projection_bias(projection, bias, 0, projected + n_weight, model->scratch);
    for (size_t e = 0; e < n_weight; e++)
        weight[e] = (sq_real)(mix * projected[e] + keep * weight[e]);
    for (size_t e = 0; e < n_bias; e++)
        bias[e] = (sq_real)(mix * projected[n_weight + e] + keep * bias[e]);
cleanup:
    sq_free(projected);
    return status;
}

/* Second pathways start as a small copy of the first. */
static void initialise_second_paths(sq_model *model) {
    if (model->kind->n_pathways < 2) return;
    for (int k = 0; k < model->network.n_layers; k++) {
        const sq_layer *layer = &model->network.layers[k];
        const sq_layer_paths *paths = &model->paths[k];
        for (size_t e = 0; e < layer->out.size * layer->in.size; e++)
            model->parameters[paths->weight[1] + e] =
                (sq_real)small * model->parameters[paths->weight[0] + e];
        for (size_t e = 0; e < layer->out.size; e++)
            model->parameters[paths->bias[1] + e] =
                (sq_real)small * model->parameters[paths->bias[0] + e];
    }
}

sq_status sq_model_initialise(sq_model *model, const char *init, uint64_t seed) {
    sq_status status = SQ_OK;
    bool projected = strcmp(init, "projected") == 0, half = strcmp(init, "half") == 0;
    if (!projected && !half && strcmp(init, "orthogonal") != 0)
        return sq_fail(SQ_ERR_CONFIG, "model.init: '%s' is none of orthogonal, projected, half",
                       init);
    for (int k = 0; k < model->network.n_layers; k++) {
        SQ_TRY(initialise_linear(model, k, seed));
        if (projected) SQ_TRY(mix_with_projection(model, k, 1.0, small));
        if (half) SQ_TRY(mix_with_projection(model, k, 0.5, 0.5));
    }
    initialise_others(model, seed);
    initialise_second_paths(model);
cleanup:
    return status;
}
