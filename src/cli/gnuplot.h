/* Pictures by gnuplot, which is started as a process of its own. */
#ifndef SQ_CLI_GNUPLOT_H
#define SQ_CLI_GNUPLOT_H

#include <stdbool.h>

#include "softeq/error.h"

/* Runs a script and returns what it printed; *output is freed with sq_free. SQ_ERR_IO, with
 * gnuplot's own words, if it cannot be started or fails. */
sq_status sq_gnuplot_run(const char *script, char **output);

/* Is there a gnuplot to run? */
bool sq_gnuplot_is_there(void);

#endif
