/* Scales of inputs and outputs, and the shift of scalar outputs. Fitted: one number per term of a
 * representation, so that no candidate type sees them (a multiple of the identity on every copy
 * commutes with all of them). Given: one number, or one for each axis, which types that mix the
 * axes do see. */
#ifndef SQ_TRAIN_SCALING_H
#define SQ_TRAIN_SCALING_H

#include <stdbool.h>

#include "softeq/comm.h"
#include "softeq/dataset.h"
#include "symmetry/representation.h"
#include "train/alive.h"
#include "train/extrapolation.h"

/* Networks see input / input_scale and learn (target - shift) / output_scale. */
typedef struct {
    int n_input, n_output;
    double *input;  /* (n_input) */
    double *output; /* (n_output) */
    double *shift;  /* (n_output) in raw units, each of them a sq_real; zero of tensors */
} sq_scaling;

/* Scales of one, shifts of zero. */
sq_status sq_scaling_create(int n_input, int n_output, sq_scaling *scaling);
void sq_scaling_clear(sq_scaling *scaling);

/* Scales that the user gives: "1.05", or a number for each axis, "1.23 1.34 0.05". A tensor's
 * component is divided by those of all its indices, a scalar by none. Errors: SQ_ERR_CONFIG, naming
 * data.scale. */
sq_status sq_scaling_set(const sq_representation *input, const sq_representation *output,
                         const char *text, sq_scaling *scaling);

/* Root mean squares over the data set, per block of the representations, of targets after the
 * residual's extrapolation is taken off; a block that is zero throughout keeps 1. alive: told of
 * each chunk of rows; may be NULL. Collective: ranks share the rows; exact for any number of them.
 */
sq_status sq_scaling_fit(const sq_representation *input, const sq_representation *output,
                         const sq_extrapolation *residual, const sq_alive *alive,
                         sq_dataset *dataset, sq_comm *comm, sq_scaling *scaling);

/* The same, and the means of scalar outputs are their shifts: no group moves scalars, so that no
 * candidate type sees it. The scale of a block of scalars is then the root mean square of what is
 * left; one that does not vary keeps 1. Collective, as above. */
sq_status sq_scaling_standardize(const sq_representation *input, const sq_representation *output,
                                 const sq_extrapolation *residual, const sq_alive *alive,
                                 sq_dataset *dataset, sq_comm *comm, sq_scaling *scaling);

/* How much an error of each output counts beside one of the first: in the units of the loss, but
 * for a factor that all have, and alike within a tensor, so that no type that leaves lengths alone
 * sees it. All 1 if there is one scale. weight: (n_output) */
void sq_scaling_weights(const sq_scaling *scaling, const sq_representation *output, double *weight);

/* Are there outputs of unlike units, whose weights are not all 1? */
bool sq_scaling_is_uneven(const sq_scaling *scaling, const sq_representation *output);

/* Is anything taken off the outputs? */
bool sq_scaling_shifts(const sq_scaling *scaling);

/* Sum of squares, and number, of the values of each block that count. values, mask: (rows,
 * rep->size), mask NULL: all count; squares, counted: (n_blocks) */
void sq_sum_blocks(const sq_representation *rep, size_t rows, const sq_real *values,
                   const sq_real *mask, double *squares, double *counted);

#endif
