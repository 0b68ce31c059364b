/* What is planted in a task, and what a run of it found. */
#ifndef SQ_CLI_PLANTED_OUTCOME_H
#define SQ_CLI_PLANTED_OUTCOME_H

#include <stdint.h>

#include "cli/planted.h"
#include "softeq/run.h"

typedef struct {
    sq_planted planted;
    sq_evaluation evaluation; /* of the same types */
} sq_planted_outcome;

/* Reads DIR/SEED/truth.nc and DIR/SEED/RULE/evaluation.nc. SQ_ERR_DATA if the latter is damaged, of
 * another model than the run in that folder has, or not of DIR/SEED/test.nc, or if that run has
 * other settings than the rule. Its numbers are finite, but for moved_error_ratio, which is NaN if
 * there is no error at all. The caller clears the evaluation, also on failure. */
sq_status sq_planted_outcome_read(const char *folder, uint64_t seed, const char *rule,
                                  sq_planted_outcome *outcome);

#endif
