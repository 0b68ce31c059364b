#include "io/content_hash.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"

struct sq_content_hash {
    XXH3_state_t *state;
};

sq_status sq_content_hash_create(sq_content_hash **hash) {
    sq_status status = sq_alloc(1, sizeof **hash, hash);
    if (status != SQ_OK) return status;
    (*hash)->state = XXH3_createState();
    if (!(*hash)->state) {
        sq_content_hash_destroy(hash);
        return sq_fail(SQ_ERR_MEMORY, "cannot allocate the state of a hash");
    }
    XXH3_128bits_reset((*hash)->state);
    return SQ_OK;
}

void sq_content_hash_destroy(sq_content_hash **hash) {
    if (!*hash) return;
    XXH3_freeState((*hash)->state);
    sq_free(*hash);
    *hash = NULL;
}

static void feed_number(sq_content_hash *hash, uint64_t number) {
    XXH3_128bits_update(hash->state, &number, sizeof number);
}

/* The length comes first, so that "ab","c" and "a","bc" differ. */
static void feed_text(sq_content_hash *hash, const char *text) {
    feed_number(hash, strlen(text));
    XXH3_128bits_update(hash->state, text, strlen(text));
}

void sq_content_hash_array(sq_content_hash *hash, const char *name, const void *values,
                           size_t element_size, int rank, const size_t *shape) {
    size_t count = 1;
    feed_text(hash, name);
    feed_number(hash, element_size);
    feed_number(hash, (uint64_t)rank);
    for (int i = 0; i < rank; i++) {
        feed_number(hash, shape[i]);
        count *= shape[i];
    }
    if (count > 0) XXH3_128bits_update(hash->state, values, count * element_size);
}

void sq_content_hash_text(sq_content_hash *hash, const char *name, const char *text) {
    feed_text(hash, name);
    feed_text(hash, text);
}

void sq_content_hash_finish(const sq_content_hash *hash, char text[33]) {
    XXH128_hash_t value = XXH3_128bits_digest(hash->state);
    snprintf(text, 33, "%016llx%016llx", (unsigned long long)value.high64,
             (unsigned long long)value.low64);
}

uint64_t sq_hash_bytes(const void *bytes, size_t count, uint64_t seed) {
    return XXH3_64bits_withSeed(bytes, count, seed);
}
