/* Preloaded into softeq (LD_PRELOAD): counts the calls to the C library by which a save changes or
 * reads files or gets memory, those of HDF5 included, and makes one of them go wrong. A save is
 * what a copy of the process does (fork). Environment: FAULT_SAVE   which save: 1 is the first
 *   FAULT_CALL   which call of that save: 1 is the first; 0: none, only count
 *   FAULT_KIND   kill: the program and its copy are killed as the call begins
 *                torn: the same, after half of what is to be written
 *                fail: the call fails, as if the disk were full or there were no memory
 *                full: that call and all later ones that write fail
 *   FAULT_WHERE  files: calls on files are counted; memory: allocations are
 *   FAULT_COUNT  file that the number of calls is written to when the save ends */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef enum { FILES, MEMORY } fault_where;

static int forks, calls;
static bool armed; /* in the copy that is to fail */

static int number_of(const char *name) {
    const char *text = getenv(name);
    return text ? atoi(text) : 0;
}

static bool is_set(const char *name, const char *value) {
    const char *text = getenv(name);
    return text && strcmp(text, value) == 0;
}

/* The function of that name in the library behind this one. */
static void *real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

static void end_all(void) {
    kill(getppid(), SIGKILL);
    raise(SIGKILL);
}

/* Counts a call; true: it is to fail. writes: it needs room on the disk. */
static bool fault(fault_where where, bool writes) {
    if (!armed || where != (is_set("FAULT_WHERE", "memory") ? MEMORY : FILES)) return false;
    int chosen = number_of("FAULT_CALL");
    calls++;
    if (chosen == 0 || calls < chosen) return false;
    if (calls == chosen && is_set("FAULT_KIND", "kill")) end_all();
    if (is_set("FAULT_KIND", "full")) return writes;
    return calls == chosen && is_set("FAULT_KIND", "fail");
}

static bool is_torn(void) {
    return armed && calls == number_of("FAULT_CALL") && is_set("FAULT_KIND", "torn");
}

static int failed(int reason) {
    errno = reason;
    return -1;
}

/* ---- the life of a copy ---- */

pid_t fork(void) {
    pid_t (*next)(void) = real("fork");
    pid_t process = next();
    if (process == 0) armed = forks + 1 == number_of("FAULT_SAVE");
    if (process > 0) forks++;
    return process;
}

void _exit(int status) {
    void (*next)(int) __attribute__((noreturn)) = real("_exit");
    const char *path = getenv("FAULT_COUNT");
    if (armed && path) {
        armed = false;
        FILE *file = fopen(path, "w");
        if (file) fprintf(file, "%d\n", calls);
        if (file) fclose(file);
    }
    next(status);
}

/* ---- files ---- */

int open(const char *path, int flags, ...) {
    int (*next)(const char *, int, ...) = real("open");
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    if (fault(FILES, (flags & O_CREAT) != 0)) return failed(EMFILE);
    return next(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    int (*next)(const char *, int, ...) = real("open64");
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    if (fault(FILES, (flags & O_CREAT) != 0)) return failed(EMFILE);
    return next(path, flags, mode);
}

ssize_t write(int file, const void *bytes, size_t size) {
    ssize_t (*next)(int, const void *, size_t) = real("write");
    if (fault(FILES, true)) return failed(ENOSPC);
    if (is_torn()) next(file, bytes, size / 2), end_all();
    return next(file, bytes, size);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at) {
    ssize_t (*next)(int, const void *, size_t, off_t) = real("pwrite");
    if (fault(FILES, true)) return failed(ENOSPC);
    if (is_torn()) next(file, bytes, size / 2, at), end_all();
    return next(file, bytes, size, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at) {
    ssize_t (*next)(int, const void *, size_t, off64_t) = real("pwrite64");
    if (fault(FILES, true)) return failed(ENOSPC);
    if (is_torn()) next(file, bytes, size / 2, at), end_all();
    return next(file, bytes, size, at);
}

ssize_t read(int file, void *bytes, size_t size) {
    ssize_t (*next)(int, void *, size_t) = real("read");
    return fault(FILES, false) ? failed(EIO) : next(file, bytes, size);
}

ssize_t pread(int file, void *bytes, size_t size, off_t at) {
    ssize_t (*next)(int, void *, size_t, off_t) = real("pread");
    return fault(FILES, false) ? failed(EIO) : next(file, bytes, size, at);
}

ssize_t pread64(int file, void *bytes, size_t size, off64_t at) {
    ssize_t (*next)(int, void *, size_t, off64_t) = real("pread64");
    return fault(FILES, false) ? failed(EIO) : next(file, bytes, size, at);
}

int ftruncate(int file, off_t size) {
    int (*next)(int, off_t) = real("ftruncate");
    return fault(FILES, true) ? failed(ENOSPC) : next(file, size);
}

int ftruncate64(int file, off64_t size) {
    int (*next)(int, off64_t) = real("ftruncate64");
    return fault(FILES, true) ? failed(ENOSPC) : next(file, size);
}

int fsync(int file) {
    int (*next)(int) = real("fsync");
    return fault(FILES, true) ? failed(EIO) : next(file);
}

int close(int file) {
    int (*next)(int) = real("close");
    bool fails = fault(FILES, true);
    int result = next(file);
    return fails ? failed(EIO) : result;
}

int rename(const char *from, const char *to) {
    int (*next)(const char *, const char *) = real("rename");
    return fault(FILES, false) ? failed(EACCES) : next(from, to);
}

int unlink(const char *path) {
    int (*next)(const char *) = real("unlink");
    return fault(FILES, false) ? failed(EACCES) : next(path);
}

int stat(const char *path, struct stat *found) {
    int (*next)(const char *, struct stat *) = real("stat");
    return fault(FILES, false) ? failed(EIO) : next(path, found);
}

int fstat(int file, struct stat *found) {
    int (*next)(int, struct stat *) = real("fstat");
    return fault(FILES, false) ? failed(EIO) : next(file, found);
}

int scandir(const char *path, struct dirent ***entries, int (*chosen)(const struct dirent *),
            int (*order)(const struct dirent **, const struct dirent **)) {
    int (*next)(const char *, struct dirent ***, int (*)(const struct dirent *),
                int (*)(const struct dirent **, const struct dirent **)) = real("scandir");
    return fault(FILES, false) ? failed(EMFILE) : next(path, entries, chosen, order);
}

FILE *fopen(const char *path, const char *mode) {
    FILE *(*next)(const char *, const char *) = real("fopen");
    if (!fault(FILES, false)) return next(path, mode);
    errno = EMFILE;
    return NULL;
}

size_t fwrite(const void *bytes, size_t size, size_t count, FILE *file) {
    size_t (*next)(const void *, size_t, size_t, FILE *) = real("fwrite");
    if (!fault(FILES, true)) return next(bytes, size, count, file);
    errno = ENOSPC;
    return 0;
}

size_t fread(void *bytes, size_t size, size_t count, FILE *file) {
    size_t (*next)(void *, size_t, size_t, FILE *) = real("fread");
    if (!fault(FILES, false)) return next(bytes, size, count, file);
    errno = EIO;
    return 0;
}

int fclose(FILE *file) {
    int (*next)(FILE *) = real("fclose");
    bool fails = fault(FILES, true);
    int result = next(file);
    if (!fails) return result;
    errno = ENOSPC;
    return EOF;
}

/* ---- memory: glibc's own names, since dlsym allocates ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static void *no_memory(void) {
    errno = ENOMEM;
    return NULL;
}

void *malloc(size_t size) { return fault(MEMORY, true) ? no_memory() : __libc_malloc(size); }

void *calloc(size_t count, size_t size) {
    return fault(MEMORY, true) ? no_memory() : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    return fault(MEMORY, true) ? no_memory() : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return fault(MEMORY, true) ? no_memory() : __libc_memalign(alignment, size);
}
