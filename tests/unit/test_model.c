/* What the kinds of models promise: exact equivariance or none, and how they start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "nn/lanes.h"
#include "small_plans.h"
#include "symmetry/group_sample.h"

enum { ELEMENTS = 6, MOST = 64 };

/* Largest |f(gx) - g f(x)| of random x and g of a type, relative to |f(gx)|. */
static double equivariance_error(const small_model *small, int type, sq_rng *rng) {
    sq_model *model = small->model;
    double worst = 0.0;
    for (unsigned long long index = 0; index < ELEMENTS; index++) {
        double g[16], dual[16], x[MOST], y[MOST], work[MOST], size = 1e-3;
        sq_real input[MOST], moved[MOST], output[MOST], of_moved[MOST];
        assert_ok(sq_group_sample(small->types[type], 0.4, 1, SQ_RNG_TEST, 0, index, g, dual));
        fill_normal(rng, input, model->input.size);
        for (size_t c = 0; c < model->input.size; c++) x[c] = (double)input[c];
        sq_representation_act(&model->input, g, dual, x, x, work);
        for (size_t c = 0; c < model->input.size; c++) moved[c] = (sq_real)x[c];
        assert_ok(sq_model_predict(model, input, 1, output));
        assert_ok(sq_model_predict(model, moved, 1, of_moved));
        for (size_t c = 0; c < model->output.size; c++) y[c] = (double)output[c];
        sq_representation_act(&model->output, g, dual, y, y, work);
        for (size_t c = 0; c < model->output.size; c++)
            size = fmax(size, fabs((double)of_moved[c]));
        for (size_t c = 0; c < model->output.size; c++)
            worst = fmax(worst, fabs((double)of_moved[c] - y[c]) / size);
    }
    return worst;
}

static void emlp_is_equivariant_over_every_group(void **state) {
    static const char *const rows[][3] = {
        {"O(3)", "2*T(0) + 2*T(1)", "T(2)"},
        {"SO(3)", "2*T(1)", "T(1) + T(2)"},
        {"O(2)", "3*T(1)", "2*T(1) + T(2)"},
        {"SO(2)", "3*T(1)", "T(2) + T(0)"},
        {"D(4)", "2*T(1)", "2*T(1)"},
        {"O(2)@xy", "2*T(1)", "T(1)"},
        {"O(1,3)", "2*T(1) + T(0)", "T(1) + T(0)"},
        {"SO+(1,2)", "2*T(1)", "T(1) + T(2)"},
        {"Sp(2)", "2*T(1)", "T(1) + T(0)"},
        {"S(4)", "T(1) + T(0)", "T(1) + T(2)"},
        {"Z(3)", "T(1)", "T(1)"},
        {"SL(3)", "2*T(1) + T(0,1)", "T(1) + T(1,1)"},
        {"SL(2)", "2*T(1)", "T(1) + T(0)"},
        {"GL(2)", "T(1) + T(0,1)", "T(1) + T(0)"},
        {"SO(3)*Scaling(3)", "2*T(1) + T(0,1)", "T(1) + T(0)"},
        {"SE(2)", "2*T(1)", "T(1) + T(0)"},
    };
#ifdef SOFTEQ_DOUBLE
    const double tolerance = 1e-10;
#else
    const double tolerance = 5e-4;
#endif
    sq_rng rng = test_rng(81);
    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        const small_plan plan = {"emlp", rows[k][0], rows[k][1], rows[k][2], 40, 3, NULL, NULL};
        small_model small = small_model_create(&plan);
        small_model_shake(&small, &rng);
        double error = equivariance_error(&small, 0, &rng);
        print_message("%s: %.1e\n", rows[k][0], error);
        assert_true(error < tolerance);
        small_model_destroy(&small);
    }
}

static void other_kinds_are_not_equivariant(void **state) {
    static const char *const kinds[] = {"mlp", "rpp", "mixed-rpp", "per"};
    sq_rng rng = test_rng(82);
    (void)state;
    for (int k = 0; k < 4; k++) {
        const small_plan plan = {kinds[k], "O(3) O(2)@xy", "2*T(1)", "T(1)", 40, 3, NULL, NULL};
        small_model small = small_model_create(&plan);
        small_model_shake(&small, &rng);
        assert_true(equivariance_error(&small, 0, &rng) > 1e-2);
        small_model_destroy(&small);
    }
}

static void both_pathways_of_mixed_rpp_are_projected(void **state) {
    (void)state;
    const small_plan plan = {"mixed-rpp", "O(3) O(2)@xy", "2*T(1)", "T(1)", 40, 2, NULL, NULL};
    sq_rng rng = test_rng(83);
    small_model small = small_model_create(&plan);
    small_model_shake(&small, &rng);
    for (int k = 0; k < 2; k++) {
        const sq_layer *layer = &small.model->network.layers[k];
        size_t count = layer->out.size * layer->in.size;
        sq_real *projected = allocate(count, sizeof *projected);
        const sq_real *weight = small.model->weights + layer->weight;
        sq_projection_weight(sq_model_projection(small.model, k, 1), weight, 0, projected,
                             small.model->scratch);
        for (size_t e = 0; e < count; e++) /* O(2)@xy keeps what O(3) and itself keep */
            assert_near((double)projected[e], (double)weight[e], 10 * NEAR_REAL);
        sq_free(projected);
    }
    small_model_destroy(&small);
}

/* Holds a model of kind per to its first type: every W and b projected, and no term that breaks
 * symmetry. */
static void project_weights(const small_model *small) {
    sq_model *model = small->model;
    for (int k = 0; k < model->network.n_layers; k++) {
        const sq_layer *layer = &model->network.layers[k];
        const sq_projection *projection = sq_model_projection(model, k, 0);
        size_t n_weight = layer->out.size * layer->in.size, n_bias = layer->out.size;
        sq_real *projected = allocate(n_weight + n_bias, sizeof *projected);
        sq_real *weight = model->parameters + model->paths[k].weight[0];
        sq_real *bias = model->parameters + model->paths[k].bias[0];
        sq_projection_weight(projection, weight, 0, projected, model->scratch);
        sq_projection_bias(projection, bias, 0, projected + n_weight, model->scratch);
        memcpy(weight, projected, n_weight * sizeof *weight);
        memcpy(bias, projected + n_weight, n_bias * sizeof *bias);
        sq_free(projected);
    }
    for (size_t row = 0; row < model->table.rows; row++) {
        const sq_parameter *array = &model->table.row[row];
        if (strstr(array->name, "_gate_weight"))
            memset(model->parameters + array->offset, 0, array->count * sizeof(sq_real));
    }
    assert_ok(sq_model_parameters_changed(model));
}

/* Of a scalar function of random vectors: largest minus smallest value. */
static double range_of_values(sq_model *model, sq_rng *rng) {
    double least = INFINITY, most = -INFINITY;
    for (int k = 0; k < 20; k++) {
        sq_real input[MOST], output[MOST];
        fill_normal(rng, input, model->input.size);
        assert_ok(sq_model_predict(model, input, 1, output));
        least = fmin(least, (double)output[0]);
        most = fmax(most, (double)output[0]);
    }
    return most - least;
}

/* Without them a network held to the Lorentz group knows no function of vectors but constants. */
static void duals_make_products_that_the_lorentz_group_leaves_alone(void **state) {
    static const char *const kinds[] = {"exact", "always"};
    sq_rng rng = test_rng(84);
    (void)state;
    for (int k = 0; k < 2; k++) {
        const small_plan plan = {"per", "O(1,3) SO(1,3)", "2*T(1)", "T(0)", 64, 3, NULL, kinds[k]};
        small_model small = small_model_create(&plan);
        small_model_shake(&small, &rng);
        project_weights(&small);
        assert_true(equivariance_error(&small, 0, &rng) < 1e-3);
        double range = range_of_values(small.model, &rng);
        print_message("duals %s: values over a range of %.1e\n", kinds[k], range);
        if (k == 0) assert_true(range < 1e-5);
        if (k == 1) assert_true(range > 1e-4);
        small_model_destroy(&small);
    }
}

/* ---- how models start ------------------------------------------------------------------------ */

static sq_real *weight_of(const small_model *small, int layer) {
    return small->model->parameters + small->model->paths[layer].weight[0];
}

static void weights_start_orthogonal(void **state) {
    (void)state;
    small_model small = small_model_of_plan(10);
    for (int k = 0; k < 3; k++) {
        const sq_layer *layer = &small.model->network.layers[k];
        size_t m = layer->out.size, n = layer->in.size, least = m < n ? m : n;
        const sq_real *w = weight_of(&small, k);
        for (size_t i = 0; i < least; i++) {
            for (size_t j = 0; j < least; j++) {
                double product = 0.0;
                for (size_t e = 0; e < (m < n ? n : m); e++)
                    product += m <= n ? (double)w[i * n + e] * w[j * n + e]
                                      : (double)w[e * n + i] * w[e * n + j];
                assert_near(product, i == j, 10 * NEAR_REAL);
            }
        }
        const sq_real *bias = small.model->parameters + small.model->paths[k].bias[0];
        for (size_t e = 0; e < m; e++)
            assert_true(bias[e] > 0 && (double)bias[e] < 1.0 / sqrt((double)m));
    }
    small_model_destroy(&small);
}

/* W of an initialisation from the orthogonal one: mix P_1 W + keep W. */
static void check_init(const char *init, double mix, double keep) {
    small_plan plan = {"per", "O(3) O(2)@xy", "2*T(1)", "T(2)", 40, 2, "orthogonal", NULL};
    small_model orthogonal = small_model_create(&plan);
    plan.init = init;
    small_model other = small_model_create(&plan);
    for (int k = 0; k < 2; k++) {
        const sq_layer *layer = &orthogonal.model->network.layers[k];
        size_t count = layer->out.size * layer->in.size;
        sq_real *projected = allocate(count, sizeof *projected);
        const sq_real *weight = weight_of(&orthogonal, k);
        sq_projection_weight(sq_model_projection(orthogonal.model, k, 0), weight, 0, projected,
                             orthogonal.model->scratch);
        for (size_t e = 0; e < count; e++)
            assert_near((double)weight_of(&other, k)[e],
                        mix * (double)projected[e] + keep * (double)weight[e], NEAR_REAL);
        sq_free(projected);
    }
    small_model_destroy(&orthogonal);
    small_model_destroy(&other);
}

static void inits_mix_weights_with_their_projection(void **state) {
    (void)state;
    check_init("projected", 1.0, 1e-3);
    check_init("half", 0.5, 0.5);
}

static void the_residual_pathway_starts_as_a_thousandth(void **state) {
    (void)state;
    small_model small = small_model_of_plan(7);
    for (int k = 0; k < 3; k++) {
        const sq_layer *layer = &small.model->network.layers[k];
        const sq_real *basic = small.model->parameters + small.model->paths[k].weight[1];
        for (size_t e = 0; e < layer->out.size * layer->in.size; e++)
            assert_near((double)basic[e], 1e-3 * (double)weight_of(&small, k)[e], 1e-9);
    }
    small_model_destroy(&small);
}

static void an_mlp_starts_with_xavier_weights_and_no_bias(void **state) {
    (void)state;
    const small_plan plan = {"mlp", "O(3)", "10*T(1)", "T(1)", 200, 2, NULL, NULL};
    small_model small = small_model_create(&plan);
    double squares = 0.0;
    for (size_t e = 0; e < 200 * 30; e++)
        squares += (double)weight_of(&small, 0)[e] * weight_of(&small, 0)[e];
    assert_near(squares / (200 * 30), 2.0 / 230.0, 0.05 * 2.0 / 230.0);
    const sq_real *bias = small.model->parameters + small.model->paths[0].bias[0];
    for (size_t e = 0; e < 200; e++) assert_near((double)bias[e], 0, 0);
    small_model_destroy(&small);
}

static void gates_start_at_a_thousandth_and_emlp_has_none(void **state) {
    (void)state;
    for (int k = 0; k < N_SMALL_PLANS; k++) {
        small_model small = small_model_of_plan(k);
        const sq_parameter *gates = sq_parameter_find(&small.model->table, "layer0_gate_weight");
        bool expected = small_plans[k].layers > 1 && small.model->kind->swish_term;
        assert_int_equal(gates != NULL, expected);
        for (size_t e = 0; gates && e < gates->count; e++)
            assert_near((double)small.model->parameters[gates->offset + e], 1e-3, 1e-9);
        small_model_destroy(&small);
    }
}

static void the_same_seed_gives_the_same_model(void **state) {
    (void)state;
    small_model one = small_model_of_plan(9), other = small_model_of_plan(9);
    assert_memory_equal(one.model->parameters, other.model->parameters,
                        one.model->table.count * sizeof(sq_real));
    small_model_destroy(&one);
    small_model_destroy(&other);
}

static void parameters_fill_the_buffer_one_after_another(void **state) {
    (void)state;
    for (int k = 0; k < N_SMALL_PLANS; k++) {
        small_model small = small_model_of_plan(k);
        size_t rows = 0, at = 0;
        const sq_parameter *table = sq_model_parameter_table(small.model, &rows);
        for (size_t row = 0; row < rows; row++) {
            assert_int_equal(table[row].offset, at);
            assert_ptr_equal(sq_parameter_find(&small.model->table, table[row].name), &table[row]);
            assert_ptr_equal(sq_parameter_at(&small.model->table, at), &table[row]);
            at += table[row].count;
        }
        assert_int_equal(at, sq_model_parameter_count(small.model));
        small_model_destroy(&small);
    }
}

/* ---- the chosen copies as text --------------------------------------------------------------- */

static void a_selection_is_written_and_read_back(void **state) {
    char text[256], again[256];
    (void)state;
    small_model small = small_model_of_plan(2);
    assert_ok(sq_model_selection_format(small.model, 0, text, sizeof text));
    assert_ok(sq_model_selection_set(small.model, 0, "1:5,1,2;2:0,1"));
    assert_ok(sq_model_selection_format(small.model, 0, again, sizeof again));
    assert_string_equal(again, "1:5,1,2;2:0,1");
    assert_ok(sq_model_selection_set(small.model, 0, text));
    assert_ok(sq_model_selection_format(small.model, 0, again, sizeof again));
    assert_string_equal(again, text);
    assert_failure(sq_model_selection_format(small.model, 0, again, 3), SQ_ERR_ARGUMENT,
                   "does not fit");
    small_model_destroy(&small);
}

static void a_selection_that_does_not_fit_is_refused(void **state) {
    static const char *const texts[] = {"x",     "1",        "1:",       "9:0",
                                        "1:0,1", "1:0,1,99", "1:0,1,-1", "1:0,1,2x"};
    (void)state;
    small_model small = small_model_of_plan(2);
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        print_message("%s\n", texts[k]);
        assert_int_equal(sq_model_selection_set(small.model, 0, texts[k]), SQ_ERR_DATA);
    }
    small_model_destroy(&small);
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void expect_refusal(sq_model_options options, const char *words) {
    sq_bases *bases = NULL;
    sq_model *model = NULL;
    assert_ok(sq_bases_create(NULL, &bases));
    assert_failure(sq_model_create(&options, bases, &model), SQ_ERR_CONFIG, words);
    assert_null(model);
    sq_bases_destroy(&bases);
}

static void impossible_models_are_explained(void **state) {
    sq_group **types = NULL;
    int n_types = 0;
    (void)state;
    assert_ok(sq_group_list_create("O(3) O(2)@xy", 0, &types, &n_types));
    const sq_model_options good = {.kind = "per",
                                   .input_representation = "T(1)",
                                   .output_representation = "T(1)",
                                   .channels = 10,
                                   .layers = 2,
                                   .init = "orthogonal",
                                   .types = (const sq_group *const *)types,
                                   .n_types = n_types};
    sq_model_options bad = good;
    bad.kind = "mixd-rpp", expect_refusal(bad, "did you mean mixed-rpp");
    bad = good, bad.init = "zero", expect_refusal(bad, "orthogonal, projected, half");
    bad = good, bad.allocation = "full", expect_refusal(bad, "neither repeated nor filled");
    bad = good, bad.duals = "never", expect_refusal(bad, "neither exact nor always");
    bad = good, bad.layers = 0, expect_refusal(bad, "model.layers");
    bad = good, bad.channels = 0, expect_refusal(bad, "model.channels");
    bad = good, bad.n_types = 0, expect_refusal(bad, "symmetry.types");
    bad = good, bad.mixed_type = 2, expect_refusal(bad, "mixed_type");
    bad = good, bad.input_representation = "V", expect_refusal(bad, "not a representation");
    bad = good, bad.output_representation = "T(9)", expect_refusal(bad, "too many to solve");
    sq_group_list_destroy(&types, n_types);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(emlp_is_equivariant_over_every_group),
        cmocka_unit_test(other_kinds_are_not_equivariant),
        cmocka_unit_test(both_pathways_of_mixed_rpp_are_projected),
        cmocka_unit_test(duals_make_products_that_the_lorentz_group_leaves_alone),
        cmocka_unit_test(weights_start_orthogonal),
        cmocka_unit_test(inits_mix_weights_with_their_projection),
        cmocka_unit_test(the_residual_pathway_starts_as_a_thousandth),
        cmocka_unit_test(an_mlp_starts_with_xavier_weights_and_no_bias),
        cmocka_unit_test(gates_start_at_a_thousandth_and_emlp_has_none),
        cmocka_unit_test(the_same_seed_gives_the_same_model),
        cmocka_unit_test(parameters_fill_the_buffer_one_after_another),
        cmocka_unit_test(a_selection_is_written_and_read_back),
        cmocka_unit_test(a_selection_that_does_not_fit_is_refused),
        cmocka_unit_test(impossible_models_are_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
