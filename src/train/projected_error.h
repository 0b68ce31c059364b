/* What it would cost to hold a network to its symmetry types exactly. */
#ifndef SQ_TRAIN_PROJECTED_ERROR_H
#define SQ_TRAIN_PROJECTED_ERROR_H

#include "train/held_types.h"
#include "train/problem.h"

/* The mean squared error once the weights are projected on a type, over that of the network as it
 * is. Below 1: what breaks the symmetry in the weights is noise. Outputs count as in
 * train/equivariance.h. Over the first
 * log.equivariance_samples rows; samples with a mask count if all their outputs do. For kinds with
 * regularizers; the parameters stay as they are. ratio: (n_types); NaN if the network has no error.
 * Collective: the types are shared out over ranks; the result does not depend on how many there
 * are. */
sq_status sq_projected_error_ratio(sq_problem *problem, sq_dataset *dataset, double *ratio);

/* The same of several types at once: of the group that they generate together. */
sq_status sq_held_error_ratio(sq_problem *problem, sq_dataset *dataset, const sq_held_types *types,
                              double *ratio);

#endif
