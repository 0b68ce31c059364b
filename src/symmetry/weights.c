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
enum { MAX_START_ROWS = 6000, MAX_START_ENTRIES = 1 << 27 };
static const size_t max_product = (size_t)1 << 24;

/* Families that are tried: those of a large group are mostly conjugate, and leave as much. */
enum { MAX_FAMILIES = 12 };

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

/* What tells which generators are normal and commute: the products of each with one random vector.
 * That costs d^2 a pair instead of d^3, and the vector sees any difference of two matrices. */
typedef struct {
    int d, n;
    const sq_generator *generators;
    double *vector, *work; /* (d) */
    double *images;        /* (n, d): generator times vector */
    bool *normal;          /* (n) */
} generator_probe;

static void apply(int d, const double *m, bool transpose, const double *x, double *y) {
    for (int i = 0; i < d; i++) {
        y[i] = 0.0;
        for (int j = 0; j < d; j++) y[i] += m[transpose ? j * d + i : i * d + j] * x[j];
    }
}

/* a (b x) = c (d x), with b x and d x at hand. work: (2,d) */
static bool same_product(int d, const double *a, bool transpose_a, const double *bx,
                         const double *c, bool transpose_c, const double *dx, double *work) {
    apply(d, a, transpose_a, bx, work);
    apply(d, c, transpose_c, dx, work + d);
    for (int i = 0; i < d; i++)
        if (fabs(work[i] - work[d + i]) > 1e-13 * d) return false;
    return true;
}

static bool commute(const generator_probe *p, int g, int h) {
    return same_product(p->d, p->generators[g].matrix, false, p->images + h * p->d,
                        p->generators[h].matrix, false, p->images + g * p->d, p->work);
}

static bool is_normal(const generator_probe *p, int g) {
    double *transposed = p->work + 2 * p->d;
    const double *matrix = p->generators[g].matrix;
    apply(p->d, matrix, true, p->vector, transposed);
    return same_product(p->d, matrix, false, transposed, matrix, true, p->images + g * p->d,
                        p->work);
}

static void probe_clear(generator_probe *p) {
    sq_free(p->vector);
    sq_free(p->work);
    sq_free(p->images);
    sq_free(p->normal);
}

static sq_status probe_create(int d, const sq_generator *generators, int n, generator_probe *p) {
    sq_status status = SQ_OK;
    *p = (generator_probe){.d = d, .n = n, .generators = generators};
    SQ_TRY(sq_alloc((size_t)d, sizeof *p->vector, &p->vector));
    SQ_TRY(sq_alloc((size_t)(3 * d), sizeof *p->work, &p->work));
    SQ_TRY(sq_alloc((size_t)n * (size_t)d, sizeof *p->images, &p->images));
    SQ_TRY(sq_alloc((size_t)n, sizeof *p->normal, &p->normal));
    sq_rng rng = sq_rng_create(0, SQ_RNG_INIT, 0, 1);
    for (int i = 0; i < d; i++) p->vector[i] = sq_rng_normal(&rng);
    for (int g = 0; g < n; g++)
        apply(d, generators[g].matrix, false, p->vector, p->images + (size_t)g * (size_t)d);
    for (int g = 0; g < n; g++) p->normal[g] = is_normal(p, g);
cleanup:
    return status;
}

/* Greedily, from `start` on: every later and earlier generator that commutes with those taken. */
static void choose_family(const generator_probe *p, int start, bool *chosen) {
    for (int g = 0; g < p->n; g++) chosen[g] = g == start;
    for (int step = 1; step < p->n; step++) {
        int g = (start + step) % p->n;
        bool fits = p->normal[g];
        for (int other = 0; other < p->n && fits; other++)
            if (chosen[other]) fits = commute(p, g, other);
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

/* Counts up to `most`. */
static size_t count_invariant(const eigen_family *family, const bool *lie, int rank, sq_duals duals,
                              size_t most) {
    int index[SQ_MAX_TENSOR_RANK] = {0};
    size_t count = 0;
    do count += is_invariant(family, lie, rank, duals, index);
    while (count < most && next_index(family->d, rank, index));
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

/* Tries the families grown from normal generators that none of the others contains; keeps the one
 * that leaves least. *least: counted up to one more than can be solved. chosen, lie, tried: (n). */
static sq_status find_best_start(const generator_probe *p, int rank, sq_duals duals, bool *chosen,
                                 bool *lie, bool *tried, int *best_start, size_t *least) {
    sq_status status = SQ_OK;
    eigen_family family = {0};
    int families = 0;
    *best_start = -1;
    *least = sq_tensor_size(p->d, rank);
    for (int start = 0; start < p->n && families < MAX_FAMILIES; start++) {
        if (!p->normal[start] || tried[start]) continue;
        families++;
        choose_family(p, start, chosen);
        for (int g = 0; g < p->n; g++) tried[g] = tried[g] || chosen[g];
        SQ_TRY(family_create(p->d, p->generators, p->n, chosen, &family));
        list_lie(p->generators, p->n, chosen, lie);
        size_t most = *least < MAX_START_ROWS + 1 ? *least : MAX_START_ROWS + 1;
        size_t count = count_invariant(&family, lie, rank, duals, most);
        family_clear(&family);
        if (*best_start < 0 || count < *least) {
            *best_start = start;
            *least = count;
        }
    }
cleanup:
    return status;
}

/* rows: 0 if they are not known yet. */
static sq_status check_size(int d, int rank, size_t size, size_t rows) {
    if (size > max_product)
        return sq_fail(SQ_ERR_CONFIG,
                       "the invariants of rank %d over R^%d are too many to solve for: %zu "
                       "dimensions, at most %zu can be searched; use fewer channels, so that the "
                       "hidden tensors have a lower rank",
                       rank, d, size, max_product);
    if (rows <= MAX_START_ROWS && (rows == 0 || size <= MAX_START_ENTRIES / rows)) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "the invariants of rank %d over R^%d are too many to solve for: %zu%s of %zu "
                   "dimensions remain after the easy ones; use fewer channels, so that the hidden "
                   "tensors have a lower rank",
                   rank, d, rows, rows > MAX_START_ROWS ? " or more" : "", size);
}

/* The rows that the family grown from `start` leaves alone. */
static sq_status write_family(const generator_probe *p, int rank, sq_duals duals, int start,
                              bool *chosen, bool *lie, double *vectors) {
    sq_status status = SQ_OK;
    eigen_family family = {0};
    double complex *product = NULL;
    choose_family(p, start, chosen);
    list_lie(p->generators, p->n, chosen, lie);
    SQ_TRY(family_create(p->d, p->generators, p->n, chosen, &family));
    SQ_TRY(sq_alloc(sq_tensor_size(p->d, rank), sizeof *product, &product));
    write_rows(&family, lie, rank, duals, product, vectors);
cleanup:
    family_clear(&family);
    sq_free(product);
    return status;
}

sq_status sq_weight_space(int d, int rank, sq_duals duals, const sq_generator *generators, int n,
                          double **vectors, size_t *count, bool *chosen) {
    sq_status status = SQ_OK;
    generator_probe probe = {0};
    bool *lie = NULL, *tried = NULL;
    int best_start = -1;
    size_t size = sq_tensor_size(d, rank);
    *vectors = NULL;
    SQ_TRY(check_size(d, rank, size, 0));
    SQ_TRY(sq_alloc((size_t)n, sizeof *lie, &lie));
    SQ_TRY(sq_alloc((size_t)n, sizeof *tried, &tried));
    SQ_TRY(probe_create(d, generators, n, &probe));
    SQ_TRY(find_best_start(&probe, rank, duals, chosen, lie, tried, &best_start, count));
    SQ_TRY(check_size(d, rank, size, *count));
    SQ_TRY(sq_alloc(*count * size, sizeof **vectors, vectors));
    if (best_start >= 0) {
        SQ_TRY(write_family(&probe, rank, duals, best_start, chosen, lie, *vectors));
    } else {
        for (int g = 0; g < n; g++) chosen[g] = false;
        for (size_t e = 0; e < size; e++) (*vectors)[e * size + e] = 1.0;
    }
cleanup:
    probe_clear(&probe);
    sq_free(lie);
    sq_free(tried);
    if (status != SQ_OK) {
        sq_free(*vectors);
        *vectors = NULL;
    }
    return status;
}
