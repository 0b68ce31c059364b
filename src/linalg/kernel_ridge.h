/* Kernel ridge regression with the kernel exp(-|x - x'|^2 / (2 width^2)): a fit that assumes
 * nothing of the function but that it is smooth. Width and ridge are those with the least
 * leave-one-out error, which is known in closed form (Rasmussen and Williams 2006, section 5.4.2).
 */
#ifndef SQ_LINALG_KERNEL_RIDGE_H
#define SQ_LINALG_KERNEL_RIDGE_H

#include <stddef.h>

#include "softeq/error.h"

typedef struct {
    size_t rows, n_in, n_out;
    double width;
    double *input;   /* (rows, n_in) */
    double *squares; /* (rows) of their lengths */
    double *weights; /* (rows, n_out) of the kernel at each row */
} sq_kernel_ridge;

/* Inputs should be of order one. A fit that predicts no better than 0 is all zero. x: (rows, n_in);
 * y: (rows, n_out). Takes 24 rows^2 bytes, LAPACK's included, and about 30 rows^3 operations.
 * Errors: SQ_ERR_MEMORY, SQ_ERR_NUMERIC. The caller clears, also on failure. */
sq_status sq_kernel_ridge_fit(size_t rows, size_t n_in, const double *x, size_t n_out,
                              const double *y, sq_kernel_ridge *fit);
void sq_kernel_ridge_clear(sq_kernel_ridge *fit);

/* About 0 far from all rows of the fit. x: (rows, n_in); y: (rows, n_out). Errors: SQ_ERR_MEMORY.
 */
sq_status sq_kernel_ridge_predict(const sq_kernel_ridge *fit, size_t rows, const double *x,
                                  double *y);

#endif
