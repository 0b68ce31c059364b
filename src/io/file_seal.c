#include "io/file_seal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "io/content_hash.h"

/* The line "softeq-seal <16 hex digits>\n". */
static const char seal_format[] = "softeq-seal %016" PRIx64 "\n";
enum { SEAL_SIZE = 12 + 16 + 1, BLOCK = 1 << 20 };

static void format_seal(uint64_t hash, char seal[SEAL_SIZE + 1]) {
    snprintf(seal, SEAL_SIZE + 1, seal_format, hash);
}

static sq_status cannot(const char *what, const char *path) {
    return sq_fail(SQ_ERR_IO, "%s: cannot be %s: %s", path, what,
                   errno ? strerror(errno) : "it is shorter than it was");
}

/* Hash of the first `size` bytes, block after block, each seeded with the hash so far. */
static sq_status hash_start(FILE *file, const char *path, int64_t size, uint64_t *hash) {
    char *block = NULL;
    sq_status status;
    SQ_TRY(sq_alloc(BLOCK, 1, &block));
    *hash = 0;
    rewind(file);
    for (int64_t done = 0; done < size; done += BLOCK) {
        size_t length = size - done < BLOCK ? (size_t)(size - done) : BLOCK;
        errno = 0;
        if (fread(block, 1, length, file) != length) SQ_TRY(cannot("read", path));
        *hash = sq_hash_bytes(block, length, *hash);
    }
cleanup:
    sq_free(block);
    return status;
}

static sq_status open_sized(const char *path, const char *mode, FILE **file, int64_t *size) {
    struct stat found;
    *file = fopen(path, mode);
    if (!*file || fstat(fileno(*file), &found) != 0) return cannot("opened", path);
    if (!S_ISREG(found.st_mode)) return sq_fail(SQ_ERR_IO, "%s: is not a regular file", path);
    *size = found.st_size;
    return SQ_OK;
}

sq_status sq_file_seal(const char *path) {
    FILE *file = NULL;
    int64_t size = 0;
    uint64_t hash = 0;
    char seal[SEAL_SIZE + 1];
    sq_status status;
    SQ_TRY(open_sized(path, "r+b", &file, &size));
    SQ_TRY(hash_start(file, path, size, &hash));
    format_seal(hash, seal);
    if (fseeko(file, 0, SEEK_END) != 0 || fwrite(seal, 1, SEAL_SIZE, file) != SEAL_SIZE)
        SQ_TRY(cannot("sealed", path));
cleanup:
    if (file && fclose(file) != 0 && status == SQ_OK) status = cannot("sealed", path);
    return status;
}

/* The line at the end of the file, or "" if that is no seal. */
static sq_status read_seal(FILE *file, const char *path, int64_t size, char seal[SEAL_SIZE + 1]) {
    seal[0] = '\0';
    if (size < SEAL_SIZE) return SQ_OK;
    errno = 0;
    if (fseeko(file, size - SEAL_SIZE, SEEK_SET) != 0) return cannot("read", path);
    if (fread(seal, 1, SEAL_SIZE, file) != SEAL_SIZE) return cannot("read", path);
    seal[SEAL_SIZE] = '\0';
    size_t keyword = strcspn(seal_format, "%");
    if (strncmp(seal, seal_format, keyword) != 0) seal[0] = '\0';
    return SQ_OK;
}

sq_status sq_file_check_seal(const char *path) {
    FILE *file = NULL;
    int64_t size = 0;
    uint64_t hash = 0;
    char found[SEAL_SIZE + 1], expected[SEAL_SIZE + 1];
    sq_status status;
    SQ_TRY(open_sized(path, "rb", &file, &size));
    SQ_TRY(read_seal(file, path, size, found));
    if (found[0] == '\0') goto cleanup;
    SQ_TRY(hash_start(file, path, size - SEAL_SIZE, &hash));
    format_seal(hash, expected);
    if (memcmp(found, expected, SEAL_SIZE) != 0)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: is damaged: its bytes do not fit the checksum at its end",
                       path));
cleanup:
    if (file) fclose(file);
    return status;
}
