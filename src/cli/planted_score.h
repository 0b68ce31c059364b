/* How often planted symmetries are found. */
#ifndef SQ_CLI_PLANTED_SCORE_H
#define SQ_CLI_PLANTED_SCORE_H

#include <stdint.h>
#include <stdio.h>

#include "softeq/error.h"

/* Both ends belong to it. */
typedef struct {
    uint64_t first, last;
} sq_planted_seeds;

/* Writes a table in Markdown with one line for each rule: the runs are DIR/SEED/RULE/evaluation.nc
 * beside DIR/SEED/truth.nc, of the seeds asked for; then the types on the wrong side. A rule
 * without runs has an empty line. rules: (n_rules) */
sq_status sq_planted_score(const char *folder, sq_planted_seeds seeds, const char *const *rules,
                           int n_rules, FILE *stream);

#endif
