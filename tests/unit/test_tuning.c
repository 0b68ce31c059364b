/* Rules that set the weights of the regularizers once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "near.h"
#include "small_tuning.h"

static const double lambda0[N_TYPES] = {0, 100, 100};

static void lambda_is_divided_by_the_ratio_to_the_smallest(void **state) {
    (void)state;
    sq_tuning tuning;
    sq_tuning_init(&tuning, 0, N_TYPES, lambda0, 1, 2);
    assert_true(sq_tuning_end_epoch(&tuning, 0, (double[]){0.5, 2, 6}, NULL));
    assert_near(tuning.lambda[0], 0, 0);
    assert_near(tuning.lambda[1], 100, 1e-12); /* the unweighed 0.5 is not the smallest */
    assert_near(tuning.lambda[2], 100 / 9.0, 1e-12);
    assert_false(sq_tuning_end_epoch(&tuning, 1, (double[]){9, 9, 9}, NULL));
    assert_near(tuning.lambda[2], 100 / 9.0, 1e-12);
}

static void the_first_fifty_epochs_of_the_window_are_skipped(void **state) {
    (void)state;
    sq_tuning tuning;
    sq_tuning_init(&tuning, 0, N_TYPES, lambda0, 200, 1);
    for (int64_t epoch = 0; epoch < 150; epoch++) {
        assert_false(sq_tuning_end_epoch(&tuning, epoch, (double[]){1, 1, 1}, NULL));
    }
    assert_true(isinf(tuning.once.least[1]));
    assert_false(sq_tuning_end_epoch(&tuning, 150, (double[]){3, 4, 8}, NULL));
    assert_near(tuning.once.least[1], 4, 0);
    for (int64_t epoch = 151; epoch < 199; epoch++) {
        assert_false(sq_tuning_end_epoch(&tuning, epoch, (double[]){5, 5, 9}, NULL));
    }
    assert_true(sq_tuning_end_epoch(&tuning, 199, (double[]){5, 5, 9}, NULL));
    assert_near(tuning.lambda[2], 50, 1e-12);
}

static void a_vector_is_kept_whole_when_any_component_is_smaller(void **state) {
    (void)state;
    sq_tuning tuning;
    sq_tuning_init(&tuning, 0, N_TYPES, lambda0, 6, 1);
    for (int64_t epoch = 0; epoch < 3; epoch++) {
        sq_tuning_end_epoch(&tuning, epoch, (double[]){0.1, 0.1, 0.1}, NULL);
    }
    sq_tuning_end_epoch(&tuning, 3, (double[]){5, 2, 4}, NULL);
    sq_tuning_end_epoch(&tuning, 4, (double[]){6, 3, 3}, NULL); /* kept for its last component */
    assert_true(sq_tuning_end_epoch(&tuning, 5, (double[]){6, 3, 5}, NULL));
    assert_near(tuning.once.least[0], 6, 0);
    assert_near(tuning.lambda[1], 100, 1e-12);
    assert_near(tuning.lambda[2], 100, 1e-12);
}

static void a_regularizer_of_zero_keeps_its_lambda(void **state) {
    (void)state;
    sq_tuning tuning;
    sq_tuning_init(&tuning, 0, 4, (double[]){0, 7, 100, 100}, 1, 2);
    assert_true(sq_tuning_end_epoch(&tuning, 0, (double[]){0, 0, 1, 2}, NULL));
    assert_near(tuning.lambda[1], 7, 0);
    assert_near(tuning.lambda[2], 100, 1e-12);
    assert_near(tuning.lambda[3], 25, 1e-12);
}

static void nothing_but_zeros_leaves_lambda_alone(void **state) {
    (void)state;
    sq_tuning tuning;
    sq_tuning_init(&tuning, 0, N_TYPES, lambda0, 1, 2);
    assert_true(sq_tuning_end_epoch(&tuning, 0, (double[]){0, 0, 0}, NULL));
    for (int g = 0; g < N_TYPES; g++) assert_near(tuning.lambda[g], lambda0[g], 0);
}

static void tune_at_zero_never_tunes(void **state) {
    (void)state;
    sq_tuning tuning;
    sq_tuning_init(&tuning, 0, N_TYPES, lambda0, 0, 2);
    for (int64_t epoch = 0; epoch < 300; epoch++) {
        assert_false(sq_tuning_end_epoch(&tuning, epoch, (double[]){1, 2, 3}, NULL));
    }
}

static int64_t first_selected(const char *kind, const char *rule) {
    sq_config config;
    sq_config_init(&config);
    strcpy(config.model.kind, kind);
    strcpy(config.symmetry.tuning, rule);
    config.symmetry.tune_at = 5;
    return sq_tuning_first_selected(&config);
}

static void models_count_from_twice_tune_at_where_lambda_is_tuned_then(void **state) {
    (void)state;
    assert_int_equal(first_selected("per", "paper"), 10);
    assert_int_equal(first_selected("per", "moved"), 10);
    assert_int_equal(first_selected("per", "projected"), 0);
    assert_int_equal(first_selected("per", "constant"), 0);
    assert_int_equal(first_selected("mlp", "paper"), 0);
}

static void each_rule_says_what_it_looks_at(void **state) {
    (void)state;
    sq_tuning paper = tuning_by("paper", 4, 1), normalised = tuning_by("normalised", 4, 1);
    sq_tuning moved = tuning_by("moved", 4, 1), constant = tuning_by("constant", 4, 1);
    assert_int_equal(sq_tuning_wants(&paper, 1), SQ_STATISTIC_NONE); /* skipped half */
    assert_int_equal(sq_tuning_wants(&paper, 2), SQ_STATISTIC_REGULARIZER);
    assert_int_equal(sq_tuning_wants(&normalised, 2), SQ_STATISTIC_NORMALISED);
    assert_int_equal(sq_tuning_wants(&moved, 2), SQ_STATISTIC_NONE);
    assert_int_equal(sq_tuning_wants(&moved, 3), SQ_STATISTIC_MOVED);
    assert_int_equal(sq_tuning_wants(&moved, 4), SQ_STATISTIC_NONE);
    assert_int_equal(sq_tuning_wants(&constant, 3), SQ_STATISTIC_NONE);
}

static void moved_errors_need_no_type_that_holds(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by("moved", 1, 2);
    assert_near(tuning.lambda[0], 0, 0); /* held back until then */
    assert_true(sq_tuning_end_epoch(&tuning, 0, (double[]){5, 0.9, 7}, NULL));
    assert_near(tuning.lambda[0], 10 / 25.0, 1e-12);
    assert_near(tuning.lambda[1], 10, 0); /* below 1: it costs nothing */
    assert_near(tuning.lambda[2], 0, 0);
    tuning = tuning_by("moved", 1, 2);
    assert_true(sq_tuning_end_epoch(&tuning, 0, (double[]){5, 10, NAN}, NULL));
    assert_near(tuning.lambda[0], 10 / 25.0, 1e-12);
    assert_near(tuning.lambda[1], 10 / 100.0, 1e-12);
}

static void constant_leaves_lambda_alone(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by("constant", 1, 2);
    assert_false(sq_tuning_end_epoch(&tuning, 0, (double[]){5, 1, 7}, NULL));
    assert_near(tuning.lambda[0], 10, 0);
}

static void an_unknown_rule_names_the_nearest(void **state) {
    int rule;
    (void)state;
    assert_int_equal(sq_tuning_find("normalized", &rule), SQ_ERR_CONFIG);
    assert_non_null(strstr(sq_error_message(), "did you mean normalised?"));
}

/* The rule in another form: as a loop with counters, after the paper's own program. */
typedef struct {
    double lambda[N_TYPES], kept[N_TYPES];
    int64_t to_skip;
} counters;

static void follow_regularizers(counters *c, int64_t epoch, int64_t tune_at, double power,
                                const double *r) {
    bool smaller = false;
    for (int g = 0; g < N_TYPES; g++) smaller |= r[g] < c->kept[g];
    if (epoch + 1 > tune_at - 100 && epoch + 1 <= tune_at) {
        if (c->to_skip > 0) {
            c->to_skip--;
        } else if (smaller) {
            for (int g = 0; g < N_TYPES; g++) c->kept[g] = r[g];
        }
    }
    if (epoch + 1 != tune_at) return;
    double smallest = fmin(c->kept[1], c->kept[2]);
    for (int g = 0; g < N_TYPES; g++) c->lambda[g] /= pow(c->kept[g] / smallest, power);
}

static void run_both(uint64_t seed) {
    enum { POWER = 3 };
    sq_rng rng = test_rng(seed);
    int64_t tune_at = 100 + (int64_t)sq_rng_below(&rng, 60);
    counters c = {{0, 100, 100}, {INFINITY, INFINITY, INFINITY}, 50};
    sq_tuning tuning;
    sq_tuning_init(&tuning, 0, N_TYPES, lambda0, tune_at, POWER);
    for (int64_t epoch = 0; epoch < 200; epoch++) {
        double r[N_TYPES];
        for (int g = 0; g < N_TYPES; g++) r[g] = exp(sq_rng_normal(&rng));
        follow_regularizers(&c, epoch, tune_at, POWER, r);
        assert_int_equal(sq_tuning_end_epoch(&tuning, epoch, r, NULL), epoch + 1 == tune_at);
    }
    for (int g = 0; g < N_TYPES; g++) assert_near(tuning.lambda[g], c.lambda[g], 1e-9);
}

static void random_sequences_agree_with_the_loop_form(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) run_both(seed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lambda_is_divided_by_the_ratio_to_the_smallest),
        cmocka_unit_test(each_rule_says_what_it_looks_at),
        cmocka_unit_test(models_count_from_twice_tune_at_where_lambda_is_tuned_then),
        cmocka_unit_test(moved_errors_need_no_type_that_holds),
        cmocka_unit_test(constant_leaves_lambda_alone),
        cmocka_unit_test(an_unknown_rule_names_the_nearest),
        cmocka_unit_test(the_first_fifty_epochs_of_the_window_are_skipped),
        cmocka_unit_test(a_vector_is_kept_whole_when_any_component_is_smaller),
        cmocka_unit_test(a_regularizer_of_zero_keeps_its_lambda),
        cmocka_unit_test(nothing_but_zeros_leaves_lambda_alone),
        cmocka_unit_test(tune_at_zero_never_tunes),
        cmocka_unit_test(random_sequences_agree_with_the_loop_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
