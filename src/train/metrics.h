/* Metrics in raw units, as sums that can be added up over microbatches and ranks. */
#ifndef SQ_TRAIN_METRICS_H
#define SQ_TRAIN_METRICS_H

#include "train/exact_sum.h"
#include "train/feed.h"

/* Open struct of sums. */
typedef struct {
    double squares, counted;        /* squared errors; outputs that count */
    double distances, steps;        /* of predicted positions, over all steps that count */
    double final_distances, finals; /* over the last steps */
} sq_metrics;

enum { SQ_METRIC_NUMBERS = sizeof(sq_metrics) / sizeof(double) };

double sq_metrics_mse(const sq_metrics *metrics);
/* Average and final displacement error; NaN without steps. */
double sq_metrics_ade(const sq_metrics *metrics);
double sq_metrics_fde(const sq_metrics *metrics);

/* The metrics of predictions y against the targets of a loaded feed. y: (n_output, ld), in the
 * network's units. */
void sq_metrics_measure(const sq_feed *feed, size_t samples, const sq_real *y, sq_metrics *metrics);

/* A pass over a data set without gradients: each microbatch on one rank. */
typedef struct sq_pass sq_pass;

/* Predicts the loaded microbatch: leaves (n_output, ld) in the workspace's output. */
typedef void sq_forecast(sq_pass *pass, size_t samples);

struct sq_pass {
    const sq_problem *problem;
    sq_feed feed;
    sq_workspace *workspace;
    int64_t *rows; /* (microbatch) */
    int64_t microbatch, n_microbatches;
    sq_forecast *forecast; /* the network's, unless it is replaced by a yardstick */
};

sq_status sq_pass_create(const sq_problem *problem, sq_dataset *dataset, sq_pass *pass);
void sq_pass_clear(sq_pass *pass);
/* Numbers that a pass needs in a sum. */
size_t sq_pass_numbers(const sq_pass *pass);

/* Puts this rank's share of the metrics into the sum, from number `first` on. Not collective. */
sq_status sq_pass_run(sq_pass *pass, sq_exact_sum *sum, size_t first);
/* After the reduction: the metrics of the whole data set. */
void sq_pass_total(const sq_pass *pass, const sq_exact_sum *sum, size_t first, sq_metrics *metrics);

/* All of it at once: the metrics of the whole data set. Collective. */
sq_status sq_pass_measure(sq_pass *pass, sq_metrics *metrics);

#endif
