/* Signals that ask the program to stop, or to say how far it is. */
#ifndef SQ_CLI_SIGNALS_H
#define SQ_CLI_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* From now on SIGTERM, SIGINT and SIGUSR1 are only noted, and SIGUSR2 asks for the state. A second
 * SIGINT ends the process at once. */
void sq_signals_catch(void);

/* The number of the last signal that was noted; 0: none yet. */
const volatile sig_atomic_t *sq_signals_received(void);

/* Has SIGUSR2 come since the last call? */
bool sq_signals_asked_for_state(void);

#endif
