/* Regularizers against |W - P W|^2 written out, and their sharing out over ranks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "small_loss.h"
#include "small_plans.h"

enum { PER_SPACE = 10, PER_SCALING = 12, MOST_BY = 16 };

/* x - P x of a layer's W or b under a type, with P from a basis solved here. difference: (rows,
 * columns). */
static void plain_difference(const small_model *small, int type, const sq_representation *out,
                             const sq_representation *in, const sq_real *x, double *difference) {
    size_t columns = in ? in->size : 1;
    int n_in = in ? in->n_blocks : 1;
    for (int pair = 0; pair < out->n_blocks * n_in; pair++) {
        const sq_block *o = &out->blocks[pair / n_in], *i = in ? &in->blocks[pair % n_in] : NULL;
        size_t in_count = i ? i->count : 1, in_size = i ? i->size : 1;
        sq_basis *basis = NULL;
        assert_ok(sq_basis_solve_product(small->types[type], sq_pair_rank(o, i),
                                         sq_pair_duals(o, i), &basis));
        for (size_t at = 0; at < o->count * in_count * o->size * in_size; at++) {
            size_t e = at % (o->size * in_size), copies = at / (o->size * in_size);
            size_t row = o->offset + copies / in_count * o->size;
            size_t column = (i ? i->offset : 0) + copies % in_count * in_size;
            double value = (double)x[(row + e / in_size) * columns + column + e % in_size];
            for (size_t v = 0; v < basis->count; v++) {
                const double *q = basis->vectors + v * basis->dimension;
                for (size_t f = 0; f < basis->dimension; f++)
                    value -= q[e] * q[f] *
                             (double)x[(row + f / in_size) * columns + column + f % in_size];
            }
            difference[(row + e / in_size) * columns + column + e % in_size] = value;
        }
        sq_basis_destroy(&basis);
    }
}

static double half_norm(const double *values, size_t count) {
    double sum = 0.0;
    for (size_t e = 0; e < count; e++) sum += values[e] * values[e];
    return sum / 2.0;
}

static void check_layer(const small_model *small, int index, const double *by,
                        const double *weight_part, const sq_real *gradient, double *expected) {
    const sq_model *model = small->model;
    const sq_layer *layer = &model->network.layers[index];
    size_t n_weight = layer->out.size * layer->in.size, n_bias = layer->out.size;
    double *difference = allocate(n_weight + n_bias, sizeof *difference);
    memset(expected, 0, (n_weight + n_bias) * sizeof *expected);
    for (int g = 0; g < model->n_types; g++) {
        int at = index * model->n_types + g;
        plain_difference(small, g, &layer->out, &layer->in, model->weights + layer->weight,
                         difference);
        plain_difference(small, g, &layer->out, NULL, model->weights + layer->bias,
                         difference + n_weight);
        assert_near(by[at], half_norm(difference, n_weight + n_bias), 200 * NEAR_REAL);
        assert_near(weight_part[at], half_norm(difference, n_weight), 200 * NEAR_REAL);
        for (size_t e = 0; e < n_weight + n_bias; e++)
            expected[e] += small_lambda[g] * difference[e];
    }
    for (size_t e = 0; e < n_weight; e++)
        assert_near((double)gradient[layer->weight + e], expected[e], 20 * NEAR_REAL);
    for (size_t e = 0; e < n_bias; e++)
        assert_near((double)gradient[layer->bias + e], expected[n_weight + e], 20 * NEAR_REAL);
    sq_free(difference);
}

static void check_values_and_gradients(int plan) {
    double by[MOST_BY], weight_part[MOST_BY];
    sq_rng rng = test_rng(71);
    small_model small = small_model_of_plan(plan);
    sq_regularizer *regularizer = NULL;
    small_model_shake(&small, &rng);
    size_t count = small.model->network.table.count;
    sq_real *gradient = allocate(count, sizeof *gradient);
    double *expected = allocate(count, sizeof *expected);
    assert_ok(sq_regularizer_create(small.model, 1, 0, &regularizer));
    double *items = allocate(sq_regularizer_items(regularizer), sizeof *items);
    sq_regularizer_compute(regularizer, small_lambda, add_to_array, gradient, items);
    sq_regularizer_sum(regularizer, items, by, weight_part);
    for (int k = 0; k < small.model->network.n_layers; k++)
        check_layer(&small, k, by, weight_part, gradient, expected);
    sq_free(gradient), sq_free(expected), sq_free(items);
    sq_regularizer_destroy(&regularizer);
    small_model_destroy(&small);
}

static void values_and_gradients_agree_with_projectors(void **state) {
    (void)state;
    check_values_and_gradients(PER_SPACE);
    check_values_and_gradients(PER_SCALING);
}

/* As computed by a regularizer of its own. */
static void assert_gradient(const small_model *small, const sq_real *gradient) {
    sq_regularizer *fresh = NULL;
    size_t count = small->model->network.table.count;
    assert_ok(sq_regularizer_create(small->model, 1, 0, &fresh));
    sq_real *expected = allocate(count, sizeof *expected);
    double *items = allocate(sq_regularizer_items(fresh), sizeof *items);
    sq_regularizer_compute(fresh, small_lambda, add_to_array, expected, items);
    assert_memory_equal(gradient, expected, count * sizeof *expected);
    sq_free(expected), sq_free(items);
    sq_regularizer_destroy(&fresh);
}

static void gradients_are_those_of_the_parameters_at_hand(void **state) {
    sq_rng rng = test_rng(75);
    small_model small = small_model_of_plan(PER_SPACE);
    sq_regularizer *regularizer = NULL;
    size_t count = small.model->network.table.count;
    sq_real *gradient = allocate(count, sizeof *gradient);
    (void)state;
    assert_ok(sq_regularizer_create(small.model, 1, 0, &regularizer));
    double *items = allocate(sq_regularizer_items(regularizer), sizeof *items);
    for (int step = 0; step < 4; step++) {
        if (step != 2) small_model_shake(&small, &rng);
        if (step > 0) sq_regularizer_compute(regularizer, NULL, NULL, NULL, items);
        memset(gradient, 0, count * sizeof *gradient);
        sq_regularizer_compute(regularizer, small_lambda, add_to_array, gradient, items);
        assert_gradient(&small, gradient);
    }
    sq_free(gradient), sq_free(items);
    sq_regularizer_destroy(&regularizer);
    small_model_destroy(&small);
}

static void ranks_share_the_items_without_overlap(void **state) {
    sq_rng rng = test_rng(72);
    sq_regularizer *whole = NULL;
    (void)state;
    small_model small = small_model_of_plan(PER_SPACE);
    small_model_shake(&small, &rng);
    assert_ok(sq_regularizer_create(small.model, 1, 0, &whole));
    size_t n_items = sq_regularizer_items(whole);
    double *expected = allocate(n_items, sizeof *expected);
    double *found = allocate(n_items, sizeof *found), *one = allocate(n_items, sizeof *one);
    sq_regularizer_compute(whole, NULL, NULL, NULL, expected);
    for (int parts = 2; parts <= 5; parts++) {
        memset(found, 0, n_items * sizeof *found);
        for (int part = 0; part < parts; part++) {
            sq_regularizer *share = NULL;
            memset(one, 0, n_items * sizeof *one);
            assert_ok(sq_regularizer_create(small.model, parts, part, &share));
            sq_regularizer_compute(share, NULL, NULL, NULL, one);
            for (size_t k = 0; k < n_items; k++) {
                assert_true(one[k] == 0.0 || found[k] == 0.0);
                found[k] += one[k];
            }
            sq_regularizer_destroy(&share);
        }
        assert_memory_equal(found, expected, n_items * sizeof *found); /* the same bits */
    }
    sq_free(expected), sq_free(found), sq_free(one);
    sq_regularizer_destroy(&whole);
    small_model_destroy(&small);
}

static void types_of_weight_zero_are_skipped(void **state) {
    const double lambda[LOSS_TYPES] = {0, 1, 0};
    double by[MOST_BY];
    sq_regularizer *regularizer = NULL;
    (void)state;
    small_model small = small_model_of_plan(PER_SPACE);
    assert_ok(sq_regularizer_create(small.model, 1, 0, &regularizer));
    double *items = allocate(sq_regularizer_items(regularizer), sizeof *items);
    sq_real *gradient = allocate(small.model->network.table.count, sizeof *gradient);
    sq_regularizer_compute(regularizer, lambda, add_to_array, gradient, items);
    sq_regularizer_sum(regularizer, items, by, NULL);
    for (int k = 0; k < small.model->network.n_layers; k++)
        for (int g = 0; g < 3; g++) assert_int_equal(by[k * 3 + g] > 0.0, g == 1);
    sq_free(items), sq_free(gradient);
    sq_regularizer_destroy(&regularizer);
    small_model_destroy(&small);
}

/* Levels of a model; level: (MOST_BY), total: (LOSS_TYPES). */
static void measure_levels(const sq_model *model, double *level, double *total) {
    double by[MOST_BY], weight_part[MOST_BY];
    sq_regularizer *regularizer = NULL;
    assert_ok(sq_regularizer_create(model, 1, 0, &regularizer));
    double *items = allocate(sq_regularizer_items(regularizer), sizeof *items);
    sq_regularizer_compute(regularizer, NULL, NULL, NULL, items);
    sq_regularizer_sum(regularizer, items, by, weight_part);
    sq_regularizer_levels(regularizer, weight_part, level, total);
    sq_free(items);
    sq_regularizer_destroy(&regularizer);
}

static void an_equivariant_model_has_level_one(void **state) {
    double level[MOST_BY], total[LOSS_TYPES];
    (void)state;
    const small_plan plan = {"emlp", "O(3) O(2)@xy SO(2)@xz Z(3)", "T(1)", "T(2)", 40, 3, NULL,
                             NULL};
    small_model small = small_model_create(&plan);
    measure_levels(small.model, level, total);
    for (int g = 0; g < 3; g++) { /* subgroups included */
        assert_near(total[g], 1, 10 * NEAR_REAL);
        for (int k = 0; k < 3; k++) assert_near(level[k * 4 + g], 1, 10 * NEAR_REAL);
    }
    small_model_destroy(&small);
}

static void a_level_is_what_the_projection_keeps(void **state) {
    double level[MOST_BY], total[LOSS_TYPES];
    (void)state;
    const small_plan plan = {"per", "O(3)", "T(1)", "T(1)", 1, 1, NULL, NULL};
    small_model small = small_model_create(&plan);
    const sq_real weight[9] = {1, 2, 0, 0, 1, 0, 0, 0, 4}; /* trace 6, squares 22 */
    memcpy(small.model->parameters + small.model->paths[0].weight[0], weight, sizeof weight);
    measure_levels(small.model, level, total);
    assert_near(level[0], 6.0 * 6.0 / 3.0 / 22.0, 10 * NEAR_REAL);
    assert_near(total[0], 6.0 * 6.0 / 3.0 / 22.0, 10 * NEAR_REAL);
    small_model_destroy(&small);
}

static void a_model_without_representations_has_no_level(void **state) {
    double level[MOST_BY], total[LOSS_TYPES];
    (void)state;
    small_model small = small_model_of_plan(0);
    measure_levels(small.model, level, total);
    assert_true(isnan(total[0]) && isnan(level[0]));
    small_model_destroy(&small);
}

/* The mean over random weights of the size that the model's have. */
static void expected_regularizers_are_those_of_random_weights(void **state) {
    enum { DRAWS = 400 };
    const small_plan plan = {"per", "O(3) O(2)@xy SO(3)", "2*T(0) + 2*T(1)", "T(1)", 10, 2, NULL,
                             NULL};
    double expected[3], mean[3] = {0}, by[MOST_BY];
    sq_rng rng = test_rng(93);
    (void)state;
    small_model small = small_model_create(&plan);
    sq_regularizer *r = NULL;
    assert_ok(sq_regularizer_create(small.model, 1, 0, &r));
    double *values = allocate(sq_regularizer_items(r), sizeof *values);
    for (int draw = 0; draw < DRAWS; draw++) {
        fill_normal(&rng, small.model->parameters, small.model->table.count);
        sq_regularizer_compute(r, NULL, NULL, NULL, values);
        sq_regularizer_sum(r, values, by, NULL);
        sq_regularizer_expected(r, expected);
        for (int at = 0; at < 2 * 3; at++) mean[at % 3] += by[at] / DRAWS;
        for (int g = 0; g < 3; g++) mean[g] -= expected[g] / DRAWS;
    }
    for (int g = 0; g < 3; g++) assert_near(mean[g] / expected[g], 0, 0.01);
    sq_free(values);
    sq_regularizer_destroy(&r);
    small_model_destroy(&small);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_gradients_agree_with_projectors),
        cmocka_unit_test(expected_regularizers_are_those_of_random_weights),
        cmocka_unit_test(gradients_are_those_of_the_parameters_at_hand),
        cmocka_unit_test(ranks_share_the_items_without_overlap),
        cmocka_unit_test(types_of_weight_zero_are_skipped),
        cmocka_unit_test(an_equivariant_model_has_level_one),
        cmocka_unit_test(a_level_is_what_the_projection_keeps),
        cmocka_unit_test(a_model_without_representations_has_no_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
