/* Other programs, run to their end. */
#ifndef SQ_CLI_PROCESS_H
#define SQ_CLI_PROCESS_H

#include "softeq/error.h"

/* What a program left behind. */
typedef struct {
    int exit_status;       /* 128 + the signal that ended it */
    char *output, *errors; /* what it printed; freed by sq_process_clear */
} sq_process;

/* Runs argv[0], looked up in PATH, with `input` as its standard input (NULL: none) and waits for
 * it, `seconds` at most: then it is ended. SQ_ERR_IO if it cannot be started. The caller clears. */
sq_status sq_process_run(const char *const *argv, const char *input, double seconds,
                         sq_process *process);
void sq_process_clear(sq_process *process);

#endif
