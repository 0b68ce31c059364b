/* The bilinear layer: B(z,z), learned products of chosen tensor copies with all copies
 * (Finzi et al. 2021, section 5.2, contracted in the cheap order of docs/architecture.md).
 *
 * For an output copy a of type i and an input copy b of type j the block of W(z) is
 * sum over n of p[a,b,n] X_n, X_n the n-th chosen copy of type i (x) j*. Two families of terms:
 *   from scalars (j = 0):  A[a,n] = sum_b p[a,n,b] z_b,             y_a += sum_n A[a,n] X_n
 *   to a block i (j > 0):  t[b,n] = X_n z_b,                        y_a += sum_(b,n) p[a,(b,n)]
 * t[b,n] so that all products with p are matrix products over all samples at once. */
#ifndef SQ_NN_BILINEAR_H
#define SQ_NN_BILINEAR_H

#include <stdint.h>

#include "nn/parameters.h"
#include "symmetry/representation.h"

typedef struct sq_bilinear sq_bilinear;

/* Builds the terms for the gated representation z and appends their parameters to the table:
 * bilinear_from_scalars (rows (block, a, n); columns scalars) and bilinear_to_<type> (rows a;
 * columns (block, b, n)). orthogonal: types match by rank alone. The copies are chosen at random,
 * keyed by (seed, layer). */
sq_status sq_bilinear_create(const sq_representation *z, bool orthogonal, int layer, uint64_t seed,
                             sq_parameter_table *table, sq_bilinear **bilinear);
void sq_bilinear_destroy(sq_bilinear **bilinear);

/* Chosen copies of a non-scalar block: (returned count) indices; NULL for a scalar block. */
const int *sq_bilinear_selection(const sq_bilinear *bilinear, int block, int *count);
/* Replaces them; the count must be the same, the copies must exist. */
sq_status sq_bilinear_set_selection(sq_bilinear *bilinear, int block, const int *copies, int count);

/* Where p[a,b,n] stands in the network's buffer: copy a of out_block, b of in_block, n-th chosen
 * copy; *chosen_block: the block it is chosen from. SIZE_MAX if the pair has no parameters. */
size_t sq_bilinear_parameter(const sq_bilinear *bilinear, int out_block, size_t a, int in_block,
                             size_t b, int n, int *chosen_block);

/* Rows of scratch that a forward pass keeps for its backward pass, and that backward needs beside.
 */
size_t sq_bilinear_kept_rows(const sq_bilinear *bilinear);
size_t sq_bilinear_scratch_rows(const sq_bilinear *bilinear);

/* u = z + 0.1 B(z,z). z, u: (z->size, ld); kept: (kept_rows, ld); network: the whole buffer. */
void sq_bilinear_forward(const sq_bilinear *bilinear, const sq_real *network, size_t ld,
                         const sq_real *z, sq_real *u, sq_real *kept);

/* dz += the gradient of 0.1 B(z,z) . du; gradient: the network's gradient buffer, in which this
 * layer's parameters are overwritten. scratch: (scratch_rows, ld). */
void sq_bilinear_backward(const sq_bilinear *bilinear, const sq_real *network, size_t ld,
                          const sq_real *z, const sq_real *kept, const sq_real *du, sq_real *dz,
                          sq_real *gradient, sq_real *scratch);

/* Multiply-adds per sample of a forward pass. */
double sq_bilinear_cost(const sq_bilinear *bilinear);

#endif
