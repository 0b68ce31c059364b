/* Signals that ask the program to stop. */
#ifndef SQ_CLI_SIGNALS_H
#define SQ_CLI_SIGNALS_H

#include <signal.h>

/* From now on SIGTERM, SIGINT and SIGUSR1 are only noted. A second SIGINT ends the process at once.
 */
void sq_signals_catch(void);

/* The number of the last signal that was noted; 0: none yet. */
const volatile sig_atomic_t *sq_signals_received(void);

#endif
