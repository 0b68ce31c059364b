/* Imports of bytes that a fuzzer makes up. What such a function checks is that nothing crashes,
 * leaks or computes what C does not define: the sanitizers look. */
#ifndef SQ_TESTS_FUZZ_IMPORT_H
#define SQ_TESTS_FUZZ_IMPORT_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "data/import.h"
#include "softeq/comm.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* A file in memory; its name lives as long as it. */
typedef struct {
    int descriptor;
    char path[64];
} memory_file;

static inline memory_file memory_file_create(const void *bytes, size_t count) {
    memory_file file = {.descriptor = memfd_create("fuzz", MFD_CLOEXEC)};
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.descriptor);
    if (file.descriptor < 0 || write(file.descriptor, bytes, count) != (ssize_t)count) abort();
    return file;
}

/* Imports the file as a format, with settings besides; null_writer.c takes the windows. */
static inline void fuzz_import(const char *format, const char *const *settings, size_t n_settings,
                               const void *bytes, size_t count) {
    memory_file file = memory_file_create(bytes, count);
    const char *path = file.path;
    sq_config config;
    sq_import_job job = {.paths = &path, .count = 1, .config = &config, .out = "/tmp/fuzz.nc"};
    sq_import_summary summary;
    sq_comm *comm = NULL;
    int64_t skipped;
    if (sq_import_find_format(format, &job.format) != SQ_OK) abort();
    sq_import_configure(job.format, &config);
    for (size_t i = 0; i < n_settings; i++)
        if (sq_config_set_assignment(&config, settings[i], "fuzz") != SQ_OK) abort();
    if (sq_comm_create_serial(&comm) != SQ_OK) abort();
    (void)sq_import_run(&job, comm, &summary, &skipped);
    sq_comm_destroy(&comm);
    close(file.descriptor);
}

#endif
