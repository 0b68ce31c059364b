/* Names of units: which are metres, and which mean the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/units.h"

static void metres_have_several_names(void **state) {
    (void)state;
    assert_true(sq_units_are_metres("m") && sq_units_are_metres("meters"));
    assert_true(sq_units_are_alike("m", " metre "));
}

static void other_lengths_are_no_metres(void **state) {
    (void)state;
    assert_false(sq_units_are_metres("cm") || sq_units_are_metres("mm") || sq_units_are_metres(""));
    assert_false(sq_units_are_alike("m", "cm") || sq_units_are_alike("cm", "m"));
}

static void no_unit_is_one(void **state) {
    (void)state;
    assert_true(sq_units_are_alike("", "1"));
    assert_false(sq_units_are_alike("", "m") || sq_units_are_alike("kg", "1"));
}

static void what_is_not_told_contradicts_nothing(void **state) {
    (void)state;
    assert_false(sq_units_contradict("", "m") || sq_units_contradict("kg", "1"));
    assert_true(sq_units_contradict("m", "cm"));
}

static void spaces_do_not_matter(void **state) {
    (void)state;
    assert_true(sq_units_are_alike("kg m2", "kg  m2 "));
    assert_false(sq_units_are_alike("kg m2", "kg m"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metres_have_several_names),
        cmocka_unit_test(other_lengths_are_no_metres),
        cmocka_unit_test(no_unit_is_one),
        cmocka_unit_test(what_is_not_told_contradicts_nothing),
        cmocka_unit_test(spaces_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
