#include "train/target_moments.h"

#include <string.h>

#include "base/partition.h"
#include "train/chunks.h"
#include "train/exact_sum.h"

enum { NUMBERS = sizeof(sq_moments) / sizeof(double) };

bool sq_block_is_scalar(const sq_block *block) { return block->p + block->q == 0; }

static bool is_asked(const sq_block *block, bool tensors) {
    return tensors || sq_block_is_scalar(block);
}

static bool has_any(const sq_representation *rep, bool tensors) {
    for (int k = 0; k < rep->n_blocks; k++)
        if (is_asked(&rep->blocks[k], tensors)) return true;
    return false;
}

/* Two passes over the rows. The mean is taken about the first value, so that that of a constant is
 * the constant. */
static sq_moments moments_of(const sq_chunks *chunks, size_t n_out, size_t output) {
    sq_moments m = {0};
    double first = 0.0, sum = 0.0;
    for (size_t at = output; at < chunks->rows * n_out; at += n_out) {
        if (chunks->mask[at] == 0) continue;
        if (m.counted == 0.0) first = (double)chunks->target[at];
        m.counted += 1.0;
        sum += (double)chunks->target[at] - first;
    }
    if (m.counted == 0.0) return m;
    m.mean = first + sum / m.counted;
    for (size_t at = output; at < chunks->rows * n_out; at += n_out) {
        double deviation = (double)chunks->target[at] - m.mean;
        if (chunks->mask[at] != 0) m.squares += deviation * deviation;
    }
    return m;
}

static size_t number_at(int64_t chunk, const sq_representation *rep, size_t output) {
    return ((size_t)chunk * rep->size + output) * NUMBERS;
}

static sq_status put_chunk(const sq_representation *rep, bool tensors, int64_t chunk,
                           sq_chunks *chunks, sq_exact_sum *sum) {
    double numbers[NUMBERS];
    sq_status status = sq_chunks_read(chunks, chunk);
    for (int k = 0; k < rep->n_blocks && status == SQ_OK; k++) {
        const sq_block *block = &rep->blocks[k];
        for (size_t e = 0; is_asked(block, tensors) && e < block->count * block->size; e++) {
            sq_moments m = moments_of(chunks, rep->size, block->offset + e);
            memcpy(numbers, &m, sizeof m);
            for (size_t n = 0; n < NUMBERS; n++)
                sq_exact_sum_put(sum, number_at(chunk, rep, block->offset + e) + n, numbers[n]);
        }
    }
    return status;
}

/* Those of two sets of rows together (Chan, Golub & LeVeque 1979). */
static void join(sq_moments *all, const sq_moments *more) {
    if (more->counted == 0.0) return;
    double counted = all->counted + more->counted;
    double apart = more->mean - all->mean;
    all->squares += more->squares + apart * apart * (all->counted * more->counted / counted);
    all->mean += apart * (more->counted / counted);
    all->counted = counted;
}

static sq_moments total_of(const sq_exact_sum *sum, int64_t chunks, const sq_representation *rep,
                           size_t output) {
    sq_moments total = {0}, one;
    double numbers[NUMBERS];
    for (int64_t chunk = 0; chunk < chunks; chunk++) {
        for (size_t n = 0; n < NUMBERS; n++)
            numbers[n] = sq_exact_sum_get(sum, number_at(chunk, rep, output) + n);
        memcpy(&one, numbers, sizeof one);
        join(&total, &one);
    }
    return total;
}

sq_status sq_target_moments_measure(const sq_representation *output, bool tensors,
                                    const sq_extrapolation *residual, const sq_alive *alive,
                                    sq_dataset *dataset, int64_t most_chunks, sq_comm *comm,
                                    sq_moments *moments) {
    sq_status status = SQ_OK;
    sq_chunks chunks;
    sq_exact_sum *sum = NULL;
    memset(moments, 0, output->size * sizeof *moments);
    if (!has_any(output, tensors)) return SQ_OK;
    sq_status local = sq_chunks_create(dataset, residual, alive, &chunks);
    bool all = most_chunks == 0 || most_chunks > chunks.count;
    int64_t count = all ? chunks.count : most_chunks;
    sq_range mine = sq_partition(count, sq_comm_size(comm), sq_comm_rank(comm));
    size_t numbers = number_at(count, output, 0);
    SQ_TRY(sq_comm_agree(comm, sq_exact_sum_create(comm, NULL, numbers, 1, &sum)));
    for (int64_t chunk = mine.first; chunk < mine.end && local == SQ_OK; chunk++)
        local = put_chunk(output, tensors, chunk, &chunks, sum);
    SQ_TRY(sq_exact_sum_reduce(sum, local));
    for (size_t e = 0; e < output->size; e++) moments[e] = total_of(sum, count, output, e);
cleanup:
    sq_chunks_clear(&chunks);
    sq_exact_sum_destroy(&sum);
    return status;
}
