#include "mpi/world.h"

#include <mpi.h>

#include "mpi/comm_internal.h"
#include "mpi/vigil.h"

sq_status sq_comm_create_world(sq_comm **comm) {
    int started = 0, thread_level;
    sq_status status;
    *comm = NULL;
    SQ_TRY(sq_mpi_check(MPI_Initialized(&started), "say whether it has started"));
    /* Any level will do: this library calls MPI from one thread, and starts none of its own. */
    if (!started)
        SQ_TRY(
            sq_mpi_check(MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &thread_level), "start"));
    SQ_TRY(sq_comm_create_over(MPI_Comm_c2f(MPI_COMM_WORLD), MPI_UNDEFINED, !started, comm));
    return SQ_OK;
cleanup:
    if (!started) MPI_Finalize();
    return status;
}

sq_status sq_comm_create_on_nodes(int ranks_per_node, sq_comm **comm) {
    int rank = 0;
    *comm = NULL;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return sq_comm_create_over(MPI_Comm_c2f(MPI_COMM_WORLD), rank / ranks_per_node, false, comm);
}
