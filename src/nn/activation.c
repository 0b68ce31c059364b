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

static void sigmoids(size_t count, const sq_real *restrict u, sq_real *restrict sigma) {
    for (size_t k = 0; k < count; k++) sigma[k] = sq_sigmoid(u[k]);
}

void sq_activation_forward(size_t rows, size_t features, size_t ld, const size_t *gate,
                           const sq_real *weight, const sq_real *u, sq_real *sigma, sq_real *y) {
    sigmoids((rows - features) * ld, u + features * ld, sigma + features * ld); /* gates */
    for (size_t c = 0; c < features; c++) {
        const sq_real *own = sigma + c * ld, *open = sigma + gate[c] * ld;
        sq_real w = weight ? weight[c] : 0;
        sigmoids(ld, u + c * ld, sigma + c * ld);
        for (size_t at = 0; at < ld; at += SQ_TILE) {
            sq_tile value = sq_tile_load(u + c * ld + at);
            sq_tile strength = sq_tile_load(open + at) + w * sq_tile_load(own + at);
            sq_tile_store(y + c * ld + at, value * strength);
        }
    }
}

/* One tile of a feature: its own part of du, the part of its gate, and dw. */
static sq_tile backward_tile(const sq_real *u, const sq_real *own, const sq_real *open, sq_real w,
                             const sq_real *dy, sq_real *du, sq_real *dgate) {
    sq_tile value = sq_tile_load(u), sigma = sq_tile_load(own), gate = sq_tile_load(open);
    sq_tile product = sq_tile_load(dy) * value;
    sq_tile swish_slope = sigma + value * sigma * (1 - sigma);
    sq_tile_store(du, sq_tile_load(dy) * (gate + w * swish_slope));
    sq_tile_store(dgate, sq_tile_load(dgate) + product * gate * (1 - gate));
    return product * sigma;
}

void sq_activation_backward(size_t rows, size_t features, size_t ld, const size_t *gate,
                            const sq_real *weight, const sq_real *u, const sq_real *sigma,
                            const sq_real *dy, sq_real *du, sq_real *dweight) {
    memset(du + features * ld, 0, (rows - features) * ld * sizeof *du);
    for (size_t c = 0; c < features; c++) {
        sq_tile sum = {0};
        for (size_t at = 0; at < ld; at += SQ_TILE) {
            size_t here = c * ld + at, there = gate[c] * ld + at;
            sum += backward_tile(u + here, sigma + here, sigma + there, weight ? weight[c] : 0,
                                 dy + here, du + here, du + there);
        }
        if (dweight) dweight[c] = sq_row_sum((const sq_real *)&sum, SQ_TILE);
    }
}
