/* What reading an experiment and asking it share. */
#ifndef SQ_CLI_EXPERIMENT_INTERNAL_H
#define SQ_CLI_EXPERIMENT_INTERNAL_H

#include "cli/experiment.h"

/* Takes one key of the file; a sq_ini_handler, context: the experiment, with its rows allocated.
 * SQ_ERR_CONFIG names file and line. */
sq_status sq_experiment_take_key(void *context, const char *path, int line, const char *section,
                                 const char *name, const char *value);

#endif
