/* How many types the selected models of methods are held to exactly, of those that the data has and
 * of those that it breaks. */
#ifndef SQ_CLI_HELD_COUNT_H
#define SQ_CLI_HELD_COUNT_H

#include <stdio.h>

#include "cli/known_runs.h"

/* A table in Markdown, a line for each method and table that hold any. known: (count) */
void sq_held_count_print(const sq_known_experiment *known, int count, FILE *stream);

#endif
