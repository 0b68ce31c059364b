#include "symmetry/weights.h"

#include <complex.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/rng.h"
#include "linalg/linalg.h"
#include "symmetry/action.h"

/* Largest space that is solved: rows of the start space, and its entries in all. */
enum { MAX_START_ROWS = 6000, MAX_START_ENTRIES = 1 << 28 };
static const size_t max_product = (size_t)1 << 24;

/* The common eigenvectors of a family, on one factor V. */
typedef struct {
    int d, n;
    double complex *vectors; /* (d, d): row e is eigenvector e */
    int *conjugate;          /* (d): index of the complex conjugate eigenvector */
    double complex *weights; /* (n, d): eigenvalue of generator g on eigenvector e */
    double complex *duals;   /* (n, d): the same on V* */
} eigen_family;

static void family_clear(eigen_family *family) {
    sq_free(family->vectors);
    sq_free(family->conjugate);
    sq_free(family->weights);
    sq_free(family->duals);
    memset(family, 0, sizeof *family);
}

static double commutator_norm(int d, const double *a, const double *b, bool transpose_b) {
    double largest = 0.0;
    for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
            double sum = 0.0;
            for (int k = 0; k < d; k++) {
                double b_kj = transpose_b ? b[j * d + k] : b[k * d + j];
                double b_ik = transpose_b ? b[k * d + i] : b[i * d + k];
                sum += a[i * d + k] * b_kj - b_ik * a[k * d + j];
            }
            if (fabs(sum) > largest) largest = fabs(sum);
        }
    }
    return largest;
}

static bool commute(int d, const double *a, const double *b) {
    return commutator_norm(d, a, b, false) < 1e-13;
}

static bool is_normal(int d, const double *a) { return commutator_norm(d, a, a, true) < 1e-13; }

/* Greedily, from `start` on: every later and earlier generator that commutes with those taken. */
static void choose_family(int d, const sq_generator *generators, int n, int start, bool *chosen) {
    for (int g = 0; g < n; g++) chosen[g] = g == start;
    for (int step = 1; step < n; step++) {
        int g = (start + step) % n;
        bool fits = is_normal(d, generators[g].matrix);
        for (int other = 0; other < n && fits; other++)
            if (chosen[other]) fits = commute(d, generators[g].matrix, generators[other].matrix);
        chosen[g] = fits;
    }
}

/* u^H M u for eigenvector u. */
static double complex rayleigh(int d, const double complex *u, const double *m) {
    double complex value = 0.0;
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) value += conj(u[i]) * m[i * d + j] * u[j];
    return value;
}

/* A normal real matrix has a Schur form of 1x1 blocks (real eigenvectors: columns of z) and 2x2
 * blocks (pairs q1 +- i q2). */
static void vectors_from_schur(int d, const double *t, const double *z, eigen_family *family) {
    double scale = 0.0;
    for (int k = 0; k < d * d; k++) scale = fmax(scale, fabs(t[k]));
    for (int e = 0; e < d; e++) {
        bool pair = e + 1 < d && fabs(t[(e + 1) * d + e]) > 1e-10 * scale;
        for (int i = 0; i < d; i++) {
            double first = z[i * d + e];
            if (!pair) {
                family->vectors[e * d + i] = first;
                continue;
            }
            double second = z[i * d + e + 1];
            family->vectors[e * d + i] = (first + I * second) * sqrt(0.5);
            family->vectors[(e + 1) * d + i] = (first - I * second) * sqrt(0.5);
        }
        family->conjugate[e] = pair ? e + 1 : e;
        if (pair) family->conjugate[e + 1] = e;
        if (pair) e++;
    }
}

/* Common eigenvectors: those of a random combination, whose eigenvalues coincide only where those
 * of every generator do. */
static sq_status family_create(int d, const sq_generator *generators, int n, const bool *chosen,
                               eigen_family *family) {
    sq_status status = SQ_OK;
    double *mix = NULL;
    double *z = NULL;
    size_t size = (size_t)(d * d);
    memset(family, 0, sizeof *family);
    family->d = d;
    SQ_TRY(sq_alloc(size, sizeof *mix, &mix));
    SQ_TRY(sq_alloc(size, sizeof *z, &z));
    SQ_TRY(sq_alloc(size, sizeof *family->vectors, &family->vectors));
    SQ_TRY(sq_alloc((size_t)d, sizeof *family->conjugate, &family->conjugate));
    SQ_TRY(sq_alloc((size_t)(n * d), sizeof *family->weights, &family->weights));
    SQ_TRY(sq_alloc((size_t)(n * d), sizeof *family->duals, &family->duals));
    sq_rng rng = sq_rng_create(0, SQ_RNG_INIT, 0, 0);
    for (int g = 0; g < n; g++) {
        if (!chosen[g]) continue;
        double factor = 0.5 + sq_rng_uniform(&rng);
        for (size_t k = 0; k < size; k++) mix[k] += factor * generators[g].matrix[k];
    }
    SQ_TRY(sq_schur((size_t)d, mix, z));
    vectors_from_schur(d, mix, z, family);
    for (int g = 0; g < n; g++) {
        if (!chosen[g]) continue;
        bool lie = !generators[g].inverse;
        for (int e = 0; e < d; e++) {
            double complex weight = rayleigh(d, family->vectors + e * d, generators[g].matrix);
            family->weights[family->n * d + e] = weight;
            family->duals[family->n * d + e] = lie ? -conj(weight) : 1.0 / conj(weight);
        }
        family->n++;
    }
cleanup:
    sq_free(mix);
    sq_free(z);
    if (status != SQ_OK) family_clear(family);
    return status;
}

/* True if the product of the eigenvectors index[0..rank-1] is left alone. lie: (n) of the family.
 */
static bool is_invariant(const eigen_family *family, const bool *lie, int rank, sq_duals duals,
                         const int *index) {
    for (int g = 0; g < family->n; g++) {
        double complex total = lie[g] ? 0.0 : 1.0;
        for (int k = 0; k < rank; k++) {
            const double complex *of = (duals >> k & 1) ? family->duals : family->weights;
            double complex weight = of[g * family->d + index[k]];
            total = lie[g] ? total + weight : total * weight;
        }
        if (cabs(total - (lie[g] ? 0.0 : 1.0)) > 1e-9) return false;
    }
    return true;
}

/* Next multi-index in row-major order; false after the last. */
static bool next_index(int d, int rank, int *index) {
    for (int k = rank - 1; k >= 0; k--) {
        if (++index[k] < d) return true;
        index[k] = 0;
    }
    return false;
}

/* Sign of index minus its complex conjugate, lexicographically: 0 for a real product. */
static int compare_with_conjugate(const eigen_family *family, int rank, const int *index) {
    for (int k = 0; k < rank; k++) {
        int other = family->conjugate[index[k]];
        if (index[k] != other) return index[k] < other ? -1 : 1;
    }
    return 0;
}

static size_t count_invariant(const eigen_family *family, const bool *lie, int rank,
                              sq_duals duals) {
    int index[SQ_MAX_TENSOR_RANK] = {0};
    size_t count = 0;
    do count += is_invariant(family, lie, rank, duals, index);
    while (next_index(family->d, rank, index));
    return count;
}

/* product: (d^rank) of the eigenvectors of an index; work: the same. */
static void outer_product(const eigen_family *family, int rank, const int *index,
                          double complex *product) {
    size_t size = 1;
    size_t d = (size_t)family->d;
    product[0] = 1.0;
    for (int k = 0; k < rank; k++) {
        const double complex *u = family->vectors + (size_t)index[k] * d;
        for (size_t e = size; e-- > 0;) { /* backwards: in place */
            double complex value = product[e];
            for (size_t i = d; i-- > 0;) product[e * d + i] = value * u[i];
        }
        size *= d;
    }
}

static void write_rows(const eigen_family *family, const bool *lie, int rank, sq_duals duals,
                       double complex *product, double *vectors) {
    int index[SQ_MAX_TENSOR_RANK] = {0};
    size_t size = sq_tensor_size(family->d, rank);
    do {
        int order = compare_with_conjugate(family, rank, index);
        if (order > 0 || !is_invariant(family, lie, rank, duals, index)) continue;
        outer_product(family, rank, index, product);
        double scale = order == 0 ? 1.0 : sqrt(2.0); /* Re and Im of u share its length */
        for (size_t e = 0; e < size; e++) vectors[e] = scale * creal(product[e]);
        vectors += size;
        if (order == 0) continue;
        for (size_t e = 0; e < size; e++) vectors[e] = scale * cimag(product[e]);
        vectors += size;
    } while (next_index(family->d, rank, index));
}

static void list_lie(const sq_generator *generators, int n, const bool *chosen, bool *lie) {
    int place = 0;
    for (int g = 0; g < n; g++)
        if (chosen[g]) lie[place++] = !generators[g].inverse;
}

/* Tries the family grown from each normal generator; keeps the one that leaves least. */
static sq_status find_best_start(int d, int rank, sq_duals duals, const sq_generator *generators,
                                 int n, bool *chosen, bool *lie, int *best_start, size_t *least) {
    sq_status status = SQ_OK;
    eigen_family family = {0};
    *best_start = -1;
    *least = sq_tensor_size(d, rank);
    for (int start = 0; start < n; start++) {
        if (!is_normal(d, generators[start].matrix)) continue;
        choose_family(d, generators, n, start, chosen);
        SQ_TRY(family_create(d, generators, n, chosen, &family));
        list_lie(generators, n, chosen, lie);
        size_t count = count_invariant(&family, lie, rank, duals);
        family_clear(&family);
        if (*best_start < 0 || count < *least) {
            *best_start = start;
            *least = count;
        }
    }
cleanup:
    return status;
}

static sq_status check_size(int d, int rank, size_t size, size_t rows) {
    if (size <= max_product && rows <= MAX_START_ROWS &&
        (rows == 0 || size <= MAX_START_ENTRIES / rows))
        return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "the invariants of rank %d over R^%d are too many to solve for (%zu of %zu "
                   "dimensions remain to be searched, at most %d can be): use fewer channels, so "
                   "that the hidden tensors have a lower rank",
                   rank, d, rows, size, MAX_START_ROWS);
}

sq_status sq_weight_space(int d, int rank, sq_duals duals, const sq_generator *generators, int n,
                          double **vectors, size_t *count, bool *chosen) {
    sq_status status = SQ_OK;
    eigen_family family = {0};
    double complex *product = NULL;
    bool *lie = NULL;
    int best_start = -1;
    size_t size = sq_tensor_size(d, rank);
    *vectors = NULL;
    SQ_TRY(check_size(d, rank, size, 0));
    SQ_TRY(sq_alloc((size_t)n + 1, sizeof *lie, &lie));
    SQ_TRY(find_best_start(d, rank, duals, generators, n, chosen, lie, &best_start, count));
    SQ_TRY(check_size(d, rank, size, *count));
    SQ_TRY(sq_alloc(*count * size, sizeof **vectors, vectors));
    for (int g = 0; g < n; g++) chosen[g] = false;
    if (best_start < 0) {
        for (size_t e = 0; e < size; e++) (*vectors)[e * size + e] = 1.0;
        goto cleanup;
    }
    choose_family(d, generators, n, best_start, chosen);
    list_lie(generators, n, chosen, lie);
    SQ_TRY(family_create(d, generators, n, chosen, &family));
    SQ_TRY(sq_alloc(size, sizeof *product, &product));
    write_rows(&family, lie, rank, duals, product, *vectors);
cleanup:
    family_clear(&family);
    sq_free(product);
    sq_free(lie);
    if (status != SQ_OK) {
        sq_free(*vectors);
        *vectors = NULL;
    }
    return status;
}
