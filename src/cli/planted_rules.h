/* The rules that planted tasks are trained under. */
#ifndef SQ_CLI_PLANTED_RULES_H
#define SQ_CLI_PLANTED_RULES_H

#include "softeq/error.h"

/* SQ_ERR_DATA if the run TASK/RULE was trained with other settings than those of the rule: what
 * TASK/run.ini says, and what the rule adds to it. Other names are the caller's own: a run may have
 * any settings under one. */
sq_status sq_planted_rule_check(const char *task, const char *rule);

#endif
