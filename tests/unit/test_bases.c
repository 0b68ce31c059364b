/* The table of solved bases: what it has solved once, in memory or on disk, it does not solve
 * again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/memory.h"
#include "near.h"
#include "scratch.h"
#include "symmetry/bases.h"

/* Keeps the last warning and counts them. */
typedef struct {
    int count;
    char last[512];
} warnings;

static void keep_warning(sq_log_level level, const char *line, void *context) {
    warnings *kept = context;
    if (level != SQ_LOG_WARNING) return;
    kept->count++;
    snprintf(kept->last, sizeof kept->last, "%s", line);
}

static const sq_bases_entry *get(sq_bases *bases, const char *expression, int rank,
                                 sq_duals duals) {
    sq_group *group = NULL;
    const sq_bases_entry *entry = NULL;
    assert_ok(sq_group_create(expression, 0, &group));
    assert_ok(sq_bases_get(bases, group, rank, duals, &entry));
    sq_group_destroy(&group);
    return entry;
}

/* How many of O(3)'s ranks 2 and 4 a fresh table over this folder has to solve. */
static int solve_with_folder(const char *folder) {
    sq_bases *bases = NULL;
    assert_ok(sq_bases_create(folder, &bases));
    assert_int_equal(get(bases, "O(3)", 2, 0)->basis->count, 1);
    assert_int_equal(get(bases, "O(3)", 4, 0)->basis->count, 3);
    int solved = sq_bases_solved(bases);
    sq_bases_destroy(&bases);
    assert_null(bases);
    return solved;
}

/* Paths of the files of the cache, sorted; (*count). */
static void list_files(const char *folder, char paths[2][512]) {
    struct dirent **entries = NULL;
    int found = scandir(folder, &entries, NULL, alphasort), count = 0;
    for (int k = 0; k < found; k++) {
        if (entries[k]->d_name[0] != '.' && count < 2)
            snprintf(paths[count++], 512, "%s/%s", folder, entries[k]->d_name);
        free(entries[k]);
    }
    free(entries);
    assert_int_equal(count, 2);
}

static void memory_remembers(void **state) {
    sq_bases *bases = NULL;
    (void)state;
    assert_ok(sq_bases_create(NULL, &bases));
    const sq_bases_entry *first = get(bases, "SO(3)", 3, 0);
    assert_int_equal(sq_bases_solved(bases), 1);
    for (int rank = 0; rank < 6; rank++) get(bases, "SL(2)", rank, 0);
    assert_ptr_equal(get(bases, "SO(3)", 3, 0), first);
    assert_int_equal(sq_bases_solved(bases), 7);
    for (size_t e = 0; e < first->basis->dimension; e++)
        assert_near((double)first->vectors[e], first->basis->vectors[e], 1e-7);
    sq_bases_destroy(&bases);
}

static void duals_matter_only_without_inner_product(void **state) {
    sq_bases *bases = NULL;
    (void)state;
    assert_ok(sq_bases_create(NULL, &bases));
    assert_ptr_equal(get(bases, "O(3)", 2, 0), get(bases, "O(3)", 2, 1));
    assert_ptr_not_equal(get(bases, "SL(3)", 2, 0), get(bases, "SL(3)", 2, 2));
    assert_int_equal(sq_bases_solved(bases), 3);
    sq_bases_destroy(&bases);
}

static void the_folder_remembers(void **state) {
    const char *folder = scratch_path(state, "cache/of mine");
    assert_int_equal(solve_with_folder(folder), 2);
    assert_int_equal(solve_with_folder(folder), 0);
}

static void no_invariants_are_remembered_too(void **state) {
    const char *folder = scratch_path(state, "cache");
    for (int time = 0; time < 2; time++) {
        sq_bases *bases = NULL;
        assert_ok(sq_bases_create(folder, &bases));
        assert_int_equal(get(bases, "O(3)", 3, 0)->basis->count, 0);
        assert_int_equal(sq_bases_solved(bases), time == 0);
        sq_bases_destroy(&bases);
    }
}

static void damaged_files_are_solved_again_with_a_warning(void **state) {
    const char *folder = scratch_path(state, "cache");
    char paths[2][512];
    warnings kept = {0};
    sq_log_set_sink(keep_warning, &kept);
    assert_int_equal(solve_with_folder(folder), 2);
    list_files(folder, paths);
    scratch_cut(paths[0], 0.5);
    assert_int_equal(solve_with_folder(folder), 1);
    assert_int_equal(kept.count, 1);
    assert_non_null(strstr(kept.last, paths[0]));
    assert_int_equal(solve_with_folder(folder), 0); /* it was written anew */
    scratch_cut(paths[1], 0.0);
    assert_int_equal(solve_with_folder(folder), 1);
    assert_int_equal(kept.count, 2);
    sq_log_set_sink(NULL, NULL);
}

/* Another rank's basis, larger or smaller, under this name. */
static void a_file_of_something_else_is_solved_again(void **state) {
    static const char *const folders[] = {"one", "other"};
    warnings kept = {0};
    sq_log_set_sink(keep_warning, &kept);
    for (int from = 0; from < 2; from++) {
        const char *folder = scratch_path(state, folders[from]);
        char paths[2][512];
        assert_int_equal(solve_with_folder(folder), 2);
        list_files(folder, paths);
        assert_int_equal(rename(paths[from], paths[1 - from]), 0);
        assert_int_equal(solve_with_folder(folder), 2);
        assert_int_equal(kept.count, from + 1);
        assert_non_null(strstr(kept.last, "does not hold invariants of O(3)"));
    }
    sq_log_set_sink(NULL, NULL);
}

static void a_folder_that_cannot_be_written_is_told_once(void **state) {
    const char *file = scratch_write(state, "file", "not a folder");
    warnings kept = {0};
    sq_log_set_sink(keep_warning, &kept);
    assert_int_equal(solve_with_folder(file), 2);
    assert_int_equal(kept.count, 1);
    assert_non_null(strstr(kept.last, "cannot be kept"));
    sq_log_set_sink(NULL, NULL);
}

static void a_packed_table_needs_no_solving(void **state) {
    sq_bases *from = NULL, *to = NULL;
    void *bytes = NULL;
    size_t count = 0;
    (void)state;
    assert_ok(sq_bases_create(NULL, &from));
    assert_ok(sq_bases_create(NULL, &to));
    const sq_bases_entry *mine = get(from, "O(3)", 4, 0);
    get(from, "O(3)", 3, 0);
    get(to, "O(3)", 3, 0); /* it may have some already */
    assert_ok(sq_bases_pack(from, &bytes, &count));
    assert_ok(sq_bases_unpack(to, bytes, count));
    const sq_bases_entry *theirs = get(to, "O(3)", 4, 0);
    assert_int_equal(sq_bases_solved(to), 1);
    assert_int_equal(theirs->basis->count, 3);
    assert_memory_equal(theirs->basis->vectors, mine->basis->vectors,
                        3 * mine->basis->dimension * sizeof(double));
    assert_failure(sq_bases_unpack(to, bytes, count - 8), SQ_ERR_DATA, "cut off");
    assert_failure(sq_bases_unpack(to, bytes, 8), SQ_ERR_DATA, "cut off");
    sq_free(bytes);
    sq_bases_destroy(&from);
    sq_bases_destroy(&to);
}

static void nothing_packs_into_nothing(void **state) {
    sq_bases *bases = NULL;
    void *bytes = NULL;
    size_t count = 1;
    (void)state;
    assert_ok(sq_bases_create("", &bases));
    assert_ok(sq_bases_pack(bases, &bytes, &count));
    assert_int_equal(count, 0);
    assert_ok(sq_bases_unpack(bases, bytes, count));
    sq_free(bytes);
    sq_bases_destroy(&bases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_remembers),
        cmocka_unit_test(duals_matter_only_without_inner_product),
        in_scratch(the_folder_remembers),
        in_scratch(no_invariants_are_remembered_too),
        in_scratch(damaged_files_are_solved_again_with_a_warning),
        in_scratch(a_file_of_something_else_is_solved_again),
        in_scratch(a_folder_that_cannot_be_written_is_told_once),
        cmocka_unit_test(a_packed_table_needs_no_solving),
        cmocka_unit_test(nothing_packs_into_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
