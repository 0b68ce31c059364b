#include "mpi/vigil.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

enum { ROLL_TAG = 1, CLOCK_TURNS = 64, MOST_NAMED = 16 };

/* Ranks of one roll call may be a few waits apart, where one has its share of a sum already. What
 * is further behind was left over from an earlier call. */
enum { SAME_PLACE = 64 };

static const double first_look = 1.0; /* seconds of waiting before anybody listens for a call */
static const double look_interval = 0.1;
static const double roll_seconds = 3.0; /* for the answers to come */
/* A process that was suspended has not been waiting: longer gaps count as this. */
static const double longest_gap = 0.5;

sq_status sq_mpi_check(int code, const char *what) {
    if (code == MPI_SUCCESS) return SQ_OK;
    char text[MPI_MAX_ERROR_STRING] = "unknown error";
    int length = 0;
    MPI_Error_string(code, text, &length);
    return sq_fail(SQ_ERR_COMM, "MPI failed to %s: %s", what, text);
}

/* One wait. */
typedef struct {
    double last;   /* of the clock */
    double waited; /* seconds */
    double next_look;
    bool has_looked;
    double verdict; /* when the roll call is over; infinity: it was not called */
} watch;

sq_status sq_vigil_create(MPI_Comm channel, sq_vigil *vigil) {
    int size;
    *vigil = (sq_vigil){.channel = channel, .patience = INFINITY, .lowest_present = -1};
    if (MPI_Comm_size(channel, &size) != MPI_SUCCESS)
        return sq_fail(SQ_ERR_COMM, "MPI failed to count the ranks");
    return sq_alloc((size_t)size, sizeof *vigil->present, &vigil->present);
}

void sq_vigil_clear(sq_vigil *vigil) {
    sq_free(vigil->present);
    vigil->present = NULL;
}

static int size_of(const sq_vigil *vigil) {
    int size = 1;
    MPI_Comm_size(vigil->channel, &size);
    return size;
}

static int rank_of(const sq_vigil *vigil) {
    int rank = 0;
    MPI_Comm_rank(vigil->channel, &rank);
    return rank;
}

/* ---- the roll -------------------------------------------------------------------------------- */

/* Says to all others that this rank is here. */
static void call_roll(sq_vigil *vigil) {
    int rank = rank_of(vigil);
    vigil->present[rank] = true;
    vigil->called_from = vigil->place;
    for (int other = 0; other < size_of(vigil); other++) {
        MPI_Request request;
        if (other == rank) continue;
        if (MPI_Isend(&vigil->called_from, 1, MPI_INT64_T, other, ROLL_TAG, vigil->channel,
                      &request) == MPI_SUCCESS)
            MPI_Request_free(&request);
    }
}

/* Notes who has said so; true if anybody has. */
static bool listen(sq_vigil *vigil) {
    bool heard = false;
    for (;;) {
        int waits = 0;
        int64_t place = 0;
        MPI_Status from;
        if (MPI_Iprobe(MPI_ANY_SOURCE, ROLL_TAG, vigil->channel, &waits, &from) != MPI_SUCCESS ||
            !waits)
            return heard;
        if (MPI_Recv(&place, 1, MPI_INT64_T, from.MPI_SOURCE, ROLL_TAG, vigil->channel,
                     MPI_STATUS_IGNORE) != MPI_SUCCESS)
            return heard;
        if (vigil->place - place > SAME_PLACE) continue;
        vigil->present[from.MPI_SOURCE] = true;
        heard = true;
    }
}

/* "2, 5" */
static int list_missing(const sq_vigil *vigil, char *text, size_t capacity) {
    int missing = 0;
    size_t used = 0;
    text[0] = '\0';
    for (int rank = 0; rank < size_of(vigil); rank++) {
        if (vigil->present[rank]) continue;
        if (missing++ < MOST_NAMED)
            used += (size_t)snprintf(text + used, capacity - used, "%s%d", missing > 1 ? ", " : "",
                                     rank);
    }
    if (missing > MOST_NAMED)
        snprintf(text + used, capacity - used, " and %d more", missing - MOST_NAMED);
    return missing;
}

static sq_status give_verdict(sq_vigil *vigil, double waited, const char *what) {
    char names[MOST_NAMED * 12 + 32];
    int missing = list_missing(vigil, names, sizeof names);
    vigil->lowest_present = 0;
    while (!vigil->present[vigil->lowest_present]) vigil->lowest_present++;
    if (missing == 0)
        return sq_fail(SQ_ERR_COMM,
                       "%.0f s without progress in an attempt to %s, though all ranks "
                       "are there",
                       waited, what);
    return sq_fail(SQ_ERR_COMM,
                   "%.0f s without progress in an attempt to %s: rank%s %s did not come (stopped, "
                   "cut off, or busy for longer than that)",
                   waited, what, missing > 1 ? "s" : "", names);
}

/* ---- the wait -------------------------------------------------------------------------------- */

/* Looks at the clock, and after a while for others that call. True: it was in vain. */
static bool is_in_vain(sq_vigil *vigil, watch *w) {
    double now = sq_clock_seconds();
    atomic_fetch_add(&vigil->looks, 1);
    w->waited += fmin(now - w->last, longest_gap);
    w->last = now;
    if (w->waited < w->next_look) return false;
    if (!w->has_looked) {
        w->has_looked = true;
        memset(vigil->present, 0, (size_t)size_of(vigil) * sizeof *vigil->present);
    }
    w->next_look = w->waited + look_interval;
    bool called = listen(vigil) || w->waited >= vigil->patience;
    if (called && isinf(w->verdict)) {
        call_roll(vigil);
        w->verdict = w->waited + roll_seconds;
    }
    return w->waited >= w->verdict;
}

sq_status sq_vigil_wait(sq_vigil *vigil, sq_vigil_poll *poll, void *context, const char *what) {
    watch w = {.last = sq_clock_seconds(),
               .next_look = fmin(first_look, vigil->patience),
               .verdict = INFINITY};
    int arrived = 0, code = MPI_SUCCESS;
    bool in_vain = false;
    vigil->place++;
    for (unsigned turn = 1; !arrived && !in_vain && code == MPI_SUCCESS; turn++) {
        code = poll(context, &arrived);
        if (!arrived && turn % CLOCK_TURNS == 0) in_vain = is_in_vain(vigil, &w);
    }
    return in_vain ? give_verdict(vigil, w.waited, what) : sq_mpi_check(code, what);
}

typedef struct {
    int count;
    MPI_Request *requests; /* (count) */
} request_list;

static int poll_requests(void *context, int *arrived) {
    const request_list *list = context;
    return MPI_Testall(list->count, list->requests, arrived, MPI_STATUSES_IGNORE);
}

sq_status sq_vigil_wait_all(sq_vigil *vigil, int count, MPI_Request *requests, const char *what) {
    request_list list = {.count = count, .requests = requests};
    return sq_vigil_wait(vigil, poll_requests, &list, what);
}
