/* Runs of an experiment that were tried and failed. jobs/run_table.sh leaves failed.ini in the
 * folder of such a run: what it was asked to train, behind a comment that says why it could not.
 * Beside the record of the experiment they are kept in a file of columns parted by tabs, as that
 * is. A run that is finished later is none of them. */
#ifndef SQ_CLI_FAILURES_H
#define SQ_CLI_FAILURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/finding.h"

typedef struct {
    char row[SQ_EXPERIMENT_NAME], model[SQ_EXPERIMENT_NAME];
    long long seed;
    char reason[1024];
    char settings[SQ_FINDING_TEXT]; /* as those of a finding */
} sq_failure;

typedef struct {
    sq_failure *list; /* (count) */
    size_t count, capacity;
} sq_failures;

/* A file that is not there holds none. SQ_ERR_DATA names file and line. The caller clears, also on
 * failure. */
sq_status sq_failures_read(const char *path, sq_failures *failures);
void sq_failures_clear(sq_failures *failures);
/* Atomically; removes the file if there are none. The folder is there, or SQ_ERR_IO. */
sq_status sq_failures_write(const sq_failures *failures, const char *path);

sq_status sq_failures_add(sq_failures *failures, const sq_failure *failure);

/* Why the run of that folder failed, and with which settings. *there: did it? Leaves row, model and
 * seed alone. */
sq_status sq_failure_read_folder(const char *folder, bool *there, sq_failure *failure);

/* A list in Markdown; nothing if there are none. */
void sq_failures_print(const sq_failures *failures, FILE *stream);

#endif
