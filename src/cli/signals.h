/* Signals that ask the program to stop. */
#ifndef SQ_CLI_SIGNALS_H
#define SQ_CLI_SIGNALS_H

#include <signal.h>

/* From now on SIGTERM, SIGINT and SIGUSR1 only set what is returned to the signal's number. A
 * second SIGINT ends the process at once. */
const volatile sig_atomic_t *sq_signals_catch(void);

#endif
