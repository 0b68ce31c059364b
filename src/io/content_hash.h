/* A hash over named arrays (XXH3, 128 bits): equal content gives an equal hash, whatever the
 * container's bytes. */
#ifndef SQ_IO_CONTENT_HASH_H
#define SQ_IO_CONTENT_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"

typedef struct sq_content_hash sq_content_hash;

sq_status sq_content_hash_create(sq_content_hash **hash);
void sq_content_hash_destroy(sq_content_hash **hash);

/* Feeds name, element size, shape (rank) and the bytes of the values. */
void sq_content_hash_array(sq_content_hash *hash, const char *name, const void *values,
                           size_t element_size, int rank, const size_t *shape);
void sq_content_hash_text(sq_content_hash *hash, const char *name, const char *text);

/* text: 32 hex digits and a NUL. */
void sq_content_hash_finish(const sq_content_hash *hash, char text[33]);

/* 64-bit hash of some bytes. */
uint64_t sq_hash_bytes(const void *bytes, size_t count, uint64_t seed);

#endif
