/* softeq data make, import and info: data sets as NetCDF files. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/quote.h"
#include "cli/verb.h"
#include "data/eth_ucy.h"
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
    .help = "make a task's samples: inertia, cosine-similarity, radius or se3",
    .least_operands = 1,
    .most_operands = 1,
    .accepts = SQ_ACCEPT(SQ_OPTION_OUTPUT) | SQ_ACCEPT(SQ_OPTION_SET),
    .run = run_make,
};

/* --- import ----------------------------------------------------------------------------------- */

/* A foreign format. */
typedef struct {
    const char *name;
    sq_status (*import)(const char *const *paths, size_t count, const sq_config *config,
                        const char *history, const char *out_path, sq_import_summary *summary);
} importer;

static const importer importers[] = {
    {"eth-ucy", sq_import_eth_ucy},
};
enum { N_IMPORTERS = sizeof importers / sizeof importers[0] };

static sq_status find_importer(const char *format, const importer **found) {
    const char *names[N_IMPORTERS];
    for (int i = 0; i < N_IMPORTERS; i++) {
        *found = &importers[i];
        if (!strcmp(importers[i].name, format)) return SQ_OK;
        names[i] = importers[i].name;
    }
    const char *nearest = sq_nearest_word(format, names, N_IMPORTERS);
    return sq_fail(SQ_ERR_ARGUMENT, "unknown format '%s'; did you mean '%s'?", format,
                   nearest ? nearest : names[0]);
}

static sq_status run_import(const sq_call *call) {
    sq_status status;
    sq_config config;
    sq_import_summary summary = {0};
    const importer *format;
    const char *path;
    const sq_options *options = call->options;
    SQ_TRY(find_importer(options->operands[0], &format));
    SQ_TRY(sq_option_require(options, SQ_OPTION_OUTPUT, &path));
    SQ_TRY(configure(options, &config));
    SQ_TRY(format->import(options->operands + 1, (size_t)options->n_operands - 1, &config,
                          call->history, path, &summary));
    printf("%s: %" PRId64 " windows of %" PRId64 " agents from %" PRId64 " file%s (%" PRId64
           " records)\n",
           path, summary.windows, summary.agents, summary.files, summary.files == 1 ? "" : "s",
           summary.records);
cleanup:
    return status;
}

const sq_verb sq_verb_data_import = {
    .name = "data import",
    .operands = "FORMAT FILE...",
    .help = "import recordings into a NetCDF file; formats: eth-ucy",
    .least_operands = 2,
    .most_operands = SQ_ANY_NUMBER,
    .accepts = SQ_ACCEPT(SQ_OPTION_OUTPUT) | SQ_ACCEPT(SQ_OPTION_SET),
    .run = run_import,
};

/* --- info ------------------------------------------------------------------------------------- */

enum { ROWS_AT_ONCE = 1024, CACHE_BYTES = 64 << 20 };

/* Of the values seen so far. */
typedef struct {
    double least, most, sum;
    int64_t count;
} range;

static void widen(range *seen, const sq_real *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        seen->least = fmin(seen->least, (double)values[i]);
        seen->most = fmax(seen->most, (double)values[i]);
        seen->sum += (double)values[i];
    }
    seen->count += (int64_t)count;
}

static void print_range(const char *name, const range *seen) {
    printf("  %-14s from %.6g to %.6g, mean %.6g\n", name, seen->least, seen->most,
           seen->sum / (double)seen->count);
}

static void print_description(const char *path, const sq_dataset_info *info) {
    printf("%s: %s\n", path, info->title);
    printf("  %-14s %" PRId64 "\n", "samples", info->samples);
    printf("  %-14s %d, %s\n", "input", info->n_input, info->input_representation);
    printf("  %-14s %d, %s%s%s\n", "output", info->n_output, info->output_representation,
           *info->units ? ", in " : "", info->units);
    printf("  %-14s %s\n", "mask", info->masked ? "yes" : "no");
    if (info->trajectory) printf("  %-14s every %g s\n", "trajectory", info->interval);
}

/* Reads every row: a file with a bad one fails here. */
static sq_status find_ranges(sq_dataset *dataset, range *input, range *target) {
    const sq_dataset_info *info = sq_dataset_describe(dataset);
    sq_status status;
    sq_real *inputs = NULL, *targets = NULL;
    int64_t rows[ROWS_AT_ONCE];
    *input = *target = (range){.least = INFINITY, .most = -INFINITY};
    SQ_TRY(sq_alloc(ROWS_AT_ONCE, (size_t)info->n_input * sizeof *inputs, &inputs));
    SQ_TRY(sq_alloc(ROWS_AT_ONCE, (size_t)info->n_output * sizeof *targets, &targets));
    for (int64_t first = 0; first < info->samples; first += ROWS_AT_ONCE) {
        size_t count = 0;
        for (; count < ROWS_AT_ONCE && first + (int64_t)count < info->samples; count++)
            rows[count] = first + (int64_t)count;
        SQ_TRY(sq_dataset_read(dataset, rows, count, inputs, targets, NULL));
        widen(input, inputs, count * (size_t)info->n_input);
        widen(target, targets, count * (size_t)info->n_output);
    }
cleanup:
    sq_free(inputs);
    sq_free(targets);
    return status;
}

/* A file's name as a list of one pattern. */
static sq_status open_one(const char *path, sq_dataset **dataset) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream) return sq_fail(SQ_ERR_MEMORY, "%s: no memory for its name", path);
    sq_write_quoted(path, stream);
    fclose(stream);
    sq_status status = sq_dataset_open(text, CACHE_BYTES, dataset);
    free(text);
    return status;
}

static sq_status print_info(const char *path) {
    sq_status status;
    sq_dataset *dataset = NULL;
    range input, target;
    SQ_TRY(open_one(path, &dataset));
    SQ_TRY(find_ranges(dataset, &input, &target));
    print_description(path, sq_dataset_describe(dataset));
    print_range("input values", &input);
    print_range("target values", &target);
cleanup:
    sq_dataset_destroy(&dataset);
    return status;
}

static sq_status run_info(const sq_call *call) {
    for (int i = 0; i < call->options->n_operands; i++) {
        sq_status status = print_info(call->options->operands[i]);
        if (status != SQ_OK) return status;
    }
    return SQ_OK;
}

const sq_verb sq_verb_data_info = {
    .name = "data info",
    .operands = "FILE.nc...",
    .help = "samples, widths, representations and ranges of values; checks every row",
    .least_operands = 1,
    .most_operands = SQ_ANY_NUMBER,
    .run = run_info,
};
