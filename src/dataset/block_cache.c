#include "dataset/block_cache.h"

#include <stdint.h>

#include "base/memory.h"

static const size_t nothing = SIZE_MAX;

typedef struct {
    size_t block;       /* or nothing */
    uint64_t last_used; /* by the cache's clock */
    sq_real *values;    /* allocated at the first claim */
} slot;

struct sq_block_cache {
    size_t n_slots, n_blocks, block_values;
    slot *slots;
    size_t *slot_of;        /* (n_blocks): slot number, or nothing */
    uint32_t *protected_by; /* (n_blocks): the call that protected it last; 0: none */
    uint32_t protection;    /* the last such call */
    size_t claimed;         /* slot number */
    uint64_t clock;
};

static size_t count_slots(size_t n_blocks, size_t block_values, size_t cache_bytes) {
    size_t fitting = cache_bytes / (block_values * sizeof(sq_real));
    if (fitting < 1) return 1;
    return fitting < n_blocks ? fitting : n_blocks;
}

sq_status sq_block_cache_create(size_t n_blocks, size_t block_values, size_t cache_bytes,
                                sq_block_cache **cache) {
    sq_status status;
    SQ_TRY(sq_alloc(1, sizeof **cache, cache));
    sq_block_cache *made = *cache;
    made->n_slots = count_slots(n_blocks, block_values, cache_bytes);
    made->n_blocks = n_blocks;
    made->block_values = block_values;
    SQ_TRY(sq_alloc(made->n_slots, sizeof *made->slots, &made->slots));
    SQ_TRY(sq_alloc(n_blocks, sizeof *made->slot_of, &made->slot_of));
    SQ_TRY(sq_alloc(n_blocks, sizeof *made->protected_by, &made->protected_by));
    for (size_t i = 0; i < made->n_slots; i++) made->slots[i].block = nothing;
    for (size_t i = 0; i < n_blocks; i++) made->slot_of[i] = nothing;
cleanup:
    if (status != SQ_OK) sq_block_cache_destroy(cache);
    return status;
}

void sq_block_cache_destroy(sq_block_cache **cache) {
    sq_block_cache *gone = *cache;
    if (!gone) return;
    for (size_t i = 0; gone->slots && i < gone->n_slots; i++) sq_free(gone->slots[i].values);
    sq_free(gone->slots);
    sq_free(gone->slot_of);
    sq_free(gone->protected_by);
    sq_free(gone);
    *cache = NULL;
}

const sq_real *sq_block_cache_find(sq_block_cache *cache, size_t block) {
    size_t number = cache->slot_of[block];
    if (number == nothing) return NULL;
    cache->slots[number].last_used = ++cache->clock;
    return cache->slots[number].values;
}

void sq_block_cache_protect(sq_block_cache *cache, const size_t *blocks, size_t count) {
    cache->protection++;
    for (size_t i = 0; i < count; i++) cache->protected_by[blocks[i]] = cache->protection;
}

static bool is_protected(const sq_block_cache *cache, const slot *one) {
    return one->block != nothing && cache->protection > 0 &&
           cache->protected_by[one->block] == cache->protection;
}

static bool gives_way_before(const sq_block_cache *cache, const slot *one, const slot *other) {
    bool first = is_protected(cache, one);
    bool second = is_protected(cache, other);
    return first != second ? second : one->last_used < other->last_used;
}

/* A scan: beside the reading of a block from a file, which follows, it costs nothing. */
static size_t next_to_go(const sq_block_cache *cache) {
    size_t next = 0;
    for (size_t i = 1; i < cache->n_slots; i++)
        if (gives_way_before(cache, &cache->slots[i], &cache->slots[next])) next = i;
    return next;
}

bool sq_block_cache_has_room(const sq_block_cache *cache) {
    return !is_protected(cache, &cache->slots[next_to_go(cache)]);
}

sq_status sq_block_cache_claim(sq_block_cache *cache, sq_real **values) {
    cache->claimed = next_to_go(cache);
    slot *room = &cache->slots[cache->claimed];
    if (room->block != nothing) cache->slot_of[room->block] = nothing;
    room->block = nothing;
    room->last_used = 0;
    if (!room->values) {
        sq_status status = sq_alloc(cache->block_values, sizeof *room->values, &room->values);
        if (status != SQ_OK) return status;
    }
    *values = room->values;
    return SQ_OK;
}

void sq_block_cache_keep(sq_block_cache *cache, size_t block) {
    slot *room = &cache->slots[cache->claimed];
    room->block = block;
    room->last_used = ++cache->clock;
    cache->slot_of[block] = cache->claimed;
}
