/* Linear algebra against plain loops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>

#include "linalg/linalg.h"
#include "near.h"
#include "scratch.h"

enum { LARGEST = 37, PADDED = LARGEST + 3 };

static double entry(sq_op op, const sq_real *a, size_t ld, size_t i, size_t j) {
    return (double)(op == SQ_KEEP ? a[i * ld + j] : a[j * ld + i]);
}

static void check_product(sq_rng *rng, sq_op op_a, sq_op op_b, size_t m, size_t n, size_t k) {
    enum { SIZE = PADDED * PADDED };
    static sq_real a[SIZE], b[SIZE], c[SIZE], before[SIZE];
    const sq_real alpha = (sq_real)0.5, beta = (sq_real)-2;
    size_t lda = PADDED, ldb = PADDED - 1, ldc = PADDED - 2;
    fill_normal(rng, a, SIZE);
    fill_normal(rng, b, SIZE);
    fill_normal(rng, c, SIZE);
    memcpy(before, c, sizeof c);
    sq_gemm(op_a, op_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    for (size_t at = 0; at < SIZE; at++) {
        size_t i = at / ldc, j = at % ldc;
        if (i >= m || j >= n) {
            assert_true(c[at] == before[at]);
            continue;
        }
        double sum = beta * (double)before[at];
        for (size_t e = 0; e < k; e++)
            sum += alpha * entry(op_a, a, lda, i, e) * entry(op_b, b, ldb, e, j);
        assert_near((double)c[at], sum, 10 * NEAR_REAL);
    }
}

static void products_of_odd_shapes_agree_with_loops(void **state) {
    static const size_t sizes[][3] = {{1, 1, 1},  {1, 37, 5}, {37, 1, 3},   {2, 3, 37},
                                      {7, 5, 11}, {16, 8, 4}, {31, 37, 29}, {37, 33, 1}};
    sq_rng rng = test_rng(1);
    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int ops = 0; ops < 4; ops++)
            check_product(&rng, ops & 1 ? SQ_TRANSPOSE : SQ_KEEP, ops & 2 ? SQ_TRANSPOSE : SQ_KEEP,
                          sizes[s][0], sizes[s][1], sizes[s][2]);
}

/* They are computed in bands of rows where that is faster. */
static void large_products_agree_with_loops(void **state) {
    enum { M = 77, N = 128, K = 150 };
    static sq_real a[M * K], b[K * N], c[M * N];
    sq_rng rng = test_rng(7);
    (void)state;
    fill_normal(&rng, a, M * K);
    fill_normal(&rng, b, K * N);
    for (int op = 0; op < 2; op++) {
        size_t lda = op == SQ_KEEP ? K : M;
        for (size_t e = 0; e < M * N; e++) c[e] = 1;
        sq_gemm((sq_op)op, SQ_KEEP, M, N, K, 1, a, lda, b, N, 1, c, N);
        for (size_t at = 0; at < M * N; at++) {
            double sum = 1.0;
            for (size_t e = 0; e < K; e++)
                sum += entry((sq_op)op, a, lda, at / N, e) * (double)b[e * N + at % N];
            assert_near((double)c[at], sum, 10 * NEAR_REAL);
        }
    }
}

static void empty_products_scale_what_is_there(void **state) {
    sq_real one = 1, c[4] = {1, 2, 3, 4};
    (void)state;
    sq_gemm(SQ_KEEP, SQ_KEEP, 2, 2, 0, 1, &one, 0, &one, 2, 3, c, 2);
    for (int e = 0; e < 4; e++) assert_near((double)c[e], 3.0 * (e + 1), 0);
    sq_gemm(SQ_KEEP, SQ_KEEP, 0, 2, 1, 1, &one, 1, &one, 2, 0, c, 2);
    assert_near((double)c[0], 3, 0);
}

static void a_gram_matrix_is_added_to_the_lower_triangle(void **state) {
    enum { N = 5, K = 7 };
    double a[N * K], c[N * N];
    sq_rng rng = test_rng(2);
    (void)state;
    fill_normal_double(&rng, a, N * K);
    for (int e = 0; e < N * N; e++) c[e] = 1.0;
    sq_gram_double(N, K, a, c);
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            double sum = 1.0;
            for (int e = 0; e < K && j <= i; e++) sum += a[i * K + e] * a[j * K + e];
            assert_near(c[i * N + j], sum, 1e-13);
        }
    }
}

static void eigenvectors_are_orthonormal_rows(void **state) {
    enum { N = 9 };
    double a[N * N], vectors[N * N], values[N];
    sq_rng rng = test_rng(3);
    (void)state;
    fill_normal_double(&rng, a, N * N);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < i; j++) a[j * N + i] = a[i * N + j];
    for (int i = 0; i < N; i++) /* the upper triangle is not looked at */
        for (int j = 0; j < N; j++) vectors[i * N + j] = j <= i ? a[i * N + j] : NAN;
    assert_ok(sq_eigen_symmetric(N, vectors, values));
    for (int i = 0; i < N; i++) {
        assert_true(i == 0 || values[i - 1] <= values[i]);
        for (int j = 0; j < N; j++) {
            double product = 0.0, image = 0.0;
            for (int e = 0; e < N; e++) product += vectors[i * N + e] * vectors[j * N + e];
            for (int e = 0; e < N; e++) image += a[j * N + e] * vectors[i * N + e];
            assert_near(product, i == j, 1e-13);
            assert_near(image, values[i] * vectors[i * N + j], 1e-13);
        }
    }
}

static void schur_form_gives_the_matrix_back(void **state) {
    enum { N = 6 };
    double a[N * N], t[N * N], z[N * N];
    sq_rng rng = test_rng(4);
    (void)state;
    fill_normal_double(&rng, a, N * N);
    memcpy(t, a, sizeof a);
    assert_ok(sq_schur(N, t, z));
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            double sum = 0.0;
            for (int k = 0; k < N; k++)
                for (int l = 0; l < N; l++) sum += z[i * N + k] * t[k * N + l] * z[j * N + l];
            assert_near(sum, a[i * N + j], 1e-12);
            if (j + 1 < i) assert_near(t[i * N + j], 0, 0);
        }
    }
}

static void a_matrix_times_its_inverse_is_one(void **state) {
    enum { N = 7 };
    double a[N * N], inverse[N * N];
    sq_rng rng = test_rng(5);
    (void)state;
    fill_normal_double(&rng, a, N * N);
    memcpy(inverse, a, sizeof a);
    assert_ok(sq_invert(N, inverse));
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            double sum = 0.0;
            for (int k = 0; k < N; k++) sum += a[i * N + k] * inverse[k * N + j];
            assert_near(sum, i == j, 1e-11);
        }
    }
}

static void singular_matrices_are_refused(void **state) {
    double zero[4] = {0}, rank_one[4] = {1, 2, 2, 4}, nearly[4] = {1, 0, 0, 1e-14};
    (void)state;
    assert_failure(sq_invert(2, zero), SQ_ERR_NUMERIC, "singular");
    assert_failure(sq_invert(2, rank_one), SQ_ERR_NUMERIC, "singular");
    assert_failure(sq_invert(2, nearly), SQ_ERR_NUMERIC, "singular");
}

static void check_orthonormal(sq_rng *rng, size_t m, size_t n) {
    double a[LARGEST * LARGEST];
    fill_normal_double(rng, a, m * n);
    assert_ok(sq_orthonormalise(m, n, a));
    size_t vectors = m < n ? m : n, length = m < n ? n : m;
    size_t step = m <= n ? n : 1, inside = m <= n ? 1 : n;
    for (size_t i = 0; i < vectors; i++) {
        for (size_t j = 0; j < vectors; j++) {
            double product = 0.0;
            for (size_t e = 0; e < length; e++)
                product += a[i * step + e * inside] * a[j * step + e * inside];
            assert_near(product, i == j, 1e-13);
        }
    }
}

static void rows_or_columns_become_orthonormal(void **state) {
    sq_rng rng = test_rng(6);
    (void)state;
    check_orthonormal(&rng, 5, 13);
    check_orthonormal(&rng, 13, 5);
    check_orthonormal(&rng, 9, 9);
    check_orthonormal(&rng, 1, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_of_odd_shapes_agree_with_loops),
        cmocka_unit_test(large_products_agree_with_loops),
        cmocka_unit_test(empty_products_scale_what_is_there),
        cmocka_unit_test(a_gram_matrix_is_added_to_the_lower_triangle),
        cmocka_unit_test(eigenvectors_are_orthonormal_rows),
        cmocka_unit_test(schur_form_gives_the_matrix_back),
        cmocka_unit_test(a_matrix_times_its_inverse_is_one),
        cmocka_unit_test(singular_matrices_are_refused),
        cmocka_unit_test(rows_or_columns_become_orthonormal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
