#include "cli/known_runs.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/planned_run.h"

/* What is found is named after the run in its own table: it may be recorded in that of another. */
static void name_after(const char *row, const char *model, long long seed, sq_finding *finding) {
    sq_copy_bounded(finding->row, sizeof finding->row, row);
    sq_copy_bounded(finding->model, sizeof finding->model, model);
    finding->seed = seed;
}

/* finding: of `from` */
static sq_status add_as(const char *row, const char *model, long long seed, const sq_record *from,
                        const sq_finding *finding, sq_record *record) {
    sq_status status;
    sq_finding *named = NULL;
    SQ_TRY(sq_alloc(1, sizeof *named, &named));
    *named = *finding;
    name_after(row, model, seed, named);
    SQ_TRY(sq_record_add(record, named, from->places[finding - from->findings]));
cleanup:
    sq_free(named);
    return status;
}

/* ---- the index: every finding by its settings ------------------------------------------------ */

static sq_status index_folder(const sq_planned_run *run, sq_record *index) {
    sq_status status = SQ_OK;
    sq_finding *finished = NULL;
    if (!run->folder[0] || !sq_finding_exists(run->folder)) return SQ_OK;
    SQ_TRY(sq_alloc(1, sizeof *finished, &finished));
    SQ_TRY(sq_planned_run_read(run, finished));
    name_after(run->row, run->model, run->seed, finished);
    SQ_TRY(sq_record_add(index, finished, run->folder));
cleanup:
    sq_free(finished);
    return status;
}

static sq_status index_folders(const sq_options *options, const sq_experiment *e,
                               sq_record *index) {
    sq_status status = SQ_OK;
    const char *runs = sq_option_value(options, SQ_OPTION_RUN);
    sq_planned_run run;
    for (sq_experiment_cell at = SQ_BEFORE_CELLS; sq_experiment_next(e, &at);)
        for (int seed = 0; seed < e->n_seeds; seed++) {
            SQ_TRY(sq_planned_run_describe(options, e, runs, at, seed, &run));
            SQ_TRY(index_folder(&run, index));
        }
cleanup:
    return status;
}

/* Adds what is recorded of runs that the index does not have. Of two records with the same settings
 * either will do: sq_record_read_all refuses those with other results. */
static sq_status index_records(const char *tables, sq_record *index) {
    sq_status status;
    sq_record all = {0};
    SQ_TRY(sq_record_read_all(tables, &all));
    SQ_TRY(sq_record_add_missing(index, &all));
cleanup:
    sq_record_clear(&all);
    return status;
}

/* ---- an experiment's runs -------------------------------------------------------------------- */

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

/* A run that is not finished: did it fail? Its folder says so, or the record of failures. */
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

static sq_status take_run(const sq_planned_run *run, const sq_record *index,
                          sq_known_experiment *known) {
    const sq_finding *found = sq_record_find_same(index, run->settings);
    if (found) return add_as(run->row, run->model, run->seed, index, found, &known->runs.record);
    return take_failure(run, &known->recorded.failures, &known->runs.failures);
}

static sq_status take_runs(const sq_options *options, const sq_record *index,
                           sq_known_experiment *known) {
    sq_status status = SQ_OK;
    const sq_experiment *e = &known->e;
    const char *runs = sq_option_value(options, SQ_OPTION_RUN);
    sq_planned_run run;
    for (sq_experiment_cell at = SQ_BEFORE_CELLS; sq_experiment_next(e, &at);)
        for (int seed = 0; seed < e->n_seeds; seed++) {
            SQ_TRY(sq_planned_run_describe(options, e, runs, at, seed, &run));
            SQ_TRY(take_run(&run, index, known));
        }
cleanup:
    return status;
}

/* Takes what a record has of runs that the experiment asks for no longer: to train them again may
 * take days, and a setting may come back. */
static sq_status keep_former(const sq_record *recorded, const sq_record *index,
                             sq_known_experiment *known) {
    sq_status status = SQ_OK;
    sq_record *former = &known->runs.former;
    for (size_t i = 0; i < recorded->count; i++) {
        const sq_finding *of = &recorded->findings[i];
        if (sq_record_find_same(&known->runs.record, of->settings)) continue;
        if (sq_record_find_same(former, of->settings)) continue;
        /* A folder replaces what is recorded; the index lacks what another call wrote meanwhile. */
        const sq_finding *indexed = sq_record_find_same(index, of->settings);
        SQ_TRY(add_as(of->row, of->model, of->seed, indexed ? index : recorded,
                      indexed ? indexed : of, former));
    }
cleanup:
    return status;
}

static sq_status keep_all_former(const sq_record *index, sq_known_experiment *known) {
    sq_status status;
    SQ_TRY(keep_former(&known->recorded.former, index, known));
    const int64_t before = (int64_t)known->runs.former.count;
    SQ_TRY(keep_former(&known->recorded.record, index, known));
    const int64_t count = (int64_t)known->runs.former.count - before;
    if (count > 0)
        sq_log(SQ_LOG_WARNING,
               "%s: %" PRId64
               " %s of runs that the experiment has no longer, or has with other settings: table "
               "write keeps them in %s",
               known->record_path, count, sq_number_word(count, "line is", "lines are"),
               known->former_path);
cleanup:
    return status;
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* The experiment and what was recorded of it. */
static sq_status read_own(const sq_options *options, const char *path, sq_known_experiment *known) {
    sq_status status;
    const char *tables = sq_option_value(options, SQ_OPTION_OUTPUT);
    SQ_TRY(sq_experiment_read(path, &known->e));
    sq_record_path(tables, known->e.name, known->record_path, sizeof known->record_path);
    sq_record_beside(known->record_path, sq_record_failed, known->failures_path,
                     sizeof known->failures_path);
    sq_record_beside(known->record_path, sq_record_former, known->former_path,
                     sizeof known->former_path);
    SQ_TRY(sq_record_read(known->record_path, &known->recorded.record));
    SQ_TRY(sq_record_read(known->former_path, &known->recorded.former));
    SQ_TRY(sq_failures_read(known->failures_path, &known->recorded.failures));
cleanup:
    return status;
}

sq_status sq_known_experiments_read(const sq_options *options, sq_known_experiment *known) {
    sq_status status = SQ_OK;
    sq_record index = {0}; /* of all tables, by settings */
    int count = options->n_operands;
    for (int k = 0; k < count; k++) SQ_TRY(read_own(options, options->operands[k], &known[k]));
    /* Folders of all tables first. What stands in one replaces what is recorded of it: trained
     * again on another type of CPU it may have come to something else, which then holds in all
     * tables. */
    for (int k = 0; k < count; k++) SQ_TRY(index_folders(options, &known[k].e, &index));
    SQ_TRY(index_records(sq_option_value(options, SQ_OPTION_OUTPUT), &index));
    for (int k = 0; k < count; k++) {
        SQ_TRY(take_runs(options, &index, &known[k]));
        SQ_TRY(keep_all_former(&index, &known[k]));
    }
cleanup:
    sq_record_clear(&index);
    return status;
}

/* What is former now, and what was before: some of it may be on its way into the record. */
static sq_status write_all_former(const sq_known_experiment *known) {
    sq_status status;
    sq_record all = {0};
    SQ_TRY(sq_record_add_missing(&all, &known->runs.former));
    SQ_TRY(sq_record_add_missing(&all, &known->recorded.former));
    SQ_TRY(sq_record_write(&all, known->former_path));
cleanup:
    sq_record_clear(&all);
    return status;
}

sq_status sq_known_experiment_write(const sq_known_experiment *known) {
    sq_status status;
    SQ_TRY(write_all_former(known));
    SQ_TRY(sq_record_write(&known->runs.record, known->record_path));
    SQ_TRY(sq_record_write(&known->runs.former, known->former_path));
    SQ_TRY(sq_failures_write(&known->runs.failures, known->failures_path));
cleanup:
    return status;
}

const sq_known_experiment *sq_known_experiment_original(const sq_known_experiment *known, int count,
                                                        const sq_known_experiment *variant) {
    for (int k = 0; k < count; k++)
        if (!strcmp(known[k].e.name, variant->e.variant)) return &known[k];
    return NULL;
}

static void clear_runs(sq_known_runs *known) {
    sq_record_clear(&known->record);
    sq_record_clear(&known->former);
    sq_failures_clear(&known->failures);
}

void sq_known_experiments_clear(sq_known_experiment *known, int count) {
    for (int k = 0; known && k < count; k++) {
        clear_runs(&known[k].recorded);
        clear_runs(&known[k].runs);
        sq_experiment_clear(&known[k].e);
    }
    sq_free(known);
}
