/* Data sets: arrays and shards, one or several; what is wrong in a file is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "dataset/read_ahead.h"
#include "io/netcdf_file.h"
#include "scratch.h"
#include "softeq/dataset.h"

enum { N_INPUT = 3, N_OUTPUT = 2, ROWS = 2500, CACHE = 1 << 20, TINY_CACHE = 1 };

/* Rows first .. first+count-1 of a table whose every number is known; mask: (..) or NULL. */
static sq_real value_at(int64_t row, int column) { return (sq_real)(10 * row + column); }

typedef struct {
    sq_real input[ROWS * N_INPUT], target[ROWS * N_OUTPUT], mask[ROWS * N_OUTPUT];
} table;

static table *create_table(int64_t first) {
    table *made = calloc(1, sizeof *made);
    assert_non_null(made);
    for (int64_t i = 0; i < ROWS; i++) {
        for (int k = 0; k < N_INPUT; k++) made->input[i * N_INPUT + k] = value_at(first + i, k);
        for (int k = 0; k < N_OUTPUT; k++) {
            made->target[i * N_OUTPUT + k] = -value_at(first + i, k);
            made->mask[i * N_OUTPUT + k] = (first + i + k) % 3 != 0;
        }
    }
    return made;
}

static sq_dataset_info info_of(int64_t samples) {
    return (sq_dataset_info){.samples = samples,
                             .n_input = N_INPUT,
                             .n_output = N_OUTPUT,
                             .input_representation = "T(1)",
                             .output_representation = "2*T(0)",
                             .title = "a table",
                             .units = "kg"};
}

/* Writes `count` rows of the known table to a shard. */
static void write_shard(const char *path, int64_t first, int64_t count, bool masked) {
    table *rows = create_table(first);
    sq_dataset_info info = info_of(count);
    sq_dataset *dataset;
    assert_ok(
        sq_dataset_wrap(&info, rows->input, rows->target, masked ? rows->mask : NULL, &dataset));
    assert_ok(sq_dataset_write(dataset, path, "2023-01-01T00:00:00Z: a test"));
    sq_dataset_destroy(&dataset);
    free(rows);
}

static void assert_row(sq_dataset *dataset, int64_t row) {
    sq_real input[N_INPUT], target[N_OUTPUT], mask[N_OUTPUT];
    assert_ok(sq_dataset_read(dataset, &row, 1, input, target, mask));
    for (int k = 0; k < N_INPUT; k++) assert_true(input[k] == value_at(row, k));
    for (int k = 0; k < N_OUTPUT; k++) {
        bool counts = !sq_dataset_describe(dataset)->masked || (row + k) % 3 != 0;
        assert_true(mask[k] == counts);
        assert_true(target[k] == (counts ? -value_at(row, k) : 0));
    }
}

static sq_dataset *open_set(const char *patterns, size_t cache_bytes) {
    sq_dataset *dataset;
    assert_ok(sq_dataset_open(patterns, cache_bytes, &dataset));
    return dataset;
}

static void assert_open_fails(const char *patterns, sq_status status, const char *words) {
    sq_dataset *dataset;
    assert_failure(sq_dataset_open(patterns, CACHE, &dataset), status, words);
    assert_null(dataset);
}

/* ---- there and back ---- */

static void a_shard_comes_back(void **state) {
    write_shard(scratch_path(state, "a.nc"), 0, ROWS, false);
    assert_int_equal(scratch_count_files(state), 1);
    sq_dataset *dataset = open_set(scratch_word(state, "a.nc"), CACHE);
    const sq_dataset_info *info = sq_dataset_describe(dataset);
    assert_int_equal(info->samples, ROWS);
    assert_int_equal(info->n_input, N_INPUT);
    assert_int_equal(info->n_output, N_OUTPUT);
    assert_string_equal(info->input_representation, "T(1)");
    assert_string_equal(info->output_representation, "2*T(0)");
    assert_string_equal(info->title, "a table");
    assert_string_equal(info->units, "kg");
    assert_false(info->masked || info->trajectory);
    for (int64_t row = 0; row < ROWS; row++) assert_row(dataset, row);
    sq_dataset_destroy(&dataset);
    assert_null(dataset);
}

static void a_trajectory_keeps_its_steps_and_interval(void **state) {
    table *rows = create_table(0);
    sq_dataset_info info = info_of(5);
    sq_dataset *dataset;
    info.trajectory = true;
    info.observed_steps = 3;
    info.predicted_steps = 1;
    info.interval = 0.4;
    assert_ok(sq_dataset_wrap(&info, rows->input, rows->target, NULL, &dataset));
    assert_ok(sq_dataset_write(dataset, scratch_path(state, "a.nc"), NULL));
    sq_dataset_destroy(&dataset);
    dataset = open_set(scratch_word(state, "a.nc"), CACHE);
    const sq_dataset_info *found = sq_dataset_describe(dataset);
    assert_true(found->trajectory);
    assert_int_equal(found->observed_steps, 3);
    assert_int_equal(found->predicted_steps, 1);
    assert_true(found->interval == 0.4);
    sq_dataset_destroy(&dataset);
    free(rows);
}

static void several_shards_are_one_set(void **state) {
    write_shard(scratch_path(state, "part-0.nc"), 0, 1500, false);
    write_shard(scratch_path(state, "part-1.nc"), 1500, 1, false);
    write_shard(scratch_path(state, "part-2.nc"), 1501, 999, false);
    sq_dataset *dataset = open_set(scratch_word(state, "part-*.nc"), CACHE);
    assert_int_equal(sq_dataset_describe(dataset)->samples, ROWS);
    for (int64_t row = ROWS - 1; row >= 0; row--) assert_row(dataset, row);
    sq_dataset_destroy(&dataset);
}

static void any_order_of_rows_in_a_tiny_cache(void **state) {
    write_shard(scratch_path(state, "a.nc"), 0, ROWS, true);
    sq_dataset *dataset = open_set(scratch_word(state, "a.nc"), TINY_CACHE);
    for (int64_t i = 0; i < 50; i++) assert_row(dataset, i * 1103 % ROWS);
    sq_dataset_destroy(&dataset);
}

static void a_shard_without_mask_counts_whole(void **state) {
    const int64_t plain_row = 1000;
    sq_real mask[N_OUTPUT];
    write_shard(scratch_path(state, "a.nc"), 0, 1000, true);
    write_shard(scratch_path(state, "b.nc"), 1000, 10, false);
    sq_dataset *dataset = open_set(scratch_word(state, "*.nc"), CACHE);
    assert_true(sq_dataset_describe(dataset)->masked);
    assert_row(dataset, 999);
    assert_ok(sq_dataset_read(dataset, &plain_row, 1, NULL, NULL, mask));
    assert_true(mask[0] == 1 && mask[1] == 1);
    sq_dataset_destroy(&dataset);
}

static void more_shards_than_open_files(void **state) {
    char name[32];
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "part-%02d.nc", i);
        write_shard(scratch_path(state, name), i, 1, false);
    }
    sq_dataset *dataset = open_set(scratch_word(state, "part-*.nc"), TINY_CACHE);
    for (int64_t i = 0; i < 120; i++) assert_row(dataset, i * 17 % 40);
    sq_dataset_destroy(&dataset);
}

static void rows_read_ahead_are_the_same(void **state) {
    const int64_t expected[] = {2047, 0, 1024, 2300};
    write_shard(scratch_path(state, "part-0.nc"), 0, 700, true);
    write_shard(scratch_path(state, "part-1.nc"), 700, 1, false);
    write_shard(scratch_path(state, "part-2.nc"), 701, ROWS - 701, true);
    sq_dataset *dataset = open_set(scratch_word(state, "part-[02].nc"), TINY_CACHE);
    assert_ok(sq_dataset_expect(dataset, expected, 3));
    sq_dataset_destroy(&dataset);
    dataset = open_set(scratch_word(state, "part-*.nc"), CACHE);
    assert_ok(sq_dataset_expect(dataset, expected, 4));
    for (int64_t row = 701; row < ROWS; row++) assert_row(dataset, row);
    sq_dataset_rest(dataset);
    for (int64_t row = 0; row < 700; row++) assert_row(dataset, row);
    assert_failure(sq_dataset_expect(dataset, &(int64_t){ROWS}, 1), SQ_ERR_ARGUMENT, "row 2500");
    sq_dataset_destroy(&dataset);
}

static void a_row_out_of_range_is_an_error(void **state) {
    const int64_t rows[] = {0, 5};
    table *data = create_table(0);
    sq_dataset_info info = info_of(5);
    sq_dataset *dataset;
    (void)state;
    assert_ok(sq_dataset_wrap(&info, data->input, data->target, NULL, &dataset));
    assert_failure(sq_dataset_read(dataset, rows, 2, NULL, NULL, NULL), SQ_ERR_ARGUMENT, "row 5");
    sq_dataset_destroy(&dataset);
    free(data);
}

/* ---- the hash ---- */

static uint64_t hash_of(const char *patterns) {
    sq_dataset *dataset = open_set(patterns, CACHE);
    uint64_t hash = sq_dataset_describe(dataset)->hash;
    sq_dataset_destroy(&dataset);
    return hash;
}

static void the_hash_is_of_the_content(void **state) {
    write_shard(scratch_path(state, "a.nc"), 0, 100, false);
    write_shard(scratch_path(state, "b.nc"), 0, 100, false);
    write_shard(scratch_path(state, "c.nc"), 1, 100, false);
    write_shard(scratch_path(state, "d.nc"), 0, 100, true);
    uint64_t hash = hash_of(scratch_word(state, "a.nc"));
    assert_true(hash == hash_of(scratch_word(state, "b.nc")));
    assert_true(hash != hash_of(scratch_word(state, "c.nc")));
    assert_true(hash != hash_of(scratch_word(state, "d.nc")));
    assert_true(hash != hash_of(scratch_word(state, "[ab].nc")));
}

/* Recorded from the versions that wrote them: checkpoints of then are still gone on from. */
static void hashes_of_former_versions_are_as_they_were(void **state) {
    const bool is_double = sizeof(sq_real) == sizeof(double);
    write_shard(scratch_path(state, "a.nc"), 0, ROWS, true);
    sq_dataset *dataset = open_set(scratch_word(state, "a.nc"), CACHE);
    const uint64_t *former = sq_dataset_describe(dataset)->former_hashes;
    assert_true(former[0] == (is_double ? 0xbb6b6e946436dcb6 : 0xb67a28590b2629ea));
    assert_true(former[1] == (is_double ? 0xf19116d79f49e238 : 0x32e17cbe894866e4));
    sq_dataset_destroy(&dataset);
}

/* ---- files that are wrong ---- */

/* A shard as anyone may write it, with the means of NetCDF alone. */
typedef struct {
    const char *row_dimension;
    size_t n_input;
    const char *representation; /* of the input; NULL: left out */
    double value;               /* of one row; the others hold zeros */
    bool packed;
    int scene_rank; /* 0: there are no scenes */
    bool integers;
    const char *missing;      /* the attribute that says that value is none; NULL: there is none */
    const char *content_hash; /* NULL: there is none */
    size_t rows, row;         /* that holds the value */
} foreign_shard;

enum { MANY_ROWS = 5000 };

static const foreign_shard right = {"sample", N_INPUT, "T(1)", 1.0, false, 0,
                                    false,    NULL,    NULL,   3,   1};

static void put_missing(sq_nc *file, foreign_shard form) {
    if (!form.missing) return;
    if (strcmp(form.missing, "_FillValue") == 0)
        assert_ok(sq_nc_define_missing(file, "input", form.value));
    else
        assert_ok(sq_nc_put_number(file, "input", form.missing, form.value));
}

static void write_foreign(const char *path, foreign_shard form) {
    const char *input[] = {form.row_dimension, "feature"};
    const char *target[] = {form.row_dimension, "output"};
    double *values = calloc(form.rows * 8, sizeof *values);
    sq_nc *file;
    assert_ok(sq_nc_create(path, &file));
    assert_ok(sq_nc_define_dimension(file, form.row_dimension, form.rows));
    assert_ok(sq_nc_define_dimension(file, "feature", form.n_input));
    assert_ok(sq_nc_define_dimension(file, "output", N_OUTPUT));
    assert_ok(
        sq_nc_define_variable(file, "input", form.integers ? SQ_NC_INT32 : SQ_NC_DOUBLE, 2, input));
    assert_ok(sq_nc_define_variable(file, "target", SQ_NC_DOUBLE, 2, target));
    if (form.representation)
        assert_ok(sq_nc_put_text(file, NULL, "input_representation", form.representation));
    assert_ok(sq_nc_put_text(file, NULL, "output_representation", "2*T(0)"));
    if (form.scene_rank > 0)
        assert_ok(sq_nc_define_variable(file, "scene", SQ_NC_INT64, form.scene_rank, input));
    put_missing(file, form);
    if (form.content_hash) assert_ok(sq_nc_put_text(file, NULL, "content_hash", form.content_hash));
    if (form.packed) assert_ok(sq_nc_put_number(file, "input", "scale_factor", 0.1));
    values[form.row * form.n_input] = form.value;
    assert_ok(sq_nc_write_double(file, "input", NULL, NULL, values));
    values[form.row * form.n_input] = 0;
    assert_ok(sq_nc_write_double(file, "target", NULL, NULL, values));
    assert_ok(sq_nc_close(&file));
    free(values);
}

static void a_foreign_shard_is_read(void **state) {
    const int64_t row = 1;
    sq_real input[N_INPUT];
    write_foreign(scratch_path(state, "a.nc"), right);
    sq_dataset *dataset = open_set(scratch_word(state, "a.nc"), CACHE);
    assert_ok(sq_dataset_read(dataset, &row, 1, input, NULL, NULL));
    assert_true(input[0] == 1 && input[1] == 0);
    sq_dataset_destroy(&dataset);
}

/* Other programs copy attributes, whatever they do to the values. */
static void values_count_behind_a_content_hash(void **state) {
    foreign_shard form = right;
    form.content_hash = "0123456789abcdef0123456789abcdef";
    write_foreign(scratch_path(state, "a.nc"), form);
    write_foreign(scratch_path(state, "b.nc"), form);
    form.value = 2;
    write_foreign(scratch_path(state, "c.nc"), form);
    uint64_t hash = hash_of(scratch_word(state, "a.nc"));
    assert_true(hash == hash_of(scratch_word(state, "b.nc")));
    assert_true(hash != hash_of(scratch_word(state, "c.nc")));
}

/* How many of `tried` shards have another hash, where the value stands in another row in each. */
static int count_noticed(void **state, size_t rows, int tried) {
    foreign_shard form = right;
    form.rows = rows;
    form.value = 0;
    write_foreign(scratch_path(state, "a.nc"), form);
    uint64_t zeros = hash_of(scratch_word(state, "a.nc"));
    int noticed = 0;
    form.value = 1;
    for (int k = 0; k < tried; k++) {
        form.row = (rows - 1) * (size_t)k / (size_t)(tried - 1);
        write_foreign(scratch_path(state, "a.nc"), form);
        noticed += hash_of(scratch_word(state, "a.nc")) != zeros;
    }
    return noticed;
}

static void every_row_of_a_small_shard_counts(void **state) {
    assert_int_equal(count_noticed(state, 300, 43), 43);
    assert_int_equal(count_noticed(state, 2048, 43), 43);
}

/* 2048 rows, the first and the last among them. */
static void no_fewer_rows_of_a_larger_shard_count(void **state) {
    assert_in_range(count_noticed(state, 2049, 43), 42, 43);
    assert_in_range(count_noticed(state, MANY_ROWS, 50), 16, 25); /* 20.5 on the average */
    assert_int_equal(count_noticed(state, MANY_ROWS, 2), 2);
}

static void assert_foreign_fails(void **state, foreign_shard form, const char *words) {
    write_foreign(scratch_path(state, "wrong.nc"), form);
    assert_open_fails(scratch_word(state, "wrong.nc"), SQ_ERR_DATA, words);
    assert_non_null(strstr(sq_error_message(), scratch_path(state, "wrong.nc")));
}

static void what_a_header_lacks_is_named(void **state) {
    foreign_shard form = right;
    form.representation = NULL;
    assert_foreign_fails(state, form, "input_representation");
    form = right;
    form.row_dimension = "time";
    assert_foreign_fails(state, form, "it must be sample");
    form = right;
    form.packed = true;
    assert_foreign_fails(state, form, "packed");
    form = right;
    form.scene_rank = 2;
    assert_foreign_fails(state, form, "scene: has not the shape of scene(sample)");
}

static void a_file_without_the_variables_is_no_data(void **state) {
    sq_nc *file;
    assert_ok(sq_nc_create(scratch_path(state, "a.nc"), &file));
    assert_ok(sq_nc_close(&file));
    assert_open_fails(scratch_word(state, "a.nc"), SQ_ERR_DATA, "input(sample,input)");
}

static void a_shard_of_another_width_names_both(void **state) {
    foreign_shard wide = right;
    wide.n_input = N_INPUT + 1;
    write_foreign(scratch_path(state, "a.nc"), right);
    write_foreign(scratch_path(state, "b.nc"), wide);
    assert_open_fails(scratch_word(state, "?.nc"), SQ_ERR_DATA, "width of input is 4, but 3");
    assert_non_null(strstr(sq_error_message(), scratch_path(state, "a.nc")));
    assert_non_null(strstr(sq_error_message(), scratch_path(state, "b.nc")));
}

static void a_shard_of_another_representation_names_both(void **state) {
    foreign_shard other = right;
    other.representation = "3*T(0)";
    write_foreign(scratch_path(state, "a.nc"), right);
    write_foreign(scratch_path(state, "b.nc"), other);
    assert_open_fails(scratch_word(state, "?.nc"), SQ_ERR_DATA, "'3*T(0)'");
    other.representation = " T( 1 )"; /* only other spaces */
    write_foreign(scratch_path(state, "b.nc"), other);
    sq_dataset *dataset = open_set(scratch_word(state, "?.nc"), CACHE);
    assert_int_equal(sq_dataset_describe(dataset)->samples, 6);
    sq_dataset_destroy(&dataset);
}

/* A shard of ROWS rows that is one compressed chunk, whose input is named as its dimension. */
static void write_one_chunk(const char *path) {
    const char *input[] = {"sample", "input"}, *target[] = {"sample", "output"};
    const size_t inputs[] = {ROWS, N_INPUT}, outputs[] = {ROWS, N_OUTPUT};
    table *rows = create_table(0);
    sq_nc *file;
    assert_ok(sq_nc_create(path, &file));
    assert_ok(sq_nc_define_dimension(file, "sample", ROWS));
    assert_ok(sq_nc_define_dimension(file, "input", N_INPUT));
    assert_ok(sq_nc_define_dimension(file, "output", N_OUTPUT));
    assert_ok(sq_nc_define_variable(file, "input", SQ_NC_DOUBLE, 2, input));
    assert_ok(sq_nc_define_variable(file, "target", SQ_NC_DOUBLE, 2, target));
    assert_ok(sq_nc_define_storage(file, "input", inputs, 1));
    assert_ok(sq_nc_define_storage(file, "target", outputs, 1));
    assert_ok(sq_nc_put_text(file, NULL, "input_representation", "T(1)"));
    assert_ok(sq_nc_put_text(file, NULL, "output_representation", "2*T(0)"));
    assert_ok(sq_nc_write_real(file, "input", NULL, NULL, rows->input));
    assert_ok(sq_nc_write_real(file, "target", NULL, NULL, rows->target));
    assert_ok(sq_nc_close(&file));
    free(rows);
}

static void rows_of_long_compressed_chunks_are_the_same(void **state) {
    write_one_chunk(scratch_path(state, "a.nc"));
    sq_dataset *dataset = open_set(scratch_word(state, "a.nc"), TINY_CACHE);
    for (int64_t i = 0; i < 50; i++) assert_row(dataset, i * 1103 % ROWS);
    sq_dataset_destroy(&dataset);
}

/* The row is found when its block is read. */
static void assert_form_fails(void **state, foreign_shard form, const char *words) {
    sq_dataset *dataset;
    const int64_t row = 0;
    sq_real input[N_INPUT];
    write_foreign(scratch_path(state, "bad.nc"), form);
    sq_status status = sq_dataset_open(scratch_word(state, "bad.nc"), CACHE, &dataset);
    if (status == SQ_OK) {
        status = sq_dataset_read(dataset, &row, 1, input, NULL, NULL);
        sq_dataset_destroy(&dataset);
    }
    assert_failure(status, SQ_ERR_DATA, "bad.nc: input: row 1 ");
    assert_non_null(strstr(sq_error_message(), words));
}

static void assert_value_fails(void **state, double value) {
    foreign_shard form = right;
    form.value = value;
    assert_form_fails(state, form, "NaN, infinity or a missing value");
}

static void numbers_that_are_none_are_named_by_row(void **state) {
    assert_value_fails(state, NAN);
    assert_value_fails(state, -INFINITY);
    assert_value_fails(state, 9.969209968386869e36); /* never written */
}

static void what_attributes_call_missing_is_named_by_row(void **state) {
    foreign_shard form = right;
    form.value = -999;
    form.missing = "_FillValue";
    assert_form_fails(state, form, "the missing value -999");
    form.missing = "missing_value";
    assert_form_fails(state, form, "the missing value -999");
}

static void integers_never_written_are_named_by_row(void **state) {
    foreign_shard form = right;
    form.integers = true;
    form.value = -2147483647;
    assert_form_fails(state, form, "the missing value -2.14748e+09");
}

/* Row 0 does not count, and has the value that is none; the other rows have another. */
static void what_the_mask_leaves_out_may_be_missing(void **state) {
    const char *input[] = {"sample", "feature"}, *target[] = {"sample", "output"};
    const double inputs[] = {1, 2, 3}, targets[] = {0, 1, 1}, mask[] = {0, 1, 1};
    const int64_t rows[] = {0, 1};
    sq_real found[2];
    sq_nc *file;
    assert_ok(sq_nc_create(scratch_path(state, "a.nc"), &file));
    assert_ok(sq_nc_define_dimension(file, "sample", 3));
    assert_ok(sq_nc_define_dimension(file, "feature", 1));
    assert_ok(sq_nc_define_dimension(file, "output", 1));
    assert_ok(sq_nc_define_variable(file, "input", SQ_NC_DOUBLE, 2, input));
    assert_ok(sq_nc_define_variable(file, "target", SQ_NC_DOUBLE, 2, target));
    assert_ok(sq_nc_define_variable(file, "mask", SQ_NC_BYTE, 2, target));
    assert_ok(sq_nc_define_missing(file, "target", 0));
    assert_ok(sq_nc_put_text(file, NULL, "input_representation", "T(0)"));
    assert_ok(sq_nc_put_text(file, NULL, "output_representation", "T(0)"));
    assert_ok(sq_nc_write_double(file, "input", NULL, NULL, inputs));
    assert_ok(sq_nc_write_double(file, "target", NULL, NULL, targets));
    assert_ok(sq_nc_write_double(file, "mask", NULL, NULL, mask));
    assert_ok(sq_nc_close(&file));
    sq_dataset *dataset = open_set(scratch_word(state, "a.nc"), CACHE);
    assert_ok(sq_dataset_read(dataset, rows, 2, NULL, found, NULL));
    assert_true(found[0] == 0 && found[1] == 1);
    sq_dataset_destroy(&dataset);
}

static void nan_behind_the_mask_is_fine(void **state) {
    table *rows = create_table(0);
    sq_dataset_info info = info_of(4);
    sq_dataset *dataset;
    rows->target[0] = (sq_real)NAN; /* row 0, output 0 does not count */
    assert_ok(sq_dataset_wrap(&info, rows->input, rows->target, rows->mask, &dataset));
    assert_ok(sq_dataset_write(dataset, scratch_path(state, "a.nc"), NULL));
    sq_dataset_destroy(&dataset);
    dataset = open_set(scratch_word(state, "a.nc"), CACHE);
    assert_row(dataset, 0);
    sq_dataset_destroy(&dataset);
    free(rows);
}

static void missing_cut_and_empty_sets_are_errors(void **state) {
    assert_open_fails(scratch_word(state, "no.nc"), SQ_ERR_IO, "no.nc");
    assert_open_fails("", SQ_ERR_CONFIG, "no data files");
    write_shard(scratch_path(state, "cut.nc"), 0, 100, false);
    scratch_cut(scratch_path(state, "cut.nc"), 0.6);
    assert_open_fails(scratch_word(state, "cut.nc"), SQ_ERR_IO, "cut.nc");
}

static void a_write_that_fails_leaves_nothing(void **state) {
    table *rows = create_table(0);
    sq_dataset_info info = info_of(4);
    sq_dataset *dataset;
    assert_ok(sq_dataset_wrap(&info, rows->input, rows->target, NULL, &dataset));
    assert_failure(sq_dataset_write(dataset, scratch_path(state, "nowhere/a.nc"), NULL), SQ_ERR_IO,
                   "nowhere/a.nc");
    assert_int_equal(scratch_count_files(state), 0);
    sq_dataset_destroy(&dataset);
    free(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(a_shard_comes_back),
        in_scratch(a_trajectory_keeps_its_steps_and_interval),
        in_scratch(several_shards_are_one_set),
        in_scratch(any_order_of_rows_in_a_tiny_cache),
        in_scratch(a_shard_without_mask_counts_whole),
        in_scratch(more_shards_than_open_files),
        in_scratch(rows_read_ahead_are_the_same),
        in_scratch(a_row_out_of_range_is_an_error),
        in_scratch(the_hash_is_of_the_content),
        in_scratch(hashes_of_former_versions_are_as_they_were),
        in_scratch(a_foreign_shard_is_read),
        in_scratch(values_count_behind_a_content_hash),
        in_scratch(every_row_of_a_small_shard_counts),
        in_scratch(no_fewer_rows_of_a_larger_shard_count),
        in_scratch(what_a_header_lacks_is_named),
        in_scratch(a_file_without_the_variables_is_no_data),
        in_scratch(a_shard_of_another_width_names_both),
        in_scratch(a_shard_of_another_representation_names_both),
        in_scratch(rows_of_long_compressed_chunks_are_the_same),
        in_scratch(numbers_that_are_none_are_named_by_row),
        in_scratch(what_attributes_call_missing_is_named_by_row),
        in_scratch(integers_never_written_are_named_by_row),
        in_scratch(what_the_mask_leaves_out_may_be_missing),
        in_scratch(nan_behind_the_mask_is_fine),
        in_scratch(missing_cut_and_empty_sets_are_errors),
        in_scratch(a_write_that_fails_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
