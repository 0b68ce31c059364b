#include "cli/gnuplot.h"

#include <string.h>

#include "base/memory.h"
#include "cli/process.h"

static const double patience_seconds = 60.0;

sq_status sq_gnuplot_run(const char *script, char **output) {
    static const char *const argv[] = {"gnuplot", "-d", "-", NULL}; /* -d: nobody's own settings */
    sq_process process;
    *output = NULL;
    sq_status status = sq_process_run(argv, script, patience_seconds, &process);
    if (status != SQ_OK) return status;
    process.errors[strcspn(process.errors, "\n")] = '\0';
    if (process.exit_status != 0)
        status = sq_fail(SQ_ERR_IO, "gnuplot ended with status %d %s", process.exit_status,
                         process.errors);
    if (status == SQ_OK) {
        *output = process.output;
        process.output = NULL;
    }
    sq_process_clear(&process);
    return status;
}

bool sq_gnuplot_is_there(void) {
    char *nothing = NULL;
    bool there = sq_gnuplot_run("", &nothing) == SQ_OK;
    sq_free(nothing);
    return there;
}
