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
    size_t middle; /* the first sample of the second half: as many count before it as behind it */
    double scale[SQ_MAX_BLOCKS]; /* inputs are divided by it: a root mean square for each block */
    sq_kernel_ridge halves[2];   /* fitted to the first half of the samples, and to the second */
    /* For sq_unlearned_distance: */
    double *principal[SQ_MAX_BLOCKS]; /* (count, count) combinations of the copies of a block */
    double *features; /* (2 n_in, samples) scaled inputs, and these combinations of them */
    size_t n_parts;   /* all of an input, each copy of a tensor, each combination */
    double *nearest;  /* (n_parts) sums of squared distances of the samples as they are */
} sq_unlearned;

/* x: (samples, n_in); left: (samples, n_out), r; counts: (samples), false for samples to fit
 * without. Errors: SQ_ERR_MEMORY, SQ_ERR_NUMERIC. The caller clears, also on failure. Keeps
 * `input`. */
sq_status sq_unlearned_fit(const sq_representation *input, size_t samples, const sq_real *x,
                           size_t n_out, const double *left, const bool *counts, sq_unlearned *fit);
void sq_unlearned_clear(sq_unlearned *fit);

/* Of the same samples, moved or not, each by the fit to the half that it is not in. x: (samples,
 * n_in); left: (samples, n_out). Errors: SQ_ERR_MEMORY. */
sq_status sq_unlearned_predict(const sq_unlearned *fit, const sq_real *x, double *left);

/* How much further moved samples are from those of the other half: the mean squared distance of the
 * nearest one, over that of samples as they are, for the part of the inputs for which that is the
 * largest, at least 1. Near 1 if inputs are as likely moved as not; if one vector alone is not,
 * such as that of gravity, or the difference of two, it is that one's. x: (samples, n_in), moved.
 * Errors: SQ_ERR_MEMORY. */
sq_status sq_unlearned_distance(const sq_unlearned *fit, const sq_real *x, double *ratio);

#endif
