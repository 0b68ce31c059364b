#include "cli/progress.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/environment.h"

static const double terminal_interval = 0.2; /* seconds between lines */
static const double file_interval = 2.0;

sq_progress_line sq_progress_line_create(void) {
    /* mpirun gives rank 0 a terminal whatever its own output goes to. */
    return (sq_progress_line){.terminal = isatty(STDOUT_FILENO) && !sq_environment_is_mpi()};
}

static void print_progress(const sq_run_progress *progress) {
    printf("epoch %" PRId64 "/%" PRId64 "  loss %.4g  mse %.4g  valid %.4g", progress->epoch,
           progress->epochs, progress->train_loss, progress->train_mse, progress->valid_mse);
    if (progress->metric_name && isfinite(progress->metric))
        printf("  %s %.4g", progress->metric_name, progress->metric);
    if (progress->n_types > 0) printf("  lambda");
    for (int type = 0; type < progress->n_types; type++) printf(" %.3g", progress->lambda[type]);
    printf("  %.3g samples/s  %.0f s left", progress->samples_per_second, progress->seconds_left);
}

void sq_progress_line_show(const sq_run_progress *progress, void *context) {
    sq_progress_line *line = context;
    double time = sq_clock_seconds();
    bool last = progress->epoch == progress->epochs;
    if (time < line->next_time && !last) return;
    line->next_time = time + (line->terminal ? terminal_interval : file_interval);
    if (line->terminal) printf("\r\033[K");
    print_progress(progress);
    if (!line->terminal || last) printf("\n");
    fflush(stdout);
}
