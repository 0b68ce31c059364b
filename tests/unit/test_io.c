/* Files: whole or not at all, patterns, and NetCDF there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <sys/stat.h>

#include "io/atomic_file.h"
#include "io/glob_files.h"
#include "io/netcdf_file.h"
#include "scratch.h"

/* ---- atomic files ---- */

static void a_text_file_is_replaced(void **state) {
    const char *path = scratch_path(state, "file.txt");
    assert_ok(sq_write_text_file(path, "old"));
    assert_ok(sq_write_text_file(path, "new"));
    scratch_assert_content(path, "new");
    assert_int_equal(scratch_count_files(state), 1);
}

static void an_abandoned_write_leaves_the_old_file(void **state) {
    const char *path = scratch_write(state, "file.txt", "old");
    sq_atomic_file *file;
    assert_ok(sq_atomic_file_begin(path, &file));
    FILE *half = fopen(sq_atomic_file_path(file), "w");
    fputs("ne", half);
    fclose(half);
    sq_atomic_file_abandon(&file);
    assert_null(file);
    scratch_assert_content(path, "old");
    assert_int_equal(scratch_count_files(state), 1);
}

static void a_commit_without_its_file_leaves_the_old_one(void **state) {
    const char *path = scratch_write(state, "file.txt", "old");
    sq_atomic_file *file;
    assert_ok(sq_atomic_file_begin(path, &file));
    assert_int_equal(unlink(sq_atomic_file_path(file)), 0);
    assert_failure(sq_atomic_file_commit(&file), SQ_ERR_IO, path);
    assert_null(file);
    scratch_assert_content(path, "old");
}

static void a_missing_folder_is_named_before_work_begins(void **state) {
    sq_atomic_file *file;
    const char *path = scratch_path(state, "nowhere/file.txt");
    assert_failure(sq_atomic_file_begin(path, &file), SQ_ERR_IO, path);
    assert_null(file);
}

static void a_folder_is_no_file(void **state) {
    sq_atomic_file *file;
    const scratch *place = *state;
    assert_failure(sq_atomic_file_begin(place->folder, &file), SQ_ERR_IO, "is a folder");
}

static void a_device_or_a_pipe_is_not_replaced(void **state) {
    sq_atomic_file *file;
    struct stat found;
    const char *path = scratch_path(state, "pipe");
    assert_int_equal(0, mkfifo(path, 0600));
    assert_failure(sq_atomic_file_begin(path, &file), SQ_ERR_IO, "not a file");
    assert_int_equal(0, stat(path, &found));
    assert_true(S_ISFIFO(found.st_mode));
}

static void folders_are_made_with_their_parents(void **state) {
    const char *path = scratch_path(state, "a/b/c/");
    assert_ok(sq_make_folder(path));
    assert_ok(sq_make_folder(path));
    scratch_write(state, "a/b/c/file.txt", "x");
    assert_failure(sq_make_folder(scratch_path(state, "a/b/c/file.txt")), SQ_ERR_IO, "file.txt");
}

/* ---- patterns ---- */

static void only_temporary_files_are_swept_away(void **state) {
    const scratch *place = *state;
    const char *const swept[] = {"log.nc.123.tmp", "a.7.tmp"};
    const char *const kept[] = {"log.nc", "a.tmp", "out.nc.123.tmp", ".5.tmp"};
    const char *const names[] = {"log.nc", "a", NULL};
    for (size_t k = 0; k < 2; k++) scratch_write(state, swept[k], "x");
    for (size_t k = 0; k < 4; k++) scratch_write(state, kept[k], "x");
    sq_atomic_file_sweep(place->folder, names);
    for (size_t k = 0; k < 2; k++)
        assert_int_equal(access(scratch_path(state, swept[k]), F_OK), -1);
    for (size_t k = 0; k < 4; k++) assert_int_equal(access(scratch_path(state, kept[k]), F_OK), 0);
    sq_atomic_file_sweep("/nonexistent", names);
}

static void a_pattern_gives_sorted_names(void **state) {
    char **paths;
    size_t count;
    scratch_write(state, "b.nc", "");
    scratch_write(state, "a.nc", "");
    scratch_write(state, "c.txt", "");
    assert_ok(sq_glob(scratch_word(state, "*.nc"), &paths, &count));
    assert_int_equal(count, 2);
    assert_string_equal(paths[0], scratch_path(state, "a.nc"));
    assert_string_equal(paths[1], scratch_path(state, "b.nc"));
    sq_glob_free(&paths, count);
    assert_null(paths);
}

static void words_keep_their_order_and_quotes_their_spaces(void **state) {
    char list[256];
    char **paths;
    size_t count;
    scratch_write(state, "b.nc", "");
    scratch_write(state, "odd [1].nc", "");
    snprintf(list, sizeof list, "  %s\n%s ", scratch_word(state, "odd [1].nc"),
             scratch_word(state, "b.nc"));
    assert_ok(sq_glob(list, &paths, &count));
    assert_int_equal(count, 2);
    assert_string_equal(paths[0], scratch_path(state, "odd [1].nc"));
    assert_string_equal(paths[1], scratch_path(state, "b.nc"));
    sq_glob_free(&paths, count);
}

static void names_and_patterns_without_files_are_errors(void **state) {
    char **paths;
    size_t count;
    assert_failure(sq_glob(scratch_word(state, "no.nc"), &paths, &count), SQ_ERR_IO, "no.nc");
    assert_failure(sq_glob(scratch_word(state, "*.nc"), &paths, &count), SQ_ERR_IO,
                   "no file matches");
    assert_null(paths);
    assert_int_equal(count, 0);
}

static void no_words_are_no_files(void **state) {
    char **paths;
    size_t count;
    (void)state;
    assert_ok(sq_glob(" \t", &paths, &count));
    assert_int_equal(count, 0);
    sq_glob_free(&paths, count);
}

/* ---- NetCDF ---- */

enum { ROWS = 3, COLUMNS = 2 };
static const double numbers[ROWS * COLUMNS] = {1.5, -2, 3e-300, 0.1, 5, 6e300};
static const int64_t integers[ROWS] = {-1, 0, INT64_MAX};

static void write_sample(const char *path) {
    const char *dimensions[] = {"row", "column"};
    const size_t chunk[] = {2, COLUMNS};
    const size_t start[] = {0, 0};
    const size_t shape[] = {ROWS, COLUMNS};
    sq_nc *file;
    assert_ok(sq_nc_create(path, &file));
    assert_ok(sq_nc_define_dimension(file, "row", 0));
    assert_ok(sq_nc_define_dimension(file, "column", COLUMNS));
    assert_ok(sq_nc_define_variable(file, "numbers", SQ_NC_DOUBLE, 2, dimensions));
    assert_ok(sq_nc_define_storage(file, "numbers", chunk, 1));
    assert_ok(sq_nc_define_missing(file, "numbers", -999));
    assert_ok(sq_nc_define_variable(file, "integers", SQ_NC_INT64, 1, dimensions));
    assert_ok(sq_nc_define_variable(file, "names", SQ_NC_STRING, 1, dimensions));
    assert_ok(sq_nc_define_variable(file, "scalar", SQ_NC_FLOAT, 0, NULL));
    assert_ok(sq_nc_put_text(file, NULL, "title", "a sample"));
    assert_ok(sq_nc_put_text(file, "numbers", "units", ""));
    assert_ok(sq_nc_write_double(file, "numbers", start, shape, numbers));
    assert_ok(sq_nc_write_int64(file, "integers", start, shape, integers));
    assert_ok(sq_nc_write_string(file, "names", start, "first"));
    assert_ok(sq_nc_write_double(file, "scalar", NULL, NULL, &(double){2.5}));
    assert_ok(sq_nc_put_number(file, "scalar", "factor", 0.1)); /* after data, too */
    assert_ok(sq_nc_put_integer(file, NULL, "count", INT64_MIN));
    assert_ok(sq_nc_close(&file));
    assert_null(file);
}

static sq_nc *open_sample(void **state) {
    const char *path = scratch_path(state, "sample.nc");
    sq_nc *file;
    write_sample(path);
    assert_ok(sq_nc_open(path, &file));
    return file;
}

static void netcdf_values_come_back(void **state) {
    sq_nc *file = open_sample(state);
    double read[ROWS * COLUMNS];
    int64_t read_integers[ROWS];
    double scalar;
    char name[16];
    assert_ok(sq_nc_read_double(file, "numbers", NULL, NULL, read));
    assert_memory_equal(read, numbers, sizeof numbers);
    assert_ok(sq_nc_read_int64(file, "integers", NULL, NULL, read_integers));
    assert_memory_equal(read_integers, integers, sizeof integers);
    assert_ok(sq_nc_read_double(file, "scalar", NULL, NULL, &scalar));
    assert_true(scalar == 2.5);
    assert_ok(sq_nc_read_string(file, "names", (size_t[]){0}, name, sizeof name));
    assert_string_equal(name, "first");
    assert_failure(sq_nc_read_string(file, "numbers", (size_t[]){0}, name, sizeof name),
                   SQ_ERR_DATA, "numbers: is no list of texts");
    assert_failure(sq_nc_read_string(file, "integers", (size_t[]){0}, name, sizeof name),
                   SQ_ERR_DATA, "integers: is no list of texts");
    assert_ok(sq_nc_close(&file));
}

static void a_slab_is_a_part(void **state) {
    sq_nc *file = open_sample(state);
    float read[2];
    assert_ok(sq_nc_read_float(file, "numbers", (size_t[]){1, 1}, (size_t[]){2, 1}, read));
    assert_true(read[0] == 0.1f);
    assert_true(isinf(read[1])); /* 6e300 is beyond a float */
    assert_ok(sq_nc_close(&file));
}

static void attributes_come_back(void **state) {
    sq_nc *file = open_sample(state);
    char text[16];
    double number;
    int64_t integer;
    assert_ok(sq_nc_get_text(file, NULL, "title", text, sizeof text));
    assert_string_equal(text, "a sample");
    assert_ok(sq_nc_get_text(file, "numbers", "units", text, sizeof text));
    assert_string_equal(text, "");
    assert_ok(sq_nc_get_number(file, "scalar", "factor", &number));
    assert_true(number == 0.1);
    assert_ok(sq_nc_get_number(file, "numbers", "_FillValue", &number));
    assert_true(number == -999);
    assert_ok(sq_nc_get_integer(file, NULL, "count", &integer));
    assert_true(integer == INT64_MIN);
    assert_true(sq_nc_has_attribute(file, NULL, "title"));
    assert_false(sq_nc_has_attribute(file, "no variable", "title"));
    assert_ok(sq_nc_close(&file));
}

static void shapes_and_names_are_known(void **state) {
    sq_nc *file = open_sample(state);
    int rank;
    size_t shape[SQ_NC_MAX_RANK];
    size_t length;
    char name[16];
    assert_ok(sq_nc_variable_shape(file, "numbers", &rank, shape));
    assert_int_equal(rank, 2);
    assert_int_equal(shape[0], ROWS);
    assert_int_equal(shape[1], COLUMNS);
    assert_ok(sq_nc_check_shape(file, "numbers", 2, shape, "a sample"));
    assert_failure(sq_nc_check_shape(file, "numbers", 1, shape, "a sample"), SQ_ERR_DATA,
                   "numbers: has not the shape of a sample");
    shape[1]++;
    assert_failure(sq_nc_check_shape(file, "numbers", 2, shape, "a sample"), SQ_ERR_DATA,
                   "numbers: has not the shape of a sample");
    assert_ok(sq_nc_dimension_length(file, "row", &length));
    assert_int_equal(length, ROWS);
    assert_true(sq_nc_has_dimension(file, "row") && !sq_nc_has_dimension(file, "numbers"));
    assert_ok(sq_nc_variable_dimension(file, "numbers", 1, name, sizeof name));
    assert_string_equal(name, "column");
    assert_int_equal(sq_nc_variable_count(file), 4);
    assert_ok(sq_nc_variable_name(file, 0, name, sizeof name));
    assert_string_equal(name, "numbers");
    assert_failure(sq_nc_variable_name(file, 4, name, sizeof name), SQ_ERR_ARGUMENT, "number 4");
    assert_ok(sq_nc_close(&file));
}

static void what_is_absent_is_named(void **state) {
    sq_nc *file = open_sample(state);
    const char *path = sq_nc_path(file);
    double values[1];
    char text[4];
    size_t length;
    assert_failure(sq_nc_read_double(file, "weights", NULL, NULL, values), SQ_ERR_DATA, path);
    assert_failure(sq_nc_read_double(file, "weights", NULL, NULL, values), SQ_ERR_DATA, "weights");
    assert_failure(sq_nc_get_number(file, NULL, "scale", values), SQ_ERR_DATA, "scale");
    assert_failure(sq_nc_get_number(file, NULL, "title", values), SQ_ERR_DATA, "title");
    assert_failure(sq_nc_get_text(file, NULL, "count", text, sizeof text), SQ_ERR_DATA, "count");
    assert_failure(sq_nc_get_text(file, NULL, "title", text, sizeof text), SQ_ERR_DATA, "longer");
    assert_failure(sq_nc_dimension_length(file, "depth", &length), SQ_ERR_DATA, "depth");
    assert_failure(
        sq_nc_read_double(file, "numbers", (size_t[]){ROWS, 0}, (size_t[]){1, 1}, values),
        SQ_ERR_IO, "numbers");
    assert_ok(sq_nc_close(&file));
}

static void attributes_of_the_wrong_kind_come_with_advice(void **state) {
    sq_nc *file = open_sample(state);
    double number;
    int64_t integer;
    char text[4];
    assert_failure(sq_nc_get_number(file, NULL, "title", &number), SQ_ERR_DATA,
                   ": the attribute title is a text; it must be one number: write it without");
    assert_failure(sq_nc_get_integer(file, "numbers", "units", &integer), SQ_ERR_DATA,
                   ": numbers: the attribute units is a text; it must be one number");
    assert_failure(sq_nc_get_text(file, "scalar", "factor", text, sizeof text), SQ_ERR_DATA,
                   ": scalar: the attribute factor is a number; it must be a text: write it in");
    assert_failure(sq_nc_get_text(file, NULL, "title", text, sizeof text), SQ_ERR_DATA,
                   ": the attribute title is longer than 3 characters: shorten it");
    assert_non_null(strstr(sq_error_message(), sq_nc_path(file)));
    assert_ok(sq_nc_close(&file));
}

static void missing_cut_and_foreign_files_are_errors(void **state) {
    const double parts[] = {0.0, 0.1, 0.5, 0.9, 0.99};
    const char *path = scratch_path(state, "cut.nc");
    sq_nc *file;
    assert_failure(sq_nc_open(path, &file), SQ_ERR_IO, path);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        write_sample(path);
        scratch_cut(path, parts[i]);
        assert_failure(sq_nc_open(path, &file), SQ_ERR_IO, path);
        assert_null(file);
    }
    scratch_write(state, "cut.nc", "frame id x y\n");
    assert_failure(sq_nc_open(path, &file), SQ_ERR_IO, "no NetCDF-4 file");
}

/* ---- chunks ---- */

enum { LONG = 4000, WIDE = 3, CHUNK_BYTES = 2000 * WIDE * sizeof(double) };

/* A variable of LONG rows in chunks of chunk_rows. */
static void write_chunked(const char *path, size_t chunk_rows, int deflate) {
    const char *dimensions[] = {"row", "column"};
    const size_t chunk[] = {chunk_rows, WIDE};
    static double values[LONG * WIDE];
    sq_nc *file;
    assert_ok(sq_nc_create(path, &file));
    assert_ok(sq_nc_define_dimension(file, "row", LONG));
    assert_ok(sq_nc_define_dimension(file, "column", WIDE));
    assert_ok(sq_nc_define_variable(file, "numbers", SQ_NC_DOUBLE, 2, dimensions));
    assert_ok(sq_nc_define_storage(file, "numbers", chunk, deflate));
    assert_ok(sq_nc_write_double(file, "numbers", NULL, NULL, values));
    assert_ok(sq_nc_close(&file));
}

static void assert_kept(void **state, size_t most_bytes, size_t keep_bytes, bool all_kept) {
    size_t keep;
    bool all;
    sq_nc *file;
    assert_ok(sq_nc_open_keeping(scratch_path(state, "chunks.nc"), 0, &file));
    assert_ok(sq_nc_find_long_chunks(file, "numbers", 1000, most_bytes, &keep, &all));
    assert_int_equal(keep, keep_bytes);
    assert_int_equal(all, all_kept);
    assert_ok(sq_nc_close(&file));
}

static void long_compressed_chunks_are_kept_within_a_bound(void **state) {
    write_chunked(scratch_path(state, "chunks.nc"), 2000, 1);
    assert_kept(state, 10 * CHUNK_BYTES, 2 * CHUNK_BYTES, true);
    assert_kept(state, CHUNK_BYTES, CHUNK_BYTES, false);
    assert_kept(state, CHUNK_BYTES - 1, 0, false);
}

static void other_chunks_are_not_kept(void **state) {
    write_chunked(scratch_path(state, "chunks.nc"), 1000, 1);
    assert_kept(state, 10 * CHUNK_BYTES, 0, true);
    write_chunked(scratch_path(state, "chunks.nc"), 2000, 0);
    assert_kept(state, 10 * CHUNK_BYTES, 0, true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(a_text_file_is_replaced),
        in_scratch(an_abandoned_write_leaves_the_old_file),
        in_scratch(a_commit_without_its_file_leaves_the_old_one),
        in_scratch(a_missing_folder_is_named_before_work_begins),
        in_scratch(a_folder_is_no_file),
        in_scratch(a_device_or_a_pipe_is_not_replaced),
        in_scratch(folders_are_made_with_their_parents),
        in_scratch(only_temporary_files_are_swept_away),
        in_scratch(a_pattern_gives_sorted_names),
        in_scratch(words_keep_their_order_and_quotes_their_spaces),
        in_scratch(names_and_patterns_without_files_are_errors),
        in_scratch(no_words_are_no_files),
        in_scratch(netcdf_values_come_back),
        in_scratch(a_slab_is_a_part),
        in_scratch(attributes_come_back),
        in_scratch(shapes_and_names_are_known),
        in_scratch(what_is_absent_is_named),
        in_scratch(attributes_of_the_wrong_kind_come_with_advice),
        in_scratch(missing_cut_and_foreign_files_are_errors),
        in_scratch(long_compressed_chunks_are_kept_within_a_bound),
        in_scratch(other_chunks_are_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
