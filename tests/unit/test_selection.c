/* Which model is selected, and when training stops early. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "near.h"
#include "train/selection.h"

static sq_selection selection_from(int64_t first, int64_t patience) {
    sq_selection selection;
    sq_selection_init(&selection, first, patience);
    return selection;
}

static void the_smallest_value_is_selected_until_patience_ends(void **state) {
    (void)state;
    bool is_best;
    sq_selection selection = selection_from(0, 2);
    assert_false(sq_selection_take(&selection, 0, 1.0, &is_best));
    assert_true(is_best);
    assert_false(sq_selection_take(&selection, 1, 1.0, &is_best));
    assert_false(is_best); /* equal is not better */
    assert_false(sq_selection_take(&selection, 2, NAN, &is_best));
    assert_true(sq_selection_take(&selection, 3, 2.0, &is_best));
    assert_int_equal(selection.best_epoch, 0);
}

static void models_before_the_first_that_counts_are_passed_over(void **state) {
    (void)state;
    bool is_best;
    sq_selection selection = selection_from(10, 3);
    for (int64_t epoch = 0; epoch < 10; epoch++) {
        assert_false(sq_selection_take(&selection, epoch, 0.1, &is_best));
        assert_false(is_best);
    }
    assert_false(sq_selection_take(&selection, 10, 5.0, &is_best));
    assert_true(is_best);
    assert_false(sq_selection_take(&selection, 13, 6.0, &is_best));
    assert_true(sq_selection_take(&selection, 14, 6.0, &is_best));
}

static void patience_zero_never_stops(void **state) {
    (void)state;
    bool is_best;
    sq_selection selection = selection_from(0, 0);
    for (int64_t epoch = 0; epoch < 500; epoch++)
        assert_false(sq_selection_take(&selection, epoch, (double)epoch, &is_best));
}

/* The same in another form: as a loop with counters, after the paper's own program. */
typedef struct {
    double best, stop_best;
    int64_t best_epoch, waited;
} counters;

static bool follow_validation(counters *c, int64_t epoch, int64_t first, int64_t patience,
                              double valid) {
    if (epoch >= first) {
        c->waited = valid < c->stop_best ? 0 : c->waited + 1;
        c->stop_best = fmin(c->stop_best, valid);
    }
    if (valid < c->best && epoch + 1 > first) {
        c->best = valid;
        c->best_epoch = epoch;
    }
    return c->waited > patience;
}

static void run_both(uint64_t seed) {
    enum { PATIENCE = 20 };
    sq_rng rng = test_rng(seed);
    int64_t first = 200 + (int64_t)sq_rng_below(&rng, 120);
    counters c = {INFINITY, INFINITY, -1, 0};
    sq_selection selection = selection_from(first, PATIENCE);
    bool stop = false;
    for (int64_t epoch = 0; epoch < 1000 && !stop; epoch++) {
        bool is_best;
        double valid = exp(sq_rng_normal(&rng));
        stop = follow_validation(&c, epoch, first, PATIENCE, valid);
        assert_int_equal(sq_selection_take(&selection, epoch, valid, &is_best), stop);
        assert_int_equal(selection.best_epoch, c.best_epoch);
        assert_int_equal(is_best, c.best_epoch == epoch);
    }
    assert_true(stop);
}

static void random_sequences_agree_with_the_loop_form(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) run_both(seed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_value_is_selected_until_patience_ends),
        cmocka_unit_test(models_before_the_first_that_counts_are_passed_over),
        cmocka_unit_test(patience_zero_never_stops),
        cmocka_unit_test(random_sequences_agree_with_the_loop_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
