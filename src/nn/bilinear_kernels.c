/* The elementwise part of the bilinear layer. Every loop handles one tile of samples at a time and
 * keeps the components of one copy in registers, which needs their number at compile time: kernels
 * are written once for any `size` and inlined for the sizes d^r that occur most. */
#include <stdbool.h>

#include "nn/bilinear_internal.h"
#include "nn/lanes.h"

/* MOST_UNROLLED components of a copy fit into registers; larger copies are cut into pieces.
 * Rows of one tile lie whole rows apart, which puts them into few sets of the first cache: what is
 * read again and again is packed first, PACKED_TILES of it at a time. */
enum { MOST_UNROLLED = 9, PACKED_TILES = 128 };

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Some components of some copies: which rows of X stand beside them. */
typedef struct {
    const sq_contraction *c;
    const sq_chosen *x;
    size_t ld, at;       /* row distance; first sample of the tile */
    size_t first, size;  /* components first .. first+size-1 of the input copies */
    size_t copy, copies; /* input copies copy .. copy+copies-1 */
} piece;

static inline size_t chosen_row(const piece *p, int n, size_t i, size_t j) {
    size_t component = p->c->component[i * p->c->in_size + p->first + j];
    return (p->x->rows[n] + component) * p->ld + p->at;
}

static inline size_t copy_row(const piece *p, size_t b) {
    return (p->c->in_row + (p->copy + b) * p->c->in_size + p->first) * p->ld + p->at;
}

static inline size_t product_row(const piece *p, size_t b, int n, size_t i) {
    size_t column = (p->copy + b) * (size_t)p->x->n + (size_t)n;
    return (column * p->c->out_size + i) * p->ld + p->at;
}

/* From a product of one copy to that of the next. */
static inline size_t next_product(const piece *p) {
    return (size_t)p->x->n * p->c->out_size * p->ld;
}

/* packed: (copies, size) tiles. */
static inline __attribute__((always_inline)) void pack_copies(const piece *p, size_t size,
                                                              const sq_real *z, sq_tile *packed) {
    for (size_t b = 0; b < p->copies; b++)
        for (size_t j = 0; j < size; j++)
            packed[b * size + j] = sq_tile_load(z + copy_row(p, b) + j * p->ld);
}

/* t[b,n,i] (+)= sum over the components j of X_n[i,j] z_b[j]. */
static inline __attribute__((always_inline)) void forward_piece(const piece *p, size_t size,
                                                                const sq_real *z, sq_real *t) {
    sq_tile copies[PACKED_TILES];
    const size_t n_copies = p->copies, next = next_product(p);
    const bool adds = p->first > 0;
    pack_copies(p, size, z, copies);
    for (int n = 0; n < p->x->n; n++) {
        for (size_t i = 0; i < p->c->out_size; i++) {
            sq_tile chosen[MOST_UNROLLED];
            sq_real *to = t + product_row(p, 0, n, i);
            for (size_t j = 0; j < size; j++) chosen[j] = sq_tile_load(z + chosen_row(p, n, i, j));
            for (const sq_tile *copy = copies; copy < copies + n_copies * size; copy += size) {
                sq_tile sum = chosen[0] * copy[0];
                for (size_t j = 1; j < size; j++) sum += chosen[j] * copy[j];
                if (adds) sum += sq_tile_load(to);
                sq_tile_store(to, sum);
                to += next;
            }
        }
    }
}

/* dX_n[i,j] += sum over b of z_b[j] dt[b,n,i]. */
static inline __attribute__((always_inline)) void backward_to_chosen(const piece *p, size_t size,
                                                                     const sq_real *z,
                                                                     const sq_real *dt,
                                                                     sq_real *dz) {
    sq_tile copies[PACKED_TILES];
    const size_t n_copies = p->copies, next = next_product(p);
    pack_copies(p, size, z, copies);
    for (int n = 0; n < p->x->n; n++) {
        for (size_t i = 0; i < p->c->out_size; i++) {
            sq_tile sum[MOST_UNROLLED];
            const sq_real *from = dt + product_row(p, 0, n, i);
            for (size_t j = 0; j < size; j++) sum[j] = (sq_tile){0};
            for (const sq_tile *copy = copies; copy < copies + n_copies * size; copy += size) {
                sq_tile dout = sq_tile_load(from);
                for (size_t j = 0; j < size; j++) sum[j] += dout * copy[j];
                from += next;
            }
            for (size_t j = 0; j < size; j++) {
                sq_real *to = dz + chosen_row(p, n, i, j);
                sq_tile_store(to, sq_tile_load(to) + sum[j]);
            }
        }
    }
}

/* dz_b[j] += sum over n and i of X_n[i,j] dt[b,n,i]. */
static inline __attribute__((always_inline)) void backward_to_copies(const piece *p, size_t size,
                                                                     const sq_real *z,
                                                                     const sq_real *dt,
                                                                     sq_real *dz) {
    sq_tile chosen[PACKED_TILES];
    const size_t ld = p->ld, n_copies = p->copies, out_size = p->c->out_size;
    const size_t most = PACKED_TILES / size, next = next_product(p);
    const size_t pairs = (size_t)p->x->n * out_size; /* of n and i, which stand one after another */
    for (size_t pair = 0; pair < pairs; pair += most) {
        const size_t count = least(pairs - pair, most);
        for (size_t k = 0; k < count; k++)
            for (size_t j = 0; j < size; j++)
                chosen[k * size + j] = sq_tile_load(
                    z + chosen_row(p, (int)((pair + k) / out_size), (pair + k) % out_size, j));
        for (size_t b = 0; b < n_copies; b++) {
            const sq_real *from = dt + product_row(p, 0, 0, 0) + b * next + pair * ld;
            sq_real *to = dz + copy_row(p, b);
            sq_tile sum[MOST_UNROLLED];
            for (size_t j = 0; j < size; j++) sum[j] = sq_tile_load(to + j * ld);
            for (size_t k = 0; k < count; k++) {
                sq_tile dout = sq_tile_load(from + k * ld);
                for (size_t j = 0; j < size; j++) sum[j] += dout * chosen[k * size + j];
            }
            for (size_t j = 0; j < size; j++) sq_tile_store(to + j * ld, sum[j]);
        }
    }
}

static inline __attribute__((always_inline)) void backward_piece(const piece *p, size_t size,
                                                                 const sq_real *z,
                                                                 const sq_real *dt, sq_real *dz) {
    backward_to_copies(p, size, z, dt, dz);
    backward_to_chosen(p, size, z, dt, dz);
}

static void run_forward(const piece *p, const sq_real *z, const sq_real *from, sq_real *t) {
    (void)from;
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

typedef void piece_kernel(const piece *p, const sq_real *z, const sq_real *from, sq_real *to);

/* Calls `run` for all pieces of all tiles. */
static void run_pieces(const sq_contraction *c, const sq_chosen *x, size_t ld, piece_kernel *run,
                       const sq_real *z, const sq_real *from, sq_real *to) {
    piece p = {.c = c, .x = x, .ld = ld};
    for (p.at = 0; p.at < ld; p.at += SQ_TILE) {
        for (p.first = 0; p.first < c->in_size; p.first += p.size) {
            p.size = least(c->in_size - p.first, MOST_UNROLLED);
            for (p.copy = 0; p.copy < c->in_count; p.copy += p.copies) {
                p.copies = least(c->in_count - p.copy, PACKED_TILES / p.size);
                run(&p, z, from, to);
            }
        }
    }
}

void sq_contract_forward(const sq_contraction *c, const sq_chosen *x, size_t ld, const sq_real *z,
                         sq_real *t) {
    run_pieces(c, x, ld, run_forward, z, NULL, t);
}

void sq_contract_backward(const sq_contraction *c, const sq_chosen *x, size_t ld, const sq_real *z,
                          const sq_real *dt, sq_real *dz) {
    run_pieces(c, x, ld, run_backward, z, dt, dz);
}

void sq_combine_forward(const sq_block *block, const sq_chosen *x, size_t ld, const sq_real *z,
                        const sq_real *a, sq_real *u) {
    size_t n_chosen = (size_t)x->n;
    for (size_t at = 0; at < ld; at += SQ_TILE) {
        for (size_t copy = 0; copy < block->count; copy++) {
            const sq_real *weight = a + copy * n_chosen * ld + at;
            for (size_t e = 0; e < block->size; e++) {
                size_t here = (block->offset + copy * block->size + e) * ld + at;
                sq_tile sum = sq_tile_load(z + here);
                for (size_t n = 0; n < n_chosen; n++)
                    sum += sq_tile_load(weight + n * ld) *
                           sq_tile_load(z + (x->rows[n] + e) * ld + at);
                sq_tile_store(u + here, sum);
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
