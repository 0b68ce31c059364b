/* What all importers share: formats and their settings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "import_files.h"
#include "scratch.h"

static void defaults_of_formats_are_settings(void **state) {
    (void)state;
    for (const sq_import_format *const *format = sq_import_formats; *format; format++) {
        sq_config config;
        sq_config_init(&config);
        for (const char *const *one = (*format)->defaults; one && *one; one++)
            assert_ok(sq_config_set_assignment(&config, *one, (*format)->name));
    }
}

static void an_unknown_format_names_the_nearest(void **state) {
    const sq_import_format *format;
    (void)state;
    assert_failure(sq_import_find_format("waimo", &format), SQ_ERR_ARGUMENT, "mean 'waymo'?");
}

static void what_a_format_does_not_tell_cannot_be_asked(void **state) {
    const char *path = scratch_write(state, "a.txt", "0 1 0 0\n");
    const char *settings[] = {"data.windows=current", "data.agents=to-predict",
                              "data.classes=vehicle", "data.dimensions=3"};
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        sq_import_summary summary;
        sq_config config = import_config("eth-ucy");
        assert_ok(sq_config_set_assignment(&config, settings[i], "test"));
        assert_failure(
            import_files("eth-ucy", &path, 1, &config, scratch_path(state, "out.nc"), &summary),
            SQ_ERR_CONFIG, "does not tell of");
    }
}

static void a_class_that_does_not_exist_is_named(void **state) {
    sq_window_rules rules;
    sq_config config = import_config("csv");
    (void)state;
    strcpy(config.data.classes, "vehicle cyclists");
    assert_failure(sq_window_rules_read(&config, &rules), SQ_ERR_CONFIG, "did you mean cyclist?");
    strcpy(config.data.classes, "x");
    assert_failure(sq_window_rules_read(&config, &rules), SQ_ERR_CONFIG,
                   "'x' is no class: there are vehicle, pedestrian, cyclist, other");
}

static void a_format_that_cuts_no_parts_says_so(void **state) {
    const char *path = scratch_write(state, "a.csv", "track,time,x,y\n1,0,0,0\n");
    sq_import_summary summary;
    sq_config config = import_config("csv");
    assert_ok(sq_config_set_assignment(&config, "data.part=train", "test"));
    assert_failure(import_files("csv", &path, 1, &config, scratch_path(state, "out.nc"), &summary),
                   SQ_ERR_CONFIG, "softeq data split");
}

static void what_a_killed_import_left_is_removed(void **state) {
    const char *path = scratch_write(state, "a.csv", "track,time,x,y\n1,0,0,0\n1,1,0,0\n");
    sq_import_summary summary;
    sq_config config = import_config("csv");
    config.data.observed = config.data.predicted = 1;
    config.data.interval = 1;
    scratch_write(state, "out.nc.123.tmp", "half a shard");
    scratch_write(state, "out.nc.old", "somebody's own");
    assert_ok(import_files("csv", &path, 1, &config, scratch_path(state, "out.nc"), &summary));
    assert_int_equal(scratch_count_files(state), 3);
}

/* Into shards of their own: what is there already is left, if it was made alike. */
static sq_status import_apart(void **state, const char *format, const char *name,
                              const char *setting, int64_t *skipped) {
    const char *path = scratch_path(state, name);
    sq_import_summary summary;
    sq_config config = import_config(format);
    config.data.observed = config.data.predicted = 1;
    assert_ok(sq_config_set_assignment(&config, "data.interval=0.4", "test"));
    assert_ok(sq_config_set_assignment(&config, setting, "test"));
    sq_import_job job = {
        .paths = &path, .count = 1, .config = &config, .out = scratch_path(state, "out")};
    return import_job(&job, format, &summary, skipped);
}

static void an_import_goes_on_with_its_own_shards_only(void **state) {
    scratch_write(state, "a.txt",
                  "0 1 0 0\n10 1 1 0\n20 1 2 0\n30 1 3 0\n40 1 4 0\n"
                  "50 1 5 0\n60 1 6 0\n70 1 7 0\n80 1 8 0\n90 1 9 0\n");
    int64_t skipped;
    assert_ok(import_apart(state, "eth-ucy", "a.txt", "data.part=train", &skipped));
    assert_int_equal(skipped, 0);
    assert_ok(import_apart(state, "eth-ucy", "a.txt", "data.part=train", &skipped));
    assert_int_equal(skipped, 1);
    assert_failure(import_apart(state, "eth-ucy", "a.txt", "data.part=valid", &skipped),
                   SQ_ERR_DATA, "by these rules");
    assert_failure(import_apart(state, "eth-ucy", "a.txt", "data.part=all", &skipped), SQ_ERR_DATA,
                   "by these rules");
}

static void an_import_of_other_columns_is_another(void **state) {
    scratch_write(state, "a.csv", "track,time,x,y,east\n1,0,0,0,5\n1,0.4,0,0,6\n");
    int64_t skipped;
    assert_ok(import_apart(state, "csv", "a.csv", "data.columns=", &skipped));
    assert_ok(import_apart(state, "csv", "a.csv", "data.columns=", &skipped));
    assert_int_equal(skipped, 1);
    assert_failure(import_apart(state, "csv", "a.csv", "data.columns=x=east", &skipped),
                   SQ_ERR_DATA, "by these rules");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_of_formats_are_settings),
        cmocka_unit_test(an_unknown_format_names_the_nearest),
        in_scratch(what_a_format_does_not_tell_cannot_be_asked),
        cmocka_unit_test(a_class_that_does_not_exist_is_named),
        in_scratch(a_format_that_cuts_no_parts_says_so),
        in_scratch(what_a_killed_import_left_is_removed),
        in_scratch(an_import_goes_on_with_its_own_shards_only),
        in_scratch(an_import_of_other_columns_is_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
