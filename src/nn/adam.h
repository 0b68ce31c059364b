/* Adam (Kingma, Ba 2015), with epsilon inside of the root as in the paper's code. */
#ifndef SQ_NN_ADAM_H
#define SQ_NN_ADAM_H

#include <stddef.h>
#include <stdint.h>

#include "softeq/real.h"

/* Step number `step` (counted from 1): m and v take in the gradient, x -= rate m / sqrt(v + 1e-8),
 * rate = lr sqrt(1 - 0.999^step) / (1 - 0.9^step). All arrays: (count). */
void sq_adam_step(size_t count, double lr, int64_t step, const sq_real *gradient, sq_real *m,
                  sq_real *v, sq_real *x);

/* Before step number `step`: components larger than clip sqrt(v / (1 - 0.999^(step - 1)) + 1e-8),
 * their root mean square so far, come down to that (coordinate-wise clipping, Zhang et al. 2020,
 * with Adam's own mean). Not in the first 100 steps, whose mean says too little. */
void sq_adam_clip(size_t count, double clip, int64_t step, const sq_real *v, sq_real *gradient);

/* x -= min(rate / sqrt(v + 1e-8), 1) pull, rate = strength sqrt(1 - 0.999^step): a gradient that is
 * divided by the size of others, and leaves no trace in v. strength: of the pull, times the
 * learning rate. step: the number of the sq_adam_step before. All arrays: (count). */
void sq_adam_pull(size_t count, double strength, int64_t step, const sq_real *v,
                  const sq_real *pull, sq_real *x);

#endif
