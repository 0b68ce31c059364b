/* Rules that set the weights of the regularizers again and again, all through training. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "near.h"
#include "small_tuning.h"

static const sq_stiffness stiffness = {.first = 20, .most_scale = 3};

static sq_tuning tuning_by_running(const char *name, int64_t epochs) {
    sq_tuning tuning = tuning_by(name, 60, 2);
    assert_true(sq_tuning_is_running(tuning.rule));
    sq_tuning_begin_running(&tuning, stiffness, epochs);
    return tuning;
}

static sq_tuning tuning_by_gap(int64_t epochs) { return tuning_by_running("gap", epochs); }

static const double all_hold[N_TYPES] = {1, 1, 1};
static const sq_tuning_fit as_aimed_at = {.gap = 1.5, .unexplained = 0.5};

static void weights_fade_with_the_root_of_the_error(void **state) {
    sq_tuning tuning = tuning_by("gap", 60, 2);
    sq_tuning_fit fit = as_aimed_at;
    (void)state;
    sq_tuning_begin_running(&tuning, (sq_stiffness){20, 3, .fades = true}, 1);
    fit.unexplained = 0.01;
    sq_tuning_end_epoch(&tuning, 0, all_hold, &fit);
    assert_near(tuning.lambda[0], 2, 1e-12);
    fit.unexplained = 0; /* what has fallen has to rise in time */
    sq_tuning_end_epoch(&tuning, 1, all_hold, &fit);
    assert_near(tuning.lambda[0], 0.02, 1e-12);
}

static void weights_do_not_fade_for_what_is_unknown_or_worse_than_a_constant(void **state) {
    (void)state;
    for (int k = 0; k < 2; k++) {
        sq_tuning tuning = tuning_by("gap", 60, 2);
        sq_tuning_fit fit = {.gap = 4, .unexplained = k ? NAN : 4};
        sq_tuning_begin_running(&tuning, (sq_stiffness){20, 3, .fades = true}, 1);
        sq_tuning_end_epoch(&tuning, 0, all_hold, &fit);
        assert_near(tuning.lambda[0], 10, 1e-12); /* halved, as nothing is learnt */
    }
}

static void a_running_rule_has_lambda_of_its_own(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_gap(1);
    assert_near(tuning.lambda[0], 20, 1e-12);
    assert_near(tuning.lambda[1], 20, 1e-12);
    assert_near(tuning.lambda[2], 0, 0);
    sq_tuning_end_epoch(&tuning, 0, all_hold, &as_aimed_at);
    assert_near(tuning.lambda[0], 20, 1e-12);
    assert_near(tuning.lambda[2], 0, 0);
}

static void a_running_rule_follows_the_error_of_moved_samples(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_gap(1);
    sq_tuning_end_epoch(&tuning, 0, (double[]){8, 0.9, 7}, &as_aimed_at);
    assert_near(tuning.lambda[0], 20 / 8.0, 1e-12);
    assert_near(tuning.lambda[1], 20, 1e-12); /* below 1: it costs nothing */
    sq_tuning_end_epoch(&tuning, 1, (double[]){2, NAN, 7}, &as_aimed_at);
    assert_near(tuning.lambda[0], 20 / 4.0, 1e-12); /* doubles at most */
    assert_near(tuning.lambda[1], 20, 1e-12);       /* nothing was measured: as if it held */
    sq_tuning_end_epoch(&tuning, 2, (double[]){INFINITY, 1, 7}, &as_aimed_at);
    assert_true(tuning.lambda[0] > 0); /* so that it can rise again */
}

/* The same with samples that types 0 and 1 may move. */
static sq_tuning tuning_that_moves(void) {
    sq_tuning tuning = tuning_by_gap(1);
    sq_tuned_running_begin_moving(&tuning.running, (bool[]){true, true, false});
    return tuning;
}

static void assert_shares(const sq_tuning *tuning, const double *expected) {
    for (int g = 0; g < N_TYPES; g++) assert_near(tuning->running.share[g], expected[g], 1e-12);
}

static void types_that_hold_move_nine_tenths_of_the_samples(void **state) {
    (void)state;
    sq_tuning tuning = tuning_that_moves();
    assert_shares(&tuning, (double[]){0, 0, 0});
    sq_tuning_end_epoch(&tuning, 0, (double[]){0.8, 1, 1}, &as_aimed_at);
    assert_shares(&tuning, (double[]){0.45, 0.45, 0});
}

static void broken_types_move_few_samples(void **state) {
    (void)state;
    sq_tuning tuning = tuning_that_moves();
    sq_tuning_end_epoch(&tuning, 0, (double[]){2, 1, 1}, &as_aimed_at);
    assert_shares(&tuning, (double[]){0.9 / 17, 0.9 * 16 / 17, 0});
    sq_tuning_end_epoch(&tuning, 0, (double[]){2, 2, 1}, &as_aimed_at);
    assert_shares(&tuning, (double[]){0.9 / 32, 0.9 / 32, 0});
    sq_tuning_end_epoch(&tuning, 0, (double[]){INFINITY, NAN, 1}, &as_aimed_at);
    assert_shares(&tuning, (double[]){0, 0, 0});
}

/* The share that type 0 comes to if it is broken by b and the network's other error is 1
 * (docs/architecture.md). */
static double settled_share(double b) {
    sq_tuning tuning = tuning_that_moves();
    tuning.running.moves[1] = false;
    tuning.running.share[0] = 0.9;
    for (int64_t period = 0; period < 200; period++) {
        double p = tuning.running.share[0];
        double ratio = (1 + (1 + (1 - p) * (1 - p)) * b) / (1 + p * p * b);
        sq_tuning_end_epoch(&tuning, period, (double[]){ratio, 1, 1}, &as_aimed_at);
        tuning.running.share[0] =
            (p + tuning.running.share[0]) / 2; /* the network takes time to follow */
    }
    return tuning.running.share[0];
}

/* The additional error that three types come to, each of which lies in the next and is broken by
 * b in a way of its own; the network's other error is 1. A sample that a type moves tells the mean
 * over it, hence over all that lie in it. b: (N_TYPES) */
static double settled_harm(const double *b) {
    double harm = 0.0;
    sq_tuning tuning = tuning_by("gap", 60, 2);
    tuning.once.start[2] = 1;
    sq_tuning_begin_running(&tuning, stiffness, 1);
    sq_tuned_running_begin_moving(&tuning.running, (bool[]){true, true, true});
    for (int g = 0; g < N_TYPES; g++) tuning.running.share[g] = 0.3;
    for (int64_t period = 0; period < 200; period++) {
        double ratio[N_TYPES], missed[N_TYPES], before[N_TYPES], sum = 0.0, error = 1.0;
        memcpy(before, tuning.running.share, sizeof before);
        for (int g = N_TYPES - 1; g >= 0; g--) missed[g] = sum += before[g];
        for (int g = 0; g < N_TYPES; g++) error += missed[g] * missed[g] * b[g];
        for (int g = 0; g < N_TYPES; g++) {
            double moved = 1.0;
            for (int k = 0; k < N_TYPES; k++) {
                double q = missed[k];
                moved += b[k] * (k <= g ? 1 + (1 - q) * (1 - q) : q * q);
            }
            ratio[g] = moved / error;
        }
        sq_tuning_end_epoch(&tuning, period, ratio, &as_aimed_at);
        for (int g = 0; g < N_TYPES; g++)
            tuning.running.share[g] = (before[g] + tuning.running.share[g]) / 2;
        harm = error - 1.0;
    }
    return harm;
}

static void nested_broken_types_do_little_harm_together(void **state) {
    double worst = 0.0;
    (void)state;
    for (double first = 0.01; first < 1; first *= 1.2)
        for (double second = 0.01; second < 1; second *= 1.2)
            for (double third = 1e-5; third < 10; third *= 3)
                worst = fmax(worst, settled_harm((double[]){first, second, third}));
    assert_true(worst > 0.075 && worst < 0.082);
}

static void samples_moved_by_broken_types_do_little_harm(void **state) {
    (void)state;
    for (double b = 1e-4; b < 1e8; b *= 1.01) {
        double p = settled_share(b);
        assert_true(p * p * b < 0.0562);
    }
    assert_true(settled_share(1e-4) > 0.89);
    assert_true(settled_share(100) < 1e-8);
}

static void nothing_moves_samples_unless_it_may(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_gap(1);
    sq_tuning_end_epoch(&tuning, 0, all_hold, &as_aimed_at);
    assert_shares(&tuning, (double[]){0, 0, 0});
}

static double scale_after(const sq_tuning_fit *fit) {
    sq_tuning tuning = tuning_by_gap(1);
    tuning.running.scale[0] = tuning.running.scale[1] = 0.1;
    sq_tuning_end_epoch(&tuning, 0, all_hold, fit);
    return tuning.running.scale[0];
}

static void weights_rise_with_overfitting_and_fall_without(void **state) {
    (void)state;
    assert_near(scale_after(&as_aimed_at), 0.1, 1e-12);
    assert_near(scale_after(&(sq_tuning_fit){.gap = 1.6, .unexplained = 0.5}), 0.12, 1e-12);
    assert_near(scale_after(&(sq_tuning_fit){.gap = 9, .unexplained = 0.5}), 0.15, 1e-12);
    assert_near(scale_after(&(sq_tuning_fit){.gap = 1.25, .unexplained = 0.5}), 0.1 * pow(0.5, 0.1),
                1e-12);
    assert_near(scale_after(&(sq_tuning_fit){.gap = 1, .unexplained = 0.5}), 0.05, 1e-12);
    assert_near(scale_after(&(sq_tuning_fit){.gap = 0.9, .unexplained = 0.5}), 0.05, 1e-12);
    assert_near(scale_after(&(sq_tuning_fit){.gap = NAN, .unexplained = 0.5}), 0.1, 1e-12);
}

static void weights_do_not_rise_where_types_move_samples(void **state) {
    (void)state;
    sq_tuning tuning = tuning_that_moves();
    tuning.running.scale[0] = tuning.running.scale[1] = 0.1;
    sq_tuning_end_epoch(&tuning, 0, all_hold, &(sq_tuning_fit){.gap = 9, .unexplained = 0.5});
    assert_near(tuning.running.scale[0], 0.1, 1e-12);
    sq_tuning_end_epoch(&tuning, 1, all_hold, &(sq_tuning_fit){.gap = 1, .unexplained = 0.5});
    assert_near(tuning.running.scale[0], 0.05, 1e-12);
}

static void a_validation_split_that_varies_more_is_no_overfitting(void **state) {
    (void)state;
    assert_near(sq_tuning_gap(6, 2, 0, 0), 3, 1e-12);
    assert_near(sq_tuning_gap(6, 2, 30, 10), 1, 1e-12);
    assert_near(sq_tuning_gap(6, 2, 0, 10), 3, 1e-12);
    assert_true(isnan(sq_tuning_gap(0, 0, 30, 10)));
}

static void weights_are_halved_while_nothing_is_learnt(void **state) {
    (void)state;
    assert_near(scale_after(&(sq_tuning_fit){.gap = 9, .unexplained = 0.81}), 0.05, 1e-12);
}

static void weights_do_not_fall_so_far_that_they_never_rise_again(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_gap(1);
    for (int64_t epoch = 0; epoch < 200; epoch++)
        sq_tuning_end_epoch(&tuning, epoch, all_hold,
                            &(sq_tuning_fit){.gap = 1, .unexplained = 0.5});
    assert_near(tuning.lambda[0], 20 * 1e-6, 1e-15);
}

static void weights_do_not_rise_above_the_first(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_gap(1);
    sq_tuning_end_epoch(&tuning, 0, all_hold, &(sq_tuning_fit){.gap = 9, .unexplained = 0.5});
    assert_near(tuning.lambda[0], 20, 1e-12);
}

static void only_the_rule_projected_asks_for_projected_weights(void **state) {
    (void)state;
    sq_tuning gap = tuning_by_gap(160), projected = tuning_by_running("projected", 160);
    assert_false(sq_tuning_projects(gap.rule));
    assert_true(sq_tuning_projects(projected.rule));
}

/* One more period with these errors of projected weights; that of type 2, which is left out in the
 * configuration, is small. */
static void project_at(sq_tuning *tuning, int64_t epoch, double first, double second,
                       double unexplained) {
    const double projected[N_TYPES] = {first, second, 0.5};
    const sq_tuning_fit fit = {.gap = 1, .unexplained = unexplained, .projected = projected};
    sq_tuned_running *running = &tuning->running;
    for (int g = 0; g < N_TYPES; g++)
        if (sq_tuned_running_may_hold(running, epoch, &fit, g))
            sq_tuned_running_hold(running, epoch, g);
    sq_tuning_end_epoch(tuning, epoch, all_hold, &fit);
}

static void project(sq_tuning *tuning, double first, double second, double unexplained) {
    project_at(tuning, 0, first, second, unexplained);
}

static void a_type_is_held_the_more_if_the_network_is_better_projected(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 19);
    project(&tuning, 0.95, 1.0, 0.5);
    assert_near(tuning.lambda[0], 20 * pow(0.95, -4), 1e-12);
    assert_near(tuning.lambda[1], 10, 1e-12); /* as the gap of 1 says */
    project(&tuning, 1.01, NAN, 0.5);
    assert_near(tuning.lambda[0], 10 * pow(0.95, -4), 1e-12);
    assert_near(tuning.lambda[1], 5, 1e-12);
}

static void a_held_type_comes_to_no_more_than_is_allowed(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 19);
    project(&tuning, 0.1, 0.1, 0.5);
    assert_near(tuning.lambda[0], 40, 1e-12); /* doubles at most */
    project(&tuning, 0.1, 0.1, 0.5);
    assert_near(tuning.lambda[0], 60, 1e-12);
    sq_tuning_end_epoch(&tuning, 0, all_hold, &(sq_tuning_fit){.gap = 9, .unexplained = 0.5});
    assert_near(tuning.lambda[0], 60, 1e-12); /* overfitting does not take it further */
}

static void after_the_beginning_no_type_is_held_while_nothing_is_learnt(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 19); /* too short for a beginning */
    project(&tuning, 0.5, 0.5, 0.81);
    assert_near(tuning.lambda[0], 10, 1e-12);
}

static void in_the_beginning_a_type_stays_that_projecting_helps(void **state) {
    (void)state;
    const double projected[N_TYPES] = {0.5, 1.0, 1};
    const sq_tuning_fit fit = {.gap = 1, .unexplained = 0.81, .projected = projected};
    sq_tuning tuning = tuning_by_running("projected", 160); /* periods of 2, a beginning of 8 */
    sq_tuned_running_begin_moving(&tuning.running, (bool[]){true, true, false});
    for (int64_t epoch = 0; epoch < 8; epoch++) sq_tuning_end_epoch(&tuning, epoch, all_hold, &fit);
    assert_near(tuning.lambda[0], 20, 1e-12); /* nor does it rise */
    assert_near(tuning.lambda[1], 20 * pow(0.5, 4), 1e-12);
    sq_tuning_end_epoch(&tuning, 9, all_hold, &fit);
    assert_near(tuning.lambda[0], 10, 1e-12);
}

static void in_the_beginning_a_type_that_has_risen_stays_risen(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 100);
    const double projected[N_TYPES] = {0.5, 0.5, 1};
    sq_tuning_fit fit = {.gap = 1, .unexplained = 0.5, .projected = projected};
    for (int64_t epoch = 0; epoch < 4; epoch++) sq_tuning_end_epoch(&tuning, epoch, all_hold, &fit);
    fit.unexplained = 0.81;
    sq_tuning_end_epoch(&tuning, 4, all_hold, &fit);
    assert_near(tuning.lambda[0], 60, 1e-12);
}

static void what_is_not_known_to_be_learnt_is_not(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 19);
    project(&tuning, 0.5, 1.0, NAN);
    assert_near(tuning.lambda[0], 10, 1e-12);
    assert_near(tuning.lambda[1], 10, 1e-12);
}

static void a_type_is_held_where_types_move_samples_too(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 19);
    sq_tuned_running_begin_moving(&tuning.running, (bool[]){true, true, false});
    project(&tuning, 0.95, 1.1, 0.5);
    assert_near(tuning.lambda[0], 20 * pow(0.95, -4), 1e-12);
    sq_tuning_end_epoch(&tuning, 0, all_hold, &(sq_tuning_fit){.gap = 9, .unexplained = 0.5});
    assert_near(tuning.lambda[0], 20 * pow(0.95, -4), 1e-12);
    assert_near(tuning.lambda[1], 10, 1e-12);
}

static void in_the_second_half_what_is_better_projected_is_held_for_good(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 20);
    project_at(&tuning, 9, 0.99, 1.0, 0.5);
    assert_false(sq_tuned_running_holds(&tuning.running, 0));
    project_at(&tuning, 10, 0.99, 1.0, 0.5);
    assert_true(sq_tuned_running_holds(&tuning.running, 0));
    assert_false(sq_tuned_running_holds(&tuning.running, 1)); /* no better */
    assert_false(sq_tuned_running_holds(&tuning.running, 2)); /* left out in the configuration */
    double scale = tuning.running.scale[0];
    project_at(&tuning, 11, 1.01, 1.0, 0.5);
    project_at(&tuning, 12, 0.98, 1.0, 0.5);
    assert_int_equal(tuning.running.held_since[0], 10);
    assert_near(tuning.running.scale[0], scale, 0); /* whatever projecting says by then */
}

static void nothing_is_held_exactly_while_nothing_is_learnt(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 20);
    project_at(&tuning, 15, 0.5, 1.0, 0.81);
    project_at(&tuning, 16, NAN, 1.0, 0.5);
    assert_false(sq_tuned_running_holds(&tuning.running, 0));
}

static void every_fourth_period_of_the_second_half_asks_what_is_not_learned(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 240);
    int count = 0;
    for (int64_t epoch = 0; epoch < 240; epoch++) {
        bool doubts = sq_tuned_running_doubts(&tuning.running, epoch);
        count += doubts;
        assert_false(doubts && epoch < 120);
    }
    assert_int_equal(count, 10);
}

static void a_type_is_let_go_once(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 240);
    assert_true(sq_tuned_running_may_let_go(&tuning.running, 0));
    assert_false(sq_tuned_running_may_let_go(&tuning.running, 2)); /* left out anyway */
    sq_tuned_running_let_go(&tuning.running, 0);
    assert_false(sq_tuned_running_may_let_go(&tuning.running, 0));
}

static void a_type_that_was_let_go_does_nothing_any_more(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 20);
    sq_tuned_running_begin_moving(&tuning.running, (bool[]){true, true, false});
    project_at(&tuning, 10, 0.99, 0.99, 0.5);
    sq_tuned_running_let_go(&tuning.running, 0);
    project_at(&tuning, 11, 0.99, 0.99, 0.5);
    assert_false(sq_tuned_running_holds(&tuning.running, 0));
    assert_true(sq_tuned_running_holds(&tuning.running, 1));
    assert_near(tuning.lambda[0], 0, 0);
    assert_true(tuning.lambda[1] > 0);
    assert_shares(&tuning, (double[]){0, 0.9, 0});
}

static void a_type_that_is_set_aside_keeps_next_to_no_weight(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 20);
    sq_tuned_running_begin_moving(&tuning.running, (bool[]){true, true, false});
    project_at(&tuning, 10, 0.99, 0.99, 0.5);
    sq_tuned_running_set_aside(&tuning.running, 0);
    project_at(&tuning, 11, 0.99, 0.99, 0.5);
    assert_false(sq_tuned_running_holds(&tuning.running, 0));
    assert_true(tuning.lambda[0] > 0 && tuning.lambda[0] < 1e-4);
    assert_shares(&tuning, (double[]){0, 0.9, 0});
}

static void a_type_is_set_aside_once_and_may_be_let_go_then(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 20);
    assert_true(sq_tuned_running_may_set_aside(&tuning.running, 0));
    assert_false(sq_tuned_running_may_set_aside(&tuning.running, 2)); /* left out anyway */
    sq_tuned_running_set_aside(&tuning.running, 0);
    assert_false(sq_tuned_running_may_set_aside(&tuning.running, 0));
    assert_true(sq_tuned_running_may_let_go(&tuning.running, 0));
}

static void a_type_that_is_released_may_be_held_again(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_running("projected", 20);
    project_at(&tuning, 10, 0.99, 1.0, 0.5);
    sq_tuned_running_release(&tuning.running, 0);
    assert_false(sq_tuned_running_holds(&tuning.running, 0));
    project_at(&tuning, 11, 0.99, 1.0, 0.5);
    assert_true(sq_tuned_running_holds(&tuning.running, 0));
}

static void decoupled_types_come_to_half_of_a_step_together(void **state) {
    (void)state;
    for (int candidates = 1; candidates <= 5; candidates++) {
        sq_stiffness found = sq_stiffness_decoupled(0.01, candidates);
        assert_near(found.first * 0.01, 0.1, 1e-12);
        assert_near(candidates * found.first * found.most_scale * 0.01, 0.5, 1e-12);
    }
    assert_near(sq_stiffness_decoupled(0.01, 8).most_scale, 1, 0);
    assert_true(isfinite(sq_stiffness_decoupled(0.0, 0).first));
}

static void preconditioned_types_come_to_thirty_times_the_first(void **state) {
    (void)state;
    sq_stiffness found = sq_stiffness_preconditioned(2.0, true);
    assert_true(found.first == 6.0 && found.most_scale == 30.0 && found.fades);
    assert_false(sq_stiffness_preconditioned(2.0, false).fades);
}

static void a_running_rule_sets_lambda_eighty_times(void **state) {
    (void)state;
    sq_tuning tuning = tuning_by_gap(240);
    int count = 0;
    for (int64_t epoch = 0; epoch < 240; epoch++) {
        count += sq_tuning_wants(&tuning, epoch) == SQ_STATISTIC_MOVED;
        assert_false(
            sq_tuning_end_epoch(&tuning, epoch, all_hold, &as_aimed_at)); /* not for good */
    }
    assert_int_equal(count, 80);
    assert_near(tuning.lambda[0], 20, 1e-12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_rule_has_lambda_of_its_own),
        cmocka_unit_test(weights_fade_with_the_root_of_the_error),
        cmocka_unit_test(weights_do_not_fade_for_what_is_unknown_or_worse_than_a_constant),
        cmocka_unit_test(a_running_rule_follows_the_error_of_moved_samples),
        cmocka_unit_test(types_that_hold_move_nine_tenths_of_the_samples),
        cmocka_unit_test(broken_types_move_few_samples),
        cmocka_unit_test(samples_moved_by_broken_types_do_little_harm),
        cmocka_unit_test(nested_broken_types_do_little_harm_together),
        cmocka_unit_test(nothing_moves_samples_unless_it_may),
        cmocka_unit_test(weights_rise_with_overfitting_and_fall_without),
        cmocka_unit_test(weights_do_not_rise_where_types_move_samples),
        cmocka_unit_test(a_validation_split_that_varies_more_is_no_overfitting),
        cmocka_unit_test(weights_are_halved_while_nothing_is_learnt),
        cmocka_unit_test(weights_do_not_fall_so_far_that_they_never_rise_again),
        cmocka_unit_test(weights_do_not_rise_above_the_first),
        cmocka_unit_test(only_the_rule_projected_asks_for_projected_weights),
        cmocka_unit_test(in_the_second_half_what_is_better_projected_is_held_for_good),
        cmocka_unit_test(nothing_is_held_exactly_while_nothing_is_learnt),
        cmocka_unit_test(a_type_is_held_the_more_if_the_network_is_better_projected),
        cmocka_unit_test(a_held_type_comes_to_no_more_than_is_allowed),
        cmocka_unit_test(after_the_beginning_no_type_is_held_while_nothing_is_learnt),
        cmocka_unit_test(in_the_beginning_a_type_stays_that_projecting_helps),
        cmocka_unit_test(in_the_beginning_a_type_that_has_risen_stays_risen),
        cmocka_unit_test(what_is_not_known_to_be_learnt_is_not),
        cmocka_unit_test(a_type_is_held_where_types_move_samples_too),
        cmocka_unit_test(every_fourth_period_of_the_second_half_asks_what_is_not_learned),
        cmocka_unit_test(a_type_is_let_go_once),
        cmocka_unit_test(a_type_that_was_let_go_does_nothing_any_more),
        cmocka_unit_test(a_type_that_is_set_aside_keeps_next_to_no_weight),
        cmocka_unit_test(a_type_is_set_aside_once_and_may_be_let_go_then),
        cmocka_unit_test(a_type_that_is_released_may_be_held_again),
        cmocka_unit_test(decoupled_types_come_to_half_of_a_step_together),
        cmocka_unit_test(preconditioned_types_come_to_thirty_times_the_first),
        cmocka_unit_test(a_running_rule_sets_lambda_eighty_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
