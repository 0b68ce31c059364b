#include "nn/regularizer.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/partition.h"

/* One block of the W or b of one layer under one type. */
typedef struct {
    int layer, type;
    bool is_bias;
    size_t start; /* of W or b in the network's buffer */
    const sq_projection_block *block;
} item;

struct sq_regularizer {
    const sq_model *model;
    size_t n_items;
    item *items; /* (n_items) */
    int *owner;  /* (n_items) */
    int part;
    double cost;
    sq_real *scratch; /* three blocks and their coefficients */
};

static size_t add_items(const sq_model *model, int layer, int type, bool is_bias, item *items) {
    const sq_projection *projection = sq_model_projection(model, layer, type);
    const sq_projection_block *blocks = is_bias ? projection->bias : projection->weight;
    size_t n_blocks = is_bias ? projection->n_bias : projection->n_weight, count = 0;
    const sq_layer *of = &model->network.layers[layer];
    for (size_t k = 0; k < n_blocks; k++) {
        if (sq_projection_block_is_identity(&blocks[k])) continue; /* x - P x = 0 */
        items[count++] = (item){.layer = layer,
                                .type = type,
                                .is_bias = is_bias,
                                .start = is_bias ? of->bias : of->weight,
                                .block = &blocks[k]};
    }
    return count;
}

static size_t count_blocks(const sq_model *model) {
    size_t count = 0;
    for (int k = 0; model->projections && k < model->network.n_layers * model->n_types; k++)
        count += model->projections[k].n_weight + model->projections[k].n_bias;
    return count;
}

static void list_items(sq_regularizer *r) {
    const sq_model *model = r->model;
    for (int layer = 0; model->projections && layer < model->network.n_layers; layer++) {
        for (int type = 0; type < model->n_types; type++) {
            r->n_items += add_items(model, layer, type, false, r->items + r->n_items);
            r->n_items += add_items(model, layer, type, true, r->items + r->n_items);
        }
    }
}

static sq_status share_out(sq_regularizer *r, int parts) {
    sq_status status = SQ_OK;
    double *cost = NULL;
    size_t *order = NULL;
    SQ_TRY(sq_alloc(r->n_items, sizeof *cost, &cost));
    SQ_TRY(sq_alloc(r->n_items, sizeof *order, &order));
    for (size_t k = 0; k < r->n_items; k++) {
        cost[k] = sq_projection_block_cost(r->items[k].block);
        r->cost += cost[k];
    }
    sq_partition_by_cost(cost, r->n_items, parts, r->owner, order);
cleanup:
    sq_free(cost);
    sq_free(order);
    return status;
}

static size_t scratch_size(const sq_regularizer *r) {
    size_t most = 0;
    for (size_t k = 0; k < r->n_items; k++) {
        const sq_projection_block *block = r->items[k].block;
        size_t size = 3 * sq_projection_block_size(block) +
                      block->out_count * block->in_count * block->n_invariants;
        if (size > most) most = size;
    }
    return most;
}

sq_status sq_regularizer_create(const sq_model *model, int parts, int part,
                                sq_regularizer **regularizer) {
    sq_status status = SQ_OK;
    sq_regularizer *r = NULL;
    size_t most = count_blocks(model);
    SQ_TRY(sq_alloc(1, sizeof *r, &r));
    r->model = model;
    r->part = part;
    SQ_TRY(sq_alloc(most, sizeof *r->items, &r->items));
    SQ_TRY(sq_alloc(most, sizeof *r->owner, &r->owner));
    list_items(r);
    SQ_TRY(share_out(r, parts));
    SQ_TRY(sq_alloc(scratch_size(r), sizeof *r->scratch, &r->scratch));
cleanup:
    if (status != SQ_OK) sq_regularizer_destroy(&r);
    *regularizer = r;
    return status;
}

void sq_regularizer_destroy(sq_regularizer **regularizer) {
    if (!*regularizer) return;
    sq_free((*regularizer)->items);
    sq_free((*regularizer)->owner);
    sq_free((*regularizer)->scratch);
    sq_free(*regularizer);
    *regularizer = NULL;
}

size_t sq_regularizer_items(const sq_regularizer *regularizer) { return regularizer->n_items; }
double sq_regularizer_cost(const sq_regularizer *regularizer) { return regularizer->cost; }

/* difference = x - P x of an item; returns half its squared norm. difference: the first block of
 * the scratch. */
static double compute_difference(sq_regularizer *r, const item *it, sq_real *difference) {
    size_t size = sq_projection_block_size(it->block);
    sq_real *projected = difference + size;
    double sum = 0.0;
    sq_projection_gather(it->block, r->model->weights + it->start, difference);
    sq_projection_apply(it->block, difference, projected, difference + 2 * size);
    for (size_t e = 0; e < size; e++) {
        difference[e] -= projected[e];
        sum += (double)difference[e] * difference[e];
    }
    return sum / 2;
}

static void give_gradient(const item *it, double lambda, sq_real *difference,
                          sq_gradient_sink *sink, void *context) {
    const sq_projection_block *block = it->block;
    size_t size = sq_projection_block_size(block);
    size_t rows = block->out_count * block->out_size, columns = block->in_count * block->in_size;
    sq_real *dense = difference + size;
    for (size_t e = 0; e < size; e++) difference[e] *= (sq_real)lambda;
    sq_projection_scatter(block, difference, 0, dense, columns);
    sink(context, it->start + block->offset, block->ld, rows, columns, dense, columns);
}

void sq_regularizer_compute(sq_regularizer *regularizer, const double *lambda,
                            sq_gradient_sink *sink, void *context, double *values) {
    for (size_t k = 0; k < regularizer->n_items; k++) {
        const item *it = &regularizer->items[k];
        if (regularizer->owner[k] != regularizer->part) continue;
        if (lambda && lambda[it->type] == 0.0) continue;
        values[k] = compute_difference(regularizer, it, regularizer->scratch);
        if (lambda) give_gradient(it, lambda[it->type], regularizer->scratch, sink, context);
    }
}

void sq_regularizer_sum(const sq_regularizer *regularizer, const double *values, double *by,
                        double *weight_part) {
    int n_types = regularizer->model->n_types;
    size_t size = (size_t)(regularizer->model->network.n_layers * n_types);
    memset(by, 0, size * sizeof *by);
    if (weight_part) memset(weight_part, 0, size * sizeof *weight_part);
    for (size_t k = 0; k < regularizer->n_items; k++) {
        const item *it = &regularizer->items[k];
        int at = it->layer * n_types + it->type;
        by[at] += values[k];
        if (weight_part && !it->is_bias) weight_part[at] += values[k];
    }
}

void sq_regularizer_levels(const sq_regularizer *regularizer, const double *weight_part,
                           double *level, double *total) {
    const sq_model *model = regularizer->model;
    int n_layers = model->network.n_layers, n_types = model->n_types;
    double norm_sum = 0.0;
    for (int g = 0; g < n_types; g++) total[g] = 0.0;
    for (int k = 0; k < n_layers; k++) {
        double norm = sq_model_weight_norm(model, k);
        norm_sum += norm;
        for (int g = 0; g < n_types; g++) {
            double broken = 2.0 * weight_part[k * n_types + g]; /* |W - P W|^2 */
            level[k * n_types + g] = model->projections ? 1.0 - broken / norm : NAN;
            total[g] += broken;
        }
    }
    for (int g = 0; g < n_types; g++)
        total[g] = model->projections ? 1.0 - total[g] / norm_sum : NAN;
}
