/* Sums over ranks that share memory, without messages: each rank's values stand where all ranks of
 * the node see them; each rank adds up one slice over all of them and writes the result to all of
 * them. Exact sums may be taken in any order, so the result is that of any other sum. */
#ifndef SQ_MPI_SHARED_SUMS_H
#define SQ_MPI_SHARED_SUMS_H

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mpi/vigil.h"
#include "softeq/error.h"

typedef struct sq_shared_sums sq_shared_sums;

/* All ranks of `node` share memory. The communicator and the vigil are borrowed. Not collective. */
sq_status sq_shared_sums_create(MPI_Comm node, sq_vigil *vigil, sq_shared_sums **sums);
/* Collective. Accepts and leaves NULL. Frees the memory that was lent. */
void sq_shared_sums_destroy(sq_shared_sums **sums);

/* Lends memory for `count` values, all zero. Collective. NULL if there is none to share. What was
 * given back is lent again if it is large enough, and freed before more is taken. */
sq_status sq_shared_sums_lend(sq_shared_sums *sums, size_t count, int64_t **values);
/* Takes it back, to be lent again. Not collective, but in the same order on all ranks. */
void sq_shared_sums_take_back(sq_shared_sums *sums, const int64_t *values);

/* Whether the values stand in lent memory. */
bool sq_shared_sums_has(const sq_shared_sums *sums, const int64_t *values);
/* The sum over ranks, in place: lent memory, the same place in it on all ranks. Collective. */
sq_status sq_shared_sums_add(sq_shared_sums *sums, int64_t *values, size_t count);

#endif
