/* An import on one rank, as tests run it. */
#ifndef SQ_TESTS_IMPORT_FILES_H
#define SQ_TESTS_IMPORT_FILES_H

#include "data/import.h"
#include "softeq/comm.h"

/* A format's settings. */
static inline sq_config import_config(const char *format) {
    const sq_import_format *found;
    sq_config config;
    if (sq_import_find_format(format, &found) != SQ_OK) fail_msg("%s", sq_error_message());
    sq_import_configure(found, &config);
    return config;
}

static inline sq_status import_job(sq_import_job *job, const char *format,
                                   sq_import_summary *summary, int64_t *skipped) {
    sq_comm *comm = NULL;
    sq_status status;
    SQ_TRY(sq_import_find_format(format, &job->format));
    SQ_TRY(sq_comm_create_serial(&comm));
    SQ_TRY(sq_import_run(job, comm, summary, skipped));
cleanup:
    sq_comm_destroy(&comm);
    return status;
}

static inline sq_status import_files(const char *format, const char *const *paths, size_t count,
                                     const sq_config *config, const char *out,
                                     sq_import_summary *summary) {
    sq_import_job job = {.paths = paths, .count = count, .config = config, .out = out};
    int64_t skipped;
    return import_job(&job, format, summary, &skipped);
}

#endif
