/* Memory for unpacked protocol buffers: handed out bit by bit, taken back all at once, bounded, so
 * that a record made to be hostile fails instead of taking the machine's memory. */
#ifndef SQ_DATA_PROTO_ARENA_H
#define SQ_DATA_PROTO_ARENA_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

#include "softeq/error.h"

typedef struct sq_proto_arena sq_proto_arena;

/* most: bytes. */
sq_status sq_proto_arena_create(size_t most, sq_proto_arena **arena);
/* Accepts and leaves NULL. */
void sq_proto_arena_destroy(sq_proto_arena **arena);

/* Takes everything back. */
void sq_proto_arena_reset(sq_proto_arena *arena);

/* For the unpack functions of protobuf-c; what they return is never freed by itself. */
ProtobufCAllocator *sq_proto_arena_allocator(sq_proto_arena *arena);

#endif
