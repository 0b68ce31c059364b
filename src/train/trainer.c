#include "train/trainer.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/partition.h"
#include "dataset/read_ahead.h"
#include "nn/adam.h"
#include "nn/lanes.h"
#include "nn/loss.h"
#include "train/held_types.h"
#include "train/sampler.h"
#include "train/settings.h"

/* Numbers that a microbatch passes on in a step. */
enum { MICROBATCH_LOSS, MICROBATCH_RAW_SQUARES, MICROBATCH_WEIGHTED_SQUARES, MICROBATCH_NUMBERS };

struct sq_trainer {
    sq_problem *problem;
    int64_t samples, batch, microbatch, batches;
    size_t most_microbatches; /* of a batch */
    sq_sampler *sampler;
    sq_augmentation augmentation;
    sq_feed feed;
    sq_pass validation;
    sq_workspace *workspace;
    sq_regularizer *regularizer;
    size_t n_items;       /* of the regularizer */
    size_t position_size; /* components of a position whose distance is the loss; 0: squares */
    bool completes;       /* what the backward pass adds is the last of this rank */
    sq_status sum_status; /* of a step's sum as far as it goes on during a backward pass */
    double *converting;   /* seconds; NULL: not timed (sq_trainer_take_apart) */
    sq_exact_sum *sum;    /* of a step: numbers of microbatches, then items */
    sq_penalty penalty;
    sq_held_types held;
    sq_exact_sum *pull_sum;    /* of regularizers beside Adam; NULL: they are part of the loss */
    sq_exact_sum *end_sum;     /* of a validation: metrics, then items */
    sq_exact_sum *count_sum;   /* of counted outputs; NULL: data without mask */
    int64_t *rows;             /* (batch) */
    double *item_values;       /* (n_items) */
    double *row_squares;       /* (n_output) */
    double *by, *weight_part;  /* (n_layers, n_types) */
    sq_real *weights_gradient; /* (network weights) */
    sq_real *gradient;         /* (parameters); the same memory if the model is direct */
    sq_real *pull;             /* (parameters) of regularizers beside Adam; NULL: none */
    sq_real *moment[2];        /* (parameters) */
    int64_t steps;
};

/* ---- set-up ---------------------------------------------------------------------------------- */

static sq_status create_data(sq_trainer *t) {
    sq_status status = SQ_OK;
    const sq_config *config = &t->problem->config;
    t->samples = sq_dataset_describe(t->problem->train)->samples;
    t->batch = config->train.batch < t->samples ? config->train.batch : t->samples;
    t->microbatch = config->train.microbatch < t->batch ? config->train.microbatch : t->batch;
    t->batches = (t->samples + t->batch - 1) / t->batch;
    t->most_microbatches = (size_t)((t->batch + t->microbatch - 1) / t->microbatch);
    SQ_TRY(sq_sampler_create(t->samples, config->data.shuffle_window, (uint64_t)config->train.seed,
                             &t->sampler));
    SQ_TRY(sq_augmentation_create(t->problem, &t->augmentation));
    SQ_TRY(sq_feed_create(t->problem, t->problem->train, &t->augmentation, (size_t)t->microbatch,
                          &t->feed));
    SQ_TRY(sq_pass_create(t->problem, t->problem->valid, false, &t->validation));
    SQ_TRY(sq_alloc((size_t)t->batch, sizeof *t->rows, &t->rows));
cleanup:
    return status;
}

static sq_status create_sums(sq_trainer *t) {
    sq_status status = SQ_OK;
    sq_comm *comm = t->problem->comm;
    const sq_model *model = t->problem->model;
    SQ_TRY(sq_regularizer_create(model, sq_comm_size(comm), sq_comm_rank(comm), &t->regularizer));
    t->n_items = sq_regularizer_items(t->regularizer);
    SQ_TRY(sq_exact_sum_create(comm, &model->network.table,
                               MICROBATCH_NUMBERS * t->most_microbatches + t->n_items,
                               t->most_microbatches + (size_t)model->n_types, &t->sum));
    if (t->penalty != SQ_PENALTY_LOSS)
        SQ_TRY(sq_exact_sum_create(comm, &model->network.table, 0, (size_t)model->n_types,
                                   &t->pull_sum));
    SQ_TRY(sq_exact_sum_create(comm, NULL, sq_pass_numbers(&t->validation) + t->n_items, 1,
                               &t->end_sum));
    if (t->feed.masked)
        SQ_TRY(sq_exact_sum_create(comm, NULL, t->most_microbatches, 1, &t->count_sum));
cleanup:
    return status;
}

static sq_status create_buffers(sq_trainer *t) {
    sq_status status = SQ_OK;
    sq_model *model = t->problem->model;
    size_t n_by = (size_t)(model->network.n_layers * model->n_types);
    SQ_TRY(sq_workspace_create(&model->network, (size_t)t->microbatch, &t->workspace));
    SQ_TRY(sq_alloc(t->n_items, sizeof *t->item_values, &t->item_values));
    SQ_TRY(sq_alloc(model->output.size, sizeof *t->row_squares, &t->row_squares));
    SQ_TRY(sq_alloc(n_by, sizeof *t->by, &t->by));
    SQ_TRY(sq_alloc(n_by, sizeof *t->weight_part, &t->weight_part));
    SQ_TRY(sq_alloc(model->network.table.count, sizeof *t->weights_gradient, &t->weights_gradient));
    t->gradient = t->weights_gradient;
    if (!model->direct) {
        t->gradient = NULL;
        SQ_TRY(sq_alloc(model->table.count, sizeof *t->gradient, &t->gradient));
    }
    if (t->pull_sum) SQ_TRY(sq_alloc(model->table.count, sizeof *t->pull, &t->pull));
    for (int k = 0; k < 2; k++)
        SQ_TRY(sq_alloc(model->table.count, sizeof *t->moment[k], &t->moment[k]));
cleanup:
    return status;
}

static sq_status choose_loss(sq_trainer *t) {
    if (!sq_settings_have_distances(&t->problem->config)) return SQ_OK;
    if (!sq_dataset_describe(t->problem->train)->trajectory)
        return sq_fail(SQ_ERR_CONFIG,
                       "train.loss = distances needs trajectories, whose outputs are "
                       "positions; set train.loss = squares");
    const sq_representation *output = &t->problem->model->output;
    t->position_size = (size_t)output->d;
    if (output->size % t->position_size == 0) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "train.loss = distances: %zu outputs are not positions in R^%d; set train.loss "
                   "= squares",
                   output->size, output->d);
}

sq_status sq_trainer_create(sq_problem *problem, sq_trainer **trainer) {
    sq_status status = SQ_OK;
    sq_trainer *t = NULL;
    SQ_TRY(sq_alloc(1, sizeof *t, &t));
    t->problem = problem;
    t->penalty = sq_problem_penalty(problem);
    SQ_TRY(choose_loss(t));
    SQ_TRY(create_data(t));
    SQ_TRY(create_sums(t));
    SQ_TRY(create_buffers(t));
cleanup:
    if (status != SQ_OK) sq_trainer_destroy(&t);
    *trainer = t;
    return status;
}

void sq_trainer_destroy(sq_trainer **trainer) {
    sq_trainer *t = *trainer;
    if (!t) return;
    sq_sampler_destroy(&t->sampler);
    sq_augmentation_clear(&t->augmentation);
    sq_feed_clear(&t->feed);
    sq_pass_clear(&t->validation);
    sq_workspace_destroy(&t->workspace);
    sq_regularizer_destroy(&t->regularizer);
    sq_held_types_clear(&t->held, t->problem->model);
    sq_exact_sum_destroy(&t->sum);
    sq_exact_sum_destroy(&t->pull_sum);
    sq_exact_sum_destroy(&t->end_sum);
    sq_exact_sum_destroy(&t->count_sum);
    sq_free(t->rows);
    sq_free(t->item_values);
    sq_free(t->row_squares);
    sq_free(t->by);
    sq_free(t->weight_part);
    if (t->gradient != t->weights_gradient) sq_free(t->gradient);
    sq_free(t->weights_gradient);
    sq_free(t->pull);
    sq_free(t->moment[0]);
    sq_free(t->moment[1]);
    sq_free(t);
    *trainer = NULL;
}

const sq_group *sq_trainer_augmented_by(const sq_trainer *trainer) {
    return trainer->augmentation.created;
}

void sq_trainer_share_out(sq_trainer *trainer, const double *share) {
    sq_augmentation *augmentation = &trainer->augmentation;
    memcpy(augmentation->share, share, (size_t)augmentation->count * sizeof *share);
}

sq_status sq_trainer_hold(sq_trainer *trainer, const bool *held) {
    if (sq_held_types_are(&trainer->held, trainer->problem->model, held)) return SQ_OK;
    return sq_held_types_set(&trainer->held, trainer->problem, held);
}

void sq_trainer_take_apart(sq_trainer *trainer, double *converting) {
    trainer->converting = converting;
}

int64_t sq_trainer_batches(const sq_trainer *trainer) { return trainer->batches; }
int64_t sq_trainer_microbatches(const sq_trainer *trainer) {
    return (int64_t)trainer->most_microbatches;
}
sq_real *sq_trainer_moment(sq_trainer *trainer, int which) { return trainer->moment[which]; }
int64_t *sq_trainer_steps(sq_trainer *trainer) { return &trainer->steps; }

/* ---- one step -------------------------------------------------------------------------------- */

/* A global batch and how it is cut. */
typedef struct {
    int64_t count, microbatches;
    sq_range mine;  /* microbatches of this rank */
    double counted; /* outputs that count, over all ranks */
} batch_plan;

static int64_t microbatch_rows(const sq_trainer *t, const batch_plan *plan, int64_t microbatch) {
    int64_t left = plan->count - microbatch * t->microbatch;
    return left < t->microbatch ? left : t->microbatch;
}

/* With a mask the mean is over what counts, which has to be known before the gradient. Collective
 * then, and a request to stop is passed on; local: how this rank's work went so far. */
static sq_status count_outputs(sq_trainer *t, sq_status local, batch_plan *plan, bool *stop) {
    sq_status status = SQ_OK;
    plan->counted = (double)plan->count * (double)t->problem->model->output.size;
    if (!t->count_sum) return SQ_OK;
    sq_exact_sum_clear(t->count_sum);
    if (*stop) sq_exact_sum_raise(t->count_sum);
    for (int64_t k = plan->mine.first; k < plan->mine.end && local == SQ_OK; k++) {
        double counted = 0.0;
        local = sq_feed_count(&t->feed, t->rows + k * t->microbatch,
                              (size_t)microbatch_rows(t, plan, k), &counted);
        sq_exact_sum_put(t->count_sum, (size_t)k, counted);
    }
    SQ_TRY(sq_exact_sum_reduce(t->count_sum, local));
    *stop = sq_exact_sum_raised(t->count_sum);
    plan->counted = 0.0;
    for (int64_t k = 0; k < plan->microbatches; k++)
        plan->counted += sq_exact_sum_get(t->count_sum, (size_t)k);
cleanup:
    return status;
}

/* Windows of the shuffle come from the disk while those before them are trained on. */
static sq_status read_ahead(sq_trainer *t, int64_t epoch, int64_t first, int64_t count) {
    const sq_config *config = &t->problem->config;
    const int64_t *blocks = NULL;
    size_t n_blocks = 0;
    bool last = epoch + 1 == config->train.epochs;
    sq_status status = SQ_OK;
    if (config->data.prefetch == 0) return SQ_OK;
    SQ_TRY(sq_sampler_blocks(t->sampler, epoch, first, count, config->data.prefetch, last, &blocks,
                             &n_blocks));
    if (blocks) SQ_TRY(sq_dataset_expect(t->problem->train, blocks, n_blocks));
cleanup:
    return status;
}

/* Not collective: a rank that fails says so in the next sum. */
static sq_status plan_batch(sq_trainer *t, int64_t epoch, int64_t batch, batch_plan *plan) {
    int64_t first = batch * t->batch;
    sq_comm *comm = t->problem->comm;
    sq_status status;
    plan->count = t->samples - first < t->batch ? t->samples - first : t->batch;
    plan->microbatches = (plan->count + t->microbatch - 1) / t->microbatch;
    plan->mine = sq_partition(plan->microbatches, sq_comm_size(comm), sq_comm_rank(comm));
    SQ_TRY(read_ahead(t, epoch, first, plan->count));
    SQ_TRY(sq_sampler_rows(t->sampler, epoch, first, plan->count, t->rows));
cleanup:
    return status;
}

/* A sq_gradient_sink. What the rank's last microbatch completes can be summed over ranks while the
 * earlier layers are still computed. */
static void take_gradient(void *context, size_t offset, size_t parameter_ld, size_t rows,
                          size_t columns, const sq_real *values, size_t ld) {
    sq_trainer *t = context;
    double begin = t->converting ? sq_clock_seconds() : 0.0;
    sq_exact_sum_add(t->sum, offset, parameter_ld, rows, columns, values, ld);
    if (t->converting) *t->converting += sq_clock_seconds() - begin;
    if (t->completes && t->sum_status == SQ_OK)
        t->sum_status = sq_exact_sum_complete(t->sum, offset);
}

static void forward(sq_trainer *t, size_t ld) {
    const sq_model *model = t->problem->model;
    double begin = sq_trace_begin(t->problem->trace);
    sq_network_forward(&model->network, model->weights, ld, t->workspace);
    sq_trace_end(t->problem->trace, SQ_TRACE_FORWARD, begin);
}

static void backward(sq_trainer *t, bool is_last, size_t ld) {
    const sq_model *model = t->problem->model;
    double begin = sq_trace_begin(t->problem->trace);
    t->completes = is_last && !t->converting;
    sq_network_backward(&model->network, model->weights, ld, t->workspace, take_gradient, t);
    sq_trace_end(t->problem->trace, SQ_TRACE_BACKWARD, begin);
}

/* Leaves the gradient of the loss by the network's output. *loss: this microbatch's sum, in the
 * network's units; *raw_squares: of squared errors in raw units. */
static void measure_error(sq_trainer *t, const batch_plan *plan, size_t count, double *loss,
                          double *raw_squares) {
    const sq_real *y = sq_workspace_output(t->workspace);
    sq_real *dy = sq_workspace_output_gradient(t->workspace);
    size_t n_out = t->problem->model->output.size, ld = sq_padded(count), d = t->position_size;
    sq_squared_error(n_out, count, ld, y, t->feed.target_lanes, t->feed.mask_lanes,
                     1.0 / plan->counted, dy, t->row_squares);
    *loss = *raw_squares = 0.0;
    for (size_t c = 0; c < n_out; c++) {
        double scale = t->problem->scaling.output[c];
        *loss += t->row_squares[c];
        *raw_squares += t->row_squares[c] * scale * scale;
    }
    if (d == 0) return;
    *loss = (double)d * sq_distance_error(d, n_out, count, ld, y, t->feed.target_lanes,
                                          t->feed.mask_lanes, (double)d / plan->counted, dy);
}

/* The squared errors that were measured last, as outputs of unlike units count. */
static double weighted_squares(const sq_trainer *t) {
    double squares = 0.0;
    for (size_t c = 0; c < t->problem->model->output.size; c++) {
        double scale = t->problem->scaling.output[c] * t->feed.weight[c];
        squares += t->row_squares[c] * scale * scale;
    }
    return squares;
}

static sq_status add_microbatch(sq_trainer *t, const batch_plan *plan, int64_t epoch,
                                int64_t microbatch) {
    size_t count = (size_t)microbatch_rows(t, plan, microbatch), ld = sq_padded(count);
    double loss, raw_squares;
    double begin = sq_trace_begin(t->problem->trace);
    sq_status status = sq_feed_load(&t->feed, t->rows + microbatch * t->microbatch, count, epoch,
                                    sq_workspace_input(t->workspace));
    if (status != SQ_OK) return status;
    sq_trace_end(t->problem->trace, SQ_TRACE_FEED, begin);
    forward(t, ld);
    measure_error(t, plan, count, &loss, &raw_squares);
    backward(t, microbatch + 1 == plan->mine.end, ld);
    size_t number = MICROBATCH_NUMBERS * (size_t)microbatch;
    sq_exact_sum_put(t->sum, number + MICROBATCH_LOSS, loss);
    sq_exact_sum_put(t->sum, number + MICROBATCH_RAW_SQUARES, raw_squares);
    sq_exact_sum_put(t->sum, number + MICROBATCH_WEIGHTED_SQUARES, weighted_squares(t));
    return t->sum_status;
}

/* Numbers of the regularizer's items, from `first` on. Items of other ranks stay zero. */
static void put_items(const sq_trainer *t, sq_exact_sum *sum, size_t first) {
    for (size_t k = 0; k < t->n_items; k++)
        if (t->item_values[k] != 0.0) sq_exact_sum_put(sum, first + k, t->item_values[k]);
}

static void get_items(sq_trainer *t, const sq_exact_sum *sum, size_t first) {
    for (size_t k = 0; k < t->n_items; k++) t->item_values[k] = sq_exact_sum_get(sum, first + k);
}

static size_t first_item(const sq_trainer *t) { return MICROBATCH_NUMBERS * t->most_microbatches; }

/* So small that the sum over types is a number. */
static double bounded(double lambda) { return fmin(lambda, 1e300); }

static double total(int n_types, const double *lambda) {
    double sum = 0.0;
    for (int g = 0; g < n_types; g++) sum += bounded(lambda[g]);
    return sum;
}

/* The mean of x - P_g x, weighed by lambda: as large as x at most, as the sum has to hold it. */
static void add_pull(sq_trainer *t, const double *lambda) {
    double share[SQ_MAX_TYPES];
    int n_types = t->problem->model->n_types;
    double all = total(n_types, lambda);
    for (int g = 0; g < n_types; g++) share[g] = all > 0.0 ? bounded(lambda[g]) / all : 0.0;
    sq_exact_sum_clear(t->pull_sum);
    sq_regularizer_compute(t->regularizer, share, sq_exact_sum_add, t->pull_sum, t->item_values);
}

static void add_regularizer(sq_trainer *t, const double *lambda) {
    double begin = sq_trace_begin(t->problem->trace);
    memset(t->item_values, 0, t->n_items * sizeof *t->item_values);
    if (t->pull_sum)
        add_pull(t, lambda);
    else
        sq_regularizer_compute(t->regularizer, lambda, sq_exact_sum_add, t->sum, t->item_values);
    put_items(t, t->sum, first_item(t));
    sq_trace_end(t->problem->trace, SQ_TRACE_REGULARIZER, begin);
}

static void read_loss(sq_trainer *t, const batch_plan *plan, const double *lambda,
                      sq_step_result *result) {
    const sq_model *model = t->problem->model;
    double loss = 0.0, raw_squares = 0.0, weighted = 0.0;
    for (int64_t k = 0; k < plan->microbatches; k++) {
        size_t number = MICROBATCH_NUMBERS * (size_t)k;
        loss += sq_exact_sum_get(t->sum, number + MICROBATCH_LOSS);
        raw_squares += sq_exact_sum_get(t->sum, number + MICROBATCH_RAW_SQUARES);
        weighted += sq_exact_sum_get(t->sum, number + MICROBATCH_WEIGHTED_SQUARES);
    }
    result->loss = loss / plan->counted;
    result->mse = raw_squares / plan->counted;
    result->weighted_mse = weighted / plan->counted;
    if (t->pull_sum) return;
    get_items(t, t->sum, first_item(t));
    sq_regularizer_sum(t->regularizer, t->item_values, t->by, NULL);
    for (int at = 0; at < model->network.n_layers * model->n_types; at++)
        result->loss += lambda[at % model->n_types] * t->by[at];
}

static sq_status check_numbers(const sq_trainer *t, int64_t epoch, int64_t batch, double loss) {
    const sq_parameter *array = sq_exact_sum_overflow(t->sum);
    const char *what = array ? "gradient" : "pull";
    if (t->pull_sum && !array) array = sq_exact_sum_overflow(t->pull_sum);
    if (isfinite(loss) && !array) return SQ_OK;
    return sq_fail(SQ_ERR_NUMERIC,
                   "step %lld (epoch %lld, batch %lld): the %s of %s %s; lower train.lr or "
                   "symmetry.lambda, set train.clip = 10, or bring the data to order one with "
                   "data.scale = fit",
                   (long long)t->steps + 1, (long long)epoch + 1, (long long)batch + 1,
                   array ? what : "loss", array ? array->name : "the batch",
                   !array || !isfinite(loss) ? "is not a finite number any more"
                                             : "is beyond the range of exact sums");
}

/* As the weight decay of Loshchilov & Hutter 2019: Adam, which divides a gradient by its size, does
 * not see it. Never beyond the symmetric weights. */
static void pull_to_symmetry(sq_trainer *t, double strength) {
    sq_model *model = t->problem->model;
    size_t count = model->table.count;
    sq_exact_sum_gradient(t->pull_sum, t->pull);
    if (t->penalty == SQ_PENALTY_PRECONDITIONED) {
        sq_adam_pull(count, strength, t->steps, t->moment[1], t->pull, model->parameters);
        return;
    }
    sq_real rate = (sq_real)fmin(strength, 1.0);
    for (size_t e = 0; e < count; e++) model->parameters[e] -= rate * t->pull[e];
}

static sq_status update(sq_trainer *t, const double *lambda, double lr, sq_step_result *result) {
    sq_model *model = t->problem->model;
    const double clip = t->problem->config.train.clip;
    sq_exact_sum_gradient(t->sum, t->weights_gradient);
    sq_model_pull_back(model, t->weights_gradient, t->gradient);
    result->loss += sq_model_add_decay(model, t->gradient);
    sq_held_types_project(&t->held, model, t->gradient);
    t->steps++;
    if (clip > 0.0) sq_adam_clip(model->table.count, clip, t->steps, t->moment[1], t->gradient);
    sq_adam_step(model->table.count, lr, t->steps, t->gradient, t->moment[0], t->moment[1],
                 model->parameters);
    if (t->pull_sum) pull_to_symmetry(t, lr * total(model->n_types, lambda));
    sq_held_types_project(&t->held, model, model->parameters);
    return sq_model_parameters_changed(model);
}

sq_status sq_trainer_step(sq_trainer *trainer, int64_t epoch, int64_t batch, const double *lambda,
                          double lr, sq_step_result *result) {
    sq_status status = SQ_OK;
    batch_plan plan;
    double acting[SQ_MAX_TYPES];
    sq_held_types_leave_out(&trainer->held, trainer->problem->model, lambda, acting);
    sq_status local = plan_batch(trainer, epoch, batch, &plan);
    SQ_TRY(count_outputs(trainer, local, &plan, &result->stop));
    result->passed_over = trainer->count_sum && plan.counted == 0.0;
    result->loss = result->mse = result->weighted_mse = 0.0;
    /* There is no mean over nothing; a step by the penalties alone, and by what Adam remembers of
     * other batches, would weigh them more than lambda says. */
    if (result->passed_over) goto cleanup;
    sq_exact_sum_clear(trainer->sum);
    trainer->sum_status = SQ_OK;
    if (result->stop) sq_exact_sum_raise(trainer->sum);
    add_regularizer(trainer, acting);
    for (int64_t k = plan.mine.first; k < plan.mine.end && local == SQ_OK; k++)
        local = add_microbatch(trainer, &plan, epoch, k);
    double begin = sq_trace_begin(trainer->problem->trace);
    SQ_TRY(sq_exact_sum_reduce(trainer->sum, local));
    if (trainer->pull_sum) SQ_TRY(sq_exact_sum_reduce(trainer->pull_sum, SQ_OK));
    sq_trace_end(trainer->problem->trace, SQ_TRACE_SUM, begin);
    result->stop = sq_exact_sum_raised(trainer->sum);
    read_loss(trainer, &plan, acting, result);
    SQ_TRY(check_numbers(trainer, epoch, batch, result->loss));
    begin = sq_trace_begin(trainer->problem->trace);
    SQ_TRY(update(trainer, acting, lr, result));
    sq_trace_end(trainer->problem->trace, SQ_TRACE_UPDATE, begin);
cleanup:
    return status;
}

/* ---- the end of an epoch --------------------------------------------------------------------- */

sq_status sq_trainer_validate(sq_trainer *trainer, sq_metrics *metrics, double *by, double *level,
                              double *total_level) {
    sq_status status = SQ_OK;
    sq_trainer *t = trainer;
    size_t items = sq_pass_numbers(&t->validation);
    sq_dataset_rest(t->problem->train);
    double begin = sq_trace_begin(t->problem->trace);
    sq_exact_sum_clear(t->end_sum);
    memset(t->item_values, 0, t->n_items * sizeof *t->item_values);
    sq_regularizer_compute(t->regularizer, NULL, NULL, NULL, t->item_values);
    put_items(t, t->end_sum, items);
    SQ_TRY(sq_exact_sum_reduce(t->end_sum, sq_pass_run(&t->validation, t->end_sum, 0)));
    sq_pass_total(&t->validation, t->end_sum, 0, metrics);
    get_items(t, t->end_sum, items);
    sq_regularizer_sum(t->regularizer, t->item_values, by, t->weight_part);
    sq_regularizer_levels(t->regularizer, t->weight_part, level, total_level);
    sq_trace_end(t->problem->trace, SQ_TRACE_VALIDATE, begin);
cleanup:
    return status;
}

void sq_trainer_expected_regularizers(const sq_trainer *trainer, double *expected) {
    sq_regularizer_expected(trainer->regularizer, expected);
}
