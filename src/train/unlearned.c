#include "train/unlearned.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

static size_t features_of(const sq_block *block) { return block->count * block->size; }

/* A block that is zero throughout keeps 1. */
static void set_scales(sq_unlearned *fit, const sq_real *x) {
    for (int b = 0; b < fit->input->n_blocks; b++) {
        const sq_block *block = &fit->input->blocks[b];
        double sum = 0.0;
        for (size_t s = 0; s < fit->samples; s++)
            for (size_t c = 0; c < features_of(block); c++) {
                double value = (double)x[s * fit->input->size + block->offset + c];
                sum += value * value;
            }
        double mean = sum / (double)(fit->samples * features_of(block));
        fit->scale[b] = mean > 0.0 ? sqrt(mean) : 1.0;
    }
}

static void scale_row(const sq_unlearned *fit, const sq_real *x, double *scaled) {
    for (int b = 0; b < fit->input->n_blocks; b++) {
        const sq_block *block = &fit->input->blocks[b];
        for (size_t c = block->offset; c < block->offset + features_of(block); c++)
            scaled[c] = (double)x[c] / fit->scale[b];
    }
}

static size_t begin_of(const sq_unlearned *fit, int half) {
    return half == 0 ? 0 : half == 1 ? fit->samples / 2 : fit->samples;
}

static sq_status fit_half(sq_unlearned *fit, int half, const sq_real *x, const double *left,
                          const bool *counts) {
    sq_status status;
    double *scaled = NULL, *targets = NULL;
    size_t n_in = fit->input->size, n_out = fit->n_out, rows = 0;
    size_t first = begin_of(fit, half), end = begin_of(fit, half + 1);
    SQ_TRY(sq_alloc((end - first) * n_in, sizeof *scaled, &scaled));
    SQ_TRY(sq_alloc((end - first) * n_out, sizeof *targets, &targets));
    for (size_t s = first; s < end; s++) {
        if (!counts[s]) continue;
        scale_row(fit, x + s * n_in, scaled + rows * n_in);
        memcpy(targets + rows * n_out, left + s * n_out, n_out * sizeof *left);
        rows++;
    }
    SQ_TRY(sq_kernel_ridge_fit(rows, n_in, scaled, n_out, targets, &fit->halves[half]));
cleanup:
    sq_free(scaled);
    sq_free(targets);
    return status;
}

sq_status sq_unlearned_fit(const sq_representation *input, size_t samples, const sq_real *x,
                           size_t n_out, const double *left, const bool *counts,
                           sq_unlearned *fit) {
    sq_status status;
    *fit = (sq_unlearned){.input = input, .samples = samples, .n_out = n_out};
    set_scales(fit, x);
    SQ_TRY(fit_half(fit, 0, x, left, counts));
    SQ_TRY(fit_half(fit, 1, x, left, counts));
cleanup:
    return status;
}

void sq_unlearned_clear(sq_unlearned *fit) {
    sq_kernel_ridge_clear(&fit->halves[0]);
    sq_kernel_ridge_clear(&fit->halves[1]);
}

static sq_status predict_half(const sq_unlearned *fit, int half, const sq_real *x, double *left,
                              double *nearest) {
    sq_status status;
    double *scaled = NULL;
    size_t n_in = fit->input->size;
    size_t first = begin_of(fit, half), end = begin_of(fit, half + 1);
    SQ_TRY(sq_alloc((end - first) * n_in, sizeof *scaled, &scaled));
    for (size_t s = first; s < end; s++) scale_row(fit, x + s * n_in, scaled + (s - first) * n_in);
    SQ_TRY(sq_kernel_ridge_predict(&fit->halves[1 - half], end - first, scaled,
                                   left + first * fit->n_out, nearest + first));
cleanup:
    sq_free(scaled);
    return status;
}

sq_status sq_unlearned_predict(const sq_unlearned *fit, const sq_real *x, double *left,
                               double *nearest) {
    sq_status status;
    SQ_TRY(predict_half(fit, 0, x, left, nearest));
    SQ_TRY(predict_half(fit, 1, x, left, nearest));
cleanup:
    return status;
}
