/* The line that says how far training is: written over itself on a terminal, now and then in a
 * file. */
#ifndef SQ_CLI_PROGRESS_H
#define SQ_CLI_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#include "softeq/run.h"

enum { SQ_PROGRESS_TEXT = 1024 };

typedef enum { SQ_QUIET, SQ_NORMAL, SQ_VERBOSE } sq_verbosity;

typedef struct {
    sq_verbosity verbosity;
    int width;                   /* of the terminal; 0: there is none */
    double next_time;            /* of the monotonic clock: not before */
    char last[SQ_PROGRESS_TEXT]; /* what there is to say since the last epoch */
} sq_progress_line;

sq_progress_line sq_progress_line_create(sq_verbosity verbosity);

/* An sq_run_observer; context: an sq_progress_line. Verbose: every epoch, type by type. */
void sq_progress_line_show(const sq_run_progress *progress, void *context);

/* What a request for the state is answered with, on standard error: what is being done, and the
 * last epoch. */
void sq_progress_line_tell(const sq_progress_line *line, const char *operation, int64_t step);

/* The state as one line: all of it, or what matters most, cut to `width` columns if that is not 0.
 * text: (SQ_PROGRESS_TEXT) */
void sq_progress_format(const sq_run_progress *progress, int width, char *text);

#endif
