/* Words: distances, suggestions, lists, bounded copies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"

static void edit_distance_counts_edits(void **state) {
    (void)state;
    assert_int_equal(0, sq_edit_distance("epochs", "epochs"));
    assert_int_equal(1, sq_edit_distance("epoch", "epochs"));
    assert_int_equal(1, sq_edit_distance("epohcs", "epochs")); /* neighbours swapped */
    assert_int_equal(1, sq_edit_distance("epachs", "epochs"));
    assert_int_equal(6, sq_edit_distance("", "epochs"));
    assert_int_equal(3, sq_edit_distance("kitten", "sitting"));
}

static void edit_distance_is_symmetric_and_survives_long_words(void **state) {
    (void)state;
    char text[300];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_true(sq_edit_distance(text, "b") > 0);
    assert_int_equal(sq_edit_distance(text, "b"), sq_edit_distance("b", text));
}

static void nearest_word_is_found_or_none(void **state) {
    (void)state;
    const char *words[] = {"inertia", "radius", "se3"};
    assert_string_equal("inertia", sq_nearest_word("inertai", words, 3));
    assert_string_equal("se3", sq_nearest_word("se2", words, 3));
    assert_null(sq_nearest_word("zzzzzzzz", words, 3));
    assert_null(sq_nearest_word("inertia", words, 0));
}

static void words_stand_between_spaces_and_commas_outside_of_brackets(void **state) {
    (void)state;
    const char *cursor = "  O(1,3), SO(2)@xy\tfile:a.nc ";
    const char *expected[] = {"O(1,3)", "SO(2)@xy", "file:a.nc"};
    const char *word;
    size_t length;
    assert_int_equal(3, sq_count_words(cursor));
    for (int i = 0; i < 3; i++) {
        assert_true(sq_next_word(&cursor, &word, &length));
        assert_int_equal(strlen(expected[i]), length);
        assert_memory_equal(expected[i], word, length);
    }
    assert_false(sq_next_word(&cursor, &word, &length));
}

static void words_of_odd_texts_are_counted_without_reading_past_the_end(void **state) {
    (void)state;
    assert_int_equal(0, sq_count_words(""));
    assert_int_equal(0, sq_count_words(" , ,, "));
    assert_int_equal(1, sq_count_words("O(3 , 4"));
    assert_int_equal(2, sq_count_words("a) b"));
}

static void bounded_copy_truncates(void **state) {
    (void)state;
    char text[4];
    sq_copy_bounded(text, sizeof text, "abcdef");
    assert_string_equal("abc", text);
    sq_copy_bounded(text, sizeof text, "");
    assert_string_equal("", text);
}

static void white_space_becomes_single_blanks(void **state) {
    (void)state;
    char text[] = "\t a\t\tb \n c  ", empty[] = " \t";
    sq_single_blanks(text);
    assert_string_equal("a b c", text);
    sq_single_blanks(empty);
    assert_string_equal("", empty);
}

static void one_is_singular(void **state) {
    (void)state;
    assert_string_equal("files", sq_number_word(0, "file", "files"));
    assert_string_equal("file", sq_number_word(1, "file", "files"));
    assert_string_equal("files", sq_number_word(2, "file", "files"));
}

static void an_ending_has_something_before_it(void **state) {
    (void)state;
    assert_true(sq_ends_with("table.failed", ".failed"));
    assert_false(sq_ends_with("table.failed.tsv", ".failed"));
    assert_false(sq_ends_with(".failed", ".failed"));
    assert_false(sq_ends_with("led", ".failed"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edit_distance_counts_edits),
        cmocka_unit_test(edit_distance_is_symmetric_and_survives_long_words),
        cmocka_unit_test(nearest_word_is_found_or_none),
        cmocka_unit_test(words_stand_between_spaces_and_commas_outside_of_brackets),
        cmocka_unit_test(words_of_odd_texts_are_counted_without_reading_past_the_end),
        cmocka_unit_test(bounded_copy_truncates),
        cmocka_unit_test(white_space_becomes_single_blanks),
        cmocka_unit_test(one_is_singular),
        cmocka_unit_test(an_ending_has_something_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
