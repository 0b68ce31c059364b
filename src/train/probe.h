/* Samples, what a model makes of them, and what it makes of them once a group element has moved
 * them: what measurements of symmetry share (train/equivariance.h, train/projected_error.h,
 * train/unlearned_share.h), and how their elements are shared out over ranks. */
#ifndef SQ_TRAIN_PROBE_H
#define SQ_TRAIN_PROBE_H

#include <stdbool.h>

#include "dataset/tasks.h"
#include "train/problem.h"

/* Open struct. In raw units. */
typedef struct {
    sq_problem *problem;
    const sq_task *task; /* whose function is f; NULL: the model */
    size_t samples, n_in, n_out;
    sq_real *input, *moved;     /* (samples, n_in): x; gx */
    sq_real *output, *of_moved; /* (samples, n_out): f(x); f(gx) */
    sq_real *target, *mask;     /* (samples, n_out) */
    double *weight;             /* (n_out), that errors are multiplied by: sq_scaling_weights */
    double *element, *inverse;  /* (d, d): g, and its inverse */
    double *vector;             /* of sq_probe_act */
    sq_real *scaled;            /* workspaces */
    double *scratch;
} sq_probe;

/* f of the probe's samples, as they are or moved. input: (samples, n_in); output: (samples, n_out).
 * Errors: those of sq_problem_predict. */
sq_status sq_probe_predict(sq_probe *p, const sq_real *input, sq_real *output);

/* Sets element, inverse, moved and of_moved for element number `index` of a type, keyed by
 * train.seed, with Lie algebra coordinates times `scale`. Never the identity. */
sq_status sq_probe_move(sq_probe *p, int type, double scale, int64_t index);

/* g x for a tensor x of representation `rep`. The result is the probe's, until the next call. */
const double *sq_probe_act(sq_probe *p, const sq_representation *rep, const sq_real *x);

/* Do all outputs of a sample count? */
bool sq_probe_counts_whole(const sq_probe *p, size_t sample);

/* What is measured: `elements` times in each of `series`, and added up over these elements. */
typedef struct {
    int64_t samples; /* the first ones of the data set, as many as there are */
    int series;
    int64_t elements;
    size_t numbers; /* that one element gives */
    /* Once on each rank that measures anything, when f(x) is there; NULL: nothing to do. */
    sq_status (*begin)(sq_probe *p, void *context);
    /* numbers: (numbers), zero at first */
    sq_status (*measure)(sq_probe *p, void *context, int series, int64_t element, double *numbers);
    void *context;
} sq_measurement;

/* task: as in sq_probe. sums: (series, numbers). Collective; the sums are the same on any number of
 * ranks. Errors of one rank are those of all. */
sq_status sq_measurement_run(const sq_measurement *m, sq_problem *problem, const sq_task *task,
                             sq_dataset *dataset, double *sums);

/* a / b; NaN if there is no b. */
double sq_quotient(double a, double b);

#endif
