/* The elementwise part of the bilinear layer: every loop runs over a tile of samples inside. */
#include <string.h>

#include "nn/bilinear_internal.h"
#include "nn/lanes.h"

void sq_contract_forward(const sq_contraction *c, const sq_chosen *x, size_t ld, const sq_real *z,
                         sq_real *t) {
    for (size_t at = 0; at < ld; at += SQ_TILE) {
        for (size_t b = 0; b < c->in_count; b++) {
            const sq_real *copy = z + (c->in_row + b * c->in_size) * ld + at;
            for (int n = 0; n < x->n; n++) {
                const sq_real *chosen = z + x->rows[n] * ld + at;
                sq_real *out = t + (b * (size_t)x->n + (size_t)n) * c->out_size * ld + at;
                for (size_t i = 0; i < c->out_size; i++) {
                    sq_real sum[SQ_TILE] = {0};
                    const uint32_t *component = c->component + i * c->in_size;
                    for (size_t j = 0; j < c->in_size; j++)
                        sq_tile_add_product(sum, chosen + component[j] * ld, copy + j * ld);
                    memcpy(out + i * ld, sum, sizeof sum);
                }
            }
        }
    }
}

/* dz_b[j] += sum over n, i of X_n[i,j] dt[b,n,i]. */
static void contract_backward_copies(const sq_contraction *c, const sq_chosen *x, size_t ld,
                                     size_t at, const sq_real *z, const sq_real *dt, sq_real *dz) {
    for (size_t b = 0; b < c->in_count; b++) {
        const sq_real *dout = dt + b * (size_t)x->n * c->out_size * ld + at;
        for (size_t j = 0; j < c->in_size; j++) {
            sq_real sum[SQ_TILE] = {0};
            for (int n = 0; n < x->n; n++) {
                const sq_real *chosen = z + x->rows[n] * ld + at;
                for (size_t i = 0; i < c->out_size; i++)
                    sq_tile_add_product(sum, chosen + c->component[i * c->in_size + j] * ld,
                                        dout + ((size_t)n * c->out_size + i) * ld);
            }
            sq_real *to = dz + (c->in_row + b * c->in_size + j) * ld + at;
            for (int s = 0; s < SQ_TILE; s++) to[s] += sum[s];
        }
    }
}

/* dX_n[i,j] += sum over b of z_b[j] dt[b,n,i]. */
static void contract_backward_chosen(const sq_contraction *c, const sq_chosen *x, size_t ld,
                                     size_t at, const sq_real *z, const sq_real *dt, sq_real *dz) {
    size_t step = (size_t)x->n * c->out_size * ld; /* from one b to the next */
    for (int n = 0; n < x->n; n++) {
        for (size_t i = 0; i < c->out_size; i++) {
            const sq_real *dout = dt + ((size_t)n * c->out_size + i) * ld + at;
            for (size_t j = 0; j < c->in_size; j++) {
                sq_real sum[SQ_TILE] = {0};
                const sq_real *copy = z + (c->in_row + j) * ld + at;
                for (size_t b = 0; b < c->in_count; b++)
                    sq_tile_add_product(sum, copy + b * c->in_size * ld, dout + b * step);
                sq_real *to = dz + (x->rows[n] + c->component[i * c->in_size + j]) * ld + at;
                for (int s = 0; s < SQ_TILE; s++) to[s] += sum[s];
            }
        }
    }
}

void sq_contract_backward(const sq_contraction *c, const sq_chosen *x, size_t ld, const sq_real *z,
                          const sq_real *dt, sq_real *dz) {
    for (size_t at = 0; at < ld; at += SQ_TILE) {
        contract_backward_copies(c, x, ld, at, z, dt, dz);
        contract_backward_chosen(c, x, ld, at, z, dt, dz);
    }
}

void sq_combine_forward(const sq_block *block, const sq_chosen *x, size_t ld, const sq_real *z,
                        const sq_real *a, sq_real *u) {
    size_t n_chosen = (size_t)x->n;
    for (size_t at = 0; at < ld; at += SQ_TILE) {
        for (size_t copy = 0; copy < block->count; copy++) {
            const sq_real *weight = a + copy * n_chosen * ld + at;
            for (size_t e = 0; e < block->size; e++) {
                sq_real *to = u + (block->offset + copy * block->size + e) * ld + at;
                sq_real sum[SQ_TILE];
                memcpy(sum, to, sizeof sum);
                for (size_t n = 0; n < n_chosen; n++)
                    sq_tile_add_product(sum, weight + n * ld, z + (x->rows[n] + e) * ld + at);
                memcpy(to, sum, sizeof sum);
            }
        }
    }
}

/* da[a,n] = sum over e of du[a,e] X[n,e]. */
static void combine_backward_weights(const sq_block *block, const sq_chosen *x, size_t ld,
                                     size_t at, const sq_real *z, const sq_real *du, sq_real *da) {
    for (size_t copy = 0; copy < block->count; copy++) {
        const sq_real *dout = du + (block->offset + copy * block->size) * ld + at;
        for (int n = 0; n < x->n; n++) {
            sq_real sum[SQ_TILE] = {0};
            const sq_real *chosen = z + x->rows[n] * ld + at;
            for (size_t e = 0; e < block->size; e++)
                sq_tile_add_product(sum, dout + e * ld, chosen + e * ld);
            memcpy(da + (copy * (size_t)x->n + (size_t)n) * ld + at, sum, sizeof sum);
        }
    }
}

/* dX[n,e] += sum over a of A[a,n] du[a,e]. */
static void combine_backward_chosen(const sq_block *block, const sq_chosen *x, size_t ld, size_t at,
                                    const sq_real *a, const sq_real *du, sq_real *dz) {
    size_t n_chosen = (size_t)x->n;
    for (size_t n = 0; n < n_chosen; n++) {
        for (size_t e = 0; e < block->size; e++) {
            sq_real *to = dz + (x->rows[n] + e) * ld + at;
            sq_real sum[SQ_TILE];
            memcpy(sum, to, sizeof sum);
            for (size_t copy = 0; copy < block->count; copy++)
                sq_tile_add_product(sum, a + (copy * n_chosen + n) * ld + at,
                                    du + (block->offset + copy * block->size + e) * ld + at);
            memcpy(to, sum, sizeof sum);
        }
    }
}

void sq_combine_backward(const sq_block *block, const sq_chosen *x, size_t ld, const sq_real *z,
                         const sq_real *a, const sq_real *du, sq_real *da, sq_real *dz) {
    for (size_t at = 0; at < ld; at += SQ_TILE) {
        combine_backward_weights(block, x, ld, at, z, du, da);
        combine_backward_chosen(block, x, ld, at, a, du, dz);
    }
}
