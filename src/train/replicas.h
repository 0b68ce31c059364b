/* Are the copies that the ranks hold still the same? */
#ifndef SQ_TRAIN_REPLICAS_H
#define SQ_TRAIN_REPLICAS_H

#include "softeq/comm.h"

/* Compares the content hash that each rank has of its copy. SQ_ERR_NUMERIC on all ranks if it is
 * not the same everywhere; the message names the ranks that differ from most others. Collective. */
sq_status sq_replicas_compare(sq_comm *comm, const char *content_hash);

#endif
