/* The bilinear layer: its parameters, its chosen copies, and its product formed explicitly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "nn/lanes.h"
#include "plain_network.h"
#include "small_plans.h"

/* Calls visit for every bilinear layer of every small model. */
static void visit_layers(void (*visit)(small_model *, sq_layer *)) {
    for (int k = 0; k < N_SMALL_PLANS; k++) {
        small_model small = small_model_of_plan(k);
        for (int layer = 0; layer < small.model->network.n_layers; layer++)
            if (small.model->network.layers[layer].bilinear)
                visit(&small, &small.model->network.layers[layer]);
        small_model_destroy(&small);
    }
}

static void check_selection(small_model *small, sq_layer *layer) {
    (void)small;
    for (int k = 0; k < layer->out.n_blocks; k++) {
        const sq_block *block = &layer->out.blocks[k];
        int count = 0;
        const int *copies = sq_bilinear_selection(layer->bilinear, k, &count);
        size_t expected = block->count < block->size ? block->count : block->size;
        assert_int_equal(count, block->p + block->q == 0 ? 0 : (int)expected);
        for (int n = 0; n < count; n++) {
            assert_in_range(copies[n], 0, block->count - 1);
            for (int other = 0; other < n; other++) assert_int_not_equal(copies[n], copies[other]);
        }
    }
}

static void as_many_distinct_copies_are_chosen_as_a_tensor_has_entries(void **state) {
    (void)state;
    visit_layers(check_selection);
}

/* Marks the parameters of a pair of copies; each stands in one place only. */
static void mark_pair(const sq_layer *layer, int out, size_t a, int in, size_t b, char *used) {
    int x = 0, count = 0;
    if (sq_bilinear_parameter(layer->bilinear, out, a, in, b, 0, &x) == SIZE_MAX) return;
    sq_bilinear_selection(layer->bilinear, x, &count);
    for (int n = 0; n < count; n++) {
        size_t at = sq_bilinear_parameter(layer->bilinear, out, a, in, b, n, &x);
        assert_false(used[at]);
        used[at] = 1;
    }
}

static void check_parameters(small_model *small, sq_layer *layer) {
    const sq_parameter_table *table = &small->model->network.table;
    int index = (int)(layer - small->model->network.layers);
    char *used = allocate(table->count, 1);
    for (int out = 0; out < layer->out.n_blocks; out++)
        for (int in = 0; in < layer->out.n_blocks; in++)
            for (size_t a = 0; a < layer->out.blocks[out].count; a++)
                for (size_t b = 0; b < layer->out.blocks[in].count; b++)
                    mark_pair(layer, out, a, in, b, used);
    for (size_t row = 0; row < table->rows; row++) {
        const sq_parameter *array = &table->row[row];
        bool expected = array->layer == index && strstr(array->name, "_bilinear_");
        for (size_t e = 0; e < array->count; e++)
            assert_int_equal(used[array->offset + e], expected);
    }
    sq_free(used);
}

static void every_parameter_belongs_to_one_triple(void **state) {
    (void)state;
    visit_layers(check_parameters);
}

static void check_product(small_model *small, sq_layer *layer) {
    enum { SAMPLES = 5 };
    sq_rng rng = sq_rng_create(51, SQ_RNG_TEST, 0, 0);
    size_t size = layer->out.size, ld = sq_padded(SAMPLES);
    sq_real *rows = allocate(SAMPLES * size, sizeof *rows), *z = allocate(size * ld, sizeof *z);
    sq_real *u = allocate(size * ld, sizeof *u);
    sq_real *kept = allocate(sq_bilinear_kept_rows(layer->bilinear) * ld, sizeof *kept);
    double *sample = allocate(size, sizeof *sample), *expected = allocate(size, sizeof *expected);
    fill_normal(&rng, rows, SAMPLES * size);
    sq_to_lanes(SAMPLES, size, rows, ld, z);
    sq_bilinear_forward(layer->bilinear, small->model->weights, ld, z, u, kept);
    for (size_t s = 0; s < SAMPLES; s++) {
        for (size_t c = 0; c < size; c++) sample[c] = (double)rows[s * size + c];
        plain_bilinear(layer, small->types[0]->orthogonal, small->model->weights, sample, expected);
        for (size_t c = 0; c < size; c++)
            assert_near((double)u[c * ld + s], expected[c],
                        20 * NEAR_REAL * fmax(1.0, fabs(expected[c])));
    }
    sq_free(rows), sq_free(z), sq_free(u), sq_free(kept), sq_free(sample), sq_free(expected);
}

static void the_product_agrees_with_an_explicit_matrix(void **state) {
    (void)state;
    visit_layers(check_product);
}

static void without_inner_product_the_hidden_tensors_need_duals(void **state) {
    int x = 0;
    (void)state;
    small_model small = small_model_of_plan(12); /* several types, T(r,0) alone */
    const sq_layer *layer = &small.model->network.layers[0];
    for (int out = 0; out < layer->out.n_blocks; out++)
        for (int in = 0; in < layer->out.n_blocks; in++) {
            bool from_scalar = layer->out.blocks[in].p == 0 && layer->out.blocks[out].p > 0;
            size_t at = sq_bilinear_parameter(layer->bilinear, out, 0, in, 0, 0, &x);
            assert_int_equal(at != SIZE_MAX, from_scalar);
        }
    small_model_destroy(&small);
}

static void another_selection_changes_the_product(void **state) {
    int count = 0;
    (void)state;
    small_model small = small_model_of_plan(2);
    sq_layer *layer = &small.model->network.layers[0];
    assert_int_equal(layer->out.blocks[1].p, 1);
    sq_bilinear_selection(layer->bilinear, 1, &count);
    assert_int_equal(count, 3);
    assert_ok(sq_bilinear_set_selection(layer->bilinear, 1, (int[]){5, 0, 3}, 3));
    check_product(&small, layer);
    assert_failure(sq_bilinear_set_selection(layer->bilinear, 1, (int[]){5, 0}, 2), SQ_ERR_DATA,
                   "2 chosen copies where the layer has 3");
    assert_failure(sq_bilinear_set_selection(layer->bilinear, 1, (int[]){0, 1, 6}, 3), SQ_ERR_DATA,
                   "chosen copy 6 of a block of 6");
    small_model_destroy(&small);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_distinct_copies_are_chosen_as_a_tensor_has_entries),
        cmocka_unit_test(every_parameter_belongs_to_one_triple),
        cmocka_unit_test(the_product_agrees_with_an_explicit_matrix),
        cmocka_unit_test(without_inner_product_the_hidden_tensors_need_duals),
        cmocka_unit_test(another_selection_changes_the_product),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
