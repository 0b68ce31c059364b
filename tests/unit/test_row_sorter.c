/* Sorting more rows than fit into memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "data/row_sorter.h"
#include "scratch.h"

typedef struct {
    int64_t key, place;
} row;

static int compare(const void *left, const void *right) {
    const row *a = left;
    const row *b = right;
    if (a->key != b->key) return (a->key > b->key) - (a->key < b->key);
    return (a->place > b->place) - (a->place < b->place);
}

/* Adds `count` rows with keys below `keys`, reads them back, in order and each once. */
static void sort_rows(void **state, int64_t count, size_t memory, uint64_t keys) {
    sq_rng rng = sq_rng_create(1, SQ_RNG_TEST, 0, (uint64_t)count);
    sq_row_sorter *sorter;
    const void *found;
    int64_t sum = 0;
    row last = {.key = -1};
    assert_ok(
        sq_row_sorter_create(sizeof(row), memory, compare, scratch_path(state, "out"), &sorter));
    for (int64_t i = 0; i < count; i++) {
        row added = {(int64_t)sq_rng_below(&rng, keys), i};
        assert_ok(sq_row_sorter_add(sorter, &added));
    }
    assert_ok(sq_row_sorter_finish(sorter));
    for (int64_t i = 0; i < count; i++) {
        assert_ok(sq_row_sorter_next(sorter, &found));
        assert_non_null(found);
        assert_true(compare(&last, found) < 0);
        last = *(const row *)found;
        sum += last.place;
    }
    assert_int_equal(sum, count * (count - 1) / 2);
    assert_ok(sq_row_sorter_next(sorter, &found));
    assert_null(found);
    sq_row_sorter_destroy(&sorter);
    assert_int_equal(scratch_count_files(state), 0);
}

static void rows_that_fit_are_sorted(void **state) {
    sort_rows(state, 1000, 1000, 50);
    sort_rows(state, 1, 1000, 50);
    sort_rows(state, 0, 1000, 50);
}

static void rows_that_do_not_fit_are_sorted(void **state) {
    sort_rows(state, 1001, 1000, 50);
    sort_rows(state, 2000, 1000, 1u << 30);
    sort_rows(state, 50000, 1500, 100); /* runs longer than what is read of them together */
    sort_rows(state, 300, 1, 100);
}

static void a_folder_that_is_not_there_is_an_error(void **state) {
    row one = {1, 1};
    sq_row_sorter *sorter;
    assert_ok(sq_row_sorter_create(sizeof one, 1, compare, scratch_path(state, "no/out"), &sorter));
    assert_ok(sq_row_sorter_add(sorter, &one));
    assert_failure(sq_row_sorter_add(sorter, &one), SQ_ERR_IO, "temporary file");
    sq_row_sorter_destroy(&sorter);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(rows_that_fit_are_sorted),
        in_scratch(rows_that_do_not_fit_are_sorted),
        in_scratch(a_folder_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
