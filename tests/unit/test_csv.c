/* The importer of tables: columns by name, any order of rows, gaps, and rows that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "data/csv_table.h"
#include "import_files.h"
#include "io/netcdf_file.h"
#include "scratch.h"
#include "softeq/dataset.h"
#include "softeq/log.h"

/* Two observed and one predicted step of a second. */
static sq_config small_windows(void) {
    sq_config config = import_config("csv");
    config.data.observed = 2;
    config.data.predicted = 1;
    config.data.interval = 1;
    return config;
}

static sq_status import(void **state, const sq_config *config, const char *text,
                        sq_import_summary *summary) {
    const char *path = scratch_write(state, "a.csv", text);
    return import_files("csv", &path, 1, config, scratch_path(state, "out.nc"), summary);
}

static int64_t count_windows(void **state, const sq_config *config, const char *text) {
    sq_import_summary summary;
    assert_ok(import(state, config, text, &summary));
    return summary.counts[SQ_COUNT_WINDOWS];
}

static void read_rows(void **state, int64_t rows, sq_real *input, sq_real *target, sq_real *mask) {
    sq_dataset *dataset;
    int64_t row[16];
    for (int64_t i = 0; i < rows; i++) row[i] = i;
    assert_ok(sq_dataset_open(scratch_word(state, "out.nc"), 1 << 20, &dataset));
    assert_int_equal(sq_dataset_describe(dataset)->samples, rows);
    assert_ok(sq_dataset_read(dataset, row, (size_t)rows, input, target, mask));
    sq_dataset_destroy(&dataset);
}

/* ---- windows ---- */

static void columns_are_found_by_name(void **state) {
    const sq_real expected[] = {-1, -2, 0, 0};
    sq_real input[4], target[2];
    sq_config config = small_windows();
    assert_int_equal(count_windows(state, &config,
                                   "y,speed,Track,x,time\n"
                                   "2,9,5,1,0\n4,9,5,2,1\n6,9,5,4,2\n"),
                     1);
    read_rows(state, 1, input, target, NULL);
    assert_memory_equal(input, expected, sizeof expected);
    assert_true(target[0] == 2 && target[1] == 2);
}

static void columns_are_called_as_others_call_them(void **state) {
    sq_config config = small_windows();
    assert_int_equal(count_windows(state, &config,
                                   "track_id;frame_id;timestamp_ms;agent_type;x;y;psi_rad\r\n"
                                   "P1;1;1000;car;0;0;\r\nP1;2;2000;car;1;0;\r\n"
                                   "P1;3;3000;car;2;0;\r\n"),
                     1);
    strcpy(config.data.columns, "track=who time=when x=east");
    assert_int_equal(
        count_windows(state, &config, "when,who,east,y\n0,a,0,0\n1,a,0,0\n\n2,a,0,0\n"), 1);
}

static void rows_come_in_any_order(void **state) {
    sq_real input[8], target[4];
    sq_config config = small_windows();
    assert_int_equal(count_windows(state, &config,
                                   "track,time,x,y\n"
                                   "2,12,0,7\n1,2,3,0\n2,10,0,0\n1,0,0,0\n1,1,1,0\n2,11,0,5\n"),
                     2);
    read_rows(state, 2, input, target, NULL);
    assert_true(target[0] == 2 && target[1] == 0 && target[2] == 0 && target[3] == 2);
}

static void clocks_may_be_a_little_off(void **state) {
    sq_config config = small_windows();
    config.data.interval = 0.1;
    assert_int_equal(count_windows(state, &config,
                                   "track,time,x,y\n1,0.033,0,0\n1,0.0664,0,0\n1,0.1,0,0\n"
                                   "1,0.1334,0,0\n1,0.1666,0,0\n1,0.2,0,0\n1,0.2334,0,0\n"),
                     1);
}

static void scenes_keep_tracks_apart(void **state) {
    const char *text =
        "scene,track,time,x,y\nb,1,0,0,0\nb,1,1,1,0\nb,1,2,2,0\nb,1,3,2,0\n"
        "a,1,0,0,0\na,1,1,1,0\na,1,2,2,0\n";
    int64_t scenes[3];
    char name[64];
    size_t first = 0;
    sq_import_summary summary;
    sq_nc *file;
    sq_config config = small_windows();
    assert_ok(import(state, &config, text, &summary));
    assert_int_equal(summary.counts[SQ_COUNT_SCENES], 2);
    assert_int_equal(summary.counts[SQ_COUNT_AGENTS], 2);
    assert_int_equal(summary.counts[SQ_COUNT_WINDOWS], 3);
    assert_ok(sq_nc_open(scratch_path(state, "out.nc"), &file));
    assert_ok(sq_nc_read_int64(file, "scene", NULL, NULL, scenes));
    assert_true(scenes[0] != scenes[2]);
    assert_ok(sq_nc_read_string(file, "scene_name", &first, name, sizeof name));
    assert_true(!strcmp(name, "a.csv: a") || !strcmp(name, "a.csv: b"));
    assert_ok(sq_nc_close(&file));
}

static void a_gap_is_dropped_or_masked(void **state) {
    const char *text = "track,time,x,y\n1,0,0,0\n1,1,1,0\n1,3,3,0\n1,4,4,0\n";
    const sq_real expected[] = {0, 0, 1, 1};
    sq_real input[4], target[4], mask[4];
    sq_import_summary summary;
    sq_config config = small_windows();
    config.data.predicted = 2;
    assert_failure(import(state, &config, text, &summary), SQ_ERR_DATA, "no window");
    strcpy(config.data.missing, "mask");
    assert_int_equal(count_windows(state, &config, text), 1);
    read_rows(state, 1, input, target, mask);
    assert_memory_equal(mask, expected, sizeof mask);
    assert_true(target[2] == 2 && target[3] == 0);
}

static void a_window_is_turned_along_its_heading(void **state) {
    sq_real input[4], target[2];
    sq_config config = small_windows();
    strcpy(config.data.align, "heading");
    count_windows(state, &config, "track,time,x,y\n1,0,0,0\n1,1,0,1\n1,2,-1,2\n");
    read_rows(state, 1, input, target, NULL);
    assert_true(fabs((double)target[0] - 1) < 1e-6 && fabs((double)target[1] - 1) < 1e-6);
    count_windows(state, &config,
                  "track,time,x,y,heading\n1,0,0,0,0\n1,1,0,1,3.14159265358979\n1,2,-1,2,0\n");
    read_rows(state, 1, input, target, NULL);
    assert_true(fabs((double)target[0] - 1) < 1e-6 && fabs((double)target[1] + 1) < 1e-6);
}

static void quotes_keep_separators(void **state) {
    sq_config config = small_windows();
    assert_int_equal(count_windows(state, &config,
                                   "\"track\",time,x,y\n\"a,b\",0,0,0\n\"a,b\",1,0,0\n"
                                   "\"a,b\",2,0,0\n"),
                     1);
}

/* Easier to read: ' stands for ". */
static void turn_quotes(char *text) {
    for (; *text; text++)
        if (*text == '\'') *text = '"';
}

static void a_quote_in_quotes_is_written_twice(void **state) {
    char text[] =
        "track,time,x,y,scene,'a ''remark'', too'\n"
        "'a''1',0,0,0,'''north'', gate','''' \n"
        "'a''2',0,0,0, '''north'', gate' ,'1,2'\n"
        "'a''1',1,0,0,'''north'', gate',''\n"
        "'a''1',2,0,0,'''north'', gate',\n";
    char name[64];
    size_t first = 0;
    sq_import_summary summary;
    sq_nc *file;
    sq_config config = small_windows();
    turn_quotes(text);
    assert_ok(import(state, &config, text, &summary));
    assert_int_equal(summary.counts[SQ_COUNT_AGENTS], 2);
    assert_int_equal(summary.counts[SQ_COUNT_SCENES], 1);
    assert_int_equal(summary.counts[SQ_COUNT_WINDOWS], 1);
    assert_ok(sq_nc_open(scratch_path(state, "out.nc"), &file));
    assert_ok(sq_nc_read_string(file, "scene_name", &first, name, sizeof name));
    assert_string_equal(name, "a.csv: \"north\", gate");
    assert_ok(sq_nc_close(&file));
}

/* Keeps what was said. */
static void keep_lines(sq_log_level level, const char *line, void *context) {
    char *lines = context;
    size_t used = strlen(lines);
    if (level == SQ_LOG_WARNING) snprintf(lines + used, 1024 - used, "%s\n", line);
}

static void a_class_that_is_not_known_is_other_and_told_once(void **state) {
    const char *text =
        "track,time,x,y,class\n"
        "1,0,0,0,Car\n1,1,0,0,Car\n1,2,0,0,Car\n"
        "2,0,0,0,pedestrian/bicycle\n2,1,0,0,pedestrian/bicycle\n2,2,0,0,pedestrian/bicycle\n"
        "3,0,0,0,\n3,1,0,0,\n3,2,0,0,\n"
        "4,0,0,0,static\n4,1,0,0,static\n4,2,0,0,other\n";
    const int64_t expected[] = {SQ_AGENT_VEHICLE, SQ_AGENT_OTHER, SQ_AGENT_OTHER, SQ_AGENT_OTHER};
    int64_t kinds[4];
    char lines[1024] = "";
    sq_import_summary summary;
    sq_nc *file;
    sq_config config = small_windows();
    sq_log_set_sink(keep_lines, lines);
    assert_ok(import(state, &config, text, &summary));
    sq_log_set_sink(NULL, NULL);
    assert_int_equal(summary.counts[SQ_COUNT_WINDOWS], 4);
    assert_ok(sq_nc_open(scratch_path(state, "out.nc"), &file));
    assert_ok(sq_nc_read_int64(file, "agent_class", NULL, NULL, kinds));
    assert_memory_equal(kinds, expected, sizeof expected);
    assert_ok(sq_nc_close(&file));
    assert_non_null(strstr(lines, "line 5: class 'pedestrian/bicycle' is not known"));
    assert_null(strstr(strstr(lines, "pedestrian/") + 1, "pedestrian/"));
    assert_non_null(strstr(lines, "line 11: class 'static' is not known"));
    assert_null(strstr(lines, "class ''"));
}

/* Looking up a scene's name is no progress. */
static void bytes_are_those_of_the_table(void **state) {
    const char *text = "scene,track,time,x,y\nnorth,1,0,0,0\nsouth,1,1,1,0\n";
    const char *path = scratch_write(state, "a.csv", text);
    sq_csv_table *table;
    sq_csv_row row;
    int64_t places[2];
    char name[16];
    bool found;
    assert_ok(sq_csv_open(path, "", &table));
    for (int k = 0; k < 2; k++) {
        assert_ok(sq_csv_next(table, &row, &found));
        places[k] = row.place;
    }
    assert_ok(sq_csv_next(table, &row, &found));
    assert_false(found);
    assert_ok(sq_csv_scene_name(table, places[1], name, sizeof name));
    assert_string_equal(name, "south");
    assert_ok(sq_csv_scene_name(table, places[0], name, sizeof name));
    assert_string_equal(name, "north");
    assert_int_equal(sq_csv_bytes(table), strlen(text));
    assert_int_equal(sq_csv_line(table, places[1]), 3);
    sq_csv_close(&table);
}

/* ---- tables that are wrong ---- */

static void assert_import_fails(void **state, const char *text, const char *words) {
    sq_import_summary summary;
    sq_config config = small_windows();
    assert_failure(import(state, &config, text, &summary), SQ_ERR_DATA, words);
    assert_non_null(strstr(sq_error_message(), "a.csv"));
    assert_int_equal(scratch_count_files(state), 1); /* the table itself */
}

static void a_bad_row_is_named_by_its_line(void **state) {
    assert_import_fails(state, "track,time,x,y\n1,0,0,0\n1,1,one,0\n", "line 3: x 'one' is no");
    assert_import_fails(state, "track,time,x,y\n1,0,0,nan\n", "line 2: y 'nan' is not finite");
    assert_import_fails(state, "track,time,x,y\n\n1,0,0\n", "line 3: has fewer fields");
    assert_import_fails(state, "track,time,x,y\n,0,0,0\n", "line 2: track '' is empty");
    assert_import_fails(state, "track,time,x,y\n1,1e300,0,0\n", "line 2: time '1e300' is too");
    assert_import_fails(state, "track,time,x,y\n\"1,0,0,0\n",
                        "line 2: has a quote that is not closed");
    assert_import_fails(state, "track,time,x,y\n\"1\"\",0,0,0\n",
                        "line 2: has a quote that is not");
    assert_import_fails(state, "\"track\"s,time,x,y\n", "line 1: has text behind a closing quote");
    assert_import_fails(state, "track,time,x,y\n1,0,0,0\n2,0,0,0\n1,0,0,0\n1,1,0,0\n",
                        "line 4: tells of a track and time that line 2 told of");
}

static void a_table_without_tracks_is_named(void **state) {
    assert_import_fails(state, "", "is empty");
    assert_import_fails(state, "track,time,x,y\n", "has no rows");
    assert_import_fails(state, "track,time,x\n1,0,0\n", "line 1: has no column 'y'");
    assert_import_fails(state, "track,time,x,y\n1,0,0,0\n", "no track has two positions");
    assert_import_fails(state, "\x89HDF\r\n", "a NetCDF-4 (HDF5) file");
}

static void settings_need_their_columns(void **state) {
    sq_import_summary summary;
    sq_config config = small_windows();
    config.data.dimensions = 3;
    assert_failure(import(state, &config, "track,time,x,y\n1,0,0,0\n", &summary), SQ_ERR_DATA,
                   "has no column 'z'");
    config = small_windows();
    strcpy(config.data.columns, "track=who");
    assert_failure(import(state, &config, "track,time,x,y\n1,0,0,0\n", &summary), SQ_ERR_DATA,
                   "has no column 'who'");
    strcpy(config.data.columns, "colour=who");
    assert_failure(import(state, &config, "track,time,x,y\n1,0,0,0\n", &summary), SQ_ERR_CONFIG,
                   "'colour' is none of");
}

static void the_last_fields_may_be_empty(void **state) {
    const char *tables[] = {"track,time,x,y,z,class\n1,0,0,0,,\n1,1,0,0,,\n1,2,0,0,,\n",
                            "track\ttime\tx\ty\tz\tclass\n1\t0\t0\t0\t\t\n\t \t\n"
                            "1\t1\t0\t0\t\t\n1\t2\t0\t0\t\t\n"};
    sq_config config = small_windows();
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        assert_int_equal(count_windows(state, &config, tables[i]), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(columns_are_found_by_name),
        in_scratch(columns_are_called_as_others_call_them),
        in_scratch(rows_come_in_any_order),
        in_scratch(clocks_may_be_a_little_off),
        in_scratch(scenes_keep_tracks_apart),
        in_scratch(a_gap_is_dropped_or_masked),
        in_scratch(a_window_is_turned_along_its_heading),
        in_scratch(quotes_keep_separators),
        in_scratch(a_quote_in_quotes_is_written_twice),
        in_scratch(a_class_that_is_not_known_is_other_and_told_once),
        in_scratch(the_last_fields_may_be_empty),
        in_scratch(bytes_are_those_of_the_table),
        in_scratch(a_bad_row_is_named_by_its_line),
        in_scratch(a_table_without_tracks_is_named),
        in_scratch(settings_need_their_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
