#include "io/atomic_file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

struct sq_atomic_file {
    char *path;
    char *temporary;
};

static void destroy(sq_atomic_file **file) {
    if (!*file) return;
    sq_free((*file)->path);
    sq_free((*file)->temporary);
    sq_free(*file);
    *file = NULL;
}

static sq_status temporary_name(const char *path, char **name) {
    size_t capacity = strlen(path) + 32;
    sq_status status = sq_alloc(capacity, 1, name);
    if (status == SQ_OK) snprintf(*name, capacity, "%s.%ld.tmp", path, (long)getpid());
    return status;
}

/* Creating the file here shows a folder that is missing or read-only before any work is done. */
static sq_status create_empty(const char *temporary, const char *path) {
    struct stat found;
    bool is_there = stat(path, &found) == 0;
    if (is_there && S_ISDIR(found.st_mode))
        return sq_fail(SQ_ERR_IO, "%s: is a folder, not a file; choose another name", path);
    if (is_there && !S_ISREG(found.st_mode)) /* /dev/null itself would be replaced */
        return sq_fail(SQ_ERR_IO, "%s: is a device or a pipe, not a file; choose another name",
                       path);
    int descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return sq_fail(SQ_ERR_IO, "%s: cannot be written: %s", path, strerror(errno));
    close(descriptor);
    return SQ_OK;
}

sq_status sq_atomic_file_begin(const char *path, sq_atomic_file **file) {
    sq_status status;
    *file = NULL;
    SQ_TRY(sq_alloc(1, sizeof **file, file));
    SQ_TRY(sq_copy_text(path, &(*file)->path));
    SQ_TRY(temporary_name(path, &(*file)->temporary));
    SQ_TRY(create_empty((*file)->temporary, path));
cleanup:
    if (status != SQ_OK) destroy(file);
    return status;
}

const char *sq_atomic_file_path(const sq_atomic_file *file) { return file->temporary; }

/* Brings a file's bytes, or a folder's names, to the disk. `path` is what the message names. */
static sq_status flush(const char *opened, int flags, const char *path) {
    int descriptor = open(opened, flags | O_CLOEXEC);
    if (descriptor < 0) return sq_fail(SQ_ERR_IO, "%s: %s: %s", path, opened, strerror(errno));
    int result = fsync(descriptor);
    int reason = errno;
    close(descriptor);
    /* Some file systems cannot flush a folder, and say so with EINVAL: no reason to fail. */
    if (result == 0 || reason == EINVAL) return SQ_OK;
    return sq_fail(SQ_ERR_IO, "%s: cannot be flushed to disk: %s", path, strerror(reason));
}

static sq_status flush_folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) return flush(".", O_RDONLY | O_DIRECTORY, path);
    char *folder = NULL;
    sq_status status = sq_copy_text(path, &folder);
    if (status != SQ_OK) return status;
    folder[slash - path + (slash == path)] = '\0';
    status = flush(folder, O_RDONLY | O_DIRECTORY, path);
    sq_free(folder);
    return status;
}

sq_status sq_atomic_file_commit(sq_atomic_file **file) {
    const char *path = (*file)->path;
    const char *temporary = (*file)->temporary;
    sq_status status;
    SQ_TRY(flush(temporary, O_RDONLY, path));
    if (rename(temporary, path) != 0)
        SQ_TRY(sq_fail(SQ_ERR_IO, "%s: cannot be replaced: %s", path, strerror(errno)));
    SQ_TRY(flush_folder_of(path));
cleanup:
    if (status != SQ_OK) unlink(temporary); /* gone already if only the folder's flush failed */
    destroy(file);
    return status;
}

void sq_atomic_file_abandon(sq_atomic_file **file) {
    if (!*file) return;
    unlink((*file)->temporary);
    destroy(file);
}

/* Is it "<name>.<pid>.tmp"? */
static bool is_temporary(const char *name) {
    static const char suffix[] = ".tmp";
    size_t length = strlen(name);
    if (length < sizeof suffix || strcmp(name + length - (sizeof suffix - 1), suffix) != 0)
        return false;
    size_t digits = length - (sizeof suffix - 1), end = digits;
    while (digits > 0 && isdigit((unsigned char)name[digits - 1])) digits--;
    return digits > 1 && digits < end && name[digits - 1] == '.';
}

static bool begins_with_any(const char *name, const char *const *beginnings) {
    for (; *beginnings; beginnings++)
        if (strncmp(name, *beginnings, strlen(*beginnings)) == 0) return true;
    return false;
}

void sq_atomic_file_sweep(const char *folder, const char *const *names) {
    DIR *stream = opendir(folder);
    if (!stream) return;
    for (struct dirent *entry = readdir(stream); entry; entry = readdir(stream))
        if (is_temporary(entry->d_name) && begins_with_any(entry->d_name, names))
            unlinkat(dirfd(stream), entry->d_name, 0);
    closedir(stream);
}

static sq_status make_one_folder(const char *path) {
    struct stat found;
    if (mkdir(path, 0777) == 0) return SQ_OK;
    int reason = errno; /* EROFS and EACCES come before EEXIST on some systems */
    if (stat(path, &found) == 0 && S_ISDIR(found.st_mode)) return SQ_OK;
    return sq_fail(SQ_ERR_IO, "%s: folder cannot be made: %s", path, strerror(reason));
}

sq_status sq_make_folder(const char *path) {
    char *part = NULL;
    sq_status status;
    SQ_TRY(sq_copy_text(path, &part));
    for (char *slash = strchr(part + (*part == '/'), '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        SQ_TRY(make_one_folder(part));
        *slash = '/';
    }
    SQ_TRY(make_one_folder(part));
cleanup:
    sq_free(part);
    return status;
}

sq_status sq_write_file(const char *path, const void *bytes, size_t size) {
    sq_atomic_file *file = NULL;
    FILE *stream = NULL;
    sq_status status;
    SQ_TRY(sq_atomic_file_begin(path, &file));
    stream = fopen(sq_atomic_file_path(file), "w");
    int failed = !stream || fwrite(bytes, 1, size, stream) != size;
    if (stream) failed |= fclose(stream) != 0;
    if (failed) SQ_TRY(sq_fail(SQ_ERR_IO, "%s: cannot be written: %s", path, strerror(errno)));
    SQ_TRY(sq_atomic_file_commit(&file));
cleanup:
    sq_atomic_file_abandon(&file);
    return status;
}

sq_status sq_write_text_file(const char *path, const char *text) {
    return sq_write_file(path, text, strlen(text));
}
