#include "cli/known_runs.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/planned_run.h"

/* Adds it under the run's name in its own table: it may be recorded under that of another. */
static sq_status add_as(const sq_planned_run *run, const sq_finding *finding, sq_record *record) {
    sq_status status;
    sq_finding *named = NULL;
    SQ_TRY(sq_alloc(1, sizeof *named, &named));
    *named = *finding;
    sq_copy_bounded(named->row, sizeof named->row, run->row);
    sq_copy_bounded(named->model, sizeof named->model, run->model);
    named->seed = run->seed;
    SQ_TRY(sq_record_add(record, named));
cleanup:
    sq_free(named);
    return status;
}

static void clear_runs(sq_known_runs *known) {
    sq_record_clear(&known->record);
    sq_failures_clear(&known->failures);
}

/* The failure that was recorded of this run; NULL: none. */
static const sq_failure *find_failure(const sq_failures *failures, const sq_planned_run *run) {
    for (size_t i = 0; i < failures->count; i++) {
        const sq_failure *of = &failures->list[i];
        if (of->seed == run->seed && !strcmp(of->row, run->row) && !strcmp(of->model, run->model) &&
            !strcmp(of->settings, run->settings))
            return of;
    }
    return NULL;
}

/* A run that is not finished: did it fail? */
static sq_status take_failure(const sq_planned_run *run, const sq_failures *recorded,
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

/* Where to look for a run. */
typedef struct {
    const sq_known_runs *known; /* of its own table */
    const sq_record *all;       /* of all tables */
    sq_record *fresh;           /* what stood in folders, of all tables */
} sources;

/* The run in its folder, if it is finished. */
static sq_status take_fresh(const sq_planned_run *run, sq_record *fresh) {
    sq_status status = SQ_OK;
    sq_finding *finished = NULL;
    if (!run->folder[0] || !sq_finding_exists(run->folder)) return SQ_OK;
    SQ_TRY(sq_alloc(1, sizeof *finished, &finished));
    SQ_TRY(sq_planned_run_read(run, finished));
    SQ_TRY(sq_fail_within(add_as(run, finished, fresh), "%s", run->folder));
cleanup:
    sq_free(finished);
    return status;
}

/* A run that stands in a folder, be it of another table, replaces what is recorded of it: trained
 * again on another type of CPU it may have come to something else, which then holds in all tables.
 * Else what is known of it in its own table, else in another. */
static sq_status take_run(const sq_planned_run *run, const sources *from, sq_known_runs *taken) {
    sq_status status;
    SQ_TRY(take_fresh(run, from->fresh));
    const sq_finding *found = sq_record_find_same(from->fresh, run->settings);
    if (!found)
        found =
            sq_record_find(&from->known->record, run->row, run->model, run->seed, run->settings);
    if (!found) found = sq_record_find_same(from->all, run->settings);
    SQ_TRY(found ? add_as(run, found, &taken->record)
                 : take_failure(run, &from->known->failures, &taken->failures));
cleanup:
    return status;
}

/* In the order of its rows, models and seeds. runs: the folder of all runs; NULL: not asked for */
static sq_status take_runs(const sq_options *options, const sq_experiment *e, const char *runs,
                           const sources *from, sq_known_runs *taken) {
    sq_status status = SQ_OK;
    sq_planned_run run;
    for (int row = 0; row < e->n_rows; row++)
        for (int model = 0; model < e->n_models; model++)
            for (int seed = 0; seed < e->n_seeds && sq_experiment_has(e, row, model); seed++) {
                SQ_TRY(sq_planned_run_describe(options, e, runs, row, model, seed, &run));
                SQ_TRY(take_run(&run, from, taken));
            }
cleanup:
    return status;
}

void sq_known_experiments_clear(sq_known_experiment *known, int count) {
    for (int k = 0; known && k < count; k++) {
        clear_runs(&known[k].recorded);
        clear_runs(&known[k].runs);
        sq_experiment_clear(&known[k].e);
    }
    sq_free(known);
}

/* Training them again may take days. */
static void tell_left_out(const sq_known_experiment *known) {
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

/* What its own folders and its own record hold. fresh: what folders hold is added */
static sq_status read_own(const sq_options *options, const char *path, sq_record *fresh,
                          sq_known_experiment *known) {
    sq_status status;
    const sources from = {&known->recorded, &(sq_record){0}, fresh};
    const char *tables = sq_option_value(options, SQ_OPTION_OUTPUT);
    const char *runs = sq_option_value(options, SQ_OPTION_RUN);
    SQ_TRY(sq_experiment_read(path, &known->e));
    sq_record_path(tables, known->e.name, known->path, sizeof known->path);
    sq_failures_path(known->path, known->failures, sizeof known->failures);
    SQ_TRY(sq_record_read(known->path, &known->recorded.record));
    SQ_TRY(sq_failures_read(known->failures, &known->recorded.failures));
    SQ_TRY(take_runs(options, &known->e, runs, &from, &known->runs));
cleanup:
    return status;
}

/* Adds what other tables have of its runs. */
static sq_status complete(const sq_options *options, const sq_record *all, sq_record *fresh,
                          sq_known_experiment *known) {
    sq_known_runs own = known->runs;
    const sources from = {&own, all, fresh};
    known->runs = (sq_known_runs){0};
    sq_status status = take_runs(options, &known->e, NULL, &from, &known->runs);
    clear_runs(&own);
    return status;
}

sq_status sq_known_experiments_read(const sq_options *options, sq_known_experiment *known) {
    sq_status status;
    sq_record all, fresh = {0};
    int count = options->n_operands;
    SQ_TRY(sq_record_read_all(sq_option_value(options, SQ_OPTION_OUTPUT), &all));
    for (int k = 0; k < count; k++) {
        SQ_TRY(read_own(options, options->operands[k], &fresh, &known[k]));
        for (size_t i = 0; i < known[k].runs.record.count; i++)
            SQ_TRY(sq_record_add(&all, &known[k].runs.record.findings[i]));
    }
    for (int k = 0; k < count; k++) {
        SQ_TRY(complete(options, &all, &fresh, &known[k]));
        tell_left_out(&known[k]);
    }
cleanup:
    sq_record_clear(&all);
    sq_record_clear(&fresh);
    return status;
}
