/* Dense linear algebra: the one place that knows cblas.h and lapacke.h. Matrices are row-major,
 * `ld` is the distance between rows. All calls run on the calling thread. */
#ifndef SQ_LINALG_LINALG_H
#define SQ_LINALG_LINALG_H

#include <stdbool.h>
#include <stddef.h>

#include "softeq/error.h"
#include "softeq/real.h"

typedef enum { SQ_KEEP, SQ_TRANSPOSE } sq_op;

/* C = alpha op(A) op(B) + beta C with op(A) (m,k), op(B) (k,n), C (m,n). Nothing is done for an
 * empty C; for k = 0, C is scaled. */
void sq_gemm(sq_op op_a, sq_op op_b, size_t m, size_t n, size_t k, sq_real alpha, const sq_real *a,
             size_t lda, const sq_real *b, size_t ldb, sq_real beta, sq_real *c, size_t ldc);
/* The same in double whatever sq_real is: for what is solved once. */
void sq_gemm_double(sq_op op_a, sq_op op_b, size_t m, size_t n, size_t k, double alpha,
                    const double *a, size_t lda, const double *b, size_t ldb, double beta,
                    double *c, size_t ldc);

/* C += A A^T, lower triangle only: A (n,k), C (n,n). */
void sq_gram_double(size_t n, size_t k, const double *a, double *c);

/* Eigenvalues ascending and eigenvectors of a symmetric matrix given by its lower triangle.
 * a: (n,n), on return row i is the eigenvector of values[i]. Errors: SQ_ERR_NUMERIC. */
sq_status sq_eigen_symmetric(size_t n, double *a, double *values);

/* Real Schur form A = Z T Z^T. a: (n,n), overwritten by T; z: (n,n). Errors: SQ_ERR_NUMERIC. */
sq_status sq_schur(size_t n, double *a, double *z);

/* Inverse in place. SQ_ERR_NUMERIC if singular (reciprocal condition below 1e-12). a: (n,n) */
sq_status sq_invert(size_t n, double *a);

/* Orthonormal rows (m <= n) or columns (m > n), uniform in the Haar measure if the entries of a
 * came independent and normal. a: (m,n), overwritten. */
sq_status sq_orthonormalise(size_t m, size_t n, double *a);

/* Makes the BLAS run on the calling thread only. */
void sq_linalg_single_thread(void);

/* Library, version and the kernel in use, such as "OpenBLAS 0.3.21 ... SkylakeX". Owned by the
 * library. */
const char *sq_linalg_description(void);
/* The kernel alone: "Haswell", "SkylakeX", ... */
const char *sq_linalg_kernel(void);

#endif
