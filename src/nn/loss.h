/* The squared error of a microbatch, in lanes. */
#ifndef SQ_NN_LOSS_H
#define SQ_NN_LOSS_H

#include <stddef.h>

#include "softeq/real.h"

/* sum[c] = sum over samples of mask (y - target)^2 for each output c; padding counts nothing.
 * dy = scale * 2 mask (y - target), zero in the padding; NULL: no gradient is wanted.
 * y, target, mask, dy: (outputs, ld), mask NULL: all count; sum: (outputs). */
void sq_squared_error(size_t outputs, size_t samples, size_t ld, const sq_real *y,
                      const sq_real *target, const sq_real *mask, double scale, sq_real *dy,
                      double *sum);

#endif
