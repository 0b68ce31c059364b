/* The elementwise part of the bilinear layer. Every loop handles one tile of samples at a time and
 * keeps the components of one copy in registers, which needs their number at compile time: kernels
 * are written once for any `size` and inlined for the sizes d^r that occur most. */
#include <string.h>

#include "nn/bilinear_internal.h"
#include "nn/lanes.h"

/* SQ_MAX_UNROLLED components of a copy fit into registers; larger copies are cut into pieces. */
enum { SQ_MAX_UNROLLED = 9 };

/* Some components of one copy: which rows of X stand beside them. */
typedef struct {
    const sq_contraction *c;
    const sq_chosen *x;
    size_t ld, at;      /* row distance; first sample of the tile */
    size_t first, size; /* components first .. first+size-1 of the input copies */
} piece;

static inline const sq_real *chosen_row(const piece *p, const sq_real *z, int n, size_t i,
                                        size_t j) {
    size_t component = p->c->component[i * p->c->in_size + p->first + j];
    return z + (p->x->rows[n] + component) * p->ld + p->at;
}

static inline size_t copy_row(const piece *p, size_t b) {
    return (p->c->in_row + b * p->c->in_size + p->first) * p->ld + p->at;
}

static inline size_t product_row(const piece *p, size_t b, int n, size_t i) {
    return ((b * (size_t)p->x->n + (size_t)n) * p->c->out_size + i) * p->ld + p->at;
}

/* t[b,n,i] (+)= sum over the components j of X_n[i,j] z_b[j]. */
static inline __attribute__((always_inline)) void forward_piece(const piece *p, size_t size,
                                                                const sq_real *z, sq_real *t) {
    for (int n = 0; n < p->x->n; n++) {
        for (size_t i = 0; i < p->c->out_size; i++) {
            sq_tile chosen[SQ_MAX_UNROLLED];
            for (size_t j = 0; j < size; j++) chosen[j] = sq_tile_load(chosen_row(p, z, n, i, j));
            for (size_t b = 0; b < p->c->in_count; b++) {
                const sq_real *copy = z + copy_row(p, b);
                sq_real *to = t + product_row(p, b, n, i);
                sq_tile sum = p->first ? sq_tile_load(to) : (sq_tile){0};
                for (size_t j = 0; j < size; j++) sum += chosen[j] * sq_tile_load(copy + j * p->ld);
                sq_tile_store(to, sum);
            }
        }
    }
}

/* dz_b[j] += sum over n, i of X_n[i,j] dt[b,n,i];  dX_n[i,j] += sum over b of z_b[j] dt[b,n,i]. */
static inline __attribute__((always_inline)) void backward_piece(const piece *p, size_t size,
                                                                 const sq_real *z,
                                                                 const sq_real *dt, sq_real *dz) {
    sq_tile sum[SQ_MAX_UNROLLED];
    for (size_t b = 0; b < p->c->in_count; b++) {
        sq_real *to = dz + copy_row(p, b);
        for (size_t j = 0; j < size; j++) sum[j] = sq_tile_load(to + j * p->ld);
        for (int n = 0; n < p->x->n; n++) {
            for (size_t i = 0; i < p->c->out_size; i++) {
                sq_tile dout = sq_tile_load(dt + product_row(p, b, n, i));
                for (size_t j = 0; j < size; j++)
                    sum[j] += dout * sq_tile_load(chosen_row(p, z, n, i, j));
            }
        }
        for (size_t j = 0; j < size; j++) sq_tile_store(to + j * p->ld, sum[j]);
    }
    for (int n = 0; n < p->x->n; n++) {
        for (size_t i = 0; i < p->c->out_size; i++) {
            for (size_t j = 0; j < size; j++) sum[j] = (sq_tile){0};
            for (size_t b = 0; b < p->c->in_count; b++) {
                sq_tile dout = sq_tile_load(dt + product_row(p, b, n, i));
                const sq_real *copy = z + copy_row(p, b);
                for (size_t j = 0; j < size; j++) sum[j] += dout * sq_tile_load(copy + j * p->ld);
            }
            for (size_t j = 0; j < size; j++) {
                sq_real *to = dz + (chosen_row(p, z, n, i, j) - z);
                sq_tile_store(to, sq_tile_load(to) + sum[j]);
            }
        }
    }
}

static void run_forward(const piece *p, const sq_real *z, sq_real *t) {
    switch (p->size) {
        case 2: forward_piece(p, 2, z, t); return;
        case 3: forward_piece(p, 3, z, t); return;
        case 4: forward_piece(p, 4, z, t); return;
        case 9: forward_piece(p, 9, z, t); return;
        default: forward_piece(p, p->size, z, t);
    }
}

static void run_backward(const piece *p, const sq_real *z, const sq_real *dt, sq_real *dz) {
    switch (p->size) {
        case 2: backward_piece(p, 2, z, dt, dz); return;
        case 3: backward_piece(p, 3, z, dt, dz); return;
        case 4: backward_piece(p, 4, z, dt, dz); return;
        case 9: backward_piece(p, 9, z, dt, dz); return;
        default: backward_piece(p, p->size, z, dt, dz);
    }
}

/* The piece of a copy that begins at component `first`. */
static piece next_piece(const sq_contraction *c, const sq_chosen *x, size_t ld, size_t at,
                        size_t first) {
    size_t left = c->in_size - first;
    return (piece){.c = c,
                   .x = x,
                   .ld = ld,
                   .at = at,
                   .first = first,
                   .size = left < SQ_MAX_UNROLLED ? left : SQ_MAX_UNROLLED};
}

void sq_contract_forward(const sq_contraction *c, const sq_chosen *x, size_t ld, const sq_real *z,
                         sq_real *t) {
    for (size_t at = 0; at < ld; at += SQ_TILE) {
        for (size_t first = 0; first < c->in_size; first += SQ_MAX_UNROLLED) {
            piece p = next_piece(c, x, ld, at, first);
            run_forward(&p, z, t);
        }
    }
}

void sq_contract_backward(const sq_contraction *c, const sq_chosen *x, size_t ld, const sq_real *z,
                          const sq_real *dt, sq_real *dz) {
    for (size_t at = 0; at < ld; at += SQ_TILE) {
        for (size_t first = 0; first < c->in_size; first += SQ_MAX_UNROLLED) {
            piece p = next_piece(c, x, ld, at, first);
            run_backward(&p, z, dt, dz);
        }
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
                sq_tile sum = sq_tile_load(to);
                for (size_t n = 0; n < n_chosen; n++)
                    sum += sq_tile_load(weight + n * ld) *
                           sq_tile_load(z + (x->rows[n] + e) * ld + at);
                sq_tile_store(to, sum);
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
            const sq_real *chosen = z + x->rows[n] * ld + at;
            sq_tile sum = {0};
            for (size_t e = 0; e < block->size; e++)
                sum += sq_tile_load(dout + e * ld) * sq_tile_load(chosen + e * ld);
            sq_tile_store(da + (copy * (size_t)x->n + (size_t)n) * ld + at, sum);
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
            sq_tile sum = sq_tile_load(to);
            for (size_t copy = 0; copy < block->count; copy++)
                sum += sq_tile_load(a + (copy * n_chosen + n) * ld + at) *
                       sq_tile_load(du + (block->offset + copy * block->size + e) * ld + at);
            sq_tile_store(to, sum);
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
