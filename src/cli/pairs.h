/* Pairs of models over all rows of a table, and seed by seed: whether a win is one of all seeds. */
#ifndef SQ_CLI_PAIRS_H
#define SQ_CLI_PAIRS_H

#include <stdio.h>

#include "cli/known_runs.h"

/* Each method of a table against each of its baselines and of the other methods. Nothing if no row
 * has both. */
void sq_pairs_print_others(const sq_known_experiment *known, FILE *stream);

/* Each model of a table against the one of the same name in the table whose rows these are, with
 * other settings. Nothing if no row has both. */
void sq_pairs_print_variant(const sq_known_experiment *known, const sq_known_experiment *original,
                            FILE *stream);

#endif
