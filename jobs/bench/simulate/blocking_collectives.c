/* Nonblocking collectives that are done when they return, put before SimGrid's own by the linker
 * (--wrap). SimGrid 3.32 sends everything to everyone in its nonblocking sums, which no MPI library
 * does, and adds up wrongly in place; its blocking ones follow Open MPI's algorithms. Valid where
 * all ranks call them in the same order, as softeq does. */
#include <mpi.h>

int __wrap_MPI_Iallreduce(const void *from, void *to, int count, MPI_Datatype type, MPI_Op op,
                          MPI_Comm comm, MPI_Request *request);
int __wrap_MPI_Ibcast(void *values, int count, MPI_Datatype type, int root, MPI_Comm comm,
                      MPI_Request *request);
int __wrap_MPI_Ibarrier(MPI_Comm comm, MPI_Request *request);

int __wrap_MPI_Iallreduce(const void *from, void *to, int count, MPI_Datatype type, MPI_Op op,
                          MPI_Comm comm, MPI_Request *request) {
    *request = MPI_REQUEST_NULL;
    return MPI_Allreduce(from, to, count, type, op, comm);
}

int __wrap_MPI_Ibcast(void *values, int count, MPI_Datatype type, int root, MPI_Comm comm,
                      MPI_Request *request) {
    *request = MPI_REQUEST_NULL;
    return MPI_Bcast(values, count, type, root, comm);
}

int __wrap_MPI_Ibarrier(MPI_Comm comm, MPI_Request *request) {
    *request = MPI_REQUEST_NULL;
    return MPI_Barrier(comm);
}
