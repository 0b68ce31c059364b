/* The communicator: what softeq needs from the ranks of a job, and nothing of MPI itself.
 *
 * Two implementations stand behind it: mpi/comm_mpi.c and its serial twin mpi/comm_serial.c.
 * Sums are over 64-bit integers, hence exact and the same for any number of ranks and any order. */
#ifndef SOFTEQ_COMM_H
#define SOFTEQ_COMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"

typedef struct sq_comm sq_comm;

/* A communicator of one rank, without MPI. The caller destroys it. */
sq_status sq_comm_create_serial(sq_comm **comm);

/* Works on a communicator of the caller, given as Fortran handle (MPI_Comm_c2f), so that this
 * header needs no mpi.h. It is duplicated and stays the caller's, as do the start and the end of
 * MPI; it is destroyed before MPI_Finalize. Collective over it. Calls MPI from the calling thread
 * only (MPI_THREAD_FUNNELED will do). Failures of MPI are SQ_ERR_COMM with MPI's own text. */
sq_status sq_comm_create_from_mpi(int fortran_handle, sq_comm **comm);

/* Collective. Accepts and leaves NULL. */
void sq_comm_destroy(sq_comm **comm);

/* Not collective. */
int sq_comm_rank(const sq_comm *comm);
int sq_comm_size(const sq_comm *comm);
/* Nodes that the ranks stand on: ranks of one node share memory. */
int sq_comm_nodes(const sq_comm *comm);

/* Collective, in place: every rank gets the sum over ranks. values: (count). */
sq_status sq_comm_sum(sq_comm *comm, int64_t *values, size_t count);

/* Memory for values whose sums cost least: where all ranks of one node see it, sq_comm_sum of
 * values in it goes without messages. Collective. values: (count), all zero; NULL if there is no
 * such memory (a single rank, several nodes, or nothing to share): use other memory then. */
sq_status sq_comm_lend(sq_comm *comm, size_t count, int64_t **values);
/* Gives it back, before the communicator is destroyed. Not collective, but in the same order on all
 * ranks. */
void sq_comm_give_back(sq_comm *comm, int64_t *values);

/* The same, begun now and finished by sq_comm_sum_finish; several may be under way and are
 * numbered by `slot` (0 .. SQ_COMM_SLOTS-1). The values may not be touched in between. Every rank
 * begins its sums in the same order. */
enum { SQ_COMM_SLOTS = 32 };
sq_status sq_comm_sum_begin(sq_comm *comm, int slot, int64_t *values, size_t count);
/* Lets begun sums go on while the caller computes. Not collective, cheap. */
void sq_comm_progress(sq_comm *comm);
/* Waits for one slot; a slot that was not begun is finished. */
sq_status sq_comm_sum_finish(sq_comm *comm, int slot);

/* Collective, in place: every rank gets the largest value. values: (count). */
sq_status sq_comm_max(sq_comm *comm, int64_t *values, size_t count);

/* Collective: rank 0's bytes reach every rank. */
sq_status sq_comm_broadcast(sq_comm *comm, void *bytes, size_t count);

/* Collective: returns SQ_OK everywhere, or a failure everywhere: a rank that failed keeps its own
 * status and message; the others get those of the lowest failed rank, which the message names
 * ("rank 2: ..."). Never meets the sums and broadcasts above: a rank that fails alone may go
 * straight to its next agreement. */
sq_status sq_comm_agree(sq_comm *comm, sq_status mine);

/* The same, but waits `seconds` at most for the other ranks. *reached: whether they all came; if
 * not, `mine` is returned (SQ_ERR_COMM if that is SQ_OK) and only sq_comm_abort is of use. */
sq_status sq_comm_agree_within(sq_comm *comm, sq_status mine, double seconds, bool *reached);

/* The rank whose failure the last agreement told of, which is the one to report it; -1: none. Not
 * collective. */
int sq_comm_failed_rank(const sq_comm *comm);

/* Collective. */
sq_status sq_comm_barrier(sq_comm *comm);

/* How long the other ranks may keep a collective waiting, in seconds; 0: for ever, as at the start.
 * Then those that wait call the roll, and the collective fails on all of them with SQ_ERR_COMM and
 * a message that names the ranks that did not come. Only sq_comm_abort is of use after that. Not
 * collective, though all ranks should be equally patient. */
void sq_comm_set_patience(sq_comm *comm, double seconds);

/* After such a failure: the lowest rank that waits, which is the one to report it; -1: there was
 * none. Not collective. */
int sq_comm_first_waiting(const sq_comm *comm);

/* How often this rank has looked whether a sum, a maximum, a broadcast, a barrier or an agreement
 * without a limit is complete that it waits for. Rises every few microseconds while it waits: a
 * watchdog sees by it that the rank is not to blame. For any thread. 0 without MPI. */
uint64_t sq_comm_looks(const sq_comm *comm);

/* Ends all ranks at once with this exit status, by MPI_Abort. Not collective. Returns where there
 * is no MPI: the caller ends its own process. The library itself never calls it. */
void sq_comm_abort(sq_comm *comm, int exit_status);

/* "serial", or the MPI library's own version line. Owned by the communicator. */
const char *sq_comm_description(const sq_comm *comm);

/* The MPI library's own version line, without starting it. text: (capacity). Not collective. */
void sq_comm_mpi_version(char *text, size_t capacity);

#endif
