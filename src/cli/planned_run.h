/* A run that an experiment asks for: a row, a model and a seed, with all the settings that they
 * give it and the folder that it is trained in. */
#ifndef SQ_CLI_PLANNED_RUN_H
#define SQ_CLI_PLANNED_RUN_H

#include "cli/experiment.h"
#include "cli/finding.h"
#include "cli/options.h"

enum { SQ_PLANNED_PATH = 8192 };

typedef struct {
    const char *row, *model; /* the experiment's */
    long long seed;
    char folder[SQ_PLANNED_PATH]; /* "": not asked for */
    sq_config config;
    char settings[SQ_FINDING_TEXT];
} sq_planned_run;

/* runs: the folder of all runs; NULL: not asked for. seed: an index. SQ_ERR_CONFIG if a setting is
 * wrong, SQ_ERR_ARGUMENT if --set of the options changes what the seed stands for. */
sq_status sq_planned_run_describe(const sq_options *options, const sq_experiment *e,
                                  const char *runs, sq_experiment_cell cell, int seed,
                                  sq_planned_run *run);

/* SQ_ERR_CONFIG if it was trained with other settings: that is not the run that is asked for.
 * trained: as sq_finding_settings gives them */
sq_status sq_planned_run_check_settings(const sq_planned_run *run, const char *trained);

/* What the finished run in its folder found; SQ_ERR_CONFIG as above. */
sq_status sq_planned_run_read(const sq_planned_run *run, sq_finding *finding);

#endif
