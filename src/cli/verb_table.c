/* softeq table plan, check and write: the runs of experiments, and what they found. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/text_stream.h"
#include "cli/experiment.h"
#include "cli/failures.h"
#include "cli/finding.h"
#include "cli/output.h"
#include "cli/record.h"
#include "cli/rehearsal.h"
#include "cli/results.h"
#include "cli/verb.h"
#include "io/atomic_file.h"
#include "io/config_file.h"

enum { MAX_PATH = 8192 };

/* ---- a run of an experiment ------------------------------------------------------------------ */

typedef struct {
    const char *row, *model;
    long long seed;
    char folder[MAX_PATH]; /* "": not asked for */
    sq_config config;
    char settings[SQ_FINDING_TEXT];
} planned_run;

/* One run would stand for several seeds. */
static sq_status check_seed(const sq_config *config, const char *table, long long seed) {
    if (config->data.seed == seed && config->train.seed == seed) return SQ_OK;
    return sq_fail(SQ_ERR_ARGUMENT,
                   "--set may not change %s: seed %lld of the table %s would be another; change "
                   "`seeds` in its file",
                   config->data.seed == seed ? "train.seed" : "data.seed", seed, table);
}

/* runs: the folder of all runs, or NULL */
static sq_status describe_run(const sq_call *call, const sq_experiment *e, const char *runs,
                              int row, int model, int seed, planned_run *run) {
    sq_status status;
    char folder[MAX_PATH / 4];
    run->row = e->row[row].name;
    run->model = e->model[model].name;
    run->seed = e->seeds[seed];
    run->folder[0] = '\0';
    sq_experiment_folder(e, row, model, seed, folder, sizeof folder);
    if (runs) snprintf(run->folder, sizeof run->folder, "%s/%s", runs, folder);
    SQ_TRY(sq_experiment_configure(e, row, model, seed, &run->config));
    SQ_TRY(sq_options_apply_sets(call->options, &run->config));
    SQ_TRY(check_seed(&run->config, e->name, run->seed));
    SQ_TRY(sq_finding_settings(&run->config, run->settings));
cleanup:
    return status;
}

/* A run that was trained with other settings is not the one that the table asks for. */
static sq_status check_settings(const planned_run *run, const char *trained) {
    if (strcmp(trained, run->settings) == 0) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "%s was trained with other settings than its table has now: remove that "
                   "folder, or name another one with --run.\n  trained: %s\n  asked:   %s",
                   run->folder, trained, run->settings);
}

/* What a finished run of that folder found. */
static sq_status read_finished(const planned_run *run, sq_finding *finding) {
    sq_status status;
    SQ_TRY(sq_finding_read(run->folder, finding));
    SQ_TRY(check_settings(run, finding->settings));
cleanup:
    return status;
}

/* Adds it under the run's name in its own table: it may be recorded under that of another. */
static sq_status add_as(const planned_run *run, const sq_finding *finding, sq_record *record) {
    sq_status status;
    SQ_TRY(sq_record_add(record, finding));
    sq_finding *added = &record->findings[record->count - 1];
    sq_copy_bounded(added->row, sizeof added->row, run->row);
    sq_copy_bounded(added->model, sizeof added->model, run->model);
    added->seed = run->seed;
cleanup:
    return status;
}

/* The experiments of a call, and where its tables go. tables: FILE.md of -o, beside which the
 * records are in a folder FILE; NULL: none was asked for.
 */
static sq_status check_call(const sq_options *options, const char *tables) {
    const char *slash = tables ? strrchr(tables, '/') : NULL;
    const char *name = slash ? slash + 1 : tables;
    sq_status status = sq_experiment_check_files(options->operands, options->n_operands);
    if (status != SQ_OK || !tables) return status;
    status = sq_output_check(options->operands, (size_t)options->n_operands, tables);
    if (status != SQ_OK || strrchr(name, '.') > name) return status;
    return sq_fail(
        SQ_ERR_ARGUMENT,
        "-o %s needs an ending, such as results.md: the records are kept beside it, in a "
        "folder of its name without that",
        tables);
}

/* ---- plan ------------------------------------------------------------------------------------ */

/* Counts a run of this plan among those that are known: only its settings are looked at. */
static sq_status add_planned(const planned_run *run, sq_record *known) {
    sq_status status;
    sq_finding *planned = NULL;
    SQ_TRY(sq_alloc(1, sizeof *planned, &planned));
    sq_copy_bounded(planned->settings, sizeof planned->settings, run->settings);
    SQ_TRY(sq_record_add(known, planned));
cleanup:
    sq_free(planned);
    return status;
}

/* A run that is neither finished nor known, in this table or another, gets its run.ini, and its
 * folder is named. */
static sq_status plan_run(const planned_run *run, sq_record *known) {
    sq_status status;
    char path[MAX_PATH + 16], trained[SQ_FINDING_TEXT];
    if (sq_record_find_same(known, run->settings)) return SQ_OK;
    SQ_TRY(add_planned(run, known));
    if (sq_finding_exists(run->folder)) {
        status = sq_finding_read_settings(run->folder, trained);
        return status == SQ_OK ? check_settings(run, trained) : status;
    }
    SQ_TRY(sq_make_folder(run->folder));
    snprintf(path, sizeof path, "%s/run.ini", run->folder);
    SQ_TRY(sq_config_write_file(&run->config, path));
    puts(run->folder);
cleanup:
    return status;
}

/* Every run's settings are looked at before any is planned: a slip shows before hours of training.
 * Seeds are alike in this. */
static sq_status rehearse(const sq_call *call, const sq_experiment *e, const char *path) {
    sq_status status = SQ_OK;
    planned_run run;
    for (int row = 0; row < e->n_rows; row++)
        for (int model = 0; model < e->n_models && status == SQ_OK; model++) {
            if (!sq_experiment_has(e, row, model)) continue;
            status = describe_run(call, e, NULL, row, model, 0, &run);
            if (status == SQ_OK) status = sq_rehearse(&run.config);
            if (status != SQ_OK)
                sq_fail_within(status, "%s: row %s, model %s", path, run.row, run.model);
        }
    return status;
}

/* Seed by seed, so that whatever is finished first covers the whole table. */
static sq_status plan_experiment(const sq_call *call, const char *path, const char *runs,
                                 sq_record *known) {
    sq_status status;
    sq_experiment e;
    planned_run run;
    SQ_TRY(sq_experiment_read(path, &e));
    SQ_TRY(rehearse(call, &e, path));
    for (int seed = 0; seed < e.n_seeds; seed++)
        for (int row = 0; row < e.n_rows; row++)
            for (int model = 0; model < e.n_models; model++) {
                if (!sq_experiment_has(&e, row, model)) continue;
                SQ_TRY(describe_run(call, &e, runs, row, model, seed, &run));
                SQ_TRY(plan_run(&run, known));
            }
cleanup:
    sq_experiment_clear(&e);
    return status;
}

static sq_status run_plan(const sq_call *call) {
    sq_status status;
    const char *runs, *tables = sq_option_value(call->options, SQ_OPTION_OUTPUT);
    sq_record known = {0};
    SQ_TRY(sq_option_require(call->options, SQ_OPTION_RUN, &runs));
    SQ_TRY(check_call(call->options, tables));
    if (tables) SQ_TRY(sq_record_read_all(tables, &known));
    for (int k = 0; k < call->options->n_operands; k++)
        SQ_TRY(plan_experiment(call, call->options->operands[k], runs, &known));
cleanup:
    sq_record_clear(&known);
    return status;
}

const sq_verb sq_verb_table_plan = {
    .name = "table plan",
    .operands = "EXPERIMENT.ini...",
    .help =
        "write run.ini for every run of the experiments that is neither finished nor recorded "
        "beside -o FILE.md, under --run DIR, and name their folders",
    .least_operands = 1,
    .most_operands = SQ_ANY_NUMBER,
    .accepts = SQ_ACCEPT(SQ_OPTION_RUN) | SQ_ACCEPT(SQ_OPTION_SET) | SQ_ACCEPT(SQ_OPTION_OUTPUT),
    .run = run_plan,
};

/* ---- write ----------------------------------------------------------------------------------- */

static const char introduction[] =
    "# Results\n\n"
    "Written by `softeq table write` from the logs of the runs; no number is typed by hand. Mean\n"
    "and standard deviation are over the seeds that are there. Columns: the mean squared error on\n"
    "the test split (mean, and median over the seeds) and on shifted samples; by type the weight\n"
    "lambda that training ended with, 1 - level of symmetry over all layers (0: exactly symmetric\n"
    "weights; small differences matter), and the error under the group's action of the model\n"
    "beside that of the function that made the data; the epochs done and the seconds they took.\n"
    "The errors are means over a few random elements, which depend on the type's place in the\n"
    "list: compare them at the same place only. `per` chooses its best model among the epochs\n"
    "after 2 tune_at, its baselines among all. [What they\n"
    "mean](architecture.md#what-is-reported-per-type).\n"
    "`jobs/run_table.sh TABLE` trains what is missing and writes this file anew. Every run is a\n"
    "line in a [record](results/) of its table, with all its settings; one that is asked for in\n"
    "several places is trained once and stands in each.\n\n";

/* What is known of the runs of an experiment. */
typedef struct {
    sq_record record;
    sq_failures failures;
} known_runs;

static void clear_runs(known_runs *known) {
    sq_record_clear(&known->record);
    sq_failures_clear(&known->failures);
}

/* The failure that was recorded of this run; NULL: none. */
static const sq_failure *find_failure(const sq_failures *failures, const planned_run *run) {
    for (size_t i = 0; i < failures->count; i++) {
        const sq_failure *of = &failures->list[i];
        if (of->seed == run->seed && !strcmp(of->row, run->row) && !strcmp(of->model, run->model) &&
            !strcmp(of->settings, run->settings))
            return of;
    }
    return NULL;
}

/* A run that is not finished: did it fail? */
static sq_status take_failure(const planned_run *run, const sq_failures *recorded,
                              sq_failures *failures) {
    sq_status status = SQ_OK;
    sq_failure of;
    bool there = false;
    const sq_failure *known = find_failure(recorded, run);
    if (run->folder[0]) SQ_TRY(sq_failure_read_folder(run->folder, &there, &of));
    if (there && strcmp(of.settings, run->settings) == 0) {
        sq_copy_bounded(of.row, sizeof of.row, run->row);
        sq_copy_bounded(of.model, sizeof of.model, run->model);
        of.seed = run->seed;
        known = &of;
    }
    if (known) SQ_TRY(sq_failures_add(failures, known));
cleanup:
    return status;
}

/* The run in its folder, else what is known of it here, else in another table. */
static sq_status take_run(const planned_run *run, const known_runs *known, const sq_record *all,
                          known_runs *taken) {
    sq_status status = SQ_OK;
    sq_finding *finished = NULL;
    const sq_finding *found =
        sq_record_find(&known->record, run->row, run->model, run->seed, run->settings);
    if (!found) found = sq_record_find_same(all, run->settings);
    if (run->folder[0] && sq_finding_exists(run->folder)) {
        SQ_TRY(sq_alloc(1, sizeof *finished, &finished));
        SQ_TRY(read_finished(run, finished));
        found = finished;
    }
    SQ_TRY(found ? add_as(run, found, &taken->record)
                 : take_failure(run, &known->failures, &taken->failures));
cleanup:
    sq_free(finished);
    return status;
}

/* In the order of its rows, models and seeds. runs: the folder of all runs; NULL: not asked for */
static sq_status take_runs(const sq_call *call, const sq_experiment *e, const char *runs,
                           const known_runs *known, const sq_record *all, known_runs *taken) {
    sq_status status = SQ_OK;
    planned_run run;
    for (int row = 0; row < e->n_rows; row++)
        for (int model = 0; model < e->n_models; model++)
            for (int seed = 0; seed < e->n_seeds && sq_experiment_has(e, row, model); seed++) {
                SQ_TRY(describe_run(call, e, runs, row, model, seed, &run));
                SQ_TRY(take_run(&run, known, all, taken));
            }
cleanup:
    return status;
}

/* An experiment, what was recorded and is known of its runs, and where that is recorded. */
typedef struct {
    sq_experiment e;
    known_runs recorded, runs;
    char path[MAX_PATH], failures[MAX_PATH]; /* of the record, and of what failed */
} known_experiment;

static void clear_known(known_experiment *known, int count) {
    for (int k = 0; known && k < count; k++) {
        clear_runs(&known[k].recorded);
        clear_runs(&known[k].runs);
        sq_experiment_clear(&known[k].e);
    }
    sq_free(known);
}

/* Training them again may take days. */
static void tell_left_out(const known_experiment *known) {
    const sq_record *recorded = &known->recorded.record, *taken = &known->runs.record;
    int64_t count = 0;
    for (size_t i = 0; i < recorded->count; i++)
        count += !sq_record_has(taken, &recorded->findings[i]) &&
                 !sq_record_find_same(taken, recorded->findings[i].settings);
    if (count > 0)
        sq_log(SQ_LOG_WARNING,
               "%s: %" PRId64
               " %s left out, of runs that the experiment has no longer, or has with "
               "other settings; version control may have them",
               known->path, count, sq_number_word(count, "line is", "lines are"));
}

/* What its own folders and its own record hold. */
static sq_status read_own(const sq_call *call, const char *path, known_experiment *known) {
    sq_status status;
    const char *tables = sq_option_value(call->options, SQ_OPTION_OUTPUT);
    const char *runs = sq_option_value(call->options, SQ_OPTION_RUN);
    SQ_TRY(sq_experiment_read(path, &known->e));
    sq_record_path(tables, known->e.name, known->path, sizeof known->path);
    sq_failures_path(known->path, known->failures, sizeof known->failures);
    SQ_TRY(sq_record_read(known->path, &known->recorded.record));
    SQ_TRY(sq_failures_read(known->failures, &known->recorded.failures));
    SQ_TRY(take_runs(call, &known->e, runs, &known->recorded, &(sq_record){0}, &known->runs));
cleanup:
    return status;
}

/* Adds what other tables have of its runs. */
static sq_status complete(const sq_call *call, const sq_record *all, known_experiment *known) {
    known_runs own = known->runs;
    known->runs = (known_runs){0};
    sq_status status = take_runs(call, &known->e, NULL, &own, all, &known->runs);
    clear_runs(&own);
    return status;
}

/* The experiments of the call, with whatever any record or any folder of theirs has of their runs:
 * a run that several tables ask for is trained once. known: (operands), zero; the caller clears,
 * also on failure. */
static sq_status read_experiments(const sq_call *call, known_experiment *known) {
    sq_status status;
    sq_record all;
    int count = call->options->n_operands;
    SQ_TRY(sq_record_read_all(sq_option_value(call->options, SQ_OPTION_OUTPUT), &all));
    for (int k = 0; k < count; k++) {
        SQ_TRY(read_own(call, call->options->operands[k], &known[k]));
        for (size_t i = 0; i < known[k].runs.record.count; i++)
            SQ_TRY(sq_record_add(&all, &known[k].runs.record.findings[i]));
    }
    for (int k = 0; k < count; k++) {
        SQ_TRY(complete(call, &all, &known[k]));
        tell_left_out(&known[k]);
    }
cleanup:
    sq_record_clear(&all);
    return status;
}

static sq_status write_experiment(const known_experiment *known, FILE *stream) {
    sq_status status = SQ_OK;
    const known_runs *runs = &known->runs;
    if (runs->record.count + runs->failures.count > 0 || access(known->path, F_OK) == 0)
        SQ_TRY(sq_record_write(&runs->record, known->path));
    SQ_TRY(sq_failures_write(&runs->failures, known->failures));
    sq_results_print(&known->e, &runs->record, stream);
    sq_failures_print(&runs->failures, stream);
cleanup:
    return status;
}

static sq_status require_output(const sq_call *call, const char **out) {
    sq_status status = sq_option_require(call->options, SQ_OPTION_OUTPUT, out);
    return status == SQ_OK ? check_call(call->options, *out) : status;
}

/* One end of line at the end. */
static void drop_blank_end(sq_text_stream *tables) {
    while (tables->size > 1 && tables->text[tables->size - 2] == '\n')
        tables->text[--tables->size] = '\0';
}

static sq_status run_write(const sq_call *call) {
    sq_status status;
    int count = call->options->n_operands;
    const char *out;
    sq_text_stream tables = {0};
    known_experiment *known = NULL;
    SQ_TRY(require_output(call, &out));
    SQ_TRY(sq_alloc((size_t)count, sizeof *known, &known));
    SQ_TRY(read_experiments(call, known));
    SQ_TRY(sq_text_stream_open(&tables, "the tables"));
    fputs(introduction, tables.stream);
    for (int k = 0; k < count; k++) SQ_TRY(write_experiment(&known[k], tables.stream));
    SQ_TRY(sq_text_stream_close(&tables));
    drop_blank_end(&tables);
    SQ_TRY(sq_write_text_file(out, tables.text));
    printf("%s: %d %s\n", out, count, sq_number_word(count, "table", "tables"));
cleanup:
    clear_known(known, count);
    sq_text_stream_clear(&tables);
    return status;
}

const sq_verb sq_verb_table_write = {
    .name = "table write",
    .operands = "EXPERIMENT.ini...",
    .help =
        "write what the runs under --run DIR found, and what is recorded, as tables in Markdown, "
        "-o FILE.md, and as records beside it, FILE/EXPERIMENT.tsv",
    .least_operands = 1,
    .most_operands = SQ_ANY_NUMBER,
    .accepts = SQ_ACCEPT(SQ_OPTION_RUN) | SQ_ACCEPT(SQ_OPTION_OUTPUT) | SQ_ACCEPT(SQ_OPTION_SET),
    .run = run_write,
};

/* ---- check ----------------------------------------------------------------------------------- */

static sq_status run_check(const sq_call *call) {
    sq_status status;
    int count = call->options->n_operands;
    const char *out;
    known_experiment *known = NULL;
    SQ_TRY(require_output(call, &out));
    SQ_TRY(sq_alloc((size_t)count, sizeof *known, &known));
    SQ_TRY(read_experiments(call, known));
cleanup:
    clear_known(known, count);
    return status;
}

const sq_verb sq_verb_table_check = {
    .name = "table check",
    .operands = "EXPERIMENT.ini...",
    .help =
        "read all that table write would read, and write nothing: what is wrong shows before "
        "hours of training",
    .least_operands = 1,
    .most_operands = SQ_ANY_NUMBER,
    .accepts = SQ_ACCEPT(SQ_OPTION_RUN) | SQ_ACCEPT(SQ_OPTION_OUTPUT) | SQ_ACCEPT(SQ_OPTION_SET),
    .run = run_check,
};
