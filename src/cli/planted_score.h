/* How often planted symmetries are found. */
#ifndef SQ_CLI_PLANTED_SCORE_H
#define SQ_CLI_PLANTED_SCORE_H

#include <stdio.h>

#include "softeq/error.h"

/* Writes a table in Markdown with one line for each rule: the runs are DIR/SEED/RULE/evaluation.nc
 * beside DIR/SEED/truth.nc; then the types on the wrong side. A rule without runs has an empty
 * line. rules: (n_rows) */
sq_status sq_planted_score(const char *folder, const char *const *rules, int n_rules, FILE *stream);

#endif
