#include "train/metrics.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/partition.h"
#include "nn/lanes.h"

static double ratio(double sum, double count) { return count > 0.0 ? sum / count : NAN; }

double sq_metrics_mse(const sq_metrics *metrics) {
    return ratio(metrics->squares, metrics->counted);
}
double sq_metrics_ade(const sq_metrics *metrics) {
    return ratio(metrics->distances, metrics->steps);
}
double sq_metrics_fde(const sq_metrics *metrics) {
    return ratio(metrics->final_distances, metrics->finals);
}

/* Squared raw error of one output of one sample; *counts: whether it counts. */
static double squared_error(const sq_feed *feed, size_t output, size_t at, const sq_real *y,
                            bool *counts) {
    *counts = !feed->masked || feed->mask_lanes[at] != 0;
    if (!*counts) return 0.0;
    double error = ((double)y[at] - feed->target_lanes[at]) * feed->problem->scaling.output[output];
    return error * error;
}

static void measure_squares(const sq_feed *feed, size_t samples, size_t ld, const sq_real *y,
                            sq_metrics *metrics) {
    for (size_t c = 0; c < feed->problem->model->output.size; c++) {
        double squares = 0.0;
        for (size_t s = 0; s < samples; s++) {
            bool counts = false;
            squares += squared_error(feed, c, c * ld + s, y, &counts);
            metrics->counted += counts;
        }
        metrics->squares += squares;
    }
}

/* Outputs are positions, one step after another: a step counts if all its coordinates do. */
static void measure_distances(const sq_feed *feed, size_t samples, size_t ld, const sq_real *y,
                              sq_metrics *metrics) {
    size_t d = (size_t)feed->problem->model->output.d;
    size_t steps = feed->problem->model->output.size / d;
    for (size_t step = 0; step < steps; step++) {
        for (size_t s = 0; s < samples; s++) {
            double squares = 0.0;
            bool all = true;
            for (size_t e = 0; e < d; e++) {
                bool counts = false;
                size_t c = step * d + e;
                squares += squared_error(feed, c, c * ld + s, y, &counts);
                all = all && counts;
            }
            if (!all) continue;
            metrics->distances += sqrt(squares);
            metrics->steps += 1.0;
            if (step + 1 < steps) continue;
            metrics->final_distances += sqrt(squares);
            metrics->finals += 1.0;
        }
    }
}

void sq_metrics_measure(const sq_feed *feed, size_t samples, const sq_real *y,
                        sq_metrics *metrics) {
    size_t ld = sq_padded(samples);
    memset(metrics, 0, sizeof *metrics);
    measure_squares(feed, samples, ld, y, metrics);
    if (sq_dataset_describe(feed->dataset)->trajectory)
        measure_distances(feed, samples, ld, y, metrics);
}

static void network_forecast(sq_pass *pass, size_t samples) {
    const sq_model *model = pass->problem->model;
    sq_network_forward(&model->network, model->weights, sq_padded(samples), pass->workspace);
}

sq_status sq_pass_create(const sq_problem *problem, sq_dataset *dataset, sq_pass *pass) {
    sq_status status = SQ_OK;
    memset(pass, 0, sizeof *pass);
    pass->problem = problem;
    pass->forecast = network_forecast;
    pass->microbatch = problem->config.train.microbatch;
    int64_t samples = sq_dataset_describe(dataset)->samples;
    pass->n_microbatches = (samples + pass->microbatch - 1) / pass->microbatch;
    SQ_TRY(sq_feed_create(problem, dataset, NULL, (size_t)pass->microbatch, &pass->feed));
    SQ_TRY(
        sq_workspace_create(&problem->model->network, (size_t)pass->microbatch, &pass->workspace));
    SQ_TRY(sq_alloc((size_t)pass->microbatch, sizeof *pass->rows, &pass->rows));
cleanup:
    if (status != SQ_OK) sq_pass_clear(pass);
    return status;
}

void sq_pass_clear(sq_pass *pass) {
    sq_feed_clear(&pass->feed);
    sq_workspace_destroy(&pass->workspace);
    sq_free(pass->rows);
    pass->rows = NULL;
}

size_t sq_pass_numbers(const sq_pass *pass) {
    return (size_t)pass->n_microbatches * SQ_METRIC_NUMBERS;
}

static sq_status run_microbatch(sq_pass *pass, int64_t microbatch, sq_metrics *metrics) {
    sq_status status = SQ_OK;
    int64_t samples = sq_dataset_describe(pass->feed.dataset)->samples;
    int64_t first = microbatch * pass->microbatch;
    int64_t count = samples - first < pass->microbatch ? samples - first : pass->microbatch;
    for (int64_t k = 0; k < count; k++) pass->rows[k] = first + k;
    SQ_TRY(sq_feed_load(&pass->feed, pass->rows, (size_t)count, 0,
                        sq_workspace_input(pass->workspace)));
    pass->forecast(pass, (size_t)count);
    sq_metrics_measure(&pass->feed, (size_t)count, sq_workspace_output(pass->workspace), metrics);
cleanup:
    return status;
}

sq_status sq_pass_measure(sq_pass *pass, sq_metrics *metrics) {
    sq_status status = SQ_OK;
    sq_exact_sum *sum = NULL;
    SQ_TRY(sq_exact_sum_create(pass->problem->comm, NULL, sq_pass_numbers(pass), 1, &sum));
    SQ_TRY(sq_exact_sum_reduce(sum, sq_pass_run(pass, sum, 0)));
    sq_pass_total(pass, sum, 0, metrics);
cleanup:
    sq_exact_sum_destroy(&sum);
    return status;
}

sq_status sq_pass_run(sq_pass *pass, sq_exact_sum *sum, size_t first) {
    sq_status status = SQ_OK;
    sq_comm *comm = pass->problem->comm;
    sq_range mine = sq_partition(pass->n_microbatches, sq_comm_size(comm), sq_comm_rank(comm));
    for (int64_t k = mine.first; k < mine.end; k++) {
        sq_metrics metrics;
        double numbers[SQ_METRIC_NUMBERS];
        SQ_TRY(run_microbatch(pass, k, &metrics));
        memcpy(numbers, &metrics, sizeof numbers);
        for (size_t n = 0; n < SQ_METRIC_NUMBERS; n++)
            sq_exact_sum_put(sum, first + (size_t)k * SQ_METRIC_NUMBERS + n, numbers[n]);
    }
cleanup:
    return status;
}

void sq_pass_total(const sq_pass *pass, const sq_exact_sum *sum, size_t first,
                   sq_metrics *metrics) {
    double numbers[SQ_METRIC_NUMBERS] = {0};
    for (int64_t k = 0; k < pass->n_microbatches; k++)
        for (size_t n = 0; n < SQ_METRIC_NUMBERS; n++)
            numbers[n] += sq_exact_sum_get(sum, first + (size_t)k * SQ_METRIC_NUMBERS + n);
    memcpy(metrics, numbers, sizeof numbers);
}
