/* How the methods of all tables compare: with the best baselines, and with each other. */
#ifndef SQ_CLI_OVERVIEW_H
#define SQ_CLI_OVERVIEW_H

#include <stdio.h>

#include "cli/known_runs.h"

/* A section in Markdown: in how many rows each method does better, by table and over all of them;
 * then every row. known: (count). SQ_ERR_MEMORY. */
sq_status sq_overview_print(const sq_known_experiment *known, int count, FILE *stream);

#endif
