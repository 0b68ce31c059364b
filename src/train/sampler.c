#include "train/sampler.h"

#include "base/memory.h"
#include "base/rng.h"

struct sq_sampler {
    int64_t samples, window_blocks, n_blocks;
    uint64_t seed;
    int64_t epoch;                     /* whose block order is at hand; -1: none */
    int64_t *block_order;              /* (n_blocks) */
    int64_t window;                    /* whose rows are at hand; -1: none */
    int64_t window_first, window_rows; /* positions it covers */
    int64_t *rows;                     /* (window_blocks * SQ_SAMPLER_BLOCK) */
    int64_t *order;                    /* the same */
};

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

sq_status sq_sampler_create(int64_t samples, int64_t window, uint64_t seed, sq_sampler **sampler) {
    sq_status status = SQ_OK;
    sq_sampler *s = NULL;
    SQ_TRY(sq_alloc(1, sizeof *s, &s));
    s->samples = samples;
    s->seed = seed;
    s->epoch = s->window = -1;
    s->n_blocks = (samples + SQ_SAMPLER_BLOCK - 1) / SQ_SAMPLER_BLOCK;
    s->window_blocks = window / SQ_SAMPLER_BLOCK > 0 ? window / SQ_SAMPLER_BLOCK : 1;
    s->window_blocks = smaller(s->window_blocks, s->n_blocks);
    size_t most = (size_t)(s->window_blocks * SQ_SAMPLER_BLOCK);
    SQ_TRY(sq_alloc((size_t)s->n_blocks, sizeof *s->block_order, &s->block_order));
    SQ_TRY(sq_alloc(most, sizeof *s->rows, &s->rows));
    SQ_TRY(sq_alloc(most, sizeof *s->order, &s->order));
cleanup:
    if (status != SQ_OK) sq_sampler_destroy(&s);
    *sampler = s;
    return status;
}

void sq_sampler_destroy(sq_sampler **sampler) {
    if (!*sampler) return;
    sq_free((*sampler)->block_order);
    sq_free((*sampler)->rows);
    sq_free((*sampler)->order);
    sq_free(*sampler);
    *sampler = NULL;
}

static int64_t block_rows(const sq_sampler *s, int64_t block) {
    return smaller(SQ_SAMPLER_BLOCK, s->samples - block * SQ_SAMPLER_BLOCK);
}

static void enter_epoch(sq_sampler *s, int64_t epoch) {
    sq_rng rng = sq_rng_create(s->seed, SQ_RNG_SHUFFLE, (uint32_t)epoch, 0);
    sq_rng_permutation(&rng, s->block_order, s->n_blocks);
    s->epoch = epoch;
    s->window = -1;
}

/* Lists the rows of a window, permuted. Its first position is known from the one before. */
static void enter_window(sq_sampler *s, int64_t window, int64_t first) {
    int64_t count = 0;
    int64_t end = smaller((window + 1) * s->window_blocks, s->n_blocks);
    for (int64_t k = window * s->window_blocks; k < end; k++) {
        int64_t block = s->block_order[k];
        for (int64_t row = 0; row < block_rows(s, block); row++)
            s->rows[count++] = block * SQ_SAMPLER_BLOCK + row;
    }
    sq_rng rng = sq_rng_create(s->seed, SQ_RNG_SHUFFLE, (uint32_t)s->epoch, (uint64_t)window + 1);
    sq_rng_permutation(&rng, s->order, count);
    s->window = window;
    s->window_first = first;
    s->window_rows = count;
}

sq_status sq_sampler_rows(sq_sampler *sampler, int64_t epoch, int64_t first, int64_t count,
                          int64_t *rows) {
    if (first < 0 || count < 0 || first + count > sampler->samples)
        return sq_fail(SQ_ERR_ARGUMENT, "positions %lld to %lld of %lld samples", (long long)first,
                       (long long)(first + count), (long long)sampler->samples);
    if (epoch != sampler->epoch) enter_epoch(sampler, epoch);
    for (int64_t k = 0; k < count; k++) {
        if (sampler->window < 0 || first + k < sampler->window_first) enter_window(sampler, 0, 0);
        while (first + k >= sampler->window_first + sampler->window_rows)
            enter_window(sampler, sampler->window + 1,
                         sampler->window_first + sampler->window_rows);
        rows[k] = sampler->rows[sampler->order[first + k - sampler->window_first]];
    }
    return SQ_OK;
}
