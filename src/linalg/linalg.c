#include "linalg/linalg.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

static CBLAS_TRANSPOSE transpose(sq_op op) { return op == SQ_KEEP ? CblasNoTrans : CblasTrans; }

/* BLAS leading dimensions are at least 1, also where a matrix is a single column. */
static int leading(size_t ld) { return ld > 0 ? (int)ld : 1; }

/* Kernels of OpenBLAS for CPUs with AVX-512 take small products without copying their operands
 * first, 1.1 times as fast: a larger one is cut into bands of rows, each small enough. Both ways
 * give the same bits where nothing is scaled, rows are whole vectors and the inner length is at
 * most WHOLE_LENGTH (8000 shapes were compared): other products are left whole. */
enum { SMALL_PRODUCT = 1000000, WHOLE_LENGTH = 320, LEAST_BAND = 8, MOST_BAND = 32 };
enum { VECTOR = 64 / sizeof(sq_real) };

static bool has_small_kernels(void) {
    static const char *const names[] = {"SkylakeX", "Cooperlake", "SapphireRapids"};
    const char *name = openblas_get_corename();
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(name, names[k]) == 0) return true;
    return false;
}

/* Rows of a product to compute at once. */
static size_t band_rows(sq_op op_b, size_t m, size_t n, size_t k, sq_real alpha) {
    bool same_bits = alpha == 1 && n % VECTOR == 0 && k <= WHOLE_LENGTH;
    if (op_b == SQ_TRANSPOSE || !same_bits || m * n * k <= SMALL_PRODUCT) return m;
    size_t rows = SMALL_PRODUCT / (n * k) / LEAST_BAND * LEAST_BAND;
    if (rows == 0 || !has_small_kernels()) return m;
    return rows < MOST_BAND ? rows : MOST_BAND;
}

void sq_gemm_double(sq_op op_a, sq_op op_b, size_t m, size_t n, size_t k, double alpha,
                    const double *a, size_t lda, const double *b, size_t ldb, double beta,
                    double *c, size_t ldc) {
    if (m == 0 || n == 0) return;
    cblas_dgemm(CblasRowMajor, transpose(op_a), transpose(op_b), (int)m, (int)n, (int)k, alpha, a,
                leading(lda), b, leading(ldb), beta, c, leading(ldc));
}

static void gemm_band(sq_op op_a, sq_op op_b, size_t m, size_t n, size_t k, sq_real alpha,
                      const sq_real *a, size_t lda, const sq_real *b, size_t ldb, sq_real beta,
                      sq_real *c, size_t ldc) {
#ifdef SOFTEQ_DOUBLE
    sq_gemm_double(op_a, op_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
#else
    if (n == 0) return;
    cblas_sgemm(CblasRowMajor, transpose(op_a), transpose(op_b), (int)m, (int)n, (int)k, alpha, a,
                leading(lda), b, leading(ldb), beta, c, leading(ldc));
#endif
}

/* Row i of op(A). */
static const sq_real *row_of(sq_op op, const sq_real *a, size_t lda, size_t i) {
    return op == SQ_KEEP ? a + i * lda : a + i;
}

void sq_gemm(sq_op op_a, sq_op op_b, size_t m, size_t n, size_t k, sq_real alpha, const sq_real *a,
             size_t lda, const sq_real *b, size_t ldb, sq_real beta, sq_real *c, size_t ldc) {
    const size_t band = band_rows(op_b, m, n, k, alpha);
    for (size_t i = 0; i < m; i += band) {
        size_t rows = m - i < band ? m - i : band;
        gemm_band(op_a, op_b, rows, n, k, alpha, row_of(op_a, a, lda, i), lda, b, ldb, beta,
                  c + i * ldc, ldc);
    }
}

void sq_gram_double(size_t n, size_t k, const double *a, double *c) {
    if (n == 0) return;
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, (int)n, (int)k, 1.0, a, leading(k), 1.0, c,
                (int)n);
}

sq_status sq_eigen_symmetric(size_t n, double *a, double *values) {
    if (n == 0) return SQ_OK;
    /* The row-major lower triangle is the column-major upper one, and column-major eigenvectors
     * are our rows: no transposition anywhere. */
    lapack_int info =
        LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'U', (lapack_int)n, a, (lapack_int)n, values);
    if (info == 0) return SQ_OK;
    return sq_fail(SQ_ERR_NUMERIC, "eigenvalue solve of order %zu failed (dsyevd: %d)", n,
                   (int)info);
}

sq_status sq_schur(size_t n, double *a, double *z) {
    sq_status status = SQ_OK;
    double *values = NULL;
    lapack_int found = 0;
    SQ_TRY(sq_alloc(2 * n, sizeof *values, &values));
    lapack_int info = LAPACKE_dgees(LAPACK_ROW_MAJOR, 'V', 'N', NULL, (lapack_int)n, a,
                                    (lapack_int)n, &found, values, values + n, z, (lapack_int)n);
    if (info != 0)
        status =
            sq_fail(SQ_ERR_NUMERIC, "Schur form of order %zu failed (dgees: %d)", n, (int)info);
cleanup:
    sq_free(values);
    return status;
}

sq_status sq_invert(size_t n, double *a) {
    sq_status status = SQ_OK;
    lapack_int *pivots = NULL;
    double reciprocal_condition = 0.0;
    SQ_TRY(sq_alloc(n, sizeof *pivots, &pivots));
    lapack_int order = (lapack_int)n;
    double norm = LAPACKE_dlange(LAPACK_ROW_MAJOR, '1', order, order, a, order);
    lapack_int info = LAPACKE_dgetrf(LAPACK_ROW_MAJOR, order, order, a, order, pivots);
    if (info == 0)
        LAPACKE_dgecon(LAPACK_ROW_MAJOR, '1', order, a, order, norm, &reciprocal_condition);
    if (info != 0 || !(reciprocal_condition > 1e-12)) {
        status = sq_fail(SQ_ERR_NUMERIC, "the %zux%zu matrix is singular", n, n);
        goto cleanup;
    }
    LAPACKE_dgetri(LAPACK_ROW_MAJOR, order, a, order, pivots);
cleanup:
    sq_free(pivots);
    return status;
}

/* Orthonormal rows of a matrix with m <= n, by the LQ factorisation; the signs of L's diagonal are
 * put back, without which the result would not be uniform. */
static sq_status orthonormalise_rows(size_t m, size_t n, double *a) {
    sq_status status = SQ_OK;
    double *tau = NULL;
    double *sign = NULL;
    SQ_TRY(sq_alloc(m, sizeof *tau, &tau));
    SQ_TRY(sq_alloc(m, sizeof *sign, &sign));
    /* Our rows are LAPACK's columns: LQ of the row-major matrix is QR of the column-major one. */
    lapack_int rows = (lapack_int)n, columns = (lapack_int)m;
    LAPACKE_dgeqrf(LAPACK_COL_MAJOR, rows, columns, a, rows, tau);
    for (size_t i = 0; i < m; i++) sign[i] = a[i * n + i] < 0.0 ? -1.0 : 1.0;
    LAPACKE_dorgqr(LAPACK_COL_MAJOR, rows, columns, columns, a, rows, tau);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) a[i * n + j] *= sign[i];
cleanup:
    sq_free(tau);
    sq_free(sign);
    return status;
}

static void transpose_into(size_t m, size_t n, const double *a, double *b) {
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) b[j * m + i] = a[i * n + j];
}

sq_status sq_orthonormalise(size_t m, size_t n, double *a) {
    if (m <= n) return orthonormalise_rows(m, n, a);
    sq_status status = SQ_OK;
    double *transposed = NULL;
    SQ_TRY(sq_alloc(m * n, sizeof *transposed, &transposed));
    transpose_into(m, n, a, transposed);
    SQ_TRY(orthonormalise_rows(n, m, transposed));
    transpose_into(n, m, transposed, a);
cleanup:
    sq_free(transposed);
    return status;
}

void sq_linalg_single_thread(void) { openblas_set_num_threads(1); }

const char *sq_linalg_description(void) { return openblas_get_config(); }

const char *sq_linalg_kernel(void) { return openblas_get_corename(); }
