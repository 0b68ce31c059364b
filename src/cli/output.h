/* What a verb writes with -o never replaces what it reads, or what a run consists of. */
#ifndef SQ_CLI_OUTPUT_H
#define SQ_CLI_OUTPUT_H

#include <stddef.h>

#include "cli/verb.h"

/* Not collective. SQ_ERR_ARGUMENT if `out` is one of these files, by whatever name. paths: (count)
 */
sq_status sq_output_check(const char *const *paths, size_t count, const char *out);

/* The same for what the verb reads of a run's folder, with --data and --checkpoint, and for the
 * rest of that run: run.ini, config.ini, log.nc, best.nc, checkpoints and its data. out: NULL is
 * none of them. */
sq_status sq_output_check_run(const sq_call *call, const char *folder, const char *out);

#endif
