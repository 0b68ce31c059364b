/* Random equivariant polynomials. */
#ifndef SQ_CLI_PLANTED_FUNCTION_H
#define SQ_CLI_PLANTED_FUNCTION_H

#include "base/rng.h"
#include "softeq/error.h"
#include "softeq/group.h"

typedef struct sq_polynomial sq_polynomial;

/* Random vectors z / sqrt((1 + |z|^2/d) / 2) with normal z: rotations leave their distribution
 * alone, and none is so long that it decides a mean by itself. x: (vectors, d) */
void sq_polynomial_draw_input(sq_rng *rng, int vectors, int d, double *x);

/* A random polynomial of `vectors` vectors of R^d, equivariant under the group, which has to be
 * orthogonal, with values in T(rank). Its values vary by about one on such inputs. Errors:
 * SQ_ERR_NUMERIC if the group leaves no function that is not constant. The caller destroys. */
sq_status sq_polynomial_create(const sq_group *group, int vectors, int rank, sq_rng *rng,
                               sq_polynomial **polynomial);
void sq_polynomial_destroy(sq_polynomial **polynomial);

/* Adds factor times the value. x: (vectors, d); y: (d^rank) */
void sq_polynomial_add(const sq_polynomial *polynomial, double factor, const double *x, double *y);

#endif
