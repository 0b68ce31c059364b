/* Copies of tensors of unlike sizes are found where they share a scale. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "near.h"
#include "scratch.h"
#include "train/unlike_copies.h"

enum { D = 2, MOST = 16 };

typedef struct {
    sq_representation output;
    sq_moments moments[MOST];
    double scale[MOST];
    sq_unlike_copies found;
} copies_case;

/* Components of ten rows with these means and standard deviations. */
static copies_case create_case(const char *text, const double *mean, const double *deviation) {
    copies_case c = {0};
    assert_ok(sq_representation_parse(text, D, &c.output));
    for (size_t e = 0; e < c.output.size; e++) {
        c.moments[e] = (sq_moments){10.0, mean[e], 10.0 * deviation[e] * deviation[e]};
        c.scale[e] = 1.0;
    }
    return c;
}

static void find(copies_case *c, bool by_block) {
    sq_unlike_copies_find(&c->output, c->moments, c->scale, by_block, &c->found);
}

static void copies_of_one_block_are_compared(void **state) {
    const double zero[MOST] = {0}, deviation[] = {3, 4, 0.003, 0.004, 100};
    char text[64];
    (void)state;
    copies_case c = create_case("2*T(1) + T(0)", zero, deviation);
    find(&c, true);
    assert_near(c.found.ratio, 1000, 1e-9);
    sq_copy_format(&c.output, &c.found.smaller, text, sizeof text);
    assert_string_equal(text, "columns 2 to 3, T(1)");
    find(&c, false);
    assert_near(c.found.larger.size, 100, 1e-9);
    sq_copy_format(&c.output, &c.found.larger, text, sizeof text);
    assert_string_equal(text, "column 4, T(0)");
}

static void blocks_have_scales_of_their_own(void **state) {
    const double zero[MOST] = {0}, deviation[] = {1000, 1, 1};
    (void)state;
    copies_case c = create_case("T(0) + T(1)", zero, deviation);
    find(&c, true);
    assert_near(c.found.ratio, 1, 0);
    c.scale[0] = 1000;
    find(&c, false);
    assert_near(c.found.ratio, 1, 1e-12);
}

/* The mean of a scalar is no part of any type, that of a vector is. */
static void scalars_count_by_what_varies(void **state) {
    const double mean[] = {1000, 0}, one[] = {1, 1}, none[MOST] = {0};
    const double vectors[] = {30, 0, 0, 0}, ones[] = {0, 0, 1, 1};
    (void)state;
    copies_case c = create_case("2*T(0)", mean, one);
    find(&c, true);
    assert_near(c.found.ratio, 1, 1e-12);
    c = create_case("2*T(1)", vectors, ones);
    find(&c, true);
    assert_near(c.found.ratio, 30 / sqrt(2), 1e-9);
    c = create_case("2*T(0)", mean, none);
    find(&c, true);
    assert_near(c.found.ratio, 0, 0);
}

static void what_is_zero_is_passed_over(void **state) {
    const double zero[MOST] = {0}, deviation[] = {1, 1, 0, 0};
    (void)state;
    copies_case c = create_case("2*T(1)", zero, deviation);
    find(&c, true);
    assert_near(c.found.ratio, 1, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_of_one_block_are_compared),
        cmocka_unit_test(blocks_have_scales_of_their_own),
        cmocka_unit_test(scalars_count_by_what_varies),
        cmocka_unit_test(what_is_zero_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
