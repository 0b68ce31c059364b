#include "symmetry/group_sample.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "linalg/linalg.h"
#include "symmetry/group_table.h"

enum { TAYLOR_ORDER = 18 };

void sq_group_stretch(sq_group *group, double factor) {
    int d = group->dimension;
    size_t size = (size_t)(d * d);
    for (int k = 0; k < group->n_lie; k++) {
        double *generator = group->lie + (size_t)k * size;
        if (sq_group_is_rotation(generator, d)) continue;
        for (size_t e = 0; e < size; e++) generator[e] *= factor;
    }
}

/* Unrolled where d is a constant. */
static inline void multiply_small(int d, const double *restrict a, const double *restrict b,
                                  double *restrict product) {
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) {
            double sum = 0.0;
            for (int k = 0; k < d; k++) sum += a[i * d + k] * b[k * d + j];
            product[i * d + j] = sum;
        }
}

/* So few rows and columns are multiplied in less time than it takes to call BLAS. */
static void multiply(int d, const double *a, const double *b, double *product) {
    switch (d) {
        case 2: multiply_small(2, a, b, product); break;
        case 3: multiply_small(3, a, b, product); break;
        case 4: multiply_small(4, a, b, product); break;
        default: multiply_small(d, a, b, product);
    }
}

void sq_set_identity(int d, double *a) {
    memset(a, 0, (size_t)(d * d) * sizeof *a);
    for (int i = 0; i < d; i++) a[i * d + i] = 1.0;
}

/* exp(a) by scaling and squaring of the Taylor series: with a norm below 1/2 the 18th term is
 * below the last bit. a is overwritten; work: (2,d,d). False if a is beyond all numbers. */
static bool exponentiate(int d, double *a, double *result, double *work) {
    size_t size = (size_t)(d * d);
    double norm = 0.0;
    int squarings = 0;
    for (size_t k = 0; k < size; k++) norm += fabs(a[k]);
    if (!isfinite(norm)) return false;
    while (ldexp(norm, -squarings) > 0.5) squarings++;
    for (size_t k = 0; k < size; k++) a[k] = ldexp(a[k], -squarings);
    double *term = work, *next = work + size;
    sq_set_identity(d, result);
    sq_set_identity(d, term);
    for (int order = 1; order <= TAYLOR_ORDER; order++) {
        multiply(d, term, a, next);
        for (size_t k = 0; k < size; k++) term[k] = next[k] / order;
        for (size_t k = 0; k < size; k++) result[k] += term[k];
    }
    for (int k = 0; k < squarings; k++) {
        multiply(d, result, result, next);
        memcpy(result, next, size * sizeof *result);
    }
    return true;
}

/* From how many powers of a generator, from 0 on, one is drawn: eight as in the paper's code, or
 * all of more. One without an order leads the farther out the higher its power. */
static uint64_t powers_of(const sq_group *group, int k, double scale) {
    enum { LEAST_POWERS = 8 };
    int order = group->order[k];
    if (order == 0 && scale < 1.0) return 2;
    return (uint64_t)(order > LEAST_POWERS ? order : LEAST_POWERS);
}

static void multiply_by_power(const sq_group *group, int k, uint64_t power, double *element,
                              double *work) {
    int d = group->dimension;
    size_t size = (size_t)(d * d);
    for (uint64_t p = 0; p < power; p++) {
        multiply(d, element, group->discrete + (size_t)k * size, work);
        memcpy(element, work, size * sizeof *work);
    }
}

static sq_status too_far(const sq_group *group) {
    return sq_fail(SQ_ERR_NUMERIC,
                   "%s: an element is too far from the identity to have an inverse in double "
                   "precision",
                   group->name);
}

static void multiply_by_words(const sq_group *group, double scale, sq_rng *rng, double *element,
                              double *work) {
    for (int word = 0; word < group->words; word++)
        for (int k = 0; k < group->n_discrete; k++)
            multiply_by_power(group, k, sq_rng_below(rng, powers_of(group, k, scale)), element,
                              work);
}

/* Where a permutation matrix has the one of each row. places: (d) */
static void find_places(int d, const double *h, int *places) {
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++)
            if (h[i * d + j] != 0.0) places[i] = j;
}

/* The same product of permutations, whose matrices would take most of the time of a large one. */
static sq_status permute_by_words(const sq_group *group, double scale, sq_rng *rng,
                                  double *element) {
    sq_status status;
    int d = group->dimension, *generators = NULL, *image = NULL;
    SQ_TRY(sq_alloc((size_t)(group->n_discrete * d), sizeof *generators, &generators));
    SQ_TRY(sq_alloc((size_t)d, sizeof *image, &image));
    for (int k = 0; k < group->n_discrete; k++)
        find_places(d, group->discrete + (size_t)k * (size_t)(d * d), generators + k * d);
    for (int i = 0; i < d; i++) image[i] = i;
    for (int word = 0; word < group->words; word++)
        for (int k = 0; k < group->n_discrete; k++) {
            uint64_t power = sq_rng_below(rng, powers_of(group, k, scale));
            for (uint64_t p = 0; p < power; p++)
                for (int i = 0; i < d; i++) image[i] = generators[k * d + image[i]];
        }
    memset(element, 0, (size_t)(d * d) * sizeof *element);
    for (int i = 0; i < d; i++) element[i * d + image[i]] = 1.0;
cleanup:
    sq_free(generators);
    sq_free(image);
    return status;
}

/* exp(sum_i z_i A_i) times a product of words. work: (3,d,d), zero */
static sq_status draw(const sq_group *group, double scale, sq_rng *rng, double *element,
                      double *work) {
    int d = group->dimension;
    size_t size = (size_t)(d * d);
    if (group->permutation) return permute_by_words(group, scale, rng, element);
    for (int k = 0; k < group->n_lie; k++) {
        double z = scale * sq_rng_normal(rng);
        for (size_t e = 0; e < size; e++) work[e] += z * group->lie[(size_t)k * size + e];
    }
    if (!exponentiate(d, work, element, work + size)) return too_far(group);
    multiply_by_words(group, scale, rng, element, work);
    return SQ_OK;
}

static sq_status inverse_transpose_of(int d, const double *element, double *result, double *work) {
    memcpy(work, element, (size_t)(d * d) * sizeof *work);
    sq_status status = sq_invert((size_t)d, work);
    for (int i = 0; status == SQ_OK && i < d; i++)
        for (int j = 0; j < d; j++) result[i * d + j] = work[j * d + i];
    return status;
}

sq_status sq_group_sample(const sq_group *group, double scale, uint64_t seed,
                          sq_rng_purpose purpose, uint32_t epoch, uint64_t index, double *element,
                          double *inverse_transpose) {
    sq_status status = SQ_OK;
    int d = group->dimension;
    size_t size = (size_t)(d * d);
    double *work = NULL;
    assert(inverse_transpose || group->orthogonal);
    SQ_TRY(sq_alloc(3 * size, sizeof *work, &work));
    sq_rng rng = sq_rng_create(seed, purpose, epoch, index);
    SQ_TRY(draw(group, scale, &rng, element, work));
    if (!inverse_transpose) goto cleanup;
    status = inverse_transpose_of(d, element, inverse_transpose, work);
    if (status == SQ_ERR_NUMERIC) status = too_far(group);
cleanup:
    sq_free(work);
    return status;
}

static bool is_identity(int d, const double *element) {
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++)
            if (fabs(element[i * d + j] - (i == j)) > 1e-9) return false;
    return true;
}

sq_status sq_group_sample_moving(const sq_group *group, double scale, uint64_t seed,
                                 sq_rng_purpose purpose, uint64_t index, double *element,
                                 double *inverse_transpose) {
    enum { MOST_DRAWS = 64 };
    sq_status status = SQ_OK;
    for (uint32_t draw = 0; draw < MOST_DRAWS; draw++) {
        SQ_TRY(
            sq_group_sample(group, scale, seed, purpose, draw, index, element, inverse_transpose));
        if (!is_identity(group->dimension, element)) break;
    }
cleanup:
    return status;
}
