/* The part of a tensor product that a commuting family of normal generators leaves alone, written
 * down without any solve: products of common eigenvectors whose weights cancel.
 *
 * For O(3) and rank 8 it cuts the space from 6561 to 561 dimensions before anything is solved. */
#ifndef SQ_SYMMETRY_WEIGHTS_H
#define SQ_SYMMETRY_WEIGHTS_H

#include <stdbool.h>
#include <stddef.h>

#include "symmetry/basis.h"

/* A generator as it acts on one factor V. */
typedef struct {
    const double *matrix;  /* (d,d) */
    const double *inverse; /* inverse transpose (d,d) of a discrete generator; NULL: Lie algebra */
} sq_generator;

/* Orthonormal rows spanning what the chosen family leaves alone. vectors: (count, d^rank), freed
 * by the caller with sq_free. chosen: (n) says which generators are done with. If no generator is
 * normal, the rows are the identity and none is chosen. Errors: SQ_ERR_CONFIG when the space is
 * too large. */
sq_status sq_weight_space(int d, int rank, sq_duals duals, const sq_generator *generators, int n,
                          double **vectors, size_t *count, bool *chosen);

#endif
