/* Errors of a microbatch, in lanes, and their gradients. */
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

/* The same of lengths instead of squares: |y - target| of each tensor of `size` components, such as
 * a position, which every orthogonal map leaves alone. Returns the sum over tensors and samples.
 * Far-off outliers pull less: the best constant forecast is a (geometric) median, not a mean. dy =
 * scale * mask (y - target) / |y - target|, zero where nothing is left. */
double sq_distance_error(size_t size, size_t outputs, size_t samples, size_t ld, const sq_real *y,
                         const sq_real *target, const sq_real *mask, double scale, sq_real *dy);

#endif
