/* Are the copies that the ranks hold still the same? */
#ifndef SQ_TRAIN_REPLICAS_H
#define SQ_TRAIN_REPLICAS_H

#include <stddef.h>

#include "softeq/comm.h"

/* Compares arrays (n_arrays) of `bytes` bytes each by their hashes. SQ_ERR_NUMERIC on all ranks if
 * they are not the same everywhere; the message names the ranks that differ from most others.
 * Collective. */
sq_status sq_replicas_compare(sq_comm *comm, const void *const *arrays, size_t n_arrays,
                              size_t bytes);

#endif
