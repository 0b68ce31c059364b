#include "data/proto_arena.h"

#include "base/memory.h"

enum { MOST_CHUNKS = 48, FIRST_CHUNK = 1 << 16 };

typedef struct {
    unsigned char *bytes;
    size_t size, used;
} chunk;

/* Chunks double in size; after a reset the largest is used first. */
struct sq_proto_arena {
    ProtobufCAllocator allocator;
    chunk chunks[MOST_CHUNKS];
    int n_chunks;
    size_t size, most; /* of all chunks */
};

static size_t round_up(size_t size) {
    return (size + SQ_ALIGNMENT - 1) / SQ_ALIGNMENT * SQ_ALIGNMENT;
}

static void *take(chunk *from, size_t size) {
    void *room = from->bytes + from->used;
    from->used += size;
    return room;
}

/* NULL: no memory, which protobuf-c passes on. */
static chunk *add_chunk(sq_proto_arena *arena, size_t size) {
    size_t doubled = arena->n_chunks ? 2 * arena->chunks[arena->n_chunks - 1].size : FIRST_CHUNK;
    size_t wanted = doubled > size ? doubled : size;
    size_t left = arena->most - arena->size;
    if (wanted > left) wanted = left;
    if (wanted < size || arena->n_chunks == MOST_CHUNKS) return NULL;
    chunk *added = &arena->chunks[arena->n_chunks];
    if (sq_alloc(wanted, 1, &added->bytes) != SQ_OK) return NULL;
    added->size = wanted;
    added->used = 0;
    arena->size += wanted;
    arena->n_chunks++;
    return added;
}

static void *allocate(void *data, size_t size) {
    sq_proto_arena *arena = data;
    if (size > arena->most) return NULL;
    size = round_up(size ? size : 1);
    chunk *last = arena->n_chunks ? &arena->chunks[arena->n_chunks - 1] : NULL;
    if (!last || last->size - last->used < size) last = add_chunk(arena, size);
    return last ? take(last, size) : NULL;
}

static void release(void *data, void *pointer) { (void)data, (void)pointer; }

sq_status sq_proto_arena_create(size_t most, sq_proto_arena **arena) {
    sq_status status = sq_alloc(1, sizeof **arena, arena);
    if (status != SQ_OK) return status;
    (*arena)->most = most;
    (*arena)->allocator = (ProtobufCAllocator){allocate, release, *arena};
    return SQ_OK;
}

void sq_proto_arena_destroy(sq_proto_arena **arena) {
    if (!*arena) return;
    for (int i = 0; i < (*arena)->n_chunks; i++) sq_free((*arena)->chunks[i].bytes);
    sq_free(*arena);
    *arena = NULL;
}

/* The last chunk is larger than all before it together: it alone is kept. */
void sq_proto_arena_reset(sq_proto_arena *arena) {
    if (arena->n_chunks == 0) return;
    for (int i = 0; i < arena->n_chunks - 1; i++) sq_free(arena->chunks[i].bytes);
    arena->chunks[0] = arena->chunks[arena->n_chunks - 1];
    arena->chunks[0].used = 0;
    arena->n_chunks = 1;
    arena->size = arena->chunks[0].size;
}

ProtobufCAllocator *sq_proto_arena_allocator(sq_proto_arena *arena) { return &arena->allocator; }
