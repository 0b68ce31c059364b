/* The verdict on a type: by the equivariance error, unless other evidence of the same evaluation
 * contradicts it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "cli/verdict.h"
#include "near.h"

/* Of a model that has learned nearly all, whose inputs are as likely moved as not. */
static sq_evaluation evaluation_of(double error) {
    return (sq_evaluation){.n_types = 1,
                           .explained_share = 0.99,
                           .equivariance_error = {error},
                           .unlearned_share = 0.0,
                           .unlearned_z = {0.0},
                           .moved_distance_ratio = {1.1}};
}

static void assert_verdict(sq_evaluation evaluation, sq_verdict verdict) {
    assert_int_equal(sq_verdict_of_type(&evaluation, 0), verdict);
}

static void it_is_by_the_error_if_nothing_contradicts(void **state) {
    (void)state;
    sq_evaluation holds = evaluation_of(0.009), nearly = evaluation_of(0.09);
    sq_evaluation broken = evaluation_of(0.11), unknown = evaluation_of(NAN);
    assert_verdict(holds, SQ_HOLDS);
    assert_verdict(nearly, SQ_NEARLY);
    assert_verdict(broken, SQ_BROKEN);
    assert_verdict(unknown, SQ_UNKNOWN);
}

static void what_is_not_learned_breaks_what_the_model_keeps(void **state) {
    (void)state;
    sq_evaluation e = evaluation_of(0.001);
    e.unlearned_share = 0.8;
    e.unlearned_z[0] = 5.0;
    assert_verdict(e, SQ_BROKEN_UNLEARNED);
    e.unlearned_z[0] = 1.0;
    assert_verdict(e, SQ_HOLDS);
    e.equivariance_error[0] = 0.5;
    e.unlearned_z[0] = 5.0;
    assert_verdict(e, SQ_BROKEN);
}

static void what_was_let_go_holds_only_if_something_says_so(void **state) {
    (void)state;
    sq_evaluation e = evaluation_of(0.02);
    e.let_go[0] = 1.0;
    assert_verdict(e, SQ_NEARLY); /* the model was free of it, and has learned the rest */
    e.unlearned_share = 0.8;
    assert_verdict(e, SQ_BROKEN_UNLEARNED);
    e.unlearned_z[0] = -3.0;
    assert_verdict(e, SQ_NEARLY);
    e.unlearned_share = e.unlearned_z[0] = NAN;
    assert_verdict(e, SQ_BROKEN_UNLEARNED);
    e.let_go[0] = NAN; /* there is no log */
    assert_verdict(e, SQ_NEARLY);
}

static void what_the_data_does_not_test_is_no_finding(void **state) {
    (void)state;
    sq_evaluation e = evaluation_of(0.001);
    e.moved_distance_ratio[0] = 1.5;
    assert_verdict(e, SQ_UNTESTED);
    e.moved_distance_ratio[0] = INFINITY;
    assert_verdict(e, SQ_UNTESTED);
    e.equivariance_error[0] = 0.5;
    assert_verdict(e, SQ_BROKEN);
}

static void groups_whose_inputs_cannot_be_compared_keep_their_verdict(void **state) {
    (void)state;
    sq_evaluation e = evaluation_of(0.001);
    e.moved_distance_ratio[0] = e.unlearned_z[0] = NAN;
    assert_verdict(e, SQ_HOLDS);
}

static void of_a_model_that_explains_nothing_every_type_is_open(void **state) {
    (void)state;
    sq_evaluation broken = evaluation_of(0.5), unknown = evaluation_of(NAN);
    sq_evaluation untested = evaluation_of(0.001);
    broken.explained_share = untested.explained_share = 0.09;
    untested.moved_distance_ratio[0] = 100.0;
    assert_verdict(broken, SQ_OPEN);
    assert_verdict(untested, SQ_OPEN);
    unknown.explained_share = -0.4;
    assert_verdict(unknown, SQ_UNKNOWN);
    broken.explained_share = 0.11;
    assert_verdict(broken, SQ_BROKEN);
    broken.explained_share = NAN; /* an earlier version's file, or targets that do not vary */
    assert_verdict(broken, SQ_BROKEN);
}

/* What sq_write_verdicts makes of it. text: (64) */
static void format(const int *times, char *text) {
    FILE *stream = fmemopen(text, 64, "w");
    assert_non_null(stream);
    sq_write_verdicts(stream, times);
    fclose(stream);
}

static void runs_that_differ_are_not_averaged(void **state) {
    char text[64] = "";
    (void)state;
    format((int[SQ_VERDICTS]){[SQ_NEARLY] = 3}, text);
    assert_string_equal(text, "nearly");
    format((int[SQ_VERDICTS]){[SQ_HOLDS] = 2, [SQ_BROKEN_UNLEARNED] = 1}, text);
    assert_string_equal(text, "holds 2; broken, not learned 1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_by_the_error_if_nothing_contradicts),
        cmocka_unit_test(what_is_not_learned_breaks_what_the_model_keeps),
        cmocka_unit_test(what_was_let_go_holds_only_if_something_says_so),
        cmocka_unit_test(what_the_data_does_not_test_is_no_finding),
        cmocka_unit_test(groups_whose_inputs_cannot_be_compared_keep_their_verdict),
        cmocka_unit_test(of_a_model_that_explains_nothing_every_type_is_open),
        cmocka_unit_test(runs_that_differ_are_not_averaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
