#include "train/metrics.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/partition.h"
#include "dataset/read_ahead.h"
#include "nn/lanes.h"

static double ratio(double sum, double count) { return count > 0.0 ? sum / count : NAN; }

double sq_metrics_mse(const sq_metrics *metrics) {
    return ratio(metrics->squares, metrics->counted);
}
double sq_metrics_weighted_mse(const sq_metrics *metrics) {
    return ratio(metrics->weighted_squares, metrics->counted);
}
double sq_metrics_ade(const sq_metrics *metrics) {
    return ratio(metrics->distances, metrics->steps);
}
double sq_metrics_fde(const sq_metrics *metrics) {
    return ratio(metrics->final_distances, metrics->finals);
}
double sq_metrics_miss_rate(const sq_metrics *metrics) {
    return ratio(metrics->misses, metrics->finals);
}
double sq_step_metrics_mean(const sq_step_metrics *step) {
    return ratio(step->distance, step->count);
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
        metrics->weighted_squares += squares * feed->weight[c] * feed->weight[c];
    }
}

/* How far a position is off; *counts: whether it counts, which it does if all its coordinates do.
 */
static double displacement(const sq_feed *feed, size_t step, size_t sample, size_t ld,
                           const sq_real *y, bool *counts) {
    size_t d = (size_t)feed->problem->model->output.d;
    double squares = 0.0;
    *counts = true;
    for (size_t c = step * d; c < (step + 1) * d; c++) {
        bool one = false;
        squares += squared_error(feed, c, c * ld + sample, y, &one);
        *counts = *counts && one;
    }
    return sqrt(squares);
}

/* Outputs are positions, one step after another. */
static void measure_distances(const sq_feed *feed, size_t samples, size_t ld, const sq_real *y,
                              sq_metrics *metrics, sq_step_metrics *by_step) {
    const sq_representation *output = &feed->problem->model->output;
    size_t steps = output->size / (size_t)output->d;
    for (size_t step = 0; step < steps; step++) {
        sq_step_metrics here = {0};
        double misses = 0.0;
        for (size_t s = 0; s < samples; s++) {
            bool counts = false;
            double distance = displacement(feed, step, s, ld, y, &counts);
            if (!counts) continue;
            here.distance += distance;
            here.count += 1.0;
            misses += distance > SQ_MISS_DISTANCE;
        }
        metrics->distances += here.distance;
        metrics->steps += here.count;
        if (by_step) by_step[step] = here;
        if (step + 1 < steps) continue;
        metrics->final_distances = here.distance;
        metrics->finals = here.count;
        metrics->misses = misses;
    }
}

void sq_metrics_measure(const sq_feed *feed, size_t samples, const sq_real *y, sq_metrics *metrics,
                        sq_step_metrics *steps) {
    size_t ld = sq_padded(samples);
    memset(metrics, 0, sizeof *metrics);
    measure_squares(feed, samples, ld, y, metrics);
    if (sq_dataset_describe(feed->dataset)->trajectory)
        measure_distances(feed, samples, ld, y, metrics, steps);
}

sq_status sq_pass_create(const sq_problem *problem, sq_dataset *dataset, bool by_step,
                         sq_pass *pass) {
    sq_status status = SQ_OK;
    const sq_representation *output = &problem->model->output;
    int64_t samples = sq_dataset_describe(dataset)->samples;
    memset(pass, 0, sizeof *pass);
    pass->problem = problem;
    pass->microbatch = problem->config.train.microbatch;
    if (pass->microbatch > samples) pass->microbatch = samples;
    if (by_step && sq_dataset_describe(dataset)->trajectory)
        pass->n_steps = output->size / (size_t)output->d;
    pass->n_microbatches = (samples + pass->microbatch - 1) / pass->microbatch;
    SQ_TRY(sq_feed_create(problem, dataset, NULL, (size_t)pass->microbatch, &pass->feed));
    SQ_TRY(
        sq_workspace_create(&problem->model->network, (size_t)pass->microbatch, &pass->workspace));
    SQ_TRY(sq_alloc((size_t)pass->microbatch, sizeof *pass->rows, &pass->rows));
    SQ_TRY(sq_alloc(pass->n_steps, sizeof *pass->steps, &pass->steps));
cleanup:
    if (status != SQ_OK) sq_pass_clear(pass);
    return status;
}

void sq_pass_clear(sq_pass *pass) {
    sq_feed_clear(&pass->feed);
    sq_workspace_destroy(&pass->workspace);
    sq_free(pass->rows);
    sq_free(pass->steps);
    pass->rows = NULL;
    pass->steps = NULL;
}

/* What an extrapolation leaves of the targets is what a forecast of zero is off by. */
void sq_pass_set_yardstick(sq_pass *pass, const sq_extrapolation *extrapolation) {
    pass->feed.residual = extrapolation;
    pass->is_yardstick = true;
}

/* Numbers of a microbatch: its metrics, then those of each step. */
enum { STEP_NUMBERS = sizeof(sq_step_metrics) / sizeof(double) };
static size_t microbatch_numbers(const sq_pass *pass) {
    return SQ_METRIC_NUMBERS + STEP_NUMBERS * pass->n_steps;
}

size_t sq_pass_numbers(const sq_pass *pass) {
    return (size_t)pass->n_microbatches * microbatch_numbers(pass);
}

static void forecast(sq_pass *pass, size_t ld) {
    const sq_model *model = pass->problem->model;
    sq_real *y = sq_workspace_output(pass->workspace);
    if (pass->is_yardstick)
        memset(y, 0, model->output.size * ld * sizeof *y);
    else
        sq_network_forward(&model->network, model->weights, ld, pass->workspace);
}

enum { BLOCKS_AHEAD = 16 };

/* Rows come in order: the blocks of a microbatch and some behind it, as long as they are this
 * rank's, whenever it enters another block. */
static sq_status read_ahead(sq_pass *pass, int64_t first, int64_t end) {
    int64_t rows[BLOCKS_AHEAD];
    size_t count = 0;
    if (pass->problem->config.data.prefetch == 0) return SQ_OK;
    if (first / SQ_READ_BLOCK == pass->told_block) return SQ_OK;
    pass->told_block = first / SQ_READ_BLOCK;
    for (int64_t row = first; row < end && count < BLOCKS_AHEAD; row += SQ_READ_BLOCK)
        rows[count++] = row;
    return sq_dataset_expect(pass->feed.dataset, rows, count);
}

static sq_status run_microbatch(sq_pass *pass, int64_t microbatch, sq_metrics *metrics) {
    sq_status status = SQ_OK;
    int64_t samples = sq_dataset_describe(pass->feed.dataset)->samples;
    int64_t first = microbatch * pass->microbatch;
    int64_t count = samples - first < pass->microbatch ? samples - first : pass->microbatch;
    for (int64_t k = 0; k < count; k++) pass->rows[k] = first + k;
    SQ_TRY(sq_feed_load(&pass->feed, pass->rows, (size_t)count, 0,
                        sq_workspace_input(pass->workspace)));
    forecast(pass, sq_padded((size_t)count));
    sq_metrics_measure(&pass->feed, (size_t)count, sq_workspace_output(pass->workspace), metrics,
                       pass->n_steps ? pass->steps : NULL);
cleanup:
    return status;
}

sq_status sq_pass_measure(sq_pass *pass, sq_metrics *metrics) {
    sq_status status = SQ_OK;
    sq_exact_sum *sum = NULL;
    sq_comm *comm = pass->problem->comm;
    SQ_TRY(sq_comm_agree(comm, sq_exact_sum_create(comm, NULL, sq_pass_numbers(pass), 1, &sum)));
    SQ_TRY(sq_exact_sum_reduce(sum, sq_pass_run(pass, sum, 0)));
    sq_pass_total(pass, sum, 0, metrics);
cleanup:
    sq_exact_sum_destroy(&sum);
    return status;
}

/* The metrics of a microbatch as numbers of a sum, from `first` on. */
static void put_numbers(const sq_pass *pass, const sq_metrics *metrics, sq_exact_sum *sum,
                        size_t first) {
    double numbers[SQ_METRIC_NUMBERS];
    memcpy(numbers, metrics, sizeof numbers);
    for (size_t n = 0; n < SQ_METRIC_NUMBERS; n++) sq_exact_sum_put(sum, first + n, numbers[n]);
    first += SQ_METRIC_NUMBERS;
    for (size_t step = 0; step < pass->n_steps; step++) {
        sq_exact_sum_put(sum, first + STEP_NUMBERS * step, pass->steps[step].distance);
        sq_exact_sum_put(sum, first + STEP_NUMBERS * step + 1, pass->steps[step].count);
    }
}

sq_status sq_pass_run(sq_pass *pass, sq_exact_sum *sum, size_t first) {
    sq_status status = SQ_OK;
    sq_comm *comm = pass->problem->comm;
    sq_range mine = sq_partition(pass->n_microbatches, sq_comm_size(comm), sq_comm_rank(comm));
    int64_t samples = sq_dataset_describe(pass->feed.dataset)->samples;
    int64_t end = mine.end * pass->microbatch < samples ? mine.end * pass->microbatch : samples;
    pass->told_block = -1;
    for (int64_t k = mine.first; k < mine.end; k++) {
        sq_metrics metrics;
        SQ_TRY(read_ahead(pass, k * pass->microbatch, end));
        SQ_TRY(run_microbatch(pass, k, &metrics));
        put_numbers(pass, &metrics, sum, first + (size_t)k * microbatch_numbers(pass));
        sq_alive_tell(&pass->problem->alive);
    }
cleanup:
    sq_dataset_rest(pass->feed.dataset);
    return status;
}

void sq_pass_total(sq_pass *pass, const sq_exact_sum *sum, size_t first, sq_metrics *metrics) {
    double numbers[SQ_METRIC_NUMBERS] = {0};
    memset(pass->steps, 0, pass->n_steps * sizeof *pass->steps);
    for (int64_t k = 0; k < pass->n_microbatches; k++) {
        size_t at = first + (size_t)k * microbatch_numbers(pass);
        for (size_t n = 0; n < SQ_METRIC_NUMBERS; n++) numbers[n] += sq_exact_sum_get(sum, at + n);
        at += SQ_METRIC_NUMBERS;
        for (size_t step = 0; step < pass->n_steps; step++) {
            pass->steps[step].distance += sq_exact_sum_get(sum, at + STEP_NUMBERS * step);
            pass->steps[step].count += sq_exact_sum_get(sum, at + STEP_NUMBERS * step + 1);
        }
    }
    memcpy(metrics, numbers, sizeof numbers);
}
