/* Metrics in raw units, as sums that can be added up over microbatches and ranks. */
#ifndef SQ_TRAIN_METRICS_H
#define SQ_TRAIN_METRICS_H

#include "train/exact_sum.h"
#include "train/feed.h"

/* Metres at the end of a window beyond which a forecast has missed. */
#define SQ_MISS_DISTANCE 2.0

/* Open struct of sums. */
typedef struct {
    double squares, counted;        /* squared errors; outputs that count */
    double distances, steps;        /* of predicted positions, over all steps that count */
    double final_distances, finals; /* over the last steps, where they count */
    double misses;                  /* of them: further off than SQ_MISS_DISTANCE */
    double weighted_squares;        /* squared errors, each error times its feed->weight */
} sq_metrics;

enum { SQ_METRIC_NUMBERS = sizeof(sq_metrics) / sizeof(double) };

double sq_metrics_mse(const sq_metrics *metrics);
/* The same as outputs of unlike units count beside each other (sq_scaling_weights). */
double sq_metrics_weighted_mse(const sq_metrics *metrics);
/* Average and final displacement error; NaN without steps. */
double sq_metrics_ade(const sq_metrics *metrics);
double sq_metrics_fde(const sq_metrics *metrics);
/* Part of the windows whose last position is off by more than SQ_MISS_DISTANCE; NaN without. */
double sq_metrics_miss_rate(const sq_metrics *metrics);

/* Distances and counts of each predicted step. Open struct. */
typedef struct {
    double distance, count;
} sq_step_metrics;
double sq_step_metrics_mean(const sq_step_metrics *step);

/* The metrics of predictions y against the targets of a loaded feed. y: (n_output, ld), in the
 * network's units. steps: (predicted steps), or NULL. */
void sq_metrics_measure(const sq_feed *feed, size_t samples, const sq_real *y, sq_metrics *metrics,
                        sq_step_metrics *steps);

/* A pass over a data set without gradients: each microbatch on one rank. */
typedef struct {
    const sq_problem *problem;
    sq_feed feed;
    sq_workspace *workspace;
    int64_t *rows; /* (microbatch) */
    int64_t microbatch, n_microbatches;
    int64_t told_block;     /* of rows, where reading ahead was told of last */
    size_t n_steps;         /* predicted steps that are measured one by one; 0: only together */
    sq_step_metrics *steps; /* (n_steps) */
    bool is_yardstick;
} sq_pass;

/* by_step: measure each predicted step of a trajectory, too. */
sq_status sq_pass_create(const sq_problem *problem, sq_dataset *dataset, bool by_step,
                         sq_pass *pass);
void sq_pass_clear(sq_pass *pass);

/* From now on an extrapolation is measured, in the network's place. It applies to the data, and
 * stays the caller's. */
void sq_pass_set_yardstick(sq_pass *pass, const sq_extrapolation *extrapolation);

/* Numbers that a pass needs in a sum. */
size_t sq_pass_numbers(const sq_pass *pass);

/* Puts this rank's share of the metrics into the sum, from number `first` on. Not collective. */
sq_status sq_pass_run(sq_pass *pass, sq_exact_sum *sum, size_t first);
/* After the reduction: the metrics of the whole data set, and pass->steps. */
void sq_pass_total(sq_pass *pass, const sq_exact_sum *sum, size_t first, sq_metrics *metrics);

/* All of it at once: the metrics of the whole data set, and pass->steps. Collective. */
sq_status sq_pass_measure(sq_pass *pass, sq_metrics *metrics);

#endif
