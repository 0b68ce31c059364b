#include "nn/network.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "linalg/linalg.h"
#include "nn/activation.h"
#include "nn/frames.h"
#include "nn/lanes.h"

/* ---- set-up ---------------------------------------------------------------------------------- */

static sq_status create_hidden_parts(const sq_network_plan *plan, int index, sq_layer *layer,
                                     sq_parameter_table *table) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_alloc(layer->out.ungated, sizeof *layer->gate, &layer->gate));
    sq_activation_gates(&layer->out, layer->gate);
    if (plan->swish_term)
        SQ_TRY(sq_parameter_add(table, index, "gate_weight", layer->out.ungated, 0, 0,
                                &layer->gate_weight));
    if (plan->gated)
        SQ_TRY(sq_bilinear_create(&layer->out, plan->orthogonal, index, plan->seed, table,
                                  &layer->bilinear));
cleanup:
    return status;
}

/* The hidden features go on without their gates. */
static void set_representations(const sq_network_plan *plan, int index, sq_layer *layer) {
    layer->in = index == 0 ? plan->input : plan->hidden;
    layer->out = index + 1 == plan->layers ? plan->output : plan->hidden;
    layer->last = index + 1 == plan->layers;
}

static sq_status create_layer(const sq_network_plan *plan, int index, sq_layer *layer,
                              sq_parameter_table *table) {
    sq_status status = SQ_OK;
    snprintf(layer->name, sizeof layer->name, "layer%d", index);
    set_representations(plan, index, layer);
    if (!layer->last && plan->gated && plan->gate_scalar_per_copy)
        SQ_TRY(sq_representation_add_gates(&layer->out));
    layer->gate_weight = SIZE_MAX;
    SQ_TRY(sq_parameter_add(table, index, "weight", layer->out.size, layer->in.size, 0,
                            &layer->weight));
    SQ_TRY(sq_parameter_add(table, index, "bias", layer->out.size, 0, 0, &layer->bias));
    if (!layer->last) SQ_TRY(create_hidden_parts(plan, index, layer, table));
cleanup:
    return status;
}

sq_status sq_network_create(const sq_network_plan *plan, sq_network *network) {
    sq_status status = SQ_OK;
    memset(network, 0, sizeof *network);
    SQ_TRY(sq_alloc((size_t)plan->layers, sizeof *network->layers, &network->layers));
    network->n_layers = plan->layers;
    network->framed = plan->framed;
    for (int k = 0; k < plan->layers; k++)
        SQ_TRY(create_layer(plan, k, &network->layers[k], &network->table));
cleanup:
    if (status != SQ_OK) sq_network_clear(network);
    return status;
}

void sq_network_clear(sq_network *network) {
    for (int k = 0; k < network->n_layers; k++) {
        sq_bilinear_destroy(&network->layers[k].bilinear);
        sq_free(network->layers[k].gate);
    }
    sq_free(network->layers);
    sq_parameter_table_clear(&network->table);
    memset(network, 0, sizeof *network);
}

/* How often each sample goes through the layers. */
static size_t frame_count(const sq_network *network) {
    return network->framed ? sq_frames_count(network->layers[0].in.d) : 1;
}

double sq_network_cost(const sq_network *network) {
    double cost = 0.0;
    for (int k = 0; k < network->n_layers; k++) {
        const sq_layer *layer = &network->layers[k];
        cost += (double)layer->out.size * (double)layer->in.size;
        if (layer->bilinear) cost += sq_bilinear_cost(layer->bilinear);
    }
    return cost * (double)frame_count(network);
}

/* ---- workspace ------------------------------------------------------------------------------- */

/* Activations of one layer; z is u where there is no bilinear part. */
typedef struct {
    sq_real *z, *u, *sigma, *kept; /* (out.size, ld), ..., (kept rows, ld) */
    sq_real *y;                    /* (out.ungated, ld); of the last layer z itself */
} layer_activations;

struct sq_workspace {
    int n_layers;
    layer_activations *layers; /* (n_layers) */
    sq_real *input;            /* (n_input, ld) */
    sq_frames *frames;         /* NULL: each sample is seen as it is */
    sq_real *outer_input;      /* of all frames together: (n_input, samples) */
    sq_real *outer_output;     /* (n_output, samples) */
    sq_real *outer_gradient;   /* (n_output, samples) */
    sq_real *dy, *dx;          /* widest layer, ld */
    sq_real *du, *dz;
    sq_real *scratch;  /* of the bilinear backward pass */
    sq_real *gradient; /* the network's buffer */
};

static sq_status create_activations(const sq_layer *layer, size_t ld, layer_activations *a) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_alloc(layer->out.size * ld, sizeof *a->z, &a->z));
    a->y = a->u = a->z;
    if (layer->last) goto cleanup;
    SQ_TRY(sq_alloc(layer->out.size * ld, sizeof *a->sigma, &a->sigma));
    a->y = NULL;
    SQ_TRY(sq_alloc(layer->out.ungated * ld, sizeof *a->y, &a->y));
    if (!layer->bilinear) goto cleanup;
    a->u = NULL;
    SQ_TRY(sq_alloc(layer->out.size * ld, sizeof *a->u, &a->u));
    SQ_TRY(sq_alloc(sq_bilinear_kept_rows(layer->bilinear) * ld, sizeof *a->kept, &a->kept));
cleanup:
    return status;
}

static sq_status create_frames(const sq_network *network, size_t lanes, sq_workspace *w) {
    sq_status status = SQ_OK;
    const sq_representation *in = &network->layers[0].in;
    const sq_representation *out = &network->layers[network->n_layers - 1].out;
    if (!network->framed) return SQ_OK;
    SQ_TRY(sq_frames_create(in, out, lanes, &w->frames));
    SQ_TRY(sq_alloc(in->size * lanes, sizeof *w->outer_input, &w->outer_input));
    SQ_TRY(sq_alloc(out->size * lanes, sizeof *w->outer_output, &w->outer_output));
    SQ_TRY(sq_alloc(out->size * lanes, sizeof *w->outer_gradient, &w->outer_gradient));
cleanup:
    return status;
}

sq_status sq_workspace_create(const sq_network *network, size_t most_samples,
                              sq_workspace **workspace) {
    sq_status status = SQ_OK;
    size_t lanes = sq_padded(most_samples);
    size_t widest = network->layers[0].in.size, scratch_rows = 0;
    sq_workspace *w = NULL;
    SQ_TRY(sq_alloc(1, sizeof *w, &w));
    SQ_TRY(create_frames(network, lanes, w)); /* first: it bounds how many they are */
    size_t ld = lanes * frame_count(network);
    SQ_TRY(sq_alloc((size_t)network->n_layers, sizeof *w->layers, &w->layers));
    w->n_layers = network->n_layers;
    for (int k = 0; k < network->n_layers; k++) {
        const sq_layer *layer = &network->layers[k];
        SQ_TRY(create_activations(layer, ld, &w->layers[k]));
        widest = sq_larger(widest, layer->out.size);
        if (layer->bilinear)
            scratch_rows = sq_larger(scratch_rows, sq_bilinear_scratch_rows(layer->bilinear));
    }
    SQ_TRY(sq_alloc(network->layers[0].in.size * ld, sizeof *w->input, &w->input));
    SQ_TRY(sq_alloc(widest * ld, sizeof *w->dy, &w->dy));
    SQ_TRY(sq_alloc(widest * ld, sizeof *w->dx, &w->dx));
    SQ_TRY(sq_alloc(widest * ld, sizeof *w->du, &w->du));
    SQ_TRY(sq_alloc(widest * ld, sizeof *w->dz, &w->dz));
    SQ_TRY(sq_alloc(scratch_rows * ld, sizeof *w->scratch, &w->scratch));
    SQ_TRY(sq_alloc(network->table.count, sizeof *w->gradient, &w->gradient));
cleanup:
    if (status != SQ_OK) sq_workspace_destroy(&w);
    *workspace = w;
    return status;
}

void sq_workspace_destroy(sq_workspace **workspace) {
    sq_workspace *w = *workspace;
    if (!w) return;
    for (int k = 0; k < w->n_layers; k++) {
        layer_activations *a = &w->layers[k];
        if (a->y != a->z) sq_free(a->y);
        if (a->u != a->z) sq_free(a->u);
        sq_free(a->z);
        sq_free(a->sigma);
        sq_free(a->kept);
    }
    sq_frames_destroy(&w->frames);
    sq_free(w->outer_input);
    sq_free(w->outer_output);
    sq_free(w->outer_gradient);
    sq_free(w->layers);
    sq_free(w->input);
    sq_free(w->dy);
    sq_free(w->dx);
    sq_free(w->du);
    sq_free(w->dz);
    sq_free(w->scratch);
    sq_free(w->gradient);
    sq_free(w);
    *workspace = NULL;
}

sq_real *sq_workspace_input(sq_workspace *workspace) {
    return workspace->frames ? workspace->outer_input : workspace->input;
}
static sq_real *last_output(const sq_workspace *workspace) {
    return workspace->layers[workspace->n_layers - 1].y;
}
sq_real *sq_workspace_output(sq_workspace *workspace) {
    return workspace->frames ? workspace->outer_output : last_output(workspace);
}
sq_real *sq_workspace_output_gradient(sq_workspace *workspace) {
    return workspace->frames ? workspace->outer_gradient : workspace->dy;
}

/* ---- forward and backward -------------------------------------------------------------------- */

static void linear_forward(const sq_layer *layer, const sq_real *weights, size_t ld,
                           const sq_real *x, sq_real *z) {
    size_t n_out = layer->out.size, n_in = layer->in.size;
    const sq_real *bias = weights + layer->bias;
    for (size_t row = 0; row < n_out; row++)
        for (size_t s = 0; s < ld; s++) z[row * ld + s] = bias[row];
    sq_gemm(SQ_KEEP, SQ_KEEP, n_out, ld, n_in, 1, weights + layer->weight, n_in, x, ld, 1, z, ld);
}

static const sq_real *gate_weights(const sq_layer *layer, const sq_real *weights) {
    return layer->gate_weight == SIZE_MAX ? NULL : weights + layer->gate_weight;
}

static void layer_forward(const sq_layer *layer, const sq_real *weights, size_t ld,
                          const sq_real *x, layer_activations *a) {
    linear_forward(layer, weights, ld, x, a->z);
    if (layer->last) return;
    if (layer->bilinear) sq_bilinear_forward(layer->bilinear, weights, ld, a->z, a->u, a->kept);
    sq_activation_forward(layer->out.size, layer->out.ungated, ld, layer->gate,
                          gate_weights(layer, weights), a->u, a->sigma, a->y);
}

void sq_network_forward(const sq_network *network, const sq_real *weights, size_t ld,
                        sq_workspace *workspace) {
    const sq_real *x = workspace->input;
    size_t columns = ld * frame_count(network);
    if (workspace->frames)
        sq_frames_expand(workspace->frames, ld, workspace->outer_input, workspace->input);
    for (int k = 0; k < network->n_layers; k++) {
        layer_forward(&network->layers[k], weights, columns, x, &workspace->layers[k]);
        x = workspace->layers[k].y;
    }
    if (workspace->frames)
        sq_frames_average(workspace->frames, ld, last_output(workspace), workspace->outer_output);
}

/* dz of a block from dy; the gradients of w and p go to the workspace's gradient buffer. */
static const sq_real *block_backward(const sq_layer *layer, const sq_real *weights, size_t ld,
                                     const layer_activations *a, sq_workspace *w) {
    if (layer->last) return w->dy;
    sq_real *dweight = layer->gate_weight == SIZE_MAX ? NULL : w->gradient + layer->gate_weight;
    sq_activation_backward(layer->out.size, layer->out.ungated, ld, layer->gate,
                           gate_weights(layer, weights), a->u, a->sigma, w->dy, w->du, dweight);
    if (!layer->bilinear) return w->du;
    memcpy(w->dz, w->du, layer->out.size * ld * sizeof *w->dz);
    sq_bilinear_backward(layer->bilinear, weights, ld, a->z, a->kept, w->du, w->dz, w->gradient,
                         w->scratch);
    return w->dz;
}

static void linear_backward(const sq_layer *layer, const sq_real *weights, size_t ld,
                            const sq_real *x, const sq_real *dz, bool wants_dx, sq_workspace *w) {
    size_t n_out = layer->out.size, n_in = layer->in.size;
    sq_gemm(SQ_KEEP, SQ_TRANSPOSE, n_out, n_in, ld, 1, dz, ld, x, ld, 0,
            w->gradient + layer->weight, n_in);
    for (size_t row = 0; row < n_out; row++)
        w->gradient[layer->bias + row] = sq_row_sum(dz + row * ld, ld);
    if (wants_dx)
        sq_gemm(SQ_TRANSPOSE, SQ_KEEP, n_in, ld, n_out, 1, weights + layer->weight, n_in, dz, ld, 0,
                w->dx, ld);
}

/* The arrays of a layer stand next to each other in the buffer: one call takes them all. */
static void give_gradient(const sq_network *network, int layer, const sq_real *gradient,
                          sq_gradient_sink *sink, void *context) {
    size_t first = network->layers[layer].weight;
    size_t end =
        layer + 1 < network->n_layers ? network->layers[layer + 1].weight : network->table.count;
    sink(context, first, end - first, 1, end - first, gradient + first, end - first);
}

void sq_network_backward(const sq_network *network, const sq_real *weights, size_t ld,
                         sq_workspace *workspace, sq_gradient_sink *sink, void *context) {
    sq_workspace *w = workspace;
    size_t columns = ld * frame_count(network);
    if (w->frames) sq_frames_spread(w->frames, ld, w->outer_gradient, w->dy);
    for (int k = network->n_layers - 1; k >= 0; k--) {
        const sq_layer *layer = &network->layers[k];
        const sq_real *x = k > 0 ? w->layers[k - 1].y : w->input;
        const sq_real *dz = block_backward(layer, weights, columns, &w->layers[k], w);
        linear_backward(layer, weights, columns, x, dz, k > 0, w);
        give_gradient(network, k, w->gradient, sink, context);
        sq_real *swap = w->dy;
        w->dy = w->dx;
        w->dx = swap;
    }
    /* An even number of swaps puts the buffers back where the caller found them. */
    if (network->n_layers % 2 == 1) {
        sq_real *swap = w->dy;
        w->dy = w->dx;
        w->dx = swap;
    }
}

/* ---- layouts --------------------------------------------------------------------------------- */

void sq_to_lanes(size_t samples, size_t features, const sq_real *rows, size_t ld, sq_real *lanes) {
    for (size_t c = 0; c < features; c++) {
        for (size_t s = 0; s < samples; s++) lanes[c * ld + s] = rows[s * features + c];
        for (size_t s = samples; s < ld; s++) lanes[c * ld + s] = 0;
    }
}

void sq_from_lanes(size_t samples, size_t features, const sq_real *lanes, size_t ld,
                   sq_real *rows) {
    for (size_t s = 0; s < samples; s++)
        for (size_t c = 0; c < features; c++) rows[s * features + c] = lanes[c * ld + s];
}
