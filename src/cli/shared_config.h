/* The configuration of a verb that all ranks run. */
#ifndef SQ_CLI_SHARED_CONFIG_H
#define SQ_CLI_SHARED_CONFIG_H

#include "cli/verb.h"
#include "softeq/config.h"

/* Defaults, the file (NULL: `assignment`, one that makes the defaults complete), every --set;
 * checked. One rank reads, so that all have the same even if the file changes meanwhile.
 * Collective. */
sq_status sq_share_config(const sq_call *call, const char *file, const char *assignment,
                          sq_config *config);

#endif
