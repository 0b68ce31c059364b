/* Predictions agree with the network as it is written down, sample by sample. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "plain_network.h"
#include "small_plans.h"

static void check_predictions(small_model *small, sq_rng *rng, size_t samples) {
    size_t n_in = small->model->input.size, n_out = small->model->output.size;
    sq_real *input = allocate(samples * n_in, sizeof *input);
    sq_real *output = allocate(samples * n_out, sizeof *output);
    double *expected = allocate(n_out, sizeof *expected);
    fill_normal(rng, input, samples * n_in);
    assert_ok(sq_model_predict(small->model, input, samples, output));
    for (size_t s = 0; s < samples; s++) {
        plain_forward(small->model, input + s * n_in, expected);
        for (size_t c = 0; c < n_out; c++)
            assert_near((double)output[s * n_out + c], expected[c],
                        50 * NEAR_REAL * fmax(1.0, fabs(expected[c])));
    }
    sq_free(input);
    sq_free(output);
    sq_free(expected);
}

static void predictions_agree_with_the_written_network(void **state) {
    sq_rng rng = test_rng(41);
    (void)state;
    for (int k = 0; k < N_SMALL_PLANS; k++) {
        small_model small = small_model_of_plan(k);
        small_model_shake(&small, &rng);
        check_predictions(&small, &rng, 1);
        check_predictions(&small, &rng, 7);
        check_predictions(&small, &rng, 33);
        small_model_destroy(&small);
    }
}

static void chunks_agree_too(void **state) {
    sq_rng rng = test_rng(42);
    (void)state;
    small_model small = small_model_of_plan(2);
    check_predictions(&small, &rng, 2 * SQ_PREDICT_CHUNK + 5);
    small_model_destroy(&small);
}

static void a_row_does_not_depend_on_its_neighbours(void **state) {
    enum { SAMPLES = 20, N_IN = 8, N_OUT = 9 };
    sq_real input[SAMPLES * N_IN], all[SAMPLES * N_OUT], first[N_OUT];
    sq_rng rng = test_rng(43);
    (void)state;
    small_model small = small_model_of_plan(2);
    fill_normal(&rng, input, SAMPLES * N_IN);
    assert_ok(sq_model_predict(small.model, input, SAMPLES, all));
    fill_normal(&rng, input + N_IN, (SAMPLES - 1) * N_IN);
    assert_ok(sq_model_predict(small.model, input, 1, first));
    for (int c = 0; c < N_OUT; c++) assert_near((double)first[c], (double)all[c], 10 * NEAR_REAL);
    small_model_destroy(&small);
}

static void lanes_hold_samples_and_zeros(void **state) {
    enum { SAMPLES = 3, FEATURES = 2 };
    const sq_real rows[SAMPLES * FEATURES] = {1, 2, 3, 4, 5, 6};
    sq_real back[SAMPLES * FEATURES];
    size_t ld = 64;
    sq_real *lanes = allocate(FEATURES * ld, sizeof *lanes);
    (void)state;
    for (size_t e = 0; e < FEATURES * ld; e++) lanes[e] = 7;
    sq_to_lanes(SAMPLES, FEATURES, rows, ld, lanes);
    for (size_t c = 0; c < FEATURES; c++)
        for (size_t s = 0; s < ld; s++)
            assert_near((double)lanes[c * ld + s],
                        s < SAMPLES ? (double)rows[s * FEATURES + c] : 0.0, 0);
    sq_from_lanes(SAMPLES, FEATURES, lanes, ld, back);
    assert_memory_equal(back, rows, sizeof rows);
    sq_free(lanes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(predictions_agree_with_the_written_network),
        cmocka_unit_test(chunks_agree_too),
        cmocka_unit_test(a_row_does_not_depend_on_its_neighbours),
        cmocka_unit_test(lanes_hold_samples_and_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
