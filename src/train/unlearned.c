#include "train/unlearned.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "linalg/linalg.h"
#include "train/scaling.h"

/* A block that is zero throughout keeps 1. */
static void set_scales(sq_unlearned *fit, const sq_real *x) {
    double squares[SQ_MAX_BLOCKS], counted[SQ_MAX_BLOCKS];
    sq_sum_blocks(fit->input, fit->samples, x, NULL, squares, counted);
    for (int b = 0; b < fit->input->n_blocks; b++)
        fit->scale[b] = squares[b] > 0.0 ? sqrt(squares[b] / counted[b]) : 1.0;
}

/* x: (samples, n_in); *scaled: the same, freed by the caller */
static sq_status scale_rows(const sq_unlearned *fit, const sq_real *x, double **scaled) {
    size_t n_in = fit->input->size;
    sq_status status = sq_alloc(fit->samples * n_in, sizeof **scaled, scaled);
    for (int b = 0; b < fit->input->n_blocks && status == SQ_OK; b++) {
        const sq_block *block = &fit->input->blocks[b];
        size_t end = block->offset + block->count * block->size;
        for (size_t s = 0; s < fit->samples; s++)
            for (size_t c = block->offset; c < end; c++)
                (*scaled)[s * n_in + c] = (double)x[s * n_in + c] / fit->scale[b];
    }
    return status;
}

static size_t begin_of(const sq_unlearned *fit, int half) {
    return half == 0 ? 0 : half == 1 ? fit->middle : fit->samples;
}

static size_t middle_of(size_t samples, const bool *counts) {
    size_t total = 0, before = 0, middle = 0;
    for (size_t s = 0; s < samples; s++) total += counts[s];
    for (; before < total / 2; middle++) before += counts[middle];
    return middle;
}

sq_status sq_unlearned_predict(const sq_unlearned *fit, const sq_real *x, double *left) {
    sq_status status;
    double *scaled = NULL;
    SQ_TRY(scale_rows(fit, x, &scaled));
    for (int half = 0; half < 2; half++) {
        size_t first = begin_of(fit, half), end = begin_of(fit, half + 1);
        SQ_TRY(sq_kernel_ridge_predict(&fit->halves[1 - half], end - first,
                                       scaled + first * fit->input->size,
                                       left + first * fit->n_out));
    }
cleanup:
    sq_free(scaled);
    return status;
}

/* ---- distances ------------------------------------------------------------------------------- */

/* Any linear combination of the copies of a tensor moves as they do. One of them may be unlike when
 * moved though no copy is, as the difference of two positions that lie anywhere: so the principal
 * combinations of each block are looked at beside the copies. */

/* A row of features: scaled inputs, then the principal combinations of their blocks of tensors. */
static size_t row_size(const sq_representation *input) { return 2 * input->size; }

/* Features of such a row. */
typedef struct {
    size_t offset, size;
} part;

/* Scalars, which no type moves, are no parts. parts: (2 copies + 1), or NULL to count them. */
static size_t list_parts(const sq_representation *input, part *parts) {
    size_t count = 1;
    if (parts) parts[0] = (part){0, input->size};
    for (int b = 0; b < input->n_blocks; b++) {
        const sq_block *block = &input->blocks[b];
        for (size_t k = 0; k < 2 * block->count && block->p + block->q > 0; k++, count++) {
            size_t half = k < block->count ? 0 : input->size;
            size_t copy = k % block->count;
            if (parts)
                parts[count] = (part){half + block->offset + copy * block->size, block->size};
        }
    }
    return count;
}

/* Mean products of the copies of a block, over samples and components; then its principal
 * combinations, one a row, divided by the roots of what they vary by; 0: they hardly do.
 * combined: (count, count) */
static sq_status find_principal(const sq_unlearned *fit, const sq_block *block,
                                const double *scaled, double *combined) {
    static const double least = 1e-6; /* of the largest */
    sq_status status;
    double *values = NULL;
    size_t n = block->count;
    SQ_TRY(sq_alloc(n, sizeof *values, &values));
    for (size_t s = 0; s < fit->samples; s++) {
        const double *row = scaled + s * fit->input->size + block->offset;
        sq_gemm_double(SQ_KEEP, SQ_TRANSPOSE, n, n, block->size, 1.0, row, block->size, row,
                       block->size, s > 0, combined, n);
    }
    SQ_TRY(sq_eigen_symmetric(n, combined, values));
    for (size_t k = 0; k < n; k++) {
        bool varies = values[k] > least * values[n - 1];
        double factor = varies ? 1.0 / sqrt(values[k] / (double)fit->samples) : 0.0;
        for (size_t i = 0; i < n; i++) combined[k * n + i] *= factor;
    }
cleanup:
    sq_free(values);
    return status;
}

static sq_status find_all_principal(sq_unlearned *fit, const double *scaled) {
    sq_status status = SQ_OK;
    for (int b = 0; b < fit->input->n_blocks; b++) {
        const sq_block *block = &fit->input->blocks[b];
        SQ_TRY(
            sq_alloc(block->count * block->count, sizeof *fit->principal[b], &fit->principal[b]));
        SQ_TRY(find_principal(fit, block, scaled, fit->principal[b]));
    }
cleanup:
    return status;
}

/* scaled: (n_in); row: (row_size) */
static void fill_row(const sq_unlearned *fit, const double *scaled, double *row) {
    size_t n_in = fit->input->size;
    memcpy(row, scaled, n_in * sizeof *row);
    for (int b = 0; b < fit->input->n_blocks; b++) {
        const sq_block *block = &fit->input->blocks[b];
        sq_gemm_double(SQ_KEEP, SQ_KEEP, block->count, block->size, block->count, 1.0,
                       fit->principal[b], block->count, row + block->offset, block->size, 0.0,
                       row + n_in + block->offset, block->size);
    }
}

/* The squared distance of a row from the nearest one of the other half. distance: (samples),
 * scratch */
static double nearest_of(const sq_unlearned *fit, int other, const double *row, part of,
                         double *distance) {
    size_t first = begin_of(fit, other), count = begin_of(fit, other + 1) - first;
    double nearest = INFINITY;
    memset(distance, 0, count * sizeof *distance);
    for (size_t c = of.offset; c < of.offset + of.size; c++) {
        const double *there = fit->features + c * fit->samples + first;
        for (size_t k = 0; k < count; k++) distance[k] += (row[c] - there[k]) * (row[c] - there[k]);
    }
    for (size_t k = 0; k < count; k++)
        if (distance[k] < nearest) nearest = distance[k];
    return nearest;
}

/* Adds up the squared distances from the nearest sample of the other half. nearest: (n_parts) */
static sq_status sum_nearest(const sq_unlearned *fit, const double *scaled, double *nearest) {
    sq_status status;
    part *parts = NULL;
    double *row = NULL, *distance = NULL;
    SQ_TRY(sq_alloc(fit->n_parts, sizeof *parts, &parts));
    SQ_TRY(sq_alloc(row_size(fit->input), sizeof *row, &row));
    SQ_TRY(sq_alloc(fit->samples, sizeof *distance, &distance));
    list_parts(fit->input, parts);
    memset(nearest, 0, fit->n_parts * sizeof *nearest);
    for (size_t s = 0; s < fit->samples; s++) {
        fill_row(fit, scaled + s * fit->input->size, row);
        for (size_t p = 0; p < fit->n_parts; p++)
            nearest[p] += nearest_of(fit, s < begin_of(fit, 1), row, parts[p], distance);
    }
cleanup:
    sq_free(parts);
    sq_free(row);
    sq_free(distance);
    return status;
}

sq_status sq_unlearned_distance(const sq_unlearned *fit, const sq_real *x, double *ratio) {
    sq_status status;
    double *scaled = NULL, *nearest = NULL;
    SQ_TRY(scale_rows(fit, x, &scaled));
    SQ_TRY(sq_alloc(fit->n_parts, sizeof *nearest, &nearest));
    SQ_TRY(sum_nearest(fit, scaled, nearest));
    *ratio = 1.0;
    for (size_t p = 0; p < fit->n_parts; p++)
        if (nearest[p] > 0.0) *ratio = fmax(*ratio, nearest[p] / fit->nearest[p]);
cleanup:
    sq_free(scaled);
    sq_free(nearest);
    return status;
}

/* What distances are measured from. */
static sq_status keep_features(sq_unlearned *fit, const double *scaled) {
    sq_status status;
    double *row = NULL;
    size_t size = row_size(fit->input);
    fit->n_parts = list_parts(fit->input, NULL);
    SQ_TRY(sq_alloc(fit->n_parts, sizeof *fit->nearest, &fit->nearest));
    SQ_TRY(sq_alloc(size * fit->samples, sizeof *fit->features, &fit->features));
    SQ_TRY(sq_alloc(size, sizeof *row, &row));
    SQ_TRY(find_all_principal(fit, scaled));
    for (size_t s = 0; s < fit->samples; s++) {
        fill_row(fit, scaled + s * fit->input->size, row);
        for (size_t c = 0; c < size; c++) fit->features[c * fit->samples + s] = row[c];
    }
    SQ_TRY(sum_nearest(fit, scaled, fit->nearest));
cleanup:
    sq_free(row);
    return status;
}

/* ---- the fit --------------------------------------------------------------------------------- */

/* scaled: (samples, n_in) */
static sq_status fit_half(sq_unlearned *fit, int half, const double *scaled, const double *left,
                          const bool *counts) {
    sq_status status;
    double *inputs = NULL, *targets = NULL;
    size_t n_in = fit->input->size, n_out = fit->n_out, rows = 0;
    size_t first = begin_of(fit, half), end = begin_of(fit, half + 1);
    SQ_TRY(sq_alloc((end - first) * n_in, sizeof *inputs, &inputs));
    SQ_TRY(sq_alloc((end - first) * n_out, sizeof *targets, &targets));
    for (size_t s = first; s < end; s++) {
        if (!counts[s]) continue;
        memcpy(inputs + rows * n_in, scaled + s * n_in, n_in * sizeof *inputs);
        memcpy(targets + rows * n_out, left + s * n_out, n_out * sizeof *left);
        rows++;
    }
    SQ_TRY(sq_kernel_ridge_fit(rows, n_in, inputs, n_out, targets, &fit->halves[half]));
cleanup:
    sq_free(inputs);
    sq_free(targets);
    return status;
}

sq_status sq_unlearned_fit(const sq_representation *input, size_t samples, const sq_real *x,
                           size_t n_out, const double *left, const bool *counts,
                           sq_unlearned *fit) {
    sq_status status;
    double *scaled = NULL;
    *fit = (sq_unlearned){
        .input = input, .samples = samples, .n_out = n_out, .middle = middle_of(samples, counts)};
    set_scales(fit, x);
    SQ_TRY(scale_rows(fit, x, &scaled));
    SQ_TRY(fit_half(fit, 0, scaled, left, counts));
    SQ_TRY(fit_half(fit, 1, scaled, left, counts));
    SQ_TRY(keep_features(fit, scaled));
cleanup:
    sq_free(scaled);
    return status;
}

void sq_unlearned_clear(sq_unlearned *fit) {
    sq_kernel_ridge_clear(&fit->halves[0]);
    sq_kernel_ridge_clear(&fit->halves[1]);
    for (int b = 0; b < SQ_MAX_BLOCKS; b++) sq_free(fit->principal[b]);
    sq_free(fit->features);
    sq_free(fit->nearest);
    *fit = (sq_unlearned){0};
}
