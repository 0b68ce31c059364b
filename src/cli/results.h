/* What the runs of an experiment found, as tables in Markdown. */
#ifndef SQ_CLI_RESULTS_H
#define SQ_CLI_RESULTS_H

#include <stdio.h>

#include "cli/experiment.h"
#include "cli/record.h"

/* Prints a section: the title, how many runs are there, and a table for each row with mean and
 * standard deviation over its seeds. record: in the order of the experiment */
void sq_results_print(const sq_experiment *experiment, const sq_record *record, FILE *stream);

#endif
