/* Projectors of linear layers, block by block: P = Q Q^T on the d^i x d^j block of every pair of
 * an output copy of T(i) and an input copy of T(j) (docs/architecture.md; never over vec(W)). */
#ifndef SQ_NN_PROJECTION_H
#define SQ_NN_PROJECTION_H

#include "symmetry/bases.h"
#include "symmetry/representation.h"

/* All pairs of copies of one pair of blocks. */
typedef struct {
    size_t offset;              /* of the first element, from the start of W or b */
    size_t ld;                  /* distance between rows of W; 1 for b */
    size_t out_count, out_size; /* output copies, and rows of each */
    size_t in_count, in_size;   /* input copies, and columns of each; 1 and 1 for b */
    size_t n_invariants;
    const sq_real *vectors; /* (n_invariants, out_size*in_size), orthonormal rows */
} sq_projection_block;

/* The projector of W: (out, in) and b: (out) under one type. Opaque to nobody: read only. */
typedef struct {
    size_t n_weight, n_bias;
    sq_projection_block *weight, *bias; /* (n_weight), (n_bias) */
} sq_projection;

/* The bases belong to `bases`, which must outlive the projection. */
sq_status sq_projection_create(const sq_group *group, const sq_representation *out,
                               const sq_representation *in, sq_bases *bases,
                               sq_projection *projection);
void sq_projection_clear(sq_projection *projection);

/* Elements of a block, and of the scratch that projecting it needs. */
size_t sq_projection_block_size(const sq_projection_block *block);
size_t sq_projection_scratch(const sq_projection *projection);

/* True if every element of the block is invariant by itself: P = 1. */
bool sq_projection_block_is_identity(const sq_projection_block *block);

/* Multiply-adds of projecting a block once. */
double sq_projection_block_cost(const sq_projection_block *block);

/* The block of `from` (W or b) with one row per pair of copies, in the order of the basis.
 * gathered: (out_count*in_count, out_size*in_size). */
void sq_projection_gather(const sq_projection_block *block, const sq_real *from, sq_real *gathered);

/* projected = gathered P, same shape. scratch: (out_count*in_count*n_invariants). */
void sq_projection_apply(const sq_projection_block *block, const sq_real *gathered,
                         sq_real *projected, sq_real *scratch);

/* Puts a gathered block into a dense matrix (out_count*out_size, in_count*in_size) of row distance
 * ld: beta 0 overwrites, beta 1 adds. */
void sq_projection_scatter(const sq_projection_block *block, const sq_real *gathered, int beta,
                           sq_real *to, size_t ld);

/* to = (beta) to + P from, for a whole W and b; they may be the same memory. scratch:
 * (sq_projection_scratch). */
void sq_projection_weight(const sq_projection *projection, const sq_real *from, int beta,
                          sq_real *to, sq_real *scratch);
void sq_projection_bias(const sq_projection *projection, const sq_real *from, int beta, sq_real *to,
                        sq_real *scratch);

#endif
