/* Invariants of any product of V and V*. What programs see of it: softeq/basis.h. */
#ifndef SQ_SYMMETRY_BASIS_H
#define SQ_SYMMETRY_BASIS_H

#include <stdint.h>

#include "softeq/basis.h"

/* Which factors of a tensor product are V* : bit k for factor k, the leftmost being factor 0.
 * Groups with an invariant inner product have V* = V, so their masks count as 0. */
typedef uint32_t sq_duals;

/* As sq_basis_solve, for the product of `rank` factors, those in `duals` being V*. */
sq_status sq_basis_solve_product(const sq_group *group, int rank, sq_duals duals, sq_basis **basis);

/* max over generators of the largest |D v| of the rows, and of |Q^T Q - 1|: an independent check.
 */
sq_status sq_basis_residual(const sq_group *group, int rank, sq_duals duals, const sq_basis *basis,
                            double *residual);

#endif
