/* What a model leaves of its targets, r = y - f(x): noise, or something that it has not learned?
 * Kernel ridge regressions predict r from x. Each is fitted to one half of the samples and predicts
 * the other one, so that what it predicts is there. The halves are the first and the second one,
 * since neighbours in a recording are too much alike to be told from each other. */
#ifndef SQ_TRAIN_UNLEARNED_H
#define SQ_TRAIN_UNLEARNED_H

#include <stdbool.h>

#include "linalg/kernel_ridge.h"
#include "softeq/real.h"
#include "symmetry/representation.h"

/* Open struct. */
typedef struct {
    const sq_representation *input;
    size_t samples, n_out;
    double scale[SQ_MAX_BLOCKS]; /* inputs are divided by it: a root mean square for each block */
    sq_kernel_ridge halves[2];   /* fitted to the first half of the samples, and to the second */
} sq_unlearned;

/* x: (samples, n_in); left: (samples, n_out), r; counts: (samples), false for samples to fit
 * without. The caller clears, also on failure. Keeps `input`. */
sq_status sq_unlearned_fit(const sq_representation *input, size_t samples, const sq_real *x,
                           size_t n_out, const double *left, const bool *counts, sq_unlearned *fit);
void sq_unlearned_clear(sq_unlearned *fit);

/* Of the same samples, moved or not, each by the fit to the half that it is not in. x: (samples,
 * n_in); left: (samples, n_out). nearest: (samples), the squared distance of the nearest sample of
 * that half. */
sq_status sq_unlearned_predict(const sq_unlearned *fit, const sq_real *x, double *left,
                               double *nearest);

#endif
