/* Orthonormal bases of the invariants of tensor products: the null space of every drho(A_i) and
 * rho(h_j) - 1 (Finzi et al. 2021, eq. 6 and 7). */
#ifndef SQ_SYMMETRY_BASIS_H
#define SQ_SYMMETRY_BASIS_H

#include <stddef.h>
#include <stdint.h>

#include "softeq/group.h"

enum { SQ_MAX_TENSOR_RANK = 16 };

/* Which factors of a tensor product are V* : bit k for factor k, the leftmost being factor 0.
 * Groups with an invariant inner product have V* = V, so their masks count as 0. */
typedef uint32_t sq_duals;

/* A solved basis: Q^T row by row. */
typedef struct {
    size_t dimension; /* d^rank */
    size_t count;     /* number of invariants */
    double *vectors;  /* (count, dimension), orthonormal rows */
    double residual;  /* max |D v| over generators and |Q^T Q - 1|: below SQ_BASIS_TOLERANCE */
} sq_basis;

#define SQ_BASIS_TOLERANCE 1e-12

/* Solves for the invariants of the product of `rank` factors, those in `duals` being V*.
 * Errors: SQ_ERR_CONFIG if it is too large to be solved here, SQ_ERR_NUMERIC if null space and
 * rest cannot be told apart or the residual is above the tolerance. The caller destroys. */
sq_status sq_basis_solve_product(const sq_group *group, int rank, sq_duals duals, sq_basis **basis);

/* The same for T(p,q): p factors V, then q factors V*. */
sq_status sq_basis_solve(const sq_group *group, int p, int q, sq_basis **basis);
void sq_basis_destroy(sq_basis **basis);

/* max over generators of the largest |D v| of the rows, and of |Q^T Q - 1|: an independent check.
 */
sq_status sq_basis_residual(const sq_group *group, int rank, sq_duals duals, const sq_basis *basis,
                            double *residual);

#endif
