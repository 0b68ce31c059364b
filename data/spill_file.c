#include "data/spill_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

struct sq_spill_file {
    char *beside;
    int descriptor;
};

static sq_status fail(const char *beside, const char *doing, const char *why) {
    return sq_fail(SQ_ERR_IO, "%s: a temporary file beside it cannot be %s: %s", beside, doing,
                   why);
}

/* Opens the file and takes its name away: whatever becomes of the program, nothing is left. */
static sq_status open_nameless(const char *beside, int *descriptor) {
    static const char unique[] = ".XXXXXX", ending[] = ".tmp";
    char *name = NULL;
    size_t capacity = strlen(beside) + sizeof unique + sizeof ending;
    sq_status status;
    SQ_TRY(sq_alloc(capacity, 1, &name));
    snprintf(name, capacity, "%s%s%s", beside, unique, ending);
    *descriptor = mkostemps(name, (int)strlen(ending), O_CLOEXEC);
    if (*descriptor < 0) SQ_TRY(fail(beside, "made", strerror(errno)));
    unlink(name);
cleanup:
    sq_free(name);
    return status;
}

sq_status sq_spill_file_create(const char *beside, sq_spill_file **file) {
    sq_status status;
    SQ_TRY(sq_alloc(1, sizeof **file, file));
    (*file)->descriptor = -1;
    SQ_TRY(sq_copy_text(beside, &(*file)->beside));
    SQ_TRY(open_nameless(beside, &(*file)->descriptor));
cleanup:
    if (status != SQ_OK) sq_spill_file_close(file);
    return status;
}

void sq_spill_file_close(sq_spill_file **file) {
    sq_spill_file *gone = *file;
    if (!gone) return;
    if (gone->descriptor >= 0) close(gone->descriptor);
    sq_free(gone->beside);
    sq_free(gone);
    *file = NULL;
}

sq_status sq_spill_file_append(sq_spill_file *file, const void *bytes, size_t count) {
    const unsigned char *from = bytes;
    while (count > 0) {
        ssize_t written = write(file->descriptor, from, count);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return fail(file->beside, "written", strerror(errno));
        from += written;
        count -= (size_t)written;
    }
    return SQ_OK;
}

sq_status sq_spill_file_read(const sq_spill_file *file, int64_t offset, size_t count, void *bytes) {
    unsigned char *to = bytes;
    while (count > 0) {
        ssize_t found = pread(file->descriptor, to, count, (off_t)offset);
        if (found < 0 && errno == EINTR) continue;
        if (found < 0) return fail(file->beside, "read", strerror(errno));
        if (found == 0) return fail(file->beside, "read", "it is shorter than it was");
        to += found;
        offset += found;
        count -= (size_t)found;
    }
    return SQ_OK;
}
