#include "train/target_variance.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "base/partition.h"
#include "train/chunks.h"
#include "train/exact_sum.h"

/* Of one output, over the rows where it counts. */
typedef struct {
    double counted, sum, squares;
} moments;
enum { NUMBERS = sizeof(moments) / sizeof(double) };

/* Of what the network learns but for its scale: sums of squares would cancel beside a shift. */
static moments moments_of(const sq_chunks *chunks, size_t n_out, size_t output, double shift) {
    moments m = {0};
    for (size_t row = 0; row < chunks->rows; row++) {
        double value = chunks->target[row * n_out + output] - shift;
        if (chunks->mask[row * n_out + output] == 0) continue;
        m.counted += 1.0;
        m.sum += value;
        m.squares += value * value;
    }
    return m;
}

static sq_status sum_chunk(int64_t number, const sq_scaling *scaling, sq_chunks *chunks,
                           sq_exact_sum *sum) {
    size_t n_out = (size_t)scaling->n_output;
    double numbers[NUMBERS];
    sq_status status = sq_chunks_read(chunks, number);
    for (size_t output = 0; status == SQ_OK && output < n_out; output++) {
        moments m = moments_of(chunks, n_out, output, scaling->shift[output]);
        memcpy(numbers, &m, sizeof m);
        for (size_t k = 0; k < NUMBERS; k++)
            sq_exact_sum_put(sum, ((size_t)number * n_out + output) * NUMBERS + k, numbers[k]);
    }
    return status;
}

static moments total_of(const sq_exact_sum *sum, int64_t chunks, size_t n_out, size_t output) {
    moments total;
    double numbers[NUMBERS] = {0};
    for (int64_t number = 0; number < chunks; number++)
        for (size_t k = 0; k < NUMBERS; k++)
            numbers[k] += sq_exact_sum_get(sum, ((size_t)number * n_out + output) * NUMBERS + k);
    memcpy(&total, numbers, sizeof total);
    return total;
}

/* weight: (n_output) */
static void add_up(const sq_problem *problem, const sq_exact_sum *sum, int64_t chunks,
                   const double *weight, sq_target_variance *variance) {
    double counted = 0.0;
    size_t n_out = (size_t)problem->scaling.n_output;
    *variance = (sq_target_variance){0};
    for (size_t output = 0; output < n_out; output++) {
        moments m = total_of(sum, chunks, n_out, output);
        if (m.counted == 0.0) continue;
        double squares = m.squares - m.sum * m.sum / m.counted;
        double scale = problem->scaling.output[output], shift = problem->scaling.shift[output];
        counted += m.counted;
        variance->raw += squares;
        variance->scaled += squares / (scale * scale);
        variance->weighted += squares * weight[output] * weight[output];
        variance->weighted_size +=
            (m.squares + m.counted * shift * shift) * weight[output] * weight[output];
    }
    if (counted == 0.0) return;
    /* Of targets that do not vary, rounding may leave less than nothing. */
    variance->raw = fmax(variance->raw, 0.0) / counted;
    variance->scaled = fmax(variance->scaled, 0.0) / counted;
    variance->weighted = fmax(variance->weighted, 0.0) / counted;
    variance->weighted_size /= counted;
}

double sq_target_explained_share(const sq_target_variance *variance, double weighted_mse) {
    static const double rounding = 1e-10; /* a standard deviation of 1e-5 beside the size */
    bool varies = variance->weighted > rounding * variance->weighted_size;
    return varies ? 1.0 - weighted_mse / variance->weighted : NAN;
}

sq_status sq_target_variance_measure(const sq_problem *problem, sq_dataset *dataset,
                                     sq_target_variance *variance) {
    sq_status status = SQ_OK;
    sq_chunks chunks;
    sq_exact_sum *sum = NULL;
    double *weight = NULL;
    sq_comm *comm = problem->comm;
    size_t n_out = (size_t)problem->scaling.n_output;
    sq_status local = sq_chunks_create(dataset, &problem->residual, &problem->alive, &chunks);
    sq_range mine = sq_partition(chunks.count, sq_comm_size(comm), sq_comm_rank(comm));
    size_t numbers = (size_t)chunks.count * n_out * NUMBERS;
    SQ_TRY(sq_comm_agree(comm, sq_alloc(n_out, sizeof *weight, &weight)));
    sq_scaling_weights(&problem->scaling, &problem->model->output, weight);
    SQ_TRY(sq_comm_agree(comm, sq_exact_sum_create(comm, NULL, numbers, 1, &sum)));
    for (int64_t number = mine.first; number < mine.end && local == SQ_OK; number++)
        local = sum_chunk(number, &problem->scaling, &chunks, sum);
    SQ_TRY(sq_exact_sum_reduce(sum, local));
    add_up(problem, sum, chunks.count, weight, variance);
cleanup:
    sq_chunks_clear(&chunks);
    sq_exact_sum_destroy(&sum);
    sq_free(weight);
    return status;
}
