/* Extrapolations: what they say of straight walks, and that every group commutes with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "small_model.h"
#include "symmetry/group_sample.h"
#include "train/extrapolation.h"

enum { OBSERVED = 5, PREDICTED = 4, D = 3, N_IN = OBSERVED * D, N_OUT = PREDICTED * D };

static const sq_dataset_info tracks = {
    .trajectory = true, .observed_steps = OBSERVED, .predicted_steps = PREDICTED};

static void parse(const char *text, int d, sq_representation *rep) {
    assert_ok(sq_representation_parse(text, d, rep));
}

static sq_extrapolation create(const char *name) {
    sq_extrapolation made;
    sq_representation in, out;
    parse("5*T(1)", D, &in);
    parse("4*T(1)", D, &out);
    assert_ok(sq_extrapolation_create(sq_extrapolation_find(name), &tracks, &in, &out, &made));
    return made;
}

static void straight_walks_go_on(void **state) {
    (void)state;
    for (int k = 0; k < sq_n_extrapolation_kinds; k++) {
        sq_extrapolation ahead = create(sq_extrapolation_kinds[k].name);
        sq_real x[N_IN], y[N_OUT] = {0};
        for (int e = 0; e < N_IN; e++) x[e] = (sq_real)(1.5 + e % D + (e / D) * (0.25 * (e % D)));
        sq_extrapolation_add(&ahead, 1.0, 1, N_IN, x, y);
        for (int e = 0; e < N_OUT; e++) {
            double expected = 1.5 + e % D + (OBSERVED + e / D) * (0.25 * (e % D));
            assert_near((double)y[e], expected, 1e-5);
        }
        sq_extrapolation_clear(&ahead);
    }
}

static void the_line_has_the_least_squares(void **state) {
    const sq_real x[N_IN] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0}; /* moves at last */
    sq_real y[N_OUT] = {0};
    (void)state;
    sq_extrapolation line = create("least-squares"); /* mean 1, slope 2*5/10 = 1 */
    sq_extrapolation_add(&line, 1.0, 1, N_IN, x, y);
    for (int step = 0; step < PREDICTED; step++)
        assert_near((double)y[D * step], 1.0 + (3 + step), 1e-6);
    sq_extrapolation_clear(&line);
}

static void weights_sum_to_one(void **state) {
    (void)state;
    for (int k = 0; k < sq_n_extrapolation_kinds; k++) {
        sq_extrapolation ahead = create(sq_extrapolation_kinds[k].name);
        for (int step = 0; step < PREDICTED; step++) {
            double sum = 0.0;
            for (int i = 0; i < OBSERVED; i++) sum += ahead.weights[step * OBSERVED + i];
            assert_near(sum, 1.0, 1e-12);
        }
        sq_extrapolation_clear(&ahead);
    }
}

/* Even of groups that keep no inner product, whose inverse transpose is another matrix. */
static void every_group_commutes(void **state) {
    const char *const groups[] = {"O(3)", "GL(3)", "SO(3)*Scaling(3)", "S(3)"};
    sq_representation in, out;
    sq_rng rng = test_rng(171);
    (void)state;
    parse("5*T(1)", D, &in);
    parse("4*T(1)", D, &out);
    for (int k = 0; k < sq_n_extrapolation_kinds; k++) {
        sq_extrapolation ahead = create(sq_extrapolation_kinds[k].name);
        for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
            sq_group *group = NULL;
            double element[D * D], dual[D * D], work[D], moved[N_IN], expected[N_OUT];
            sq_real x[N_IN], y[N_OUT] = {0}, of_moved[N_OUT] = {0};
            assert_ok(sq_group_create(groups[g], 0, &group));
            assert_ok(sq_group_sample(group, 0.3, 1, SQ_RNG_TEST, 0, g, element, dual));
            fill_normal(&rng, x, N_IN);
            sq_extrapolation_add(&ahead, 1.0, 1, N_IN, x, y);
            for (int e = 0; e < N_IN; e++) moved[e] = (double)x[e];
            sq_representation_act(&in, element, dual, moved, moved, work);
            for (int e = 0; e < N_IN; e++) x[e] = (sq_real)moved[e];
            sq_extrapolation_add(&ahead, 1.0, 1, N_IN, x, of_moved);
            for (int e = 0; e < N_OUT; e++) expected[e] = (double)y[e];
            sq_representation_act(&out, element, dual, expected, expected, work);
            for (int e = 0; e < N_OUT; e++)
                assert_near((double)of_moved[e], expected[e], 100 * NEAR_REAL);
            sq_group_destroy(&group);
        }
        sq_extrapolation_clear(&ahead);
    }
}

static void only_the_first_positions_are_the_agents_own(void **state) {
    const sq_extrapolation_kind *kind = sq_extrapolation_find("constant-velocity");
    sq_dataset_info untold = tracks;
    sq_representation in, out;
    sq_extrapolation ahead;
    (void)state;
    parse("5*T(1) + 2*T(0) + 10*T(1)", D, &in);
    parse("4*T(1)", D, &out);
    assert_ok(sq_extrapolation_create(kind, &tracks, &in, &out, &ahead));
    assert_int_equal(ahead.observed, OBSERVED);
    sq_extrapolation_clear(&ahead);
    untold.observed_steps = 0;
    assert_false(sq_extrapolation_applies(kind, &untold, &in, &out));
    parse("5*T(1)", D, &in);
    assert_true(sq_extrapolation_applies(kind, &untold, &in, &out));
}

static void what_is_no_trajectory_is_refused(void **state) {
    const sq_extrapolation_kind *kind = sq_extrapolation_find("constant-velocity");
    sq_dataset_info no_tracks = tracks;
    sq_representation in, out, one;
    sq_extrapolation ahead;
    (void)state;
    no_tracks.trajectory = false;
    parse("5*T(1)", D, &in);
    parse("4*T(1)", D, &out);
    parse("T(1)", D, &one);
    assert_int_equal(sq_extrapolation_create(kind, &no_tracks, &in, &out, &ahead), SQ_ERR_CONFIG);
    assert_non_null(strstr(sq_error_message(), "data.residual"));
    assert_int_equal(sq_extrapolation_create(kind, &tracks, &one, &out, &ahead), SQ_ERR_CONFIG);
    assert_null(sq_extrapolation_find("none"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_walks_go_on),
        cmocka_unit_test(the_line_has_the_least_squares),
        cmocka_unit_test(weights_sum_to_one),
        cmocka_unit_test(every_group_commutes),
        cmocka_unit_test(only_the_first_positions_are_the_agents_own),
        cmocka_unit_test(what_is_no_trajectory_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
