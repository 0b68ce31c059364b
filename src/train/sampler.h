/* The order in which an epoch goes through the samples: a function of (seed, epoch) alone.
 *
 * Rows are cut into blocks; the blocks are permuted, laid into windows of `window` rows, and the
 * rows of a window are permuted. Up to `window` samples that is a permutation of all; beyond, only
 * one window's worth of rows is needed at a time. */
#ifndef SQ_TRAIN_SAMPLER_H
#define SQ_TRAIN_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataset/read_ahead.h"

typedef struct sq_sampler sq_sampler;

enum { SQ_SAMPLER_BLOCK = SQ_READ_BLOCK }; /* rows that stay together when windows are drawn */

sq_status sq_sampler_create(int64_t samples, int64_t window, uint64_t seed, sq_sampler **sampler);
void sq_sampler_destroy(sq_sampler **sampler);

/* Rows at positions first .. first+count-1 of the epoch's order. rows: (count). */
sq_status sq_sampler_rows(sq_sampler *sampler, int64_t epoch, int64_t first, int64_t count,
                          int64_t *rows);

/* What positions first .. first+count-1 and the `windows` windows behind theirs need, up to the end
 * of the next epoch or, if this is the `last` one, of this. Ask before sq_sampler_rows. *blocks:
 * the first row of each block, the sampler's own, valid until the next call; NULL if it is what the
 * last call gave. */
sq_status sq_sampler_blocks(sq_sampler *sampler, int64_t epoch, int64_t first, int64_t count,
                            int64_t windows, bool last, const int64_t **blocks, size_t *n_blocks);

#endif
