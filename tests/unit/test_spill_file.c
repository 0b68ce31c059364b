/* A temporary file without a name: what is appended is read back, from any place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/spill_file.h"
#include "scratch.h"

static void what_is_appended_is_read_back(void **state) {
    enum { PARTS = 100, PART = 5000 };
    int64_t part[PART], found[PART];
    sq_spill_file *file;
    assert_ok(sq_spill_file_create(scratch_path(state, "out"), &file));
    for (int64_t k = 0; k < PARTS; k++) {
        for (int64_t i = 0; i < PART; i++) part[i] = k * PART + i;
        assert_ok(sq_spill_file_append(file, part, sizeof part));
    }
    for (int64_t k = PARTS - 1; k >= 0; k--) {
        assert_ok(sq_spill_file_read(file, k * (int64_t)sizeof part, sizeof found, found));
        for (int64_t i = 0; i < PART; i++) assert_int_equal(found[i], k * PART + i);
    }
    assert_ok(sq_spill_file_read(file, 7 * 8, sizeof found[0], found));
    assert_int_equal(found[0], 7);
    sq_spill_file_close(&file);
    assert_null(file);
}

static void nothing_is_left_in_the_folder(void **state) {
    sq_spill_file *file;
    assert_ok(sq_spill_file_create(scratch_path(state, "out"), &file));
    assert_ok(sq_spill_file_append(file, "1", 1));
    assert_int_equal(scratch_count_files(state), 0);
    sq_spill_file_close(&file);
    sq_spill_file_close(&file);
}

static void nothing_is_appended_and_read(void **state) {
    sq_spill_file *file;
    assert_ok(sq_spill_file_create(scratch_path(state, "out"), &file));
    assert_ok(sq_spill_file_append(file, NULL, 0));
    assert_ok(sq_spill_file_read(file, 0, 0, NULL));
    sq_spill_file_close(&file);
}

static void reading_past_the_end_is_an_error(void **state) {
    char found[4];
    sq_spill_file *file;
    assert_ok(sq_spill_file_create(scratch_path(state, "out"), &file));
    assert_ok(sq_spill_file_append(file, "abc", 3));
    assert_failure(sq_spill_file_read(file, 0, 4, found), SQ_ERR_IO, "shorter than it was");
    assert_failure(sq_spill_file_read(file, -1, 1, found), SQ_ERR_IO, "cannot be read");
    sq_spill_file_close(&file);
}

static void a_folder_that_is_not_there_is_named(void **state) {
    sq_spill_file *file = NULL;
    assert_failure(sq_spill_file_create(scratch_path(state, "no/out"), &file), SQ_ERR_IO,
                   "no/out: a temporary file beside it cannot be made: ");
    assert_null(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(what_is_appended_is_read_back),
        in_scratch(nothing_is_left_in_the_folder),
        in_scratch(nothing_is_appended_and_read),
        in_scratch(reading_past_the_end_is_an_error),
        in_scratch(a_folder_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
