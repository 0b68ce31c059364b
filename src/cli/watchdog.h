/* A thread that ends the process when its rank makes no progress. Ranks that wait for others are
 * left to the communicator, which can name those that do not come. */
#ifndef SQ_CLI_WATCHDOG_H
#define SQ_CLI_WATCHDOG_H

#include <stdint.h>

#include "softeq/comm.h"

typedef struct sq_watchdog sq_watchdog;

/* Watches the calling thread; comm must outlive it. seconds: without a beat, and
 * without a look of the communicator that waits for others (sq_comm_looks); 0: *watchdog is NULL.
 * It prints rank, step and operation, and sends the thread SIGABRT, for which MPI prints the stack:
 * the launcher then ends all other ranks. */
sq_status sq_watchdog_create(const sq_comm *comm, double seconds, sq_watchdog **watchdog);
void sq_watchdog_destroy(sq_watchdog **watchdog);

/* An sq_run_heartbeat; context: an sq_watchdog or NULL. operation: a text that stays. */
void sq_watchdog_beat(const char *operation, int64_t step, void *context);

#endif
