/* Sums over ranks of several nodes: first within each node, where ranks share memory, then between
 * one leader of each node, then back. That keeps the bytes on the network those of one rank a node.
 * Exact sums may be taken in any order, so the result is the same as that of one sum over all.
 *
 * Begun sums pass through the stages while the caller computes. MPI wants the collectives of a
 * communicator in the same order on all its ranks, hence each stage has a communicator of its own,
 * and sums enter a stage in the order in which they were begun. */
#ifndef SQ_MPI_STAGED_SUM_H
#define SQ_MPI_STAGED_SUM_H

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"

typedef struct sq_staged_sums sq_staged_sums;

/* Collective over `parent`. node_color: ranks of one colour make a node; MPI_UNDEFINED: those that
 * share memory do. */
sq_status sq_staged_sums_create(MPI_Comm parent, int node_color, sq_staged_sums **sums);
void sq_staged_sums_destroy(sq_staged_sums **sums);

/* Nodes that the ranks stand on. */
int sq_staged_sums_nodes(const sq_staged_sums *sums);
/* Whether stages pay: several nodes, of which one at least has several ranks. */
bool sq_staged_sums_pay(const sq_staged_sums *sums);

/* Begins a sum in place, for which `tag` stands in sq_staged_sums_has. Ranks begin their sums in
 * the same order. MPI error codes are returned as they are. */
int sq_staged_sums_begin(sq_staged_sums *sums, int tag, int64_t *values, int count);
/* Moves what has arrived on to its next stage. */
int sq_staged_sums_progress(sq_staged_sums *sums);
/* Whether sums of that tag are still under way. */
bool sq_staged_sums_has(const sq_staged_sums *sums, int tag);

#endif
