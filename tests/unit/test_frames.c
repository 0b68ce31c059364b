/* Frame averaging: equivariant under all of O(d), and the mean that it says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "linalg/linalg.h"
#include "near.h"
#include "small_model.h"
#include "symmetry/group_sample.h"

enum { N_IN = 2 + 9, N_OUT = 1 + 3 + 9, D = 3 };
static const char *const input_text = "2*T(0) + 3*T(1)";
static const char *const output_text = "T(0) + T(1) + T(2)";

static small_model create(const char *kind, sq_rng *rng) {
    const small_plan plan = {kind, "O(3)", input_text, output_text, 7, 3, NULL, NULL};
    small_model small = small_model_create(&plan);
    small_model_shake(&small, rng);
    return small;
}

static void act(const sq_representation *rep, const double *g, const sq_real *from, sq_real *to) {
    double x[N_OUT], work[N_OUT];
    for (size_t c = 0; c < rep->size; c++) x[c] = (double)from[c];
    sq_representation_act(rep, g, g, x, x, work);
    for (size_t c = 0; c < rep->size; c++) to[c] = (sq_real)x[c];
}

static void turned_inputs_turn_the_output(void **state) {
    sq_rng rng = test_rng(71);
    (void)state;
    small_model small = create("frame-averaging", &rng);
    for (unsigned long long k = 0; k < 20; k++) {
        sq_real x[N_IN], y[N_OUT], moved[N_IN], of_moved[N_OUT];
        double g[D * D], dual[D * D];
        fill_normal(&rng, x, N_IN);
        assert_ok(sq_group_sample(small.types[0], 1.0, 7, SQ_RNG_TEST, 0, k, g, dual));
        act(&small.model->input, g, x, moved);
        assert_ok(sq_model_predict(small.model, x, 1, y));
        assert_ok(sq_model_predict(small.model, moved, 1, of_moved));
        act(&small.model->output, g, y, y);
        for (int c = 0; c < N_OUT; c++)
            assert_near((double)of_moved[c], (double)y[c], 3000 * NEAR_REAL);
    }
    small_model_destroy(&small);
}

/* The eigenvectors of the sum of x x^T as columns, with signs. */
static void frame_of(const sq_real *x, int signs, double *u, double *inverse) {
    double moments[D * D] = {0}, values[D];
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < D; i++)
            for (int j = 0; j < D; j++)
                moments[D * i + j] += (double)x[2 + D * k + i] * (double)x[2 + D * k + j];
    assert_ok(sq_eigen_symmetric(D, moments, values));
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++)
            u[D * i + j] = inverse[D * j + i] = (signs >> j & 1 ? -1 : 1) * moments[D * j + i];
}

static void it_is_the_mean_over_eight_frames(void **state) {
    sq_real x[N_IN], y[N_OUT], framed[N_IN], part[N_OUT], mean[N_OUT] = {0};
    sq_rng rng = test_rng(72), same = test_rng(72);
    (void)state;
    small_model small = create("frame-averaging", &rng), plain = create("mlp", &same);
    fill_normal(&rng, x, N_IN);
    for (int signs = 0; signs < 8; signs++) {
        double u[D * D], inverse[D * D];
        frame_of(x, signs, u, inverse);
        act(&small.model->input, inverse, x, framed);
        assert_ok(sq_model_predict(plain.model, framed, 1, part));
        act(&small.model->output, u, part, part);
        for (int c = 0; c < N_OUT; c++) mean[c] += part[c] / 8;
    }
    assert_ok(sq_model_predict(small.model, x, 1, y));
    for (int c = 0; c < N_OUT; c++) assert_near((double)y[c], (double)mean[c], 100 * NEAR_REAL);
    small_model_destroy(&small);
    small_model_destroy(&plain);
}

static void groups_that_are_not_orthogonal_are_refused(void **state) {
    const sq_group *types[1];
    sq_model_options options = {.kind = "frame-averaging",
                                .input_representation = "T(1)",
                                .output_representation = "T(0)",
                                .channels = 3,
                                .layers = 2,
                                .init = "orthogonal",
                                .n_types = 1};
    sq_group *group;
    sq_bases *bases;
    sq_model *model;
    (void)state;
    assert_ok(sq_group_create("O(1,3)", 0, &group));
    assert_ok(sq_bases_create(NULL, &bases));
    types[0] = group;
    options.types = types;
    assert_failure(sq_model_create(&options, bases, &model), SQ_ERR_CONFIG, "O(1,3)");
    sq_bases_destroy(&bases);
    sq_group_destroy(&group);
}

/* Before room is sought for activations in a billion frames. */
static void too_many_frames_are_refused(void **state) {
    const small_plan plan = {"frame-averaging", "SO(30)", "T(1)", "T(0)", 7, 3, NULL, NULL};
    sq_workspace *workspace = NULL;
    (void)state;
    small_model small = small_model_create(&plan);
    assert_failure(sq_workspace_create(&small.model->network, 1, &workspace), SQ_ERR_CONFIG,
                   "at most 6 dimensions");
    small_model_destroy(&small);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turned_inputs_turn_the_output),
        cmocka_unit_test(it_is_the_mean_over_eight_frames),
        cmocka_unit_test(groups_that_are_not_orthogonal_are_refused),
        cmocka_unit_test(too_many_frames_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
