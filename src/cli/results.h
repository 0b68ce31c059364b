/* What the runs of an experiment found, as tables in Markdown. */
#ifndef SQ_CLI_RESULTS_H
#define SQ_CLI_RESULTS_H

#include <stdio.h>

#include "cli/experiment.h"

/* Writes a section: the title, how many runs are there, and a table for each row with mean and
 * standard deviation over its seeds, from the evaluation.nc and log.nc under `runs`. A run without
 * an evaluation counts as not there; one that cannot be read is an error. */
sq_status sq_results_write(const sq_experiment *experiment, const char *runs, FILE *stream);

#endif
