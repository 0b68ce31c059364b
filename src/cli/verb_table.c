/* softeq table plan, check and write: the runs of experiments, and what they found. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/text_stream.h"
#include "cli/experiment.h"
#include "cli/known_runs.h"
#include "cli/output.h"
#include "cli/overview.h"
#include "cli/planned_run.h"
#include "cli/rehearsal.h"
#include "cli/results.h"
#include "cli/verb.h"
#include "io/atomic_file.h"
#include "io/config_file.h"

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
static sq_status add_planned(const sq_planned_run *run, sq_record *known) {
    sq_status status;
    sq_finding *planned = NULL;
    SQ_TRY(sq_alloc(1, sizeof *planned, &planned));
    sq_copy_bounded(planned->settings, sizeof planned->settings, run->settings);
    SQ_TRY(sq_record_add(known, planned, run->folder));
cleanup:
    sq_free(planned);
    return status;
}

/* A run that is neither finished nor known, in this table or another, gets its run.ini, and its
 * folder is named. */
static sq_status plan_run(const sq_planned_run *run, sq_record *known) {
    sq_status status;
    char path[SQ_PLANNED_PATH + 16], trained[SQ_FINDING_TEXT];
    if (sq_record_find_same(known, run->settings)) return SQ_OK;
    SQ_TRY(add_planned(run, known));
    if (sq_finding_exists(run->folder)) {
        status = sq_finding_read_settings(run->folder, trained);
        return status == SQ_OK ? sq_planned_run_check_settings(run, trained) : status;
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
    sq_planned_run run;
    for (sq_experiment_cell at = SQ_BEFORE_CELLS; status == SQ_OK && sq_experiment_next(e, &at);) {
        status = sq_planned_run_describe(call->options, e, NULL, at, 0, &run);
        if (status == SQ_OK) status = sq_rehearse(&run.config);
        sq_fail_within(status, "%s: row %s, model %s", path, run.row, run.model);
    }
    return status;
}

/* Seed by seed, so that whatever is finished first covers the whole table. */
static sq_status plan_experiment(const sq_call *call, const char *path, const char *runs,
                                 sq_record *known) {
    sq_status status;
    sq_experiment e;
    sq_planned_run run;
    SQ_TRY(sq_experiment_read(path, &e));
    SQ_TRY(rehearse(call, &e, path));
    for (int seed = 0; seed < e.n_seeds; seed++)
        for (sq_experiment_cell at = SQ_BEFORE_CELLS; sq_experiment_next(&e, &at);) {
            SQ_TRY(sq_planned_run_describe(call->options, &e, runs, at, seed, &run));
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
    "list: compare them at the same place only. Where a rule tunes lambda once, the best model is\n"
    "chosen among the epochs after 2 tune_at, else among all. [What they\n"
    "mean](architecture.md#what-is-reported-per-type).\n"
    "`jobs/run_table.sh TABLE` trains what is missing and writes this file anew. Every run is a\n"
    "line in a [record](results/) of its table, with all its settings; one that is asked for in\n"
    "several places is trained once and stands in each.\n\n";

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
    sq_known_experiment *known = NULL;
    sq_folder_lock lock = {0};
    SQ_TRY(require_output(call, &out));
    SQ_TRY(sq_record_lock(out, &lock));
    SQ_TRY(sq_alloc((size_t)count, sizeof *known, &known));
    SQ_TRY(sq_known_experiments_read(call->options, known));
    SQ_TRY(sq_text_stream_open(&tables, "the tables"));
    fputs(introduction, tables.stream);
    SQ_TRY(sq_overview_print(known, count, tables.stream));
    for (int k = 0; k < count; k++) {
        SQ_TRY(sq_known_experiment_write(&known[k]));
        sq_results_print(&known[k], sq_known_experiment_original(known, count, &known[k]),
                         tables.stream);
    }
    SQ_TRY(sq_text_stream_close(&tables));
    drop_blank_end(&tables);
    SQ_TRY(sq_write_text_file(out, tables.text));
    printf("%s: %d %s\n", out, count, sq_number_word(count, "table", "tables"));
cleanup:
    sq_known_experiments_clear(known, count);
    sq_text_stream_clear(&tables);
    sq_folder_lock_release(&lock);
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
    sq_known_experiment *known = NULL;
    SQ_TRY(require_output(call, &out));
    SQ_TRY(sq_alloc((size_t)count, sizeof *known, &known));
    SQ_TRY(sq_known_experiments_read(call->options, known));
cleanup:
    sq_known_experiments_clear(known, count);
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
