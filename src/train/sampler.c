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
    /* What is read ahead. Windows are counted on into the next epoch. */
    int64_t next_epoch;                        /* whose block order is in next_order; -1: none */
    int64_t *next_order;                       /* (n_blocks) */
    int64_t told_epoch, told_window, told_end; /* of the last answer; -1: none */
    int64_t *ahead;                            /* (ahead_capacity) */
    size_t ahead_capacity;
};

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

sq_status sq_sampler_create(int64_t samples, int64_t window, uint64_t seed, sq_sampler **sampler) {
    sq_status status = SQ_OK;
    sq_sampler *s = NULL;
    SQ_TRY(sq_alloc(1, sizeof *s, &s));
    s->samples = samples;
    s->seed = seed;
    s->epoch = s->window = s->next_epoch = s->told_epoch = -1;
    s->n_blocks = (samples + SQ_SAMPLER_BLOCK - 1) / SQ_SAMPLER_BLOCK;
    s->window_blocks = window / SQ_SAMPLER_BLOCK > 0 ? window / SQ_SAMPLER_BLOCK : 1;
    s->window_blocks = smaller(s->window_blocks, s->n_blocks);
    size_t most = (size_t)(s->window_blocks * SQ_SAMPLER_BLOCK);
    SQ_TRY(sq_alloc((size_t)s->n_blocks, sizeof *s->block_order, &s->block_order));
    SQ_TRY(sq_alloc((size_t)s->n_blocks, sizeof *s->next_order, &s->next_order));
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
    sq_free((*sampler)->next_order);
    sq_free((*sampler)->ahead);
    sq_free((*sampler)->rows);
    sq_free((*sampler)->order);
    sq_free(*sampler);
    *sampler = NULL;
}

static int64_t block_rows(const sq_sampler *s, int64_t block) {
    return smaller(SQ_SAMPLER_BLOCK, s->samples - block * SQ_SAMPLER_BLOCK);
}

static void order_blocks(const sq_sampler *s, int64_t epoch, int64_t *order) {
    sq_rng rng = sq_rng_create(s->seed, SQ_RNG_SHUFFLE, (uint32_t)epoch, 0);
    sq_rng_permutation(&rng, order, s->n_blocks);
}

static void enter_epoch(sq_sampler *s, int64_t epoch) {
    order_blocks(s, epoch, s->block_order);
    s->epoch = epoch;
    s->window = -1;
}

static int64_t count_windows(const sq_sampler *s) {
    return (s->n_blocks + s->window_blocks - 1) / s->window_blocks;
}

/* The blocks of window `window` are block_order[window * window_blocks] up to here. */
static int64_t window_end(const sq_sampler *s, int64_t window) {
    return smaller((window + 1) * s->window_blocks, s->n_blocks);
}

/* Lists the rows of a window, permuted. Its first position is known from the one before. */
static void enter_window(sq_sampler *s, int64_t window, int64_t first) {
    int64_t count = 0;
    for (int64_t k = window * s->window_blocks; k < window_end(s, window); k++) {
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

static void find_position(sq_sampler *s, int64_t position) {
    if (s->window < 0 || position < s->window_first) enter_window(s, 0, 0);
    while (position >= s->window_first + s->window_rows)
        enter_window(s, s->window + 1, s->window_first + s->window_rows);
}

static sq_status check_positions(const sq_sampler *s, int64_t first, int64_t count) {
    if (first >= 0 && count >= 0 && first + count <= s->samples) return SQ_OK;
    return sq_fail(SQ_ERR_ARGUMENT, "positions %lld to %lld of %lld samples", (long long)first,
                   (long long)(first + count), (long long)s->samples);
}

sq_status sq_sampler_rows(sq_sampler *sampler, int64_t epoch, int64_t first, int64_t count,
                          int64_t *rows) {
    sq_status status = check_positions(sampler, first, count);
    if (status != SQ_OK) return status;
    if (epoch != sampler->epoch) enter_epoch(sampler, epoch);
    for (int64_t k = 0; k < count; k++) {
        find_position(sampler, first + k);
        rows[k] = sampler->rows[sampler->order[first + k - sampler->window_first]];
    }
    return SQ_OK;
}

/* ---- reading ahead --------------------------------------------------------------------------- */

/* The window that holds a position at or behind the current window's. */
static int64_t window_of(const sq_sampler *s, int64_t position) {
    int64_t window = s->window;
    int64_t end = s->window_first + s->window_rows;
    while (position >= end) {
        window++;
        for (int64_t k = window * s->window_blocks; k < window_end(s, window); k++)
            end += block_rows(s, s->block_order[k]);
    }
    return window;
}

static const int64_t *next_order(sq_sampler *s) {
    if (s->next_epoch != s->epoch + 1) order_blocks(s, s->epoch + 1, s->next_order);
    s->next_epoch = s->epoch + 1;
    return s->next_order;
}

/* Blocks of windows begin .. end-1, those beyond the epoch's from the next one. */
static sq_status list_blocks(sq_sampler *s, int64_t begin, int64_t end, size_t *count) {
    sq_status status = SQ_OK;
    int64_t windows = count_windows(s);
    size_t most = (size_t)((end - begin) * s->window_blocks);
    if (most > s->ahead_capacity) {
        SQ_TRY(sq_grow(0, most, sizeof *s->ahead, &s->ahead));
        s->ahead_capacity = most;
    }
    *count = 0;
    for (int64_t w = begin; w < end; w++) {
        const int64_t *order = w < windows ? s->block_order : next_order(s);
        for (int64_t k = w % windows * s->window_blocks; k < window_end(s, w % windows); k++)
            s->ahead[(*count)++] = order[k] * SQ_SAMPLER_BLOCK;
    }
cleanup:
    return status;
}

sq_status sq_sampler_blocks(sq_sampler *sampler, int64_t epoch, int64_t first, int64_t count,
                            int64_t windows, bool last, const int64_t **blocks, size_t *n_blocks) {
    sq_sampler *s = sampler;
    sq_status status;
    *blocks = NULL;
    SQ_TRY(check_positions(s, first, count));
    if (epoch != s->epoch) enter_epoch(s, epoch);
    find_position(s, first);
    int64_t in_epoch = count_windows(s);
    int64_t end =
        smaller(window_of(s, first + count - 1) + 1 + windows, last ? in_epoch : 2 * in_epoch);
    if (epoch == s->told_epoch && s->window == s->told_window && end == s->told_end) return SQ_OK;
    SQ_TRY(list_blocks(s, s->window, end, n_blocks));
    s->told_epoch = epoch;
    s->told_window = s->window;
    s->told_end = end;
    *blocks = s->ahead;
cleanup:
    return status;
}
