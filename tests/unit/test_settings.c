/* With which settings a checkpoint may be gone on with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"
#include "train/settings.h"

static char ours[SQ_SETTINGS_TEXT];

static int set_up(void **state) {
    (void)state;
    sq_config config;
    sq_config_init(&config);
    sq_settings_format(&config, ours);
    return 0;
}

/* Ours, but with another text in place of the line `key = ...`. */
static const char *with_line(const char *key, const char *text) {
    static char theirs[SQ_SETTINGS_TEXT];
    const char *start = strstr(ours, key);
    assert_non_null(start);
    snprintf(theirs, sizeof theirs, "%.*s%s%s", (int)(start - ours), ours, text,
             strchr(start, '\n') + 1);
    return theirs;
}

static void the_same_settings_pass(void **state) {
    (void)state;
    assert_non_null(strstr(ours, "train.batch = 500\n"));
    assert_null(strstr(ours, "checkpoint.keep"));
    assert_ok(sq_settings_compare(ours, ours));
}

static void a_difference_is_named(void **state) {
    (void)state;
    assert_failure(sq_settings_compare(with_line("train.batch =", "train.batch = 50\n"), ours),
                   SQ_ERR_CONFIG, "made with 'train.batch = 50', this run has 'train.batch = 500'");
}

static void the_order_of_keys_means_nothing(void **state) {
    (void)state;
    char theirs[SQ_SETTINGS_TEXT];
    strcpy(theirs, with_line("train.batch =", ""));
    strcat(theirs, "train.batch = 500\n");
    assert_ok(sq_settings_compare(theirs, ours));
}

static void a_key_newer_than_the_checkpoint_has_its_default(void **state) {
    (void)state;
    char theirs[SQ_SETTINGS_TEXT];
    strcpy(theirs, with_line("train.batch =", ""));
    assert_ok(sq_settings_compare(theirs, ours));
    assert_failure(sq_settings_compare(theirs, with_line("train.batch =", "train.batch = 50\n")),
                   SQ_ERR_CONFIG, "'train.batch = 50', which the checkpoint does not know");
}

/* What rules of tuning measure is averaged over as many samples as the configuration says. */
static void how_much_is_measured_may_not_change_either(void **state) {
    (void)state;
    char theirs[SQ_SETTINGS_TEXT];
    const char *other = with_line("log.equivariance_samples =", "log.equivariance_samples = 20\n");
    assert_failure(sq_settings_compare(other, ours), SQ_ERR_CONFIG, "equivariance_samples = 20");
    strcpy(theirs, with_line("log.equivariance_samples =", "")); /* older versions did not say */
    other = with_line("log.equivariance_samples =", "log.equivariance_samples = 20\n");
    assert_ok(sq_settings_compare(theirs, other));
}

static void a_key_newer_than_the_program_is_refused(void **state) {
    (void)state;
    assert_failure(sq_settings_compare(
                       with_line("train.batch =", "train.batch = 500\ntrain.wings = 2\n"), ours),
                   SQ_ERR_CONFIG, "'train.wings = 2', which this version of softeq does not know");
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_same_settings_pass),
        TEST(a_difference_is_named),
        TEST(the_order_of_keys_means_nothing),
        TEST(a_key_newer_than_the_checkpoint_has_its_default),
        TEST(how_much_is_measured_may_not_change_either),
        TEST(a_key_newer_than_the_program_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
