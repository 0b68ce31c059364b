/* The importer of ETH/UCY recordings: windows, gaps, and rows that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "data/import.h"
#include "import_files.h"
#include "io/netcdf_file.h"
#include "scratch.h"
#include "softeq/dataset.h"

/* Two observed and two predicted steps. */
static sq_config small_windows(void) {
    sq_config config;
    sq_config_init(&config);
    config.data.observed = 2;
    config.data.predicted = 2;
    return config;
}

static sq_status import(void **state, const sq_config *config, int64_t *windows) {
    const char *path = scratch_path(state, "recording.txt");
    sq_import_summary summary;
    sq_status status =
        import_files("eth-ucy", &path, 1, config, scratch_path(state, "out.nc"), &summary);
    if (windows) *windows = summary.counts[SQ_COUNT_WINDOWS];
    return status;
}

static int64_t count_windows(void **state, const sq_config *config, const char *text) {
    int64_t windows;
    scratch_write(state, "recording.txt", text);
    assert_ok(import(state, config, &windows));
    return windows;
}

static void assert_import_fails(void **state, const char *text, const char *words) {
    sq_config config = small_windows();
    scratch_write(state, "recording.txt", text);
    assert_failure(import(state, &config, NULL), SQ_ERR_DATA, words);
    assert_non_null(strstr(sq_error_message(), "recording.txt"));
    assert_int_equal(scratch_count_files(state), 1); /* the recording itself */
}

/* ---- windows ---- */

static void every_start_is_a_window(void **state) {
    sq_config config = small_windows();
    assert_int_equal(count_windows(state, &config,
                                   "0 1 0 0\n10 1 1 0\n20 1 2 0\n30 1 3 0\n40 1 4 0\n50 1 5 0\n"),
                     3);
}

static void a_gap_is_not_bridged(void **state) {
    sq_config config = small_windows();
    /* frame 40 is missing: four steps before, four after */
    assert_int_equal(count_windows(state, &config,
                                   "0 1 0 0\n10 1 1 0\n20 1 2 0\n30 1 3 0\n"
                                   "50 1 5 0\n60 1 6 0\n70 1 7 0\n80 1 8 0\n"),
                     2);
}

static void pedestrians_are_told_apart_whatever_the_order(void **state) {
    sq_config config = small_windows();
    assert_int_equal(count_windows(state, &config,
                                   "10.0\t2.0\t1 0\n0.0\t2.0\t0 0\n0 1 0 0\n10 1 1 0\n\n"
                                   "20 1 2 0\n20 2 2 0\n30 1 3 0\n30 2 3 0\n"),
                     2);
}

static void the_frame_step_is_found(void **state) {
    sq_config config = small_windows();
    assert_int_equal(count_windows(state, &config,
                                   "1 1 0 0\n7 1 1 0\n13 1 2 0\n19 1 3 0\n"
                                   "100 2 0 0\n106 2 1 0\n118 2 2 0\n124 2 3 0\n"),
                     1);
}

static void a_longer_interval_takes_every_second_step(void **state) {
    sq_config config = small_windows();
    config.data.interval = 0.8;
    assert_int_equal(count_windows(state, &config,
                                   "0 1 0 0\n10 1 1 0\n20 1 2 0\n30 1 3 0\n40 1 4 0\n50 1 5 0\n"
                                   "60 1 6 0\n70 1 7 0\n"),
                     2);
    config.data.interval = 0.5;
    assert_failure(import(state, &config, NULL), SQ_ERR_CONFIG, "data.interval");
}

/* Ten annotated frames; four steps a window. */
static void a_recording_is_cut_in_time(void **state) {
    char text[512] = "";
    sq_config config = small_windows();
    for (int frame = 0; frame < 100; frame += 10)
        sprintf(text + strlen(text), "%d 1 %d 0\n", frame, frame);
    assert_int_equal(count_windows(state, &config, text), 7);
    config.data.valid_fraction = 0.4;
    strcpy(config.data.part, "train");
    assert_int_equal(count_windows(state, &config, text), 3);
    strcpy(config.data.part, "valid");
    assert_int_equal(count_windows(state, &config, text), 1);
}

static void positions_are_relative_to_the_last_observed(void **state) {
    const int64_t row = 0;
    const sq_real expected_input[] = {-1, -2, 0, 0};
    const sq_real expected_target[] = {2, 1, 3, 2};
    sq_real input[4], target[4];
    sq_dataset *dataset;
    sq_config config = small_windows();
    count_windows(state, &config, "0 7 10 20\n10 7 11 22\n20 7 13 23\n30 7 14 24\n");
    assert_ok(sq_dataset_open(scratch_word(state, "out.nc"), 1 << 20, &dataset));
    assert_ok(sq_dataset_read(dataset, &row, 1, input, target, NULL));
    assert_memory_equal(input, expected_input, sizeof input);
    assert_memory_equal(target, expected_target, sizeof target);
    const sq_dataset_info *info = sq_dataset_describe(dataset);
    assert_true(info->trajectory);
    assert_true(info->interval == 0.4);
    assert_string_equal(info->units, "m");
    assert_string_equal(info->input_representation, "2*T(1)");
    sq_dataset_destroy(&dataset);
}

static void a_window_says_where_it_comes_from(void **state) {
    double origin[2];
    int64_t agent, frame, scene;
    char text[64];
    sq_nc *file;
    sq_config config = small_windows();
    count_windows(state, &config, "0 7 10 20\n10 7 11 22\n20 7 13 23\n30 7 14 24\n");
    assert_ok(sq_nc_open(scratch_path(state, "out.nc"), &file));
    assert_ok(sq_nc_read_double(file, "origin", NULL, NULL, origin));
    assert_true(origin[0] == 11 && origin[1] == 22);
    assert_ok(sq_nc_read_int64(file, "agent", NULL, NULL, &agent));
    assert_ok(sq_nc_read_int64(file, "frame", NULL, NULL, &frame));
    assert_ok(sq_nc_read_int64(file, "scene", NULL, NULL, &scene));
    assert_true(agent == 7 && frame == 10 && scene > 0);
    assert_ok(sq_nc_get_text(file, NULL, "source_files", text, sizeof text));
    assert_string_equal(text, "recording.txt");
    assert_ok(sq_nc_close(&file));
}

static void several_recordings_are_several_scenes(void **state) {
    const char *text = "0 1 0 0\n10 1 1 0\n20 1 2 0\n30 1 3 0\n";
    const char *paths[] = {scratch_write(state, "a.txt", text),
                           scratch_write(state, "b.txt", text)};
    int64_t scenes[2], ids[2];
    char name[64];
    const size_t second = 1;
    sq_import_summary summary;
    sq_nc *file;
    sq_config config = small_windows();
    assert_ok(import_files("eth-ucy", paths, 2, &config, scratch_path(state, "out.nc"), &summary));
    assert_int_equal(summary.counts[SQ_COUNT_FILES], 2);
    assert_int_equal(summary.counts[SQ_COUNT_RECORDS], 8);
    assert_int_equal(summary.counts[SQ_COUNT_AGENTS], 2);
    assert_ok(sq_nc_open(scratch_path(state, "out.nc"), &file));
    assert_ok(sq_nc_read_int64(file, "scene", NULL, NULL, scenes));
    assert_true(scenes[0] != scenes[1]);
    assert_ok(sq_nc_read_int64(file, "scene_id", NULL, NULL, ids));
    assert_memory_equal(ids, scenes, sizeof ids);
    assert_ok(sq_nc_read_string(file, "scene_name", &second, name, sizeof name));
    assert_string_equal(name, "b.txt");
    assert_ok(sq_nc_close(&file));
}

/* ---- the recordings of the repository ---- */

/* They lie beside the tests, wherever the build is. */
static const char *shipped(void **state, const char *name) {
    const char *tests = strstr(__FILE__, "tests/unit/");
    char path[1024];
    assert_non_null(tests);
    snprintf(path, sizeof path, "%.*sdata/eth_ucy/%s", (int)(tests - __FILE__), __FILE__, name);
    assert_int_equal(symlink(path, scratch_path(state, name)), 0);
    return scratch_path(state, name);
}

static void shipped_recordings_have_the_published_windows(void **state) {
    const struct {
        const char *name;
        int64_t windows;
    } expected[] = {{"biwi_eth.txt", 364},
                    {"biwi_hotel.txt", 1197},
                    {"crowds_zara01.txt", 2356},
                    {"crowds_zara02.txt", 5910}};
    sq_import_summary summary;
    sq_config config;
    sq_config_init(&config);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const char *path = shipped(state, expected[i].name);
        assert_ok(
            import_files("eth-ucy", &path, 1, &config, scratch_path(state, "out.nc"), &summary));
        assert_int_equal(summary.counts[SQ_COUNT_WINDOWS], expected[i].windows);
    }
}

/* ---- rows that are wrong ---- */

static void a_bad_row_is_named_by_its_line(void **state) {
    assert_import_fails(state, "0 1 0 0\n10 1 1\n", "line 2: is not four numbers");
    assert_import_fails(state, "0 1 0 0\n\n10 1 1 0 9\n", "line 3: has more than four");
    assert_import_fails(state, "0 1 0 x\n", "line 1: is not four numbers");
    assert_import_fails(state, "0 1 0 1.5m\n", "line 1: is not four numbers");
    assert_import_fails(state, "0 1 nan 0\n", "line 1: holds NaN");
    assert_import_fails(state, "0 1 inf 0\n", "line 1: holds NaN or infinity");
    assert_import_fails(state, "0.5 1 0 0\n", "line 1: frame");
    assert_import_fails(state, "0 1.5 0 0\n", "line 1: pedestrian");
    assert_import_fails(state, "0 1 0 0\n10 1 0 0\n0 1 5 5\n", "line 3: tells of");
}

static void a_file_of_another_kind_is_named(void **state) {
    assert_import_fails(state, "\x89HDF\r\n", "but a NetCDF-4 (HDF5) file");
    assert_import_fails(state, "PK\x03\x04", "but a zip archive");
}

static void empty_files_are_errors(void **state) {
    assert_import_fails(state, "", "has no rows");
    assert_import_fails(state, "\n  \n", "has no rows");
}

static void a_recording_without_windows_is_an_error(void **state) {
    assert_import_fails(state, "0 1 0 0\n10 1 1 0\n20 1 2 0\n", "without a gap");
    assert_import_fails(state, "0 1 0 0\n", "without a gap");
}

static void a_missing_recording_is_an_error(void **state) {
    sq_config config = small_windows();
    assert_failure(import(state, &config, NULL), SQ_ERR_IO, "recording.txt");
    assert_int_equal(scratch_count_files(state), 0);
}

static void a_failed_import_leaves_the_old_shard(void **state) {
    sq_config config = small_windows();
    sq_dataset *dataset;
    count_windows(state, &config, "0 1 0 0\n10 1 1 0\n20 1 2 0\n30 1 3 0\n");
    scratch_write(state, "recording.txt", "0 1 0\n");
    assert_failure(import(state, &config, NULL), SQ_ERR_DATA, "line 1");
    assert_ok(sq_dataset_open(scratch_word(state, "out.nc"), 1 << 20, &dataset));
    assert_int_equal(sq_dataset_describe(dataset)->samples, 1);
    sq_dataset_destroy(&dataset);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(every_start_is_a_window),
        in_scratch(a_gap_is_not_bridged),
        in_scratch(pedestrians_are_told_apart_whatever_the_order),
        in_scratch(the_frame_step_is_found),
        in_scratch(a_longer_interval_takes_every_second_step),
        in_scratch(a_recording_is_cut_in_time),
        in_scratch(positions_are_relative_to_the_last_observed),
        in_scratch(a_window_says_where_it_comes_from),
        in_scratch(several_recordings_are_several_scenes),
        in_scratch(shipped_recordings_have_the_published_windows),
        in_scratch(a_bad_row_is_named_by_its_line),
        in_scratch(a_file_of_another_kind_is_named),
        in_scratch(empty_files_are_errors),
        in_scratch(a_recording_without_windows_is_an_error),
        in_scratch(a_missing_recording_is_an_error),
        in_scratch(a_failed_import_leaves_the_old_shard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
