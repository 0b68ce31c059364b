/* Where standard output goes in the end. */
#ifndef SQ_CLI_TERMINAL_H
#define SQ_CLI_TERMINAL_H

/* Columns of the terminal that people read standard output on; 0: it goes to a file, a pipe or a
 * batch system. Under mpirun, which gives rank 0 a terminal of its own, that of mpirun counts. */
int sq_terminal_width(void);

#endif
