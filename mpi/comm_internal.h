/* What a communicator is made of: shared by its two implementations and by nobody else. */
#ifndef SQ_MPI_COMM_INTERNAL_H
#define SQ_MPI_COMM_INTERNAL_H

#include <stdbool.h>

#include "softeq/comm.h"

typedef enum { SQ_COMM_SUM, SQ_COMM_MAX } sq_comm_reduction;

/* The operations of one implementation. Arguments have been checked. */
typedef struct {
    void (*destroy)(sq_comm *comm);
    sq_status (*reduce)(sq_comm *comm, sq_comm_reduction reduction, int64_t *values, size_t count);
    sq_status (*lend)(sq_comm *comm, size_t count, int64_t **values);
    void (*give_back)(sq_comm *comm, int64_t *values);
    sq_status (*sum_begin)(sq_comm *comm, int slot, int64_t *values, size_t count);
    void (*progress)(sq_comm *comm);
    sq_status (*sum_finish)(sq_comm *comm, int slot);
    sq_status (*broadcast)(sq_comm *comm, void *bytes, size_t count);
    sq_status (*barrier)(sq_comm *comm);
    void (*abort)(sq_comm *comm, int exit_status);
    void (*set_patience)(sq_comm *comm, double seconds);
    int (*first_waiting)(const sq_comm *comm);
    uint64_t (*looks)(const sq_comm *comm);

    /* The two halves of an agreement, on a channel of their own. The smallest of all ranks'
     * values, or *reached = false after `seconds` without the others (infinity: waits). */
    sq_status (*least)(sq_comm *comm, int64_t mine, double seconds, int64_t *least, bool *reached);
    sq_status (*tell)(sq_comm *comm, int from_rank, void *bytes, size_t count);
} sq_comm_operations;

struct sq_comm {
    const sq_comm_operations *operations;
    int rank, size, nodes;
    int failed_rank;           /* see sq_comm_failed_rank */
    bool begun[SQ_COMM_SLOTS]; /* and not finished */
    char description[256];
    void *state; /* of the implementation; NULL for the serial twin */
};

/* A communicator without state, to be filled in. */
sq_status sq_comm_allocate(const sq_comm_operations *operations, sq_comm **comm);

/* sq_comm_create_from_mpi, and more: ranks of one node_color count as a node (MPI_UNDEFINED: those
 * that share memory do); owns_mpi: MPI ends with the communicator. */
sq_status sq_comm_create_over(int fortran_handle, int node_color, bool owns_mpi, sq_comm **comm);

#endif
