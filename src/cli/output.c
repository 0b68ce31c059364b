#include "cli/output.h"

#include <stdio.h>

#include "base/memory.h"
#include "io/config_file.h"
#include "io/glob_files.h"

sq_status sq_output_check(const char *const *paths, size_t count, const char *out) {
    if (!sq_glob_holds(paths, count, out)) return SQ_OK;
    return sq_fail(SQ_ERR_ARGUMENT, "%s is what is read: name another file for the output", out);
}

/* A pattern without a match is for whoever reads it to complain of. */
static sq_status check_patterns(const char *patterns, const char *out) {
    char **paths = NULL;
    size_t count = 0;
    if (sq_glob(patterns, &paths, &count) != SQ_OK) return SQ_OK;
    sq_status status = sq_output_check((const char *const *)paths, count, out);
    sq_glob_free(&paths, count);
    return status;
}

static sq_status check_within(const char *folder, const char *patterns, const char *out) {
    sq_status status;
    char *within = NULL;
    SQ_TRY(sq_glob_within(folder, patterns, &within));
    SQ_TRY(check_patterns(within, out));
cleanup:
    sq_free(within);
    return status;
}

static sq_status check_run_files(const char *folder, const char *out) {
    static const char *const names[] = {"run.ini", "config.ini", "log.nc", "best.nc",
                                        "checkpoint-*.nc"};
    sq_status status = SQ_OK;
    for (size_t k = 0; k < sizeof names / sizeof *names && status == SQ_OK; k++)
        status = check_within(folder, names[k], out);
    return status;
}

/* The run may be asked of them again. A configuration that cannot be read is for others to tell. */
static sq_status check_splits(const char *folder, const char *out) {
    sq_status status = SQ_OK;
    sq_config config;
    char path[4096];
    snprintf(path, sizeof path, "%s/config.ini", folder);
    sq_config_init(&config);
    if (sq_config_read_file(&config, path) != SQ_OK) return SQ_OK;
    const char *const splits[] = {config.data.train, config.data.valid, config.data.test};
    for (size_t k = 0; k < sizeof splits / sizeof *splits && status == SQ_OK; k++)
        if (*splits[k]) status = check_within(config.data.folder, splits[k], out);
    return status;
}

sq_status sq_output_check_run(const sq_call *call, const char *folder, const char *out) {
    sq_status status;
    char *data = NULL;
    const char *model = sq_option_value(call->options, SQ_OPTION_CHECKPOINT);
    if (!out) return SQ_OK;
    SQ_TRY(check_run_files(folder, out));
    SQ_TRY(check_splits(folder, out));
    if (model) SQ_TRY(sq_output_check(&model, 1, out));
    SQ_TRY(sq_options_join_data(call->options, &data));
    if (data) SQ_TRY(check_patterns(data, out));
cleanup:
    sq_free(data);
    return status;
}
