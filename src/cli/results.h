/* What the runs of an experiment found, as tables in Markdown. */
#ifndef SQ_CLI_RESULTS_H
#define SQ_CLI_RESULTS_H

#include <stdio.h>

#include "cli/known_runs.h"

/* Prints a section: the title, how many runs are there, how the models compare, a table for each
 * row with mean and standard deviation over its seeds, and what failed. original: the table whose
 * rows these are, with other settings; NULL: none */
void sq_results_print(const sq_known_experiment *known, const sq_known_experiment *original,
                      FILE *stream);

#endif
