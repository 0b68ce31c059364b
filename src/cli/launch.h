/* The ranks of the program: how they start, speak and end together. */
#ifndef SQ_CLI_LAUNCH_H
#define SQ_CLI_LAUNCH_H

#include <stdbool.h>

#include "softeq/comm.h"
#include "softeq/error.h"

/* Exit statuses. */
enum { SQ_EXIT_DONE = 0, SQ_EXIT_FAILED = 1, SQ_EXIT_WRONG_USE = 2, SQ_EXIT_STOPPED = 75 };

/* All ranks if mpirun or srun started the program, otherwise this process alone. Collective. */
sq_status sq_launch(sq_comm **comm);

/* The log of rank 0 from now on: to standard output, or to standard error where that is kept for
 * results; warnings always to standard error, and nothing else if `quiet`. The other ranks stay
 * silent. */
void sq_launch_log(const sq_comm *comm, bool output_is_results, bool quiet);

/* Ends all ranks together and returns the exit status. If any failed, one of them prints one
 * message. If the others do not answer, because a rank failed alone while they wait for its part,
 * they are ended after a while. Collective; destroys *comm. */
int sq_land(sq_comm **comm, sq_status status);

#endif
