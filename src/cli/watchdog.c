#include "cli/watchdog.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"

/* Time is counted in ticks, since a process that is suspended for a while has not been idle. */
enum { TICKS_A_SECOND = 4 };

struct sq_watchdog {
    const sq_comm *comm;
    double seconds;
    pthread_t watched, thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t end;   /* `ended` has been set */
    bool ended;
    const char *operation;
    int64_t step;
    int64_t beats;
};

static void bark(const sq_watchdog *w) {
    fprintf(stderr,
            "softeq: rank %d: no progress for %g s (train.stall_seconds) after step %" PRId64
            ", while %s: ending the job\n",
            sq_comm_rank(w->comm), w->seconds, w->step, w->operation);
    fflush(stderr);
    pthread_kill(w->watched, SIGABRT);
}

/* Until the next tick, or the end. The lock is held before and after. */
static void rest(sq_watchdog *w) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += 1000000000 / TICKS_A_SECOND;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&w->end, &w->lock, &until);
}

static void *watch(void *context) {
    sq_watchdog *w = context;
    int64_t beats = 0, idle = 0;
    uint64_t looks = 0;
    pthread_mutex_lock(&w->lock);
    while (!w->ended && (double)idle < w->seconds * TICKS_A_SECOND) {
        rest(w);
        uint64_t looks_now = sq_comm_looks(w->comm);
        idle = w->beats != beats || looks_now != looks ? 0 : idle + 1;
        beats = w->beats;
        looks = looks_now;
    }
    if (!w->ended) bark(w);
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* Signals are for the threads that were there before. */
static int start_thread(sq_watchdog *w) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&w->thread, NULL, watch, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

sq_status sq_watchdog_create(const sq_comm *comm, double seconds, sq_watchdog **watchdog) {
    *watchdog = NULL;
    if (seconds <= 0) return SQ_OK;
    sq_status status = sq_alloc(1, sizeof **watchdog, watchdog);
    if (status != SQ_OK) return status;
    sq_watchdog *w = *watchdog;
    pthread_condattr_t by_clock;
    w->comm = comm;
    w->seconds = seconds;
    w->watched = pthread_self();
    w->operation = "starting";
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&by_clock);
    pthread_condattr_setclock(&by_clock, CLOCK_MONOTONIC); /* the other one may be set back */
    pthread_cond_init(&w->end, &by_clock);
    pthread_condattr_destroy(&by_clock);
    int code = start_thread(w);
    if (code == 0) return SQ_OK;
    sq_free(w);
    *watchdog = NULL;
    return sq_fail(SQ_ERR_MEMORY, "the watchdog cannot be started: %s", strerror(code));
}

void sq_watchdog_destroy(sq_watchdog **watchdog) {
    sq_watchdog *w = *watchdog;
    if (!w) return;
    pthread_mutex_lock(&w->lock);
    w->ended = true;
    pthread_cond_signal(&w->end);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->end);
    pthread_mutex_destroy(&w->lock);
    sq_free(w);
    *watchdog = NULL;
}

void sq_watchdog_beat(const char *operation, int64_t step, void *context) {
    sq_watchdog *w = context;
    if (!w) return;
    pthread_mutex_lock(&w->lock);
    w->operation = operation;
    w->step = step;
    w->beats++;
    pthread_mutex_unlock(&w->lock);
}
