#include "nn/regularizer.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/partition.h"
#include "nn/lanes.h"

/* One block of the W or b of one layer: the same place under every type. */
typedef struct {
    int layer;
    bool is_bias;
    size_t index; /* among the blocks of the layer's projections */
    size_t start; /* of W or b in the network's buffer */
    size_t place; /* of its gradient, if it is this part's */
} shared_block;

struct sq_regularizer {
    const sq_model *model;
    size_t n_blocks;
    shared_block *blocks; /* (n_blocks); item = block * n_types + type */
    int *owner;           /* (n_blocks) */
    int part;
    sq_real *gathered, *projected; /* largest block each */
    sq_real *coefficients;
    /* What was computed last, for the step after it: the values at the end of an epoch are of the
     * weights that the next one starts from. */
    int64_t changes;   /* of the model up to then; -1: nothing was computed */
    double *lambda;    /* (n_types) */
    double *values;    /* (items); 0 where it was not computed */
    sq_real *gradient; /* this part's blocks: sums over types of lambda_g (x - P_g x) */
};

static const sq_projection_block *block_under(const sq_regularizer *r, const shared_block *block,
                                              int type) {
    const sq_projection *projection = sq_model_projection(r->model, block->layer, type);
    return block->is_bias ? &projection->bias[block->index] : &projection->weight[block->index];
}

/* Under every type x - P x = 0 whatever x is: scalars, and types that leave all alone. */
static bool is_trivial(const sq_regularizer *r, const shared_block *block) {
    for (int g = 0; g < r->model->n_types; g++)
        if (!sq_projection_block_is_identity(block_under(r, block, g))) return false;
    return true;
}

static void list_blocks(sq_regularizer *r, int layer, bool is_bias) {
    const sq_projection *projection = sq_model_projection(r->model, layer, 0);
    const sq_layer *of = &r->model->network.layers[layer];
    size_t count = is_bias ? projection->n_bias : projection->n_weight;
    for (size_t k = 0; k < count; k++) {
        shared_block block = {.layer = layer,
                              .is_bias = is_bias,
                              .index = k,
                              .start = is_bias ? of->bias : of->weight};
        if (!is_trivial(r, &block)) r->blocks[r->n_blocks++] = block;
    }
}

static size_t count_blocks(const sq_model *model) {
    size_t count = 0;
    for (int k = 0; model->projections && k < model->network.n_layers; k++) {
        const sq_projection *projection = sq_model_projection(model, k, 0);
        count += projection->n_weight + projection->n_bias;
    }
    return count;
}

static sq_status share_out(sq_regularizer *r, int parts) {
    sq_status status = SQ_OK;
    double *cost = NULL, *load = NULL;
    size_t *order = NULL;
    SQ_TRY(sq_alloc(r->n_blocks, sizeof *cost, &cost));
    SQ_TRY(sq_alloc(r->n_blocks, sizeof *order, &order));
    SQ_TRY(sq_alloc((size_t)parts, sizeof *load, &load));
    for (size_t k = 0; k < r->n_blocks; k++) {
        for (int g = 0; g < r->model->n_types; g++)
            cost[k] += sq_projection_block_cost(block_under(r, &r->blocks[k], g));
    }
    sq_partition_by_cost(cost, r->n_blocks, parts, r->owner, order, load);
cleanup:
    sq_free(cost);
    sq_free(load);
    sq_free(order);
    return status;
}

static sq_status create_buffers(sq_regularizer *r) {
    sq_status status = SQ_OK;
    size_t most = 0, most_coefficients = 0, mine = 0;
    for (size_t k = 0; k < r->n_blocks; k++) {
        r->blocks[k].place = mine;
        if (r->owner[k] == r->part)
            mine += sq_projection_block_size(block_under(r, &r->blocks[k], 0));
        for (int g = 0; g < r->model->n_types; g++) {
            const sq_projection_block *block = block_under(r, &r->blocks[k], g);
            most = sq_larger(most, sq_projection_block_size(block));
            most_coefficients = sq_larger(most_coefficients,
                                          block->out_count * block->in_count * block->n_invariants);
        }
    }
    SQ_TRY(sq_alloc(most, sizeof *r->gathered, &r->gathered));
    SQ_TRY(sq_alloc(most, sizeof *r->projected, &r->projected));
    SQ_TRY(sq_alloc(most_coefficients, sizeof *r->coefficients, &r->coefficients));
    SQ_TRY(sq_alloc((size_t)r->model->n_types, sizeof *r->lambda, &r->lambda));
    SQ_TRY(sq_alloc(sq_regularizer_items(r), sizeof *r->values, &r->values));
    SQ_TRY(sq_alloc(mine, sizeof *r->gradient, &r->gradient));
cleanup:
    return status;
}

sq_status sq_regularizer_create(const sq_model *model, int parts, int part,
                                sq_regularizer **regularizer) {
    sq_status status = SQ_OK;
    sq_regularizer *r = NULL;
    size_t most = count_blocks(model);
    SQ_TRY(sq_alloc(1, sizeof *r, &r));
    r->model = model;
    r->part = part;
    r->changes = -1;
    SQ_TRY(sq_alloc(most, sizeof *r->blocks, &r->blocks));
    SQ_TRY(sq_alloc(most, sizeof *r->owner, &r->owner));
    for (int layer = 0; model->projections && layer < model->network.n_layers; layer++) {
        list_blocks(r, layer, false);
        list_blocks(r, layer, true);
    }
    SQ_TRY(share_out(r, parts));
    SQ_TRY(create_buffers(r));
cleanup:
    if (status != SQ_OK) sq_regularizer_destroy(&r);
    *regularizer = r;
    return status;
}

void sq_regularizer_destroy(sq_regularizer **regularizer) {
    sq_regularizer *r = *regularizer;
    if (!r) return;
    sq_free(r->blocks);
    sq_free(r->owner);
    sq_free(r->gathered);
    sq_free(r->projected);
    sq_free(r->coefficients);
    sq_free(r->lambda);
    sq_free(r->values);
    sq_free(r->gradient);
    sq_free(r);
    *regularizer = NULL;
}

size_t sq_regularizer_items(const sq_regularizer *regularizer) {
    return regularizer->n_blocks * (size_t)regularizer->model->n_types;
}

/* Half of |x - P x|^2 of the gathered block; adds lambda (x - P x) to the gradient. */
static double compute_type(sq_regularizer *r, const sq_projection_block *block, double lambda,
                           sq_real *gradient) {
    size_t size = sq_projection_block_size(block);
    sq_projection_apply(block, r->gathered, r->projected, r->coefficients);
    for (size_t e = 0; e < size; e++) r->projected[e] = r->gathered[e] - r->projected[e];
    for (size_t e = 0; lambda != 0.0 && e < size; e++)
        gradient[e] += (sq_real)lambda * r->projected[e];
    return sq_sum_squares(r->projected, size) / 2;
}

static void compute_block(sq_regularizer *r, const shared_block *of, bool all_types,
                          double *values) {
    const sq_projection_block *block = block_under(r, of, 0);
    sq_real *gradient = r->gradient + of->place;
    sq_projection_gather(block, r->model->weights + of->start, r->gathered);
    memset(gradient, 0, sq_projection_block_size(block) * sizeof *gradient);
    for (int g = 0; g < r->model->n_types; g++) {
        block = block_under(r, of, g);
        values[g] = 0.0;
        if (sq_projection_block_is_identity(block)) continue;
        if (all_types || r->lambda[g] != 0.0)
            values[g] = compute_type(r, block, r->lambda[g], gradient);
    }
}

/* Values and gradient of this part; values of types with lambda 0 if all_types. */
static void compute_blocks(sq_regularizer *r, bool all_types) {
    size_t n_types = (size_t)r->model->n_types;
    for (size_t k = 0; k < r->n_blocks; k++)
        if (r->owner[k] == r->part)
            compute_block(r, &r->blocks[k], all_types, r->values + k * n_types);
    r->changes = r->model->changes;
}

static void give_gradient(sq_regularizer *r, const shared_block *of, sq_gradient_sink *sink,
                          void *context) {
    const sq_projection_block *block = block_under(r, of, 0);
    size_t rows = block->out_count * block->out_size, columns = block->in_count * block->in_size;
    sq_projection_scatter(block, r->gradient + of->place, 0, r->projected, columns);
    sink(context, of->start + block->offset, block->ld, rows, columns, r->projected, columns);
}

static bool any_nonzero(const double *values, int count) {
    for (int k = 0; k < count; k++)
        if (values[k] != 0.0) return true;
    return false;
}

/* Whether the gradient at hand is the one that is asked for. */
static bool is_computed(const sq_regularizer *r, const double *lambda) {
    return r->changes == r->model->changes &&
           memcmp(r->lambda, lambda, (size_t)r->model->n_types * sizeof *lambda) == 0;
}

void sq_regularizer_compute(sq_regularizer *regularizer, const double *lambda,
                            sq_gradient_sink *sink, void *context, double *values) {
    sq_regularizer *r = regularizer;
    size_t n_types = (size_t)r->model->n_types;
    if (lambda && !any_nonzero(lambda, r->model->n_types)) return;
    if (!lambda) {
        compute_blocks(r, true);
    } else if (!is_computed(r, lambda)) {
        memcpy(r->lambda, lambda, n_types * sizeof *lambda);
        compute_blocks(r, false);
    }
    for (size_t k = 0; k < r->n_blocks; k++) {
        if (r->owner[k] != r->part) continue;
        for (size_t g = 0; g < n_types; g++)
            if (!lambda || lambda[g] != 0.0) values[k * n_types + g] = r->values[k * n_types + g];
        if (lambda) give_gradient(r, &r->blocks[k], sink, context);
    }
}

void sq_regularizer_sum(const sq_regularizer *regularizer, const double *values, double *by,
                        double *weight_part) {
    int n_types = regularizer->model->n_types;
    size_t size = (size_t)(regularizer->model->network.n_layers * n_types);
    memset(by, 0, size * sizeof *by);
    if (weight_part) memset(weight_part, 0, size * sizeof *weight_part);
    for (size_t k = 0; k < regularizer->n_blocks; k++) {
        const shared_block *of = &regularizer->blocks[k];
        for (int g = 0; g < n_types; g++) {
            double value = values[k * (size_t)n_types + (size_t)g];
            by[of->layer * n_types + g] += value;
            if (weight_part && !of->is_bias) weight_part[of->layer * n_types + g] += value;
        }
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

void sq_regularizer_expected(const sq_regularizer *regularizer, double *expected) {
    const sq_regularizer *r = regularizer;
    memset(expected, 0, (size_t)r->model->n_types * sizeof *expected);
    for (size_t k = 0; k < r->n_blocks; k++) {
        const shared_block *of = &r->blocks[k];
        const sq_projection_block *block = block_under(r, of, 0);
        sq_projection_gather(block, r->model->weights + of->start, r->gathered);
        double half_norm = sq_sum_squares(r->gathered, sq_projection_block_size(block)) / 2;
        for (int g = 0; g < r->model->n_types; g++) {
            block = block_under(r, of, g);
            double size = (double)(block->out_size * block->in_size);
            expected[g] += half_norm * (1.0 - (double)block->n_invariants / size);
        }
    }
}
