/* The order in which an epoch goes through the samples: a function of (seed, epoch) alone.
 *
 * Rows are cut into blocks; the blocks are permuted, laid into windows of `window` rows, and the
 * rows of a window are permuted. Up to `window` samples that is a permutation of all; beyond, only
 * one window's worth of rows is needed at a time. */
#ifndef SQ_TRAIN_SAMPLER_H
#define SQ_TRAIN_SAMPLER_H

#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"

typedef struct sq_sampler sq_sampler;

enum { SQ_SAMPLER_BLOCK = 1024 }; /* rows that stay together when windows are drawn */

sq_status sq_sampler_create(int64_t samples, int64_t window, uint64_t seed, sq_sampler **sampler);
void sq_sampler_destroy(sq_sampler **sampler);

/* Rows at positions first .. first+count-1 of the epoch's order. rows: (count). */
sq_status sq_sampler_rows(sq_sampler *sampler, int64_t epoch, int64_t first, int64_t count,
                          int64_t *rows);

#endif
