/* Damages a checkpoint in many ways: each copy is refused, or holds what was written.
 *   damage FILE COPY FLIPS CUTS SEED
 * COPY is written again and again. A crash or a hang of the reader is one of this program. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/rng.h"
#include "softeq/checkpoint.h"

typedef struct {
    const char *copy;
    char *bytes;
    size_t size;
    char hash[SQ_STATE_HASH_SIZE]; /* of the whole file */
    int detected, harmless;
} damage;

static sq_status read_all(const char *path, damage *d) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return sq_fail(SQ_ERR_IO, "%s: cannot be read", path);
    d->size = (size_t)ftell(file);
    rewind(file);
    sq_status status = sq_alloc(d->size, 1, &d->bytes);
    if (status == SQ_OK && fread(d->bytes, 1, d->size, file) != d->size)
        status = sq_fail(SQ_ERR_IO, "%s: cannot be read", path);
    fclose(file);
    return status;
}

static sq_status write_copy(const damage *d, size_t size) {
    FILE *file = fopen(d->copy, "wb");
    if (!file) return sq_fail(SQ_ERR_IO, "%s: cannot be written", d->copy);
    size_t written = fwrite(d->bytes, 1, size, file);
    if (fclose(file) != 0 || written != size)
        return sq_fail(SQ_ERR_IO, "%s: cannot be written", d->copy);
    return SQ_OK;
}

/* Opens the first `size` bytes as they are now; fails if they pass for another state. */
static sq_status try_copy(damage *d, size_t size, const char *what, size_t where) {
    sq_checkpoint *checkpoint = NULL;
    sq_status status = write_copy(d, size);
    if (status != SQ_OK) return status;
    if (sq_checkpoint_open(d->copy, &checkpoint) != SQ_OK) {
        d->detected++;
        return SQ_OK;
    }
    d->harmless++;
    if (strcmp(sq_checkpoint_hash(checkpoint), d->hash) != 0)
        status = sq_fail(SQ_ERR_DATA, "%s at byte %zu passes for another state", what, where);
    sq_checkpoint_close(&checkpoint);
    return status;
}

static sq_status flip(damage *d, int count, sq_rng *rng) {
    sq_status status = SQ_OK;
    for (int k = 0; k < count && status == SQ_OK; k++) {
        size_t where = sq_rng_below(rng, d->size);
        char change = (char)(1 + sq_rng_below(rng, 255));
        d->bytes[where] ^= change;
        status = try_copy(d, d->size, "another byte", where);
        d->bytes[where] ^= change;
    }
    printf("%d flipped bytes: %d detected, %d harmless\n", count, d->detected, d->harmless);
    return status;
}

static sq_status cut(damage *d, int count) {
    sq_status status = SQ_OK;
    d->detected = d->harmless = 0;
    for (int k = 0; k < count && status == SQ_OK; k++) {
        size_t size = d->size * (size_t)k / (size_t)count;
        status = try_copy(d, size, "a cut", size);
    }
    printf("%d lengths: %d detected, %d harmless\n", count, d->detected, d->harmless);
    return status;
}

int main(int argc, char **argv) {
    damage d = {0};
    sq_checkpoint *whole = NULL;
    sq_status status;
    if (argc != 6) return 2;
    d.copy = argv[2];
    sq_rng rng = sq_rng_create((uint64_t)atoll(argv[5]), SQ_RNG_TEST, 0, 0);
    SQ_TRY(read_all(argv[1], &d));
    SQ_TRY(sq_checkpoint_open(argv[1], &whole));
    strcpy(d.hash, sq_checkpoint_hash(whole));
    SQ_TRY(flip(&d, atoi(argv[3]), &rng));
    SQ_TRY(cut(&d, atoi(argv[4])));
cleanup:
    if (status != SQ_OK) fprintf(stderr, "damage: %s\n", sq_error_message());
    sq_checkpoint_close(&whole);
    sq_free(d.bytes);
    return status == SQ_OK ? 0 : 1;
}
