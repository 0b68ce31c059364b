/* softeq data make and import: data sets as NetCDF files. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "data/import.h"
#include "softeq/dataset.h"

static sq_status configure(const sq_options *options, sq_config *config) {
    sq_config_init(config);
    return sq_options_apply_sets(options, config);
}

/* --- make ------------------------------------------------------------------------------------- */

static sq_status run_make(const sq_call *call) {
    sq_status status;
    sq_config config;
    sq_dataset *dataset = NULL;
    const char *path;
    SQ_TRY(sq_option_require(call->options, SQ_OPTION_OUTPUT, &path));
    SQ_TRY(configure(call->options, &config));
    SQ_TRY(sq_config_set(&config, "data", "task", call->options->operands[0], "TASK"));
    SQ_TRY(sq_dataset_make(&config, SQ_SPLIT_ALL, &dataset));
    SQ_TRY(sq_dataset_write(dataset, path, call->history));
    printf("%s: %" PRId64 " samples of %s\n", path, sq_dataset_describe(dataset)->samples,
           config.data.task);
cleanup:
    sq_dataset_destroy(&dataset);
    return status;
}

const sq_verb sq_verb_data_make = {
    .name = "data make",
    .operands = "TASK",
    .help =
        "make a task's samples: inertia, cosine-similarity, radius, se3 or particle-interaction",
    .least_operands = 1,
    .most_operands = 1,
    .accepts = SQ_ACCEPT(SQ_OPTION_OUTPUT) | SQ_ACCEPT(SQ_OPTION_SET),
    .run = run_make,
};

/* --- import ----------------------------------------------------------------------------------- */

static const double progress_interval = 1.0; /* seconds between lines */

/* For the line that says how far an import is. */
typedef struct {
    double begin, last;
} import_clock;

static void show_progress(const sq_import_progress *progress, void *context) {
    import_clock *clock = context;
    double now = sq_clock_seconds();
    if (now - clock->last < progress_interval) return;
    clock->last = now;
    sq_log(SQ_LOG_INFO,
           "file %" PRId64 " of %" PRId64 ": this rank read %.0f MB (%.0f MB/s), kept %" PRId64
           " windows",
           progress->done + 1, progress->files, (double)progress->bytes / 1e6,
           (double)progress->bytes / 1e6 / (now - clock->begin), progress->windows);
}

static void print_summary(const char *out, const sq_import_summary *summary, int64_t skipped) {
    int64_t windows = summary->counts[SQ_COUNT_WINDOWS];
    printf("%s: %" PRId64 " %s\n", out, windows, sq_import_count_help(SQ_COUNT_WINDOWS, windows));
    for (int kind = 0; kind < SQ_COUNT_KINDS; kind++) {
        bool always = kind < SQ_COUNT_WINDOWS && kind != SQ_COUNT_DAMAGED;
        if (kind == SQ_COUNT_WINDOWS || (!always && summary->counts[kind] == 0)) continue;
        printf("  %12" PRId64 " %s\n", summary->counts[kind],
               sq_import_count_help((sq_import_count)kind, summary->counts[kind]));
    }
    if (skipped > 0)
        printf("  %12" PRId64 " %s there already\n", skipped,
               sq_number_word(skipped, "file whose shard was", "files whose shards were"));
}

static sq_status run_import(const sq_call *call) {
    sq_status status;
    sq_config config;
    sq_import_summary summary;
    int64_t skipped;
    import_clock clock = {.begin = sq_clock_seconds(), .last = sq_clock_seconds()};
    const sq_options *options = call->options;
    sq_import_job job = {.paths = options->operands + 1,
                         .count = (size_t)options->n_operands - 1,
                         .config = &config,
                         .history = call->history,
                         .strict = sq_option_is_given(options, SQ_OPTION_STRICT),
                         .context = &clock};
    if (sq_comm_rank(call->comm) == 0) job.observer = show_progress;
    SQ_TRY(sq_import_find_format(options->operands[0], &job.format));
    SQ_TRY(sq_option_require(options, SQ_OPTION_OUTPUT, &job.out));
    SQ_TRY(sq_comm_agree(call->comm, sq_output_check(job.paths, job.count, job.out)));
    sq_import_configure(job.format, &config);
    SQ_TRY(sq_options_apply_sets(options, &config));
    SQ_TRY(sq_import_run(&job, call->comm, &summary, &skipped));
    if (sq_comm_rank(call->comm) == 0) print_summary(job.out, &summary, skipped);
cleanup:
    return status;
}

const sq_verb sq_verb_data_import = {
    .name = "data import",
    .operands = "FORMAT FILE...",
    .help =
        "import recordings of motion into NetCDF: FORMAT is eth-ucy, waymo or csv; -o FILE.nc "
        "for one shard, -o PREFIX for one per file, shared out over ranks",
    .least_operands = 2,
    .most_operands = SQ_ANY_NUMBER,
    .accepts = SQ_ACCEPT(SQ_OPTION_OUTPUT) | SQ_ACCEPT(SQ_OPTION_SET) | SQ_ACCEPT(SQ_OPTION_STRICT),
    .parallel = true,
    .run = run_import,
};
