/* The whole loss of a small model on random samples, and its gradient. Include after small_model.h.
 */
#ifndef SQ_TESTS_SMALL_LOSS_H
#define SQ_TESTS_SMALL_LOSS_H

#include "near.h"
#include "nn/lanes.h"
#include "nn/loss.h"
#include "nn/regularizer.h"
#include "small_model.h"

enum { LOSS_SAMPLES = 11, LOSS_TYPES = 4 };

typedef struct {
    sq_model *model;
    sq_regularizer *regularizer;
    sq_workspace *workspace;
    size_t ld;
    bool masked;
    double counted;
    sq_real *input, *target, *mask; /* lanes */
    sq_real *of_weights, *gradient; /* of the network's weights, of the parameters */
    double *items;
} small_loss;

static const double small_lambda[LOSS_TYPES] = {0.3, 1.1, 0.7, 0.2};

static inline small_loss small_loss_create(sq_model *model, bool masked, sq_rng *rng) {
    small_loss l = {.model = model, .masked = masked, .ld = sq_padded(LOSS_SAMPLES)};
    size_t n_in = model->input.size, n_out = model->output.size;
    assert_ok(sq_regularizer_create(model, 1, 0, &l.regularizer));
    assert_ok(sq_workspace_create(&model->network, LOSS_SAMPLES, &l.workspace));
    l.input = allocate(n_in * l.ld, sizeof(sq_real));
    l.target = allocate(n_out * l.ld, sizeof(sq_real));
    l.mask = allocate(n_out * l.ld, sizeof(sq_real));
    l.of_weights = allocate(model->network.table.count, sizeof(sq_real));
    l.gradient = allocate(model->table.count, sizeof(sq_real));
    l.items = allocate(sq_regularizer_items(l.regularizer), sizeof(double));
    for (size_t s = 0; s < LOSS_SAMPLES; s++) {
        for (size_t c = 0; c < n_in; c++) l.input[c * l.ld + s] = (sq_real)sq_rng_normal(rng);
        for (size_t c = 0; c < n_out; c++) {
            l.target[c * l.ld + s] = (sq_real)sq_rng_normal(rng);
            l.mask[c * l.ld + s] = !masked || sq_rng_below(rng, 3) > 0;
            l.counted += (double)l.mask[c * l.ld + s];
        }
    }
    return l;
}

static inline void small_loss_destroy(small_loss *l) {
    sq_regularizer_destroy(&l->regularizer);
    sq_workspace_destroy(&l->workspace);
    sq_free(l->input), sq_free(l->target), sq_free(l->mask);
    sq_free(l->of_weights), sq_free(l->gradient), sq_free(l->items);
}

/* A gradient sink: adds to the array that is its context. */
static inline void add_to_array(void *context, size_t offset, size_t parameter_ld, size_t rows,
                                size_t columns, const sq_real *values, size_t ld) {
    sq_real *array = context;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            array[offset + i * parameter_ld + j] += values[i * ld + j];
}

/* The loss at the present parameters; leaves its gradient in l->gradient. */
static inline double small_loss_compute(small_loss *l) {
    const sq_model *model = l->model;
    const double *lambda = model->kind->regularized ? small_lambda : (const double[LOSS_TYPES]){0};
    double squares[64], by[64], loss = 0.0;
    memset(l->of_weights, 0, model->network.table.count * sizeof(sq_real));
    memset(l->items, 0, sq_regularizer_items(l->regularizer) * sizeof(double));
    memcpy(sq_workspace_input(l->workspace), l->input, model->input.size * l->ld * sizeof(sq_real));
    sq_network_forward(&model->network, model->weights, l->ld, l->workspace);
    sq_squared_error(model->output.size, LOSS_SAMPLES, l->ld, sq_workspace_output(l->workspace),
                     l->target, l->masked ? l->mask : NULL, 1.0 / l->counted,
                     sq_workspace_output_gradient(l->workspace), squares);
    for (size_t c = 0; c < model->output.size; c++) loss += squares[c] / l->counted;
    sq_network_backward(&model->network, model->weights, l->ld, l->workspace, add_to_array,
                        l->of_weights);
    sq_regularizer_compute(l->regularizer, lambda, add_to_array, l->of_weights, l->items);
    sq_regularizer_sum(l->regularizer, l->items, by, NULL);
    for (int at = 0; at < model->network.n_layers * model->n_types; at++)
        loss += lambda[at % model->n_types] * by[at];
    sq_model_pull_back(l->model, l->of_weights, l->gradient);
    return loss + sq_model_add_decay(model, l->gradient);
}

#endif
