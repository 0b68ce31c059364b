/* What reading an experiment, checking it and asking it share. */
#ifndef SQ_CLI_EXPERIMENT_INTERNAL_H
#define SQ_CLI_EXPERIMENT_INTERNAL_H

#include "cli/experiment.h"

/* Takes one key of the file; a sq_ini_handler, context: the experiment, with its rows allocated.
 * SQ_ERR_CONFIG names file and line. */
sq_status sq_experiment_take_key(void *context, const char *path, int line, const char *section,
                                 const char *name, const char *value);

/* Every name that a key has, every seed, and every row's settings with every model's: a slip shows
 * before hours of training. SQ_ERR_CONFIG names the file. */
sq_status sq_experiment_check(const char *path, const sq_experiment *experiment);

/* Of the data and of the training. */
sq_status sq_experiment_set_seed(long long seed, sq_config *config);

#endif
