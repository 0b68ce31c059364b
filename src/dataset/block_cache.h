/* The least recently used blocks of something large, within a bound of memory. */
#ifndef SQ_DATASET_BLOCK_CACHE_H
#define SQ_DATASET_BLOCK_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "softeq/error.h"
#include "softeq/real.h"

typedef struct sq_block_cache sq_block_cache;

/* For blocks 0 .. n_blocks-1 of block_values values each, in at most cache_bytes of memory, but
 * always room for one. */
sq_status sq_block_cache_create(size_t n_blocks, size_t block_values, size_t cache_bytes,
                                sq_block_cache **cache);
void sq_block_cache_destroy(sq_block_cache **cache);

/* The values of a block, valid until the next claim; NULL if it is not here. */
const sq_real *sq_block_cache_find(sq_block_cache *cache, size_t block);

/* These blocks, in place of those before, give way last. */
void sq_block_cache_protect(sq_block_cache *cache, const size_t *blocks, size_t count);

/* Whether there is room, or a block that is not protected gives way. */
bool sq_block_cache_has_room(const sq_block_cache *cache);

/* Room for a block that is not here, in place of the one that was not used for longest. The block
 * is not found before it is kept. values: (block_values), their content undefined. */
sq_status sq_block_cache_claim(sq_block_cache *cache, sq_real **values);

/* The room claimed last now holds `block`. */
void sq_block_cache_keep(sq_block_cache *cache, size_t block);

#endif
