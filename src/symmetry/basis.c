#include "symmetry/basis.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "linalg/linalg.h"
#include "symmetry/action.h"
#include "symmetry/weights.h"

/* Eigenvalues of D D^T below the first count as zero, above the second as not; none may lie in
 * between. D is of order one and the Gram matrix squares it. */
static const double zero_below = 1e-10, nonzero_above = 1e-8;

/* The generators of a group, scaled and with inverses, as they act on one factor. */
typedef struct {
    int d, n;
    sq_generator *list; /* (n) */
    double *storage;    /* matrices and inverse transposes */
} generator_set;

static void generators_clear(generator_set *set) {
    sq_free(set->list);
    sq_free(set->storage);
}

static double largest_entry(const double *a, size_t count) {
    double largest = 0.0;
    for (size_t k = 0; k < count; k++) largest = fmax(largest, fabs(a[k]));
    return largest;
}

/* Lie algebra elements span the same whatever their length: large ones are scaled to entries of at
 * most 1, small ones up to 1, so that one threshold fits all. */
static sq_status generators_create(const sq_group *group, generator_set *set) {
    sq_status status = SQ_OK;
    size_t d = (size_t)group->dimension;
    size_t size = d * d;
    memset(set, 0, sizeof *set);
    set->d = group->dimension;
    int most = group->n_lie + group->n_discrete;
    SQ_TRY(sq_alloc((size_t)most, sizeof *set->list, &set->list));
    SQ_TRY(sq_alloc((size_t)(group->n_lie + 3 * group->n_discrete) * size, sizeof(double),
                    &set->storage));
    double *place = set->storage;
    for (int k = 0; k < group->n_lie; k++) {
        const double *a = group->lie + (size_t)k * size;
        double scale = largest_entry(a, size);
        if (scale == 0.0) continue;
        for (size_t e = 0; e < size; e++) place[e] = a[e] / scale;
        set->list[set->n++].matrix = place;
        place += size;
    }
    for (int k = 0; k < group->n_discrete; k++) {
        memcpy(place, group->discrete + (size_t)k * size, size * sizeof *place);
        double *work = place + size, *inverse_transpose = place + 2 * size;
        memcpy(work, place, size * sizeof *work);
        SQ_TRY(sq_invert(d, work));
        for (size_t i = 0; i < d; i++)
            for (size_t j = 0; j < d; j++) inverse_transpose[i * d + j] = work[j * d + i];
        set->list[set->n].matrix = place;
        set->list[set->n++].inverse = inverse_transpose;
        place += 3 * size;
    }
cleanup:
    return status;
}

/* out = drho(A) in, or (rho(h) - 1) in. scratch: (d^rank). */
static void apply_constraint(int d, int rank, sq_duals duals, const sq_generator *generator,
                             const double *in, double *out, double *scratch) {
    if (!generator->inverse) {
        sq_apply_derivation(d, rank, duals, generator->matrix, in, out);
        return;
    }
    size_t size = sq_tensor_size(d, rank);
    sq_apply_everywhere(d, rank, duals, generator->matrix, generator->inverse, in, out, scratch);
    for (size_t e = 0; e < size; e++) out[e] -= in[e];
}

static void apply_to_rows(int d, int rank, sq_duals duals, const sq_generator *generator,
                          size_t rows, const double *in, double *out, double *scratch) {
    size_t size = sq_tensor_size(d, rank);
    for (size_t r = 0; r < rows; r++)
        apply_constraint(d, rank, duals, generator, in + r * size, out + r * size, scratch);
}

static sq_status count_null(size_t n, const double *values, size_t *null) {
    *null = 0;
    double scale = fmax(1.0, n > 0 ? values[n - 1] : 0.0);
    while (*null < n && values[*null] < zero_below * scale) (*null)++;
    if (*null == n || values[*null] > nonzero_above * scale) return SQ_OK;
    return sq_fail(SQ_ERR_NUMERIC,
                   "the invariants cannot be told from the rest (singular value %.1e): the "
                   "generators of the group are almost, but not quite, dependent",
                   sqrt(values[*null]));
}

/* One Newton step on the rows of `null` (c,k): the Gram matrix squares the condition, so its
 * eigenvectors are exact to 1e-16 |D|^2 only; with D X recomputed they are to 1e-16 |D|.
 * image: D applied to the k rows; null_image: to the c rows; other: (k-c,k) eigenvectors. */
static sq_status refine(size_t c, size_t k, size_t size, const double *image,
                        const double *null_image, const double *other, const double *values,
                        double *null) {
    sq_status status = SQ_OK;
    double *pairing = NULL;
    double *coefficients = NULL;
    size_t rest = k - c;
    SQ_TRY(sq_alloc(c * k, sizeof *pairing, &pairing));
    SQ_TRY(sq_alloc(c * rest, sizeof *coefficients, &coefficients));
    sq_gemm_double(SQ_KEEP, SQ_TRANSPOSE, c, k, size, 1.0, null_image, size, image, size, 0.0,
                   pairing, k);
    sq_gemm_double(SQ_KEEP, SQ_TRANSPOSE, c, rest, k, 1.0, pairing, k, other, k, 0.0, coefficients,
                   rest);
    for (size_t i = 0; i < c; i++)
        for (size_t j = 0; j < rest; j++) coefficients[i * rest + j] /= values[c + j];
    sq_gemm_double(SQ_KEEP, SQ_KEEP, c, k, rest, -1.0, coefficients, rest, other, k, 1.0, null, k);
    SQ_TRY(sq_orthonormalise(c, k, null));
cleanup:
    sq_free(pairing);
    sq_free(coefficients);
    return status;
}

/* out (c,size) = coefficients (c,k) times rows (k,size). */
static void combine_rows(size_t c, size_t k, size_t size, const double *coefficients,
                         const double *rows, double *out) {
    sq_gemm_double(SQ_KEEP, SQ_KEEP, c, size, k, 1.0, coefficients, k, rows, size, 0.0, out, size);
}

/* What one more generator leaves of the space spanned by rows: (*count, size), replaced. */
static sq_status intersect(const generator_set *set, int which, int rank, sq_duals duals,
                           size_t size, double **rows, size_t *count) {
    sq_status status = SQ_OK;
    double *image = NULL, *gram = NULL, *values = NULL, *scratch = NULL;
    double *kept = NULL, *kept_image = NULL;
    size_t k = *count, c = 0;
    const sq_generator *generator = &set->list[which];
    SQ_TRY(sq_alloc(k * size, sizeof *image, &image));
    SQ_TRY(sq_alloc(size, sizeof *scratch, &scratch));
    SQ_TRY(sq_alloc(k * k, sizeof *gram, &gram));
    SQ_TRY(sq_alloc(k, sizeof *values, &values));
    apply_to_rows(set->d, rank, duals, generator, k, *rows, image, scratch);
    sq_gram_double(k, size, image, gram);
    SQ_TRY(sq_eigen_symmetric(k, gram, values)); /* gram's rows are now the eigenvectors */
    SQ_TRY(count_null(k, values, &c));
    SQ_TRY(sq_alloc(c * size, sizeof *kept, &kept));
    SQ_TRY(sq_alloc(c * size, sizeof *kept_image, &kept_image));
    combine_rows(c, k, size, gram, *rows, kept);
    if (c > 0 && c < k) {
        apply_to_rows(set->d, rank, duals, generator, c, kept, kept_image, scratch);
        SQ_TRY(refine(c, k, size, image, kept_image, gram + c * k, values, gram));
        combine_rows(c, k, size, gram, *rows, kept);
    }
    sq_free(*rows);
    *rows = kept;
    *count = c;
    kept = NULL;
cleanup:
    sq_free(image);
    sq_free(scratch);
    sq_free(gram);
    sq_free(values);
    sq_free(kept);
    sq_free(kept_image);
    return status;
}

static sq_status solve(const generator_set *set, int rank, sq_duals duals, sq_basis *basis) {
    sq_status status = SQ_OK;
    bool *done = NULL;
    SQ_TRY(sq_alloc((size_t)set->n + 1, sizeof *done, &done));
    SQ_TRY(sq_weight_space(set->d, rank, duals, set->list, set->n, &basis->vectors, &basis->count,
                           done));
    for (int g = 0; g < set->n && basis->count > 0; g++)
        if (!done[g])
            SQ_TRY(
                intersect(set, g, rank, duals, basis->dimension, &basis->vectors, &basis->count));
cleanup:
    sq_free(done);
    return status;
}

static sq_status check_residual(const sq_group *group, int rank, sq_duals duals, sq_basis *basis) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_basis_residual(group, rank, duals, basis, &basis->residual));
    if (!(basis->residual < SQ_BASIS_TOLERANCE))
        status = sq_fail(SQ_ERR_NUMERIC, "%s, rank %d: the residual of the invariants is %.1e",
                         group->name, rank, basis->residual);
cleanup:
    return status;
}

sq_status sq_basis_solve_product(const sq_group *group, int rank, sq_duals duals,
                                 sq_basis **basis) {
    sq_status status = SQ_OK;
    generator_set set = {0};
    *basis = NULL;
    if (rank < 0 || rank > SQ_MAX_TENSOR_RANK)
        return sq_fail(SQ_ERR_CONFIG, "tensors of rank %d: ranks go from 0 to %d", rank,
                       SQ_MAX_TENSOR_RANK);
    if (group->orthogonal) duals = 0;
    SQ_TRY(sq_alloc(1, sizeof **basis, basis));
    (*basis)->dimension = sq_tensor_size(group->dimension, rank);
    SQ_TRY(generators_create(group, &set));
    SQ_TRY(solve(&set, rank, duals, *basis));
    SQ_TRY(check_residual(group, rank, duals, *basis));
cleanup:
    generators_clear(&set);
    if (status != SQ_OK) {
        sq_basis_destroy(basis);
        sq_fail_within(status, "%s", group->name);
    }
    return status;
}

sq_status sq_basis_solve(const sq_group *group, int p, int q, sq_basis **basis) {
    if (p < 0 || q < 0 || p + q > SQ_MAX_TENSOR_RANK)
        return sq_fail(SQ_ERR_CONFIG, "T(%d,%d): ranks go from 0 to %d in all", p, q,
                       SQ_MAX_TENSOR_RANK);
    return sq_basis_solve_product(group, p + q, ((1u << q) - 1u) << p, basis);
}

void sq_basis_destroy(sq_basis **basis) {
    if (!*basis) return;
    sq_free((*basis)->vectors);
    sq_free(*basis);
    *basis = NULL;
}

static double row_norm(const double *row, size_t size) {
    double sum = 0.0;
    for (size_t e = 0; e < size; e++) sum += row[e] * row[e];
    return sqrt(sum);
}

sq_status sq_basis_residual(const sq_group *group, int rank, sq_duals duals, const sq_basis *basis,
                            double *residual) {
    sq_status status = SQ_OK;
    generator_set set = {0};
    double *image = NULL, *scratch = NULL, *gram = NULL;
    size_t size = basis->dimension, count = basis->count;
    if (group->orthogonal) duals = 0;
    *residual = 0.0;
    SQ_TRY(generators_create(group, &set));
    SQ_TRY(sq_alloc(size, sizeof *image, &image));
    SQ_TRY(sq_alloc(size, sizeof *scratch, &scratch));
    SQ_TRY(sq_alloc(count * count, sizeof *gram, &gram));
    for (int g = 0; g < set.n; g++) {
        for (size_t v = 0; v < count; v++) {
            apply_constraint(set.d, rank, duals, &set.list[g], basis->vectors + v * size, image,
                             scratch);
            *residual = fmax(*residual, row_norm(image, size));
        }
    }
    sq_gram_double(count, size, basis->vectors, gram);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j <= i; j++)
            *residual = fmax(*residual, fabs(gram[i * count + j] - (i == j)));
cleanup:
    generators_clear(&set);
    sq_free(image);
    sq_free(scratch);
    sq_free(gram);
    return status;
}
