/* Gradients of the whole loss against finite differences, for every kind of model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "small_loss.h"
#include "small_plans.h"

static const double step = 1e-5;

/* The loss with an array moved by `distance` along a direction. */
static double loss_beside(small_loss *l, const sq_parameter *array, const sq_real *direction,
                          double distance) {
    sq_real *values = l->model->parameters + array->offset;
    for (size_t e = 0; e < array->count; e++) values[e] += (sq_real)(distance * direction[e]);
    assert_ok(sq_model_parameters_changed(l->model));
    double loss = small_loss_compute(l);
    for (size_t e = 0; e < array->count; e++) values[e] -= (sq_real)(distance * direction[e]);
    assert_ok(sq_model_parameters_changed(l->model));
    return loss;
}

/* Along a random direction of length 1. */
static void check_array(small_loss *l, const sq_parameter *array, sq_rng *rng) {
    sq_real *direction = allocate(array->count, sizeof *direction);
    double norm = 0.0, slope = 0.0;
    fill_normal(rng, direction, array->count);
    for (size_t e = 0; e < array->count; e++) norm += (double)direction[e] * direction[e];
    for (size_t e = 0; e < array->count; e++) direction[e] /= (sq_real)sqrt(norm);
    small_loss_compute(l);
    for (size_t e = 0; e < array->count; e++)
        slope += (double)l->gradient[array->offset + e] * direction[e];
    double difference =
        (loss_beside(l, array, direction, step) - loss_beside(l, array, direction, -step)) /
        (2.0 * step);
    if (!(fabs(slope - difference) <= 2e-8 * fmax(1.0, fabs(slope))))
        fail_msg("%s: slope %.12g, by differences %.12g", array->name, slope, difference);
    sq_free(direction);
}

static void check_model(small_model *small, bool masked, sq_rng *rng) {
    small_model_shake(small, rng);
    small_loss l = small_loss_create(small->model, masked, rng);
    for (size_t row = 0; row < small->model->table.rows; row++)
        for (int direction = 0; direction < 2; direction++)
            check_array(&l, &small->model->table.row[row], rng);
    small_loss_destroy(&l);
}

static void check_plan(int k, bool masked, sq_rng *rng) {
    small_model small = small_model_of_plan(k);
    check_model(&small, masked, rng);
    small_model_destroy(&small);
}

static void slopes_agree_with_differences(void **state) {
    sq_rng rng = test_rng(61);
    (void)state;
    if (sizeof(sq_real) < sizeof(double)) skip(); /* float has no digits for differences */
    for (int k = 0; k < N_SMALL_PLANS; k++) check_plan(k, false, &rng);
}

static void slopes_agree_where_outputs_are_masked(void **state) {
    sq_rng rng = test_rng(62);
    (void)state;
    if (sizeof(sq_real) < sizeof(double)) skip();
    check_plan(0, true, &rng);
    check_plan(10, true, &rng);
}

static void slopes_agree_through_frames(void **state) {
    const small_plan plan = {
        "frame-averaging", "O(3)", "2*T(0) + 3*T(1)", "T(0) + T(2)", 6, 3, NULL, NULL};
    sq_rng rng = test_rng(63);
    (void)state;
    if (sizeof(sq_real) < sizeof(double)) skip();
    small_model small = small_model_create(&plan);
    check_model(&small, false, &rng);
    small_model_destroy(&small);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slopes_agree_with_differences),
        cmocka_unit_test(slopes_agree_where_outputs_are_masked),
        cmocka_unit_test(slopes_agree_through_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
