/* softeq table plan and write: the runs of experiments, and what they found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/experiment.h"
#include "cli/results.h"
#include "cli/verb.h"
#include "io/atomic_file.h"

enum { MAX_PATH = 8192 };

/* ---- plan ------------------------------------------------------------------------------------ */

static sq_status write_config(const sq_config *config, const char *path) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream) return sq_fail(SQ_ERR_MEMORY, "%s: no memory for it", path);
    sq_config_write(config, stream);
    fclose(stream);
    sq_status status = sq_write_text_file(path, text);
    free(text);
    return status;
}

/* A run that is not finished gets its run.ini, and its folder is named. */
static sq_status plan_run(const sq_call *call, const sq_experiment *e, const char *runs, int row,
                          int model, int seed) {
    sq_status status;
    sq_config config;
    char folder[MAX_PATH / 4], path[MAX_PATH / 2], file[MAX_PATH];
    sq_experiment_folder(e, row, model, seed, folder, sizeof folder);
    snprintf(path, sizeof path, "%s/%s", runs, folder);
    snprintf(file, sizeof file, "%s/evaluation.nc", path);
    if (access(file, F_OK) == 0) return SQ_OK;
    SQ_TRY(sq_experiment_configure(e, row, model, seed, &config));
    SQ_TRY(sq_options_apply_sets(call->options, &config));
    SQ_TRY(sq_make_folder(path));
    snprintf(file, sizeof file, "%s/run.ini", path);
    SQ_TRY(write_config(&config, file));
    puts(path);
cleanup:
    return status;
}

/* Seed by seed, so that whatever is finished first covers the whole table. */
static sq_status plan_experiment(const sq_call *call, const char *path, const char *runs) {
    sq_status status;
    sq_experiment e;
    SQ_TRY(sq_experiment_read(path, &e));
    for (int seed = 0; seed < e.n_seeds; seed++)
        for (int row = 0; row < e.n_rows; row++)
            for (int model = 0; model < e.n_models; model++)
                if (sq_experiment_has(&e, row, model))
                    SQ_TRY(plan_run(call, &e, runs, row, model, seed));
cleanup:
    sq_experiment_clear(&e);
    return status;
}

static sq_status run_plan(const sq_call *call) {
    const char *runs;
    sq_status status = sq_option_require(call->options, SQ_OPTION_RUN, &runs);
    for (int k = 0; k < call->options->n_operands && status == SQ_OK; k++)
        status = plan_experiment(call, call->options->operands[k], runs);
    return status;
}

const sq_verb sq_verb_table_plan = {
    .name = "table plan",
    .operands = "EXPERIMENT.ini...",
    .help =
        "write run.ini for every run of the experiments that is not finished, under --run DIR, "
        "and name their folders",
    .least_operands = 1,
    .most_operands = SQ_ANY_NUMBER,
    .accepts = SQ_ACCEPT(SQ_OPTION_RUN) | SQ_ACCEPT(SQ_OPTION_SET),
    .run = run_plan,
};

/* ---- write ----------------------------------------------------------------------------------- */

static const char introduction[] =
    "# Results\n\n"
    "Written by `softeq table write` from the logs of the runs; no number is typed by hand. Mean "
    "and\n"
    "standard deviation are over the seeds that are there. Columns: the mean squared error on the\n"
    "test split (mean, and median over the seeds) and on shifted samples; by type the weight "
    "lambda\n"
    "that training ended with, the level of symmetry over all layers, and the error under the\n"
    "group's action of the model beside that of the function that made the data; the epochs done "
    "and\n"
    "the seconds they took. [What they mean](architecture.md#what-is-reported-per-type).\n"
    "`jobs/run_table.sh TABLE` trains what is missing and writes this file anew.\n\n";

static sq_status write_experiments(const sq_call *call, const char *runs, FILE *stream) {
    sq_status status = SQ_OK;
    sq_experiment e;
    fputs(introduction, stream);
    for (int k = 0; k < call->options->n_operands && status == SQ_OK; k++) {
        status = sq_experiment_read(call->options->operands[k], &e);
        if (status == SQ_OK) status = sq_results_write(&e, runs, stream);
        sq_experiment_clear(&e);
    }
    return status;
}

static sq_status run_write(const sq_call *call) {
    sq_status status;
    const char *runs, *out;
    char *text = NULL;
    size_t size = 0;
    SQ_TRY(sq_option_require(call->options, SQ_OPTION_RUN, &runs));
    SQ_TRY(sq_option_require(call->options, SQ_OPTION_OUTPUT, &out));
    FILE *stream = open_memstream(&text, &size);
    if (!stream) SQ_TRY(sq_fail(SQ_ERR_MEMORY, "no memory for the tables"));
    status = write_experiments(call, runs, stream);
    fclose(stream);
    while (size > 1 && text[size - 2] == '\n') text[--size] = '\0'; /* one end of line at the end */
    if (status == SQ_OK) status = sq_write_text_file(out, text);
    if (status == SQ_OK) printf("%s: %d tables\n", out, call->options->n_operands);
cleanup:
    free(text);
    return status;
}

const sq_verb sq_verb_table_write = {
    .name = "table write",
    .operands = "EXPERIMENT.ini...",
    .help = "write what the runs under --run DIR found as tables in Markdown, -o FILE.md",
    .least_operands = 1,
    .most_operands = SQ_ANY_NUMBER,
    .accepts = SQ_ACCEPT(SQ_OPTION_RUN) | SQ_ACCEPT(SQ_OPTION_OUTPUT),
    .run = run_write,
};
