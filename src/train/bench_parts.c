#include "train/bench_parts.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/partition.h"
#include "base/statistics.h"
#include "nn/adam.h"
#include "nn/lanes.h"
#include "nn/loss.h"
#include "nn/regularizer.h"
#include "train/exact_sum.h"
#include "train/feed.h"
#include "train/sampler.h"

/* What a trainer has, laid open. */
typedef struct {
    sq_problem *problem;
    int64_t batch, microbatch, microbatches;
    sq_range mine; /* microbatches of this rank */
    sq_sampler *sampler;
    sq_augmentation augmentation;
    sq_feed feed;
    sq_workspace *workspace;
    sq_regularizer *regularizer;
    sq_exact_sum *sum;
    sq_exact_sum *pull_sum;    /* of decoupled regularizers; NULL: they are part of the loss */
    int64_t *rows;             /* (batch) */
    double *row_squares;       /* (n_output) */
    double *item_values;       /* (items) */
    sq_real *weights_gradient; /* (network weights) */
    sq_real *gradient;         /* (parameters); the same memory if the model is direct */
    sq_real *pull;             /* (parameters) of decoupled regularizers; NULL: none */
    sq_real *moment[2];        /* (parameters) */
    int64_t steps;
    double converting; /* seconds spent in the sink since it was last set to 0 */
} step_parts;

/* ---- set-up ---------------------------------------------------------------------------------- */

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

static sq_status create_feed(step_parts *p) {
    sq_status status = SQ_OK;
    const sq_config *config = &p->problem->config;
    sq_comm *comm = p->problem->comm;
    int64_t samples = sq_dataset_describe(p->problem->train)->samples;
    p->batch = smaller(config->train.batch, samples);
    p->microbatch = smaller(config->train.microbatch, p->batch);
    p->microbatches = (p->batch + p->microbatch - 1) / p->microbatch;
    p->mine = sq_partition(p->microbatches, sq_comm_size(comm), sq_comm_rank(comm));
    SQ_TRY(sq_sampler_create(samples, config->data.shuffle_window, (uint64_t)config->train.seed,
                             &p->sampler));
    SQ_TRY(sq_augmentation_create(p->problem, &p->augmentation));
    if (sq_augmentation_is_found(config)) sq_augmentation_share_evenly(&p->augmentation);
    SQ_TRY(sq_feed_create(p->problem, p->problem->train, &p->augmentation, (size_t)p->microbatch,
                          &p->feed));
    SQ_TRY(sq_alloc((size_t)p->batch, sizeof *p->rows, &p->rows));
cleanup:
    return status;
}

static sq_status create_buffers(step_parts *p) {
    sq_status status = SQ_OK;
    sq_comm *comm = p->problem->comm;
    sq_model *model = p->problem->model;
    SQ_TRY(sq_workspace_create(&model->network, (size_t)p->microbatch, &p->workspace));
    SQ_TRY(sq_regularizer_create(model, sq_comm_size(comm), sq_comm_rank(comm), &p->regularizer));
    size_t items = sq_regularizer_items(p->regularizer);
    SQ_TRY(sq_exact_sum_create(comm, &model->network.table, items,
                               (size_t)p->microbatches + (size_t)model->n_types, &p->sum));
    if (sq_problem_is_decoupled(p->problem)) {
        SQ_TRY(sq_exact_sum_create(comm, &model->network.table, 0, (size_t)model->n_types,
                                   &p->pull_sum));
        SQ_TRY(sq_alloc(model->table.count, sizeof *p->pull, &p->pull));
    }
    SQ_TRY(sq_alloc(model->output.size, sizeof *p->row_squares, &p->row_squares));
    SQ_TRY(sq_alloc(items, sizeof *p->item_values, &p->item_values));
    SQ_TRY(sq_alloc(model->network.table.count, sizeof *p->weights_gradient, &p->weights_gradient));
    p->gradient = p->weights_gradient;
    if (!model->direct) {
        p->gradient = NULL;
        SQ_TRY(sq_alloc(model->table.count, sizeof *p->gradient, &p->gradient));
    }
    for (int k = 0; k < 2; k++)
        SQ_TRY(sq_alloc(model->table.count, sizeof *p->moment[k], &p->moment[k]));
cleanup:
    return status;
}

static sq_status create_parts(step_parts *p) {
    sq_status status = create_feed(p);
    return status == SQ_OK ? create_buffers(p) : status;
}

static void clear_parts(step_parts *p) {
    sq_sampler_destroy(&p->sampler);
    sq_augmentation_clear(&p->augmentation);
    sq_feed_clear(&p->feed);
    sq_workspace_destroy(&p->workspace);
    sq_regularizer_destroy(&p->regularizer);
    sq_exact_sum_destroy(&p->sum);
    sq_exact_sum_destroy(&p->pull_sum);
    sq_free(p->rows);
    sq_free(p->row_squares);
    sq_free(p->item_values);
    if (p->gradient != p->weights_gradient) sq_free(p->gradient);
    sq_free(p->weights_gradient);
    sq_free(p->pull);
    sq_free(p->moment[0]);
    sq_free(p->moment[1]);
}

/* ---- one step -------------------------------------------------------------------------------- */

/* Adds the time since *since to *part, and starts the next one. */
static void lap(double *since, double *part) {
    double now = sq_clock_seconds();
    *part += now - *since;
    *since = now;
}

/* A sq_gradient_sink that times the one it passes on to. */
static void timed_sink(void *context, size_t offset, size_t parameter_ld, size_t rows,
                       size_t columns, const sq_real *values, size_t ld) {
    step_parts *p = context;
    double since = sq_clock_seconds();
    sq_exact_sum_add(p->sum, offset, parameter_ld, rows, columns, values, ld);
    lap(&since, &p->converting);
}

static sq_status time_microbatch(step_parts *p, int64_t index, double *part) {
    const sq_model *model = p->problem->model;
    int64_t first = index * p->microbatch;
    size_t count = (size_t)smaller(p->microbatch, p->batch - first), ld = sq_padded(count);
    double scale = 1.0 / ((double)p->batch * (double)model->output.size);
    double since = sq_clock_seconds();
    sq_status status =
        sq_feed_load(&p->feed, p->rows + first, count, 0, sq_workspace_input(p->workspace));
    lap(&since, &part[SQ_BENCH_FEED]);
    if (status != SQ_OK) return status;
    sq_network_forward(&model->network, model->weights, ld, p->workspace);
    sq_squared_error(model->output.size, count, ld, sq_workspace_output(p->workspace),
                     p->feed.target_lanes, p->feed.mask_lanes, scale,
                     sq_workspace_output_gradient(p->workspace), p->row_squares);
    lap(&since, &part[SQ_BENCH_FORWARD]);
    p->converting = 0.0;
    sq_network_backward(&model->network, model->weights, ld, p->workspace, timed_sink, p);
    lap(&since, &part[SQ_BENCH_BACKWARD]);
    part[SQ_BENCH_BACKWARD] -= p->converting;
    part[SQ_BENCH_CONVERSION] += p->converting;
    return SQ_OK;
}

static void time_regularizer(step_parts *p, double *part) {
    double since = sq_clock_seconds();
    sq_exact_sum *sum = p->pull_sum ? p->pull_sum : p->sum;
    if (p->pull_sum) sq_exact_sum_clear(p->pull_sum);
    sq_regularizer_compute(p->regularizer, p->problem->lambda, sq_exact_sum_add, sum,
                           p->item_values);
    lap(&since, &part[SQ_BENCH_REGULARIZER]);
}

static sq_status time_sum(step_parts *p, sq_status local, double *part) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_comm_barrier(p->problem->comm));
    double since = sq_clock_seconds();
    SQ_TRY(sq_exact_sum_reduce(p->sum, local));
    if (p->pull_sum) SQ_TRY(sq_exact_sum_reduce(p->pull_sum, SQ_OK));
    lap(&since, &part[SQ_BENCH_SUM]);
cleanup:
    return status;
}

static sq_status time_update(step_parts *p, double *part) {
    sq_model *model = p->problem->model;
    double since = sq_clock_seconds();
    sq_exact_sum_gradient(p->sum, p->weights_gradient);
    if (p->pull_sum) sq_exact_sum_gradient(p->pull_sum, p->pull);
    lap(&since, &part[SQ_BENCH_CONVERSION]);
    sq_model_pull_back(model, p->weights_gradient, p->gradient);
    sq_model_add_decay(model, p->gradient);
    sq_adam_step(model->table.count, p->problem->config.train.lr, ++p->steps, p->gradient,
                 p->moment[0], p->moment[1], model->parameters);
    sq_status status = sq_model_parameters_changed(model);
    lap(&since, &part[SQ_BENCH_UPDATE]);
    return status;
}

static sq_status time_step(step_parts *p, double *part) {
    sq_status status = SQ_OK, local = SQ_OK;
    double since = sq_clock_seconds();
    memset(part, 0, SQ_BENCH_PARTS * sizeof *part);
    SQ_TRY(sq_sampler_rows(p->sampler, p->steps, 0, p->batch, p->rows));
    lap(&since, &part[SQ_BENCH_FEED]);
    sq_exact_sum_clear(p->sum);
    lap(&since, &part[SQ_BENCH_CONVERSION]);
    time_regularizer(p, part);
    for (int64_t k = p->mine.first; k < p->mine.end && local == SQ_OK; k++)
        local = time_microbatch(p, k, part);
    SQ_TRY(time_sum(p, local, part));
    SQ_TRY(time_update(p, part));
cleanup:
    return status;
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* The slowest rank's time, in whole nanoseconds on the way. */
static sq_status slowest(sq_comm *comm, double *seconds, size_t count) {
    sq_status status = SQ_OK;
    int64_t nanoseconds[SQ_BENCH_PARTS];
    for (size_t k = 0; k < count; k++) nanoseconds[k] = (int64_t)(seconds[k] * 1e9);
    SQ_TRY(sq_comm_max(comm, nanoseconds, count));
    for (size_t k = 0; k < count; k++) seconds[k] = (double)nanoseconds[k] * 1e-9;
cleanup:
    return status;
}

sq_status sq_bench_measure_parts(sq_problem *problem, int repetitions, double *part) {
    sq_status status = SQ_OK;
    sq_comm *comm = problem->comm;
    step_parts parts = {.problem = problem};
    double once[SQ_BENCH_PARTS];
    double *times = NULL; /* (SQ_BENCH_PARTS, repetitions) */
    size_t n = (size_t)repetitions;
    status = create_parts(&parts);
    if (status == SQ_OK) status = sq_alloc(SQ_BENCH_PARTS * n, sizeof *times, &times);
    SQ_TRY(sq_comm_agree(comm, status));
    SQ_TRY(time_step(&parts, once)); /* touches all memory */
    for (size_t r = 0; r < n; r++) {
        SQ_TRY(time_step(&parts, once));
        for (size_t k = 0; k < SQ_BENCH_PARTS; k++) times[k * n + r] = once[k];
    }
    for (size_t k = 0; k < SQ_BENCH_PARTS; k++) part[k] = sq_median(times + k * n, n);
    SQ_TRY(slowest(comm, part, SQ_BENCH_PARTS));
cleanup:
    clear_parts(&parts);
    sq_free(times);
    return status;
}

/* Two products with the basis each; what need not be projected costs nothing. */
static double projection_cost(const sq_projection_block *blocks, size_t count) {
    double cost = 0.0;
    for (size_t k = 0; k < count; k++) {
        if (sq_projection_block_is_identity(&blocks[k])) continue;
        cost += 2.0 * (double)sq_projection_block_size(&blocks[k]) * (double)blocks[k].n_invariants;
    }
    return cost;
}

double sq_bench_regularizer_cost(const sq_problem *problem) {
    double cost = 0.0;
    for (int layer = 0; layer < problem->model->network.n_layers; layer++) {
        for (int type = 0; type < problem->n_types; type++) {
            const sq_projection *at = sq_model_projection(problem->model, layer, type);
            if (!at || problem->lambda[type] == 0.0) continue;
            cost += projection_cost(at->weight, at->n_weight);
            cost += projection_cost(at->bias, at->n_bias);
        }
    }
    return cost;
}
