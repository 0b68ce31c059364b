/* The line that says how far training is. */
#ifndef SQ_CLI_PROGRESS_H
#define SQ_CLI_PROGRESS_H

#include <stdbool.h>

#include "softeq/run.h"

typedef struct {
    bool terminal;    /* the line is written over itself */
    double next_time; /* of the monotonic clock: not before */
} sq_progress_line;

sq_progress_line sq_progress_line_create(void);

/* An sq_run_observer; context: an sq_progress_line. */
void sq_progress_line_show(const sq_run_progress *progress, void *context);

#endif
