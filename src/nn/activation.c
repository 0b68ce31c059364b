#include "nn/activation.h"

#include <string.h>

#include "nn/lanes.h"

void sq_activation_gates(const sq_representation *rep, size_t *gate) {
    size_t next_gate = rep->ungated;
    for (size_t c = 0; c < rep->ungated; c++) gate[c] = c;
    if (rep->size == rep->ungated) return; /* nothing is gated by another feature */
    for (int k = 0; k < rep->n_blocks; k++) {
        const sq_block *block = &rep->blocks[k];
        if (block->p + block->q == 0) continue;
        for (size_t copy = 0; copy < block->count; copy++, next_gate++)
            for (size_t e = 0; e < block->size; e++)
                gate[block->offset + copy * block->size + e] = next_gate;
    }
}

void sq_activation_forward(size_t rows, size_t features, size_t ld, const size_t *gate,
                           const sq_real *weight, const sq_real *u, sq_real *sigma, sq_real *y) {
    for (size_t k = 0; k < rows * ld; k++) sigma[k] = sq_sigmoid(u[k]);
    for (size_t c = 0; c < features; c++) {
        const sq_real *restrict value = u + c * ld;
        const sq_real *restrict own = sigma + c * ld;
        const sq_real *restrict open = sigma + gate[c] * ld;
        sq_real *restrict out = y + c * ld;
        sq_real w = weight ? weight[c] : 0;
        for (size_t s = 0; s < ld; s++) out[s] = value[s] * (open[s] + w * own[s]);
    }
}

/* The part of a feature that does not pass through its gate; product = dy u, for the gate. */
static void backward_feature(size_t ld, const sq_real *restrict u, const sq_real *restrict own,
                             const sq_real *restrict open, sq_real w, const sq_real *restrict dy,
                             sq_real *restrict du, sq_real *restrict product) {
    for (size_t s = 0; s < ld; s++) {
        sq_real swish_slope = own[s] + u[s] * own[s] * (1 - own[s]);
        product[s] = dy[s] * u[s];
        du[s] += dy[s] * (open[s] + w * swish_slope);
    }
}

static sq_real swish_weight_gradient(size_t ld, const sq_real *product, const sq_real *own) {
    sq_real lane[SQ_TILE] = {0};
    for (size_t at = 0; at < ld; at += SQ_TILE) sq_tile_add_product(lane, product + at, own + at);
    return sq_row_sum(lane, SQ_TILE);
}

void sq_activation_backward(size_t rows, size_t features, size_t ld, const size_t *gate,
                            const sq_real *weight, const sq_real *u, const sq_real *sigma,
                            const sq_real *dy, sq_real *du, sq_real *dweight) {
    sq_real product[SQ_TILE];
    memset(du, 0, rows * ld * sizeof *du);
    for (size_t c = 0; c < features; c++) {
        sq_real sum = 0;
        for (size_t at = 0; at < ld; at += SQ_TILE) {
            size_t here = c * ld + at, there = gate[c] * ld + at;
            backward_feature(SQ_TILE, u + here, sigma + here, sigma + there, weight ? weight[c] : 0,
                             dy + here, du + here, product);
            for (int s = 0; s < SQ_TILE; s++)
                du[there + (size_t)s] +=
                    product[s] * sigma[there + (size_t)s] * (1 - sigma[there + (size_t)s]);
            if (dweight) sum += swish_weight_gradient(SQ_TILE, product, sigma + here);
        }
        if (dweight) dweight[c] = sum;
    }
}
