/* How a matrix acts on tensors: factor by factor, never as a matrix on the whole product. */
#ifndef SQ_SYMMETRY_ACTION_H
#define SQ_SYMMETRY_ACTION_H

#include <stddef.h>

#include "symmetry/basis.h"

/* d^rank; SIZE_MAX if that does not fit. */
size_t sq_tensor_size(int d, int rank);

/* out += (1 x .. x m x .. x 1) in with the d x d matrix m on factor `factor` of `rank`.
 * in, out: (d^rank), not overlapping. */
void sq_apply_on_factor(int d, int rank, int factor, const double *m, const double *in,
                        double *out);

/* out = m x .. x m in, with `dual` on the factors of V*. scratch: (d^rank). in may be out. */
void sq_apply_everywhere(int d, int rank, sq_duals duals, const double *m, const double *dual,
                         const double *in, double *out, double *scratch);

/* out = sum over factors of m on that factor (of -m^T on the factors of V*): drho(m) in. */
void sq_apply_derivation(int d, int rank, sq_duals duals, const double *m, const double *in,
                         double *out);

#endif
