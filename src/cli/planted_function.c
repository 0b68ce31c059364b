#include "cli/planted_function.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/memory.h"
#include "symmetry/action.h"
#include "symmetry/basis.h"

/* Terms of each degree; samples that the scale is taken from. */
enum { MOST_DEGREE = 4, TERMS = 4, MOST_VALUES = 1 << 10, SCALE_SAMPLES = 500, MOST_INPUTS = 64 };

/* One term: which vectors are multiplied, and the matrix C. */
typedef struct {
    int degree;
    int factor[MOST_DEGREE];
    double *matrix; /* (d^rank, d^degree) */
} term;

struct sq_polynomial {
    int d, vectors, rank, n_terms;
    double scale;
    term terms[TERMS * MOST_DEGREE];
};

void sq_polynomial_draw_input(sq_rng *rng, int vectors, int d, double *x) {
    for (int k = 0; k < vectors; k++) {
        double *v = x + k * d, squares = 0.0;
        for (int i = 0; i < d; i++) {
            v[i] = sq_rng_normal(rng);
            squares += v[i] * v[i];
        }
        for (int i = 0; i < d; i++) v[i] /= sqrt((1.0 + squares / d) / 2.0);
    }
}

/* Degree four is where C(4) and D(4) differ from rotations of the plane. */
static int highest_degree(int d) { return d == 2 ? 4 : 3; }

/* C is a random combination of the invariants of T(rank + degree). *found: whether there are any.
 */
static sq_status create_matrix(const sq_group *group, int rank, int degree, sq_rng *rng, term *t,
                               bool *found) {
    sq_status status;
    sq_basis *basis = NULL;
    SQ_TRY(sq_basis_solve(group, rank + degree, 0, &basis));
    *found = basis->count > 0;
    SQ_TRY(sq_alloc(basis->dimension, sizeof *t->matrix, &t->matrix));
    for (size_t k = 0; k < basis->count; k++) {
        double coefficient = sq_rng_normal(rng) / degree; /* the higher, the harder to learn */
        for (size_t e = 0; e < basis->dimension; e++)
            t->matrix[e] += coefficient * basis->vectors[k * basis->dimension + e];
    }
cleanup:
    sq_basis_destroy(&basis);
    return status;
}

static sq_status create_terms(const sq_group *group, sq_rng *rng, sq_polynomial *p) {
    sq_status status = SQ_OK;
    for (int degree = 1; degree <= highest_degree(p->d); degree++)
        for (int k = 0; k < TERMS; k++) {
            bool found = false;
            term *t = &p->terms[p->n_terms];
            t->degree = degree;
            for (int f = 0; f < degree; f++)
                t->factor[f] = (int)sq_rng_below(rng, (uint64_t)p->vectors);
            SQ_TRY(create_matrix(group, p->rank, degree, rng, t, &found));
            if (found)
                p->n_terms++;
            else
                sq_free(t->matrix), t->matrix = NULL;
        }
cleanup:
    return status;
}

/* Product of the vectors of a term, row-major. product: (d^degree) */
static void multiply_vectors(int d, const term *t, const double *x, double *product) {
    size_t size = 1;
    product[0] = 1.0;
    for (int f = 0; f < t->degree; f++) {
        const double *v = x + (size_t)t->factor[f] * (size_t)d;
        for (size_t e = size; e-- > 0;)
            for (size_t i = (size_t)d; i-- > 0;) product[e * (size_t)d + i] = product[e] * v[i];
        size *= (size_t)d;
    }
}

void sq_polynomial_add(const sq_polynomial *polynomial, double factor, const double *x, double *y) {
    double product[MOST_VALUES];
    size_t rows = sq_tensor_size(polynomial->d, polynomial->rank);
    for (int k = 0; k < polynomial->n_terms; k++) {
        const term *t = &polynomial->terms[k];
        size_t columns = sq_tensor_size(polynomial->d, t->degree);
        multiply_vectors(polynomial->d, t, x, product);
        for (size_t i = 0; i < rows; i++) {
            double sum = 0.0;
            for (size_t j = 0; j < columns; j++) sum += t->matrix[i * columns + j] * product[j];
            y[i] += factor * polynomial->scale * sum;
        }
    }
}

/* Root mean square of what varies: a constant says nothing of symmetry. */
static double measure_scale(const sq_polynomial *p, sq_rng *rng) {
    double x[MOST_INPUTS], y[MOST_VALUES], sum[MOST_VALUES] = {0}, squares = 0.0;
    size_t rows = sq_tensor_size(p->d, p->rank);
    for (int s = 0; s < SCALE_SAMPLES; s++) {
        memset(y, 0, sizeof y);
        sq_polynomial_draw_input(rng, p->vectors, p->d, x);
        sq_polynomial_add(p, 1.0, x, y);
        for (size_t i = 0; i < rows; i++) {
            sum[i] += y[i];
            squares += y[i] * y[i];
        }
    }
    for (size_t i = 0; i < rows; i++) squares -= sum[i] * sum[i] / SCALE_SAMPLES;
    return sqrt(fmax(squares, 0.0) / (SCALE_SAMPLES * (double)rows));
}

sq_status sq_polynomial_create(const sq_group *group, int vectors, int rank, sq_rng *rng,
                               sq_polynomial **polynomial) {
    sq_status status;
    sq_polynomial *p = NULL;
    SQ_TRY(sq_alloc(1, sizeof *p, &p));
    p->d = group->dimension;
    p->vectors = vectors;
    p->rank = rank;
    p->scale = 1.0;
    SQ_TRY(create_terms(group, rng, p));
    double scale = measure_scale(p, rng);
    if (scale < 1e-6)
        SQ_TRY(sq_fail(SQ_ERR_NUMERIC, "%s leaves no polynomial of degree %d with values in T(%d)",
                       group->name, highest_degree(p->d), rank));
    p->scale = 1.0 / scale;
cleanup:
    if (status != SQ_OK) sq_polynomial_destroy(&p);
    *polynomial = p;
    return status;
}

void sq_polynomial_destroy(sq_polynomial **polynomial) {
    sq_polynomial *p = *polynomial;
    if (!p) return;
    for (int k = 0; k < TERMS * MOST_DEGREE; k++) sq_free(p->terms[k].matrix);
    sq_free(p);
    *polynomial = NULL;
}
