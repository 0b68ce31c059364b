#include "train/scaling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/partition.h"
#include "base/text.h"
#include "train/chunks.h"
#include "train/exact_sum.h"
#include "train/scalar_moments.h"

sq_status sq_scaling_create(int n_input, int n_output, sq_scaling *scaling) {
    sq_status status = SQ_OK;
    memset(scaling, 0, sizeof *scaling);
    scaling->n_input = n_input;
    scaling->n_output = n_output;
    SQ_TRY(sq_alloc((size_t)n_input, sizeof(double), &scaling->input));
    SQ_TRY(sq_alloc((size_t)n_output, sizeof(double), &scaling->output));
    SQ_TRY(sq_alloc((size_t)n_output, sizeof(double), &scaling->shift));
    for (int c = 0; c < n_input; c++) scaling->input[c] = 1.0;
    for (int c = 0; c < n_output; c++) scaling->output[c] = 1.0;
cleanup:
    if (status != SQ_OK) sq_scaling_clear(scaling);
    return status;
}

void sq_scaling_clear(sq_scaling *scaling) {
    sq_free(scaling->input);
    sq_free(scaling->output);
    sq_free(scaling->shift);
    memset(scaling, 0, sizeof *scaling);
}

bool sq_scaling_shifts(const sq_scaling *scaling) {
    for (int c = 0; c < scaling->n_output; c++)
        if (scaling->shift[c] != 0.0) return true;
    return false;
}

static double root_mean_square(const double *scale, size_t count) {
    double squares = 0.0;
    for (size_t c = 0; c < count; c++) squares += scale[c] * scale[c];
    return sqrt(squares / (double)count);
}

/* Of each output of block k. */
static double weight_of_block(const sq_scaling *scaling, const sq_representation *output, int k) {
    const sq_block *first = &output->blocks[0], *here = &output->blocks[k];
    return root_mean_square(scaling->output + first->offset, first->size) /
           root_mean_square(scaling->output + here->offset, here->size);
}

void sq_scaling_weights(const sq_scaling *scaling, const sq_representation *output,
                        double *weight) {
    for (int k = 0; k < output->n_blocks; k++) {
        const sq_block *block = &output->blocks[k];
        double here = weight_of_block(scaling, output, k);
        size_t end = block->offset + block->count * block->size;
        for (size_t c = block->offset; c < end; c++) weight[c] = here;
    }
}

bool sq_scaling_is_uneven(const sq_scaling *scaling, const sq_representation *output) {
    for (int k = 0; k < output->n_blocks; k++)
        if (weight_of_block(scaling, output, k) != 1.0) return true;
    return false;
}

/* ---- given ---- */

/* *axes: d numbers; one that stands alone is that of every axis. */
static sq_status read_axes(const char *text, int d, double *axes) {
    const char *cursor = text, *word;
    size_t length;
    int count = 0;
    for (; sq_next_word(&cursor, &word, &length); count++) {
        char *end = NULL;
        double number = strtod(word, &end);
        if (end != word + length || !isfinite(number) || number <= 0.0)
            return sq_fail(SQ_ERR_CONFIG,
                           "data.scale: '%.*s' is neither none, fit, standardize, nor a number "
                           "above 0",
                           (int)length, word);
        if (count < d) axes[count] = number;
    }
    if (count != 1 && count != d)
        return sq_fail(SQ_ERR_CONFIG,
                       "data.scale has %d numbers: give one, or one for each of the "
                       "%d axes",
                       count, d);
    for (int axis = 1; count == 1 && axis < d; axis++) axes[axis] = axes[0];
    return SQ_OK;
}

static void set_block(const sq_block *block, size_t d, const double *axes, double *scale) {
    for (size_t e = 0; e < block->count * block->size; e++) {
        double product = 1.0;
        size_t rest = e % block->size;
        for (int index = 0; index < block->p + block->q; index++, rest /= d)
            product *= axes[rest % d];
        scale[block->offset + e] = product;
    }
}

sq_status sq_scaling_set(const sq_representation *input, const sq_representation *output,
                         const char *text, sq_scaling *scaling) {
    sq_status status = SQ_OK;
    double *axes = NULL;
    size_t d = (size_t)input->d;
    SQ_TRY(sq_alloc(d, sizeof *axes, &axes));
    SQ_TRY(read_axes(text, input->d, axes));
    for (int k = 0; k < input->n_blocks; k++) set_block(&input->blocks[k], d, axes, scaling->input);
    for (int k = 0; k < output->n_blocks; k++)
        set_block(&output->blocks[k], d, axes, scaling->output);
cleanup:
    sq_free(axes);
    return status;
}

/* ---- fitted ---- */

void sq_sum_blocks(const sq_representation *rep, size_t rows, const sq_real *values,
                   const sq_real *mask, double *squares, double *counted) {
    for (int k = 0; k < rep->n_blocks; k++) {
        const sq_block *block = &rep->blocks[k];
        squares[k] = counted[k] = 0.0;
        for (size_t row = 0; row < rows; row++) {
            for (size_t e = 0; e < block->count * block->size; e++) {
                size_t at = row * rep->size + block->offset + e;
                if (mask && mask[at] == 0) continue;
                squares[k] += (double)values[at] * values[at];
                counted[k] += 1.0;
            }
        }
    }
}

static size_t per_chunk(const sq_representation *input, const sq_representation *output) {
    return 2 * (size_t)(input->n_blocks + output->n_blocks);
}

static sq_status sum_chunk(const sq_representation *input, const sq_representation *output,
                           int64_t number, sq_chunks *chunks, sq_exact_sum *sum) {
    sq_status status = SQ_OK;
    double squares[2 * SQ_MAX_BLOCKS], counted[2 * SQ_MAX_BLOCKS];
    int n = input->n_blocks + output->n_blocks;
    size_t base = (size_t)number * per_chunk(input, output);
    SQ_TRY(sq_chunks_read(chunks, number));
    sq_sum_blocks(input, chunks->rows, chunks->input, NULL, squares, counted);
    sq_sum_blocks(output, chunks->rows, chunks->target, chunks->mask, squares + input->n_blocks,
                  counted + input->n_blocks);
    for (int k = 0; k < n; k++) {
        sq_exact_sum_put(sum, base + 2 * (size_t)k, squares[k]);
        sq_exact_sum_put(sum, base + 2 * (size_t)k + 1, counted[k]);
    }
cleanup:
    return status;
}

/* Writes the root mean square of each block to all of its components. */
static void set_scales(const sq_representation *rep, int first_block, size_t step, int64_t chunks,
                       const sq_exact_sum *sum, double *scale) {
    for (int k = 0; k < rep->n_blocks; k++) {
        const sq_block *block = &rep->blocks[k];
        double squares = 0.0, counted = 0.0;
        for (int64_t chunk = 0; chunk < chunks; chunk++) {
            size_t at = (size_t)chunk * step + 2 * (size_t)(first_block + k);
            squares += sq_exact_sum_get(sum, at);
            counted += sq_exact_sum_get(sum, at + 1);
        }
        double rms = counted > 0.0 ? sqrt(squares / counted) : 0.0;
        for (size_t e = 0; e < block->count * block->size; e++)
            scale[block->offset + e] = rms > 0.0 ? rms : 1.0;
    }
}

sq_status sq_scaling_fit(const sq_representation *input, const sq_representation *output,
                         const sq_extrapolation *residual, const sq_alive *alive,
                         sq_dataset *dataset, sq_comm *comm, sq_scaling *scaling) {
    sq_status status = SQ_OK;
    sq_chunks chunks;
    sq_exact_sum *sum = NULL;
    size_t step = per_chunk(input, output);
    sq_status local = sq_chunks_create(dataset, residual, alive, &chunks);
    sq_range mine = sq_partition(chunks.count, sq_comm_size(comm), sq_comm_rank(comm));
    SQ_TRY(
        sq_comm_agree(comm, sq_exact_sum_create(comm, NULL, (size_t)chunks.count * step, 1, &sum)));
    for (int64_t number = mine.first; number < mine.end && local == SQ_OK; number++)
        local = sum_chunk(input, output, number, &chunks, sum);
    SQ_TRY(sq_exact_sum_reduce(sum, local));
    set_scales(input, 0, step, chunks.count, sum, scaling->input);
    set_scales(output, input->n_blocks, step, chunks.count, sum, scaling->output);
cleanup:
    sq_chunks_clear(&chunks);
    sq_exact_sum_destroy(&sum);
    return status;
}

/* ---- standardized ---- */

/* What is taken off is a number that outputs can be, so that the very same is added again; squares
 * are those about it. moments: of all outputs */
static void standardize_block(const sq_block *block, const sq_moments *moments,
                              sq_scaling *scaling) {
    double squares = 0.0, counted = 0.0;
    for (size_t c = block->offset; c < block->offset + block->count; c++) {
        const sq_moments *m = &moments[c];
        scaling->shift[c] = (double)(sq_real)m->mean;
        double off = m->mean - scaling->shift[c];
        squares += m->squares + m->counted * off * off;
        counted += m->counted;
    }
    double rms = counted > 0.0 ? sqrt(squares / counted) : 0.0;
    for (size_t c = block->offset; c < block->offset + block->count; c++)
        scaling->output[c] = rms > 0.0 ? rms : 1.0;
}

sq_status sq_scaling_standardize(const sq_representation *input, const sq_representation *output,
                                 const sq_extrapolation *residual, const sq_alive *alive,
                                 sq_dataset *dataset, sq_comm *comm, sq_scaling *scaling) {
    sq_status status = SQ_OK;
    sq_moments *moments = NULL;
    SQ_TRY(sq_comm_agree(comm, sq_alloc(output->size, sizeof *moments, &moments)));
    SQ_TRY(sq_scaling_fit(input, output, residual, alive, dataset, comm, scaling));
    SQ_TRY(sq_scalar_moments_measure(output, residual, alive, dataset, 0, comm, moments));
    for (int k = 0; k < output->n_blocks; k++)
        if (sq_block_is_scalar(&output->blocks[k]))
            standardize_block(&output->blocks[k], moments, scaling);
cleanup:
    sq_free(moments);
    return status;
}
