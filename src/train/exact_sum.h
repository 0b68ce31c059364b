/* The sum over microbatches, regularizer blocks and ranks that does not depend on its order:
 * gradients in 64-bit fixed point, and numbers that exactly one rank has, passed on as they are.
 *
 * The unit of the fixed point is 2^-40. Adam divides by sqrt(v + 1e-8), so that a gradient counts
 * relative to 1e-4: the unit is 1e-8 of that, below the rounding of a float gradient. */
#ifndef SQ_TRAIN_EXACT_SUM_H
#define SQ_TRAIN_EXACT_SUM_H

#include <stdbool.h>

#include "nn/parameters.h"
#include "softeq/comm.h"

typedef struct sq_exact_sum sq_exact_sum;

/* For gradients of the arrays of `table` (NULL: none) and n_numbers numbers; most_parts: how many
 * parts are added to an element at most, over all ranks. comm and table must outlive it. */
sq_status sq_exact_sum_create(sq_comm *comm, const sq_parameter_table *table, size_t n_numbers,
                              size_t most_parts, sq_exact_sum **sum);
void sq_exact_sum_destroy(sq_exact_sum **sum);

/* Everything zero again. */
void sq_exact_sum_clear(sq_exact_sum *sum);

/* Adds a part of a gradient: a sq_gradient_sink, context: the sum. A value that is NaN or beyond
 * the range marks its array. */
void sq_exact_sum_add(void *context, size_t offset, size_t parameter_ld, size_t rows,
                      size_t columns, const sq_real *values, size_t ld);

/* Sets a number that no other rank sets before the next reduction. */
void sq_exact_sum_put(sq_exact_sum *sum, size_t number, double value);

/* Says that this rank adds nothing more to the gradient from element `first` on: the sum over ranks
 * of what is complete begins, while the caller computes the rest. Elements complete from the last
 * to the first, as in a backward pass. Not collective, though every rank calls it sooner or later:
 * sq_exact_sum_reduce does for those that did not. */
sq_status sq_exact_sum_complete(sq_exact_sum *sum, size_t first);

/* Raises a flag for the next reduction; afterwards every rank sees whether any did. */
void sq_exact_sum_raise(sq_exact_sum *sum);
bool sq_exact_sum_raised(const sq_exact_sum *sum);

/* Collective: sums over all ranks. mine: how this rank's work went; if any rank's failed, all
 * ranks get that failure. */
sq_status sq_exact_sum_reduce(sq_exact_sum *sum, sq_status mine);

/* After the reduction. */
double sq_exact_sum_get(const sq_exact_sum *sum, size_t number);
/* The first array with a value beyond the range; NULL if there is none. */
const sq_parameter *sq_exact_sum_overflow(const sq_exact_sum *sum);
/* The largest value that fits one part. */
double sq_exact_sum_limit(const sq_exact_sum *sum);
/* gradient: (table->count) */
void sq_exact_sum_gradient(const sq_exact_sum *sum, sq_real *gradient);

#endif
