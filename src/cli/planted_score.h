/* How often planted symmetries are found. */
#ifndef SQ_CLI_PLANTED_SCORE_H
#define SQ_CLI_PLANTED_SCORE_H

#include <stdio.h>

#include "cli/planted_folder.h"
#include "softeq/error.h"

/* Writes a table in Markdown with one line for each rule: the runs are DIR/SEED/RULE/evaluation.nc
 * beside DIR/SEED/truth.nc, of the seeds asked for; then the types on the wrong side.
 * SQ_ERR_DATA if any of them is missing. rules: (n_rules) */
sq_status sq_planted_score(const char *folder, sq_planted_seeds seeds, const char *const *rules,
                           int n_rules, FILE *stream);

#endif
