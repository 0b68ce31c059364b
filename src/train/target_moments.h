/* Mean and spread of targets: of the scalars, which no group moves, or of all. */
#ifndef SQ_TRAIN_TARGET_MOMENTS_H
#define SQ_TRAIN_TARGET_MOMENTS_H

#include <stdbool.h>

#include "softeq/comm.h"
#include "softeq/dataset.h"
#include "symmetry/representation.h"
#include "train/alive.h"
#include "train/extrapolation.h"

/* Of one output, over the rows where it counts. */
typedef struct {
    double counted, mean;
    double squares; /* of deviations from the mean, added up; 0 exactly of a constant */
} sq_moments;

/* Does a block hold scalars, T(0)? */
bool sq_block_is_scalar(const sq_block *block);

/* Of the scalars of `output`, or with `tensors` of every component, less the residual's
 * extrapolation, without cancellation: deviations are taken before they are squared. moments:
 * (output->size), zero of what is not asked for. Reads all of the data set, if there is any of
 * them, or of its first chunks `most_chunks` (0: all). Collective: ranks share the rows; the same
 * bits for any number of them. */
sq_status sq_target_moments_measure(const sq_representation *output, bool tensors,
                                    const sq_extrapolation *residual, const sq_alive *alive,
                                    sq_dataset *dataset, int64_t most_chunks, sq_comm *comm,
                                    sq_moments *moments);

#endif
