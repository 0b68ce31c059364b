/* All ranks of a job. For programs that have no communicator of their own: this program and the
 * tests. It is no part of the library, which works on the communicator it is given. */
#ifndef SQ_MPI_WORLD_H
#define SQ_MPI_WORLD_H

#include "softeq/comm.h"

/* All ranks of the job: starts MPI if nobody has (and then ends it in sq_comm_destroy, after which
 * it cannot be started again). Collective over MPI_COMM_WORLD, which is duplicated. Calls MPI from
 * one thread only. Failures of MPI are SQ_ERR_COMM with MPI's own text. */
sq_status sq_comm_create_world(sq_comm **comm);

/* For tests: over MPI_COMM_WORLD, which must have been started, as if every `ranks_per_node` ranks
 * stood on a node of their own. */
sq_status sq_comm_create_on_nodes(int ranks_per_node, sq_comm **comm);

#endif
