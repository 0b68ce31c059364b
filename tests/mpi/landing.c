/* Ranks that fail in the ways they can fail; landing.sh checks how the program ends.
 * Argument: who fails, and whether the others know. */
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/launch.h"
#include "cli/watchdog.h"

/* The last rank fails while the others wait for its part of a sum. */
static sq_status fail_alone(sq_comm *comm) {
    int64_t values[100] = {0};
    if (sq_comm_rank(comm) == sq_comm_size(comm) - 1)
        return sq_fail(SQ_ERR_NUMERIC, "the loss is not finite");
    return sq_comm_sum(comm, values, 100);
}

/* The last rank fails, the others hear of it where all agree. */
static sq_status fail_before_agreement(sq_comm *comm) {
    if (sq_comm_rank(comm) == sq_comm_size(comm) - 1)
        return sq_fail(SQ_ERR_DATA, "a.nc: row 3 is not finite");
    return sq_comm_agree(comm, SQ_OK);
}

static sq_status fail_in_agreement(sq_comm *comm) {
    sq_status status = SQ_OK;
    if (sq_comm_rank(comm) == sq_comm_size(comm) - 1)
        status = sq_fail(SQ_ERR_DATA, "a.nc: row 3 is not finite");
    return sq_comm_agree(comm, status);
}

static sq_status fail_everywhere(sq_comm *comm) {
    (void)comm;
    return sq_fail(SQ_ERR_IO, "a.nc: no such file");
}

static sq_status stop_everywhere(sq_comm *comm) {
    (void)comm;
    return sq_fail(SQ_STOPPED, "stopped by a signal");
}

/* The last rank stops to exist for the others, as if its host were cut off. */
static sq_status stay_away(sq_comm *comm) {
    sq_comm_set_patience(comm, 1.0);
    if (sq_comm_rank(comm) == sq_comm_size(comm) - 1) raise(SIGSTOP);
    return sq_comm_barrier(comm);
}

/* The last rank is slow, but comes when the roll has been called already. */
static sq_status come_late(sq_comm *comm) {
    const struct timespec pause = {.tv_sec = 3};
    sq_comm_set_patience(comm, 1.0);
    if (sq_comm_rank(comm) == sq_comm_size(comm) - 1) nanosleep(&pause, NULL);
    return sq_comm_barrier(comm);
}

/* The last rank hangs in something of its own. */
static sq_status hang(sq_comm *comm) {
    sq_watchdog *watchdog = NULL;
    sq_comm_set_patience(comm, 60.0);
    sq_status status = sq_watchdog_create(comm, 2.0, &watchdog);
    sq_watchdog_beat("reading", 7, watchdog);
    if (sq_comm_rank(comm) == sq_comm_size(comm) - 1)
        for (;;) pause();
    if (status == SQ_OK) status = sq_comm_barrier(comm);
    sq_watchdog_destroy(&watchdog);
    return status;
}

static sq_status play(const char *mode, sq_comm *comm) {
    if (!strcmp(mode, "alone")) return fail_alone(comm);
    if (!strcmp(mode, "before-agreement")) return fail_before_agreement(comm);
    if (!strcmp(mode, "in-agreement")) return fail_in_agreement(comm);
    if (!strcmp(mode, "everywhere")) return fail_everywhere(comm);
    if (!strcmp(mode, "stopped")) return stop_everywhere(comm);
    if (!strcmp(mode, "away")) return stay_away(comm);
    if (!strcmp(mode, "late")) return come_late(comm);
    if (!strcmp(mode, "hanging")) return hang(comm);
    return SQ_OK;
}

int main(int argc, char **argv) {
    sq_comm *comm = NULL;
    sq_status status = sq_launch(&comm);
    if (status == SQ_OK) status = play(argc > 1 ? argv[1] : "", comm);
    return sq_land(&comm, status);
}
