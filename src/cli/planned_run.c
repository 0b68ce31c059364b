#include "cli/planned_run.h"

#include <stdio.h>
#include <string.h>

/* One run would stand for several seeds. */
static sq_status check_seed(const sq_config *config, const char *table, long long seed) {
    if (config->data.seed == seed && config->train.seed == seed) return SQ_OK;
    return sq_fail(SQ_ERR_ARGUMENT,
                   "--set may not change %s: seed %lld of the table %s would be another; change "
                   "`seeds` in its file",
                   config->data.seed == seed ? "train.seed" : "data.seed", seed, table);
}

sq_status sq_planned_run_describe(const sq_options *options, const sq_experiment *e,
                                  const char *runs, sq_experiment_cell cell, int seed,
                                  sq_planned_run *run) {
    sq_status status;
    char folder[SQ_PLANNED_PATH / 4];
    run->row = e->row[cell.row].name;
    run->model = e->model[cell.model].name;
    run->seed = e->seeds[seed];
    run->folder[0] = '\0';
    sq_experiment_folder(e, cell, seed, folder, sizeof folder);
    if (runs) snprintf(run->folder, sizeof run->folder, "%s/%s", runs, folder);
    SQ_TRY(sq_experiment_configure(e, cell, seed, &run->config));
    SQ_TRY(sq_options_apply_sets(options, &run->config));
    SQ_TRY(check_seed(&run->config, e->name, run->seed));
    SQ_TRY(sq_finding_settings(&run->config, run->settings));
cleanup:
    return status;
}

sq_status sq_planned_run_check_settings(const sq_planned_run *run, const char *trained) {
    if (strcmp(trained, run->settings) == 0) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "%s was trained with other settings than its table has now: remove that "
                   "folder, if its result is recorded or not wanted, or name another one with "
                   "--run.\n  trained: %s\n  asked:   %s",
                   run->folder, trained, run->settings);
}

sq_status sq_planned_run_read(const sq_planned_run *run, sq_finding *finding) {
    sq_status status;
    SQ_TRY(sq_finding_read(run->folder, finding));
    SQ_TRY(sq_planned_run_check_settings(run, finding->settings));
cleanup:
    return status;
}
