/* Invariants of a group: vectors of T(p,q) that no element moves, solved for to machine precision.
 */
#ifndef SOFTEQ_BASIS_H
#define SOFTEQ_BASIS_H

#include <stddef.h>

#include "softeq/error.h"
#include "softeq/group.h"

enum { SQ_MAX_TENSOR_RANK = 16 };

/* A solved basis: Q^T row by row. Open struct. */
typedef struct {
    size_t dimension; /* d^(p+q) */
    size_t count;     /* number of invariants */
    double *vectors;  /* (count, dimension), orthonormal rows; indices of a tensor row-major */
    double residual;  /* max |D v| over generators and |Q^T Q - 1|: below SQ_BASIS_TOLERANCE */
} sq_basis;

#define SQ_BASIS_TOLERANCE 1e-12

/* Solves for the invariants of T(p,q): p factors V, then q factors V*; the null space of every
 * drho(A_i) and rho(h_j) - 1 (Finzi et al. 2021, eq. 6 and 7). Equivariant matrices from V to V are
 * the invariants of T(1,1). Errors: SQ_ERR_CONFIG if it is too large to be solved here,
 * SQ_ERR_NUMERIC if null space and rest cannot be told apart or the residual is above the
 * tolerance. The caller destroys. */
sq_status sq_basis_solve(const sq_group *group, int p, int q, sq_basis **basis);
void sq_basis_destroy(sq_basis **basis);

#endif
