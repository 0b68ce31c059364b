/* A network as docs/architecture.md writes it down: one sample at a time, in double, with W(z) of
 * the bilinear layer formed explicitly. Slow on purpose. Include after cmocka.h and small_model.h.
 */
#ifndef SQ_TESTS_PLAIN_NETWORK_H
#define SQ_TESTS_PLAIN_NETWORK_H

#include <math.h>

#include "small_model.h"
#include "symmetry/action.h"

static inline double plain_sigmoid(double x) { return 1.0 / (1.0 + exp(-x)); }

/* Which component of X in T(p+q',q+p') is entry (e,f) of the map from T(p',q') to T(p,q): the
 * factors V of both come first. With an inner product there is nothing to sort. */
static inline size_t plain_component(int d, bool orthogonal, const sq_block *out,
                                     const sq_block *in, size_t e, size_t f) {
    if (orthogonal) return e * in->size + f;
    size_t out_q = sq_tensor_size(d, out->q), in_q = sq_tensor_size(d, in->q);
    size_t vectors = e / out_q * in_q + f % in_q;
    size_t covectors = e % out_q * sq_tensor_size(d, in->p) + f / in_q;
    return vectors * out_q * sq_tensor_size(d, in->p) + covectors;
}

/* w (size,size) += sum over n of p[a,b,n] X_n for all copies of a pair of blocks. */
static inline void plain_pair(const sq_layer *layer, bool orthogonal, const sq_real *weights,
                              const double *z, int out_block, int in_block, double *w) {
    const sq_block *out = &layer->out.blocks[out_block], *in = &layer->out.blocks[in_block];
    for (size_t at = 0; at < out->count * in->count; at++) {
        size_t a = at / in->count, b = at % in->count;
        int x = 0, n_chosen = 0;
        if (sq_bilinear_parameter(layer->bilinear, out_block, a, in_block, b, 0, &x) == SIZE_MAX)
            return;
        const int *copies = sq_bilinear_selection(layer->bilinear, x, &n_chosen);
        const sq_block *of = &layer->out.blocks[x];
        for (int n = 0; n < n_chosen; n++) {
            size_t place = sq_bilinear_parameter(layer->bilinear, out_block, a, in_block, b, n, &x);
            const double *chosen = z + of->offset + (size_t)copies[n] * of->size;
            for (size_t e = 0; e < out->size; e++)
                for (size_t f = 0; f < in->size; f++)
                    w[(out->offset + a * out->size + e) * layer->out.size + in->offset +
                      b * in->size + f] +=
                        (double)weights[place] *
                        chosen[plain_component(layer->out.d, orthogonal, out, in, e, f)];
        }
    }
}

/* u = z + 0.1 W(z) z. z, u: (layer->out.size) */
static inline void plain_bilinear(const sq_layer *layer, bool orthogonal, const sq_real *weights,
                                  const double *z, double *u) {
    size_t size = layer->out.size;
    double *w = allocate(size * size, sizeof *w);
    for (int i = 0; i < layer->out.n_blocks; i++)
        for (int j = 0; j < layer->out.n_blocks; j++)
            plain_pair(layer, orthogonal, weights, z, i, j, w);
    for (size_t e = 0; e < size; e++) {
        u[e] = z[e];
        for (size_t f = 0; f < size; f++) u[e] += 0.1 * w[e * size + f] * z[f];
    }
    sq_free(w);
}

/* y = sigmoid(gate) u + w swish(u): a scalar is its own gate, so is everything where no gates are;
 * a tensor copy has one of the last scalars, in the order of the copies. */
static inline void plain_gates(const sq_layer *layer, const sq_real *weights, const double *u,
                               double *y) {
    const sq_representation *rep = &layer->out;
    size_t next_gate = rep->ungated, c = 0;
    for (int k = 0; k < rep->n_blocks && c < rep->ungated; k++) {
        bool gated = rep->blocks[k].p + rep->blocks[k].q > 0 && rep->size > rep->ungated;
        for (size_t copy = 0; copy < rep->blocks[k].count && c < rep->ungated; copy++) {
            for (size_t e = 0; e < rep->blocks[k].size; e++, c++) {
                double gate = gated ? u[next_gate] : u[c];
                double w = layer->gate_weight == SIZE_MAX ? 0.0 : weights[layer->gate_weight + c];
                y[c] = plain_sigmoid(gate) * u[c] + w * u[c] * plain_sigmoid(u[c]);
            }
            next_gate += gated;
        }
    }
}

static inline void plain_linear(const sq_layer *layer, const sq_real *weights, const double *x,
                                double *z) {
    for (size_t i = 0; i < layer->out.size; i++) {
        z[i] = (double)weights[layer->bias + i];
        for (size_t j = 0; j < layer->in.size; j++)
            z[i] += (double)weights[layer->weight + i * layer->in.size + j] * x[j];
    }
}

/* x: (n_input), y: (n_output) */
static inline void plain_forward(const sq_model *model, const sq_real *x, double *y) {
    enum { WIDEST = 1024 };
    double in[WIDEST], z[WIDEST], u[WIDEST];
    bool orthogonal = model->types[0]->orthogonal;
    for (size_t c = 0; c < model->input.size; c++) in[c] = (double)x[c];
    for (int k = 0; k < model->network.n_layers; k++) {
        const sq_layer *layer = &model->network.layers[k];
        assert_true(layer->out.size <= WIDEST);
        plain_linear(layer, model->weights, in, z);
        memcpy(u, z, sizeof u);
        if (layer->bilinear) plain_bilinear(layer, orthogonal, model->weights, z, u);
        if (layer->last)
            memcpy(y, z, layer->out.size * sizeof *y);
        else
            plain_gates(layer, model->weights, u, in);
    }
}

#endif
