#include "cli/launch.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "base/log.h"
#include "cli/environment.h"
#include "cli/terminal.h"
#include "mpi/world.h"

/* How long a failed rank waits for the others, which may be computing, before it ends them. */
static const double patience_seconds = 10.0;

sq_status sq_launch(sq_comm **comm) {
    int strangers = sq_environment_strangers();
    *comm = NULL;
    if (strangers > 1)
        return sq_fail(SQ_ERR_ARGUMENT,
                       "srun started %d processes that cannot reach each other; "
                       "use srun --mpi=pmix or mpirun",
                       strangers);
    return sq_environment_is_mpi() ? sq_comm_create_world(comm) : sq_comm_create_serial(comm);
}

static void print_line(sq_log_level level, const char *line, void *context) {
    FILE *info = context; /* NULL: warnings only */
    if (level == SQ_LOG_WARNING) fprintf(stderr, "softeq: warning: %s\n", line);
    if (level == SQ_LOG_INFO && info) {
        fprintf(info, "%s\n", line);
        fflush(info);
    }
}

/* The line of progress, which has no end yet, makes room. */
static void print_over(sq_log_level level, const char *line, void *context) {
    if (context) printf("\r\033[K");
    fflush(stdout);
    print_line(level, line, context);
}

void sq_launch_log(const sq_comm *comm, bool output_is_results, bool quiet) {
    FILE *info = output_is_results ? stderr : stdout;
    bool over = !output_is_results && sq_terminal_width() > 0;
    if (sq_comm_rank(comm) == 0)
        sq_log_set_sink(over ? print_over : print_line, quiet ? NULL : info);
}

static int exit_status(sq_status status) {
    switch (status) {
        case SQ_OK: return SQ_EXIT_DONE;
        case SQ_ERR_ARGUMENT: return SQ_EXIT_WRONG_USE;
        case SQ_STOPPED: return SQ_EXIT_STOPPED;
        default: return SQ_EXIT_FAILED;
    }
}

static void report(int rank) {
    fflush(stdout);
    if (rank > 0)
        fprintf(stderr, "softeq: rank %d: %s\n", rank, sq_error_message());
    else
        fprintf(stderr, "softeq: %s\n", sq_error_message());
}

/* Fails to start: there is no communicator to agree with. */
static int end_alone(sq_status status) {
    if (status != SQ_OK && sq_environment_rank() == 0) report(0);
    return exit_status(status);
}

/* Other ranks will never come: one rank says so, and all that still run end the job. */
static void end_in_vain(sq_comm *comm, sq_status status) {
    bool speaks = sq_comm_rank(comm) == sq_comm_first_waiting(comm);
    if (speaks) report(sq_comm_rank(comm));
    /* What was said has a way to go through the launcher, which an abort would cut short. */
    const struct timespec pause = {.tv_sec = speaks ? 0 : 3, .tv_nsec = 500000000};
    nanosleep(&pause, NULL);
    sq_comm_abort(comm, exit_status(status));
}

int sq_land(sq_comm **comm, sq_status status) {
    if (!*comm) return end_alone(status);
    if (sq_comm_first_waiting(*comm) >= 0) end_in_vain(*comm, status);
    bool reached = true;
    /* A failure that all ranks know of already, they need not agree on again: the others may be
     * gone. */
    bool known = status != SQ_OK && sq_comm_failed_rank(*comm) >= 0;
    if (!known)
        status = sq_comm_agree_within(*comm, status, status == SQ_OK ? INFINITY : patience_seconds,
                                      &reached);
    int rank = sq_comm_rank(*comm);
    if (status != SQ_OK && (!reached || rank == sq_comm_failed_rank(*comm))) report(rank);
    if (!reached) sq_comm_abort(*comm, exit_status(status));
    sq_log_set_sink(NULL, NULL);
    sq_comm_destroy(comm);
    return exit_status(status);
}
