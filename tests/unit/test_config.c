/* The configuration table: defaults, bounds, messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "softeq/config.h"

static void every_default_is_valid_and_round_trips(void **state) {
    (void)state;
    sq_config defaults, copy;
    size_t count;
    const sq_config_key *table = sq_config_table(&count);
    sq_config_init(&defaults);
    memset(&copy, 0, sizeof copy);
    for (size_t i = 0; i < count; i++) {
        char text[SQ_CONFIG_TEXT];
        assert_int_equal(
            SQ_OK, sq_config_set(&copy, table[i].section, table[i].name, table[i].initial, "test"));
        sq_config_format(&copy, &table[i], text, sizeof text);
        assert_int_equal(SQ_OK,
                         sq_config_set(&copy, table[i].section, table[i].name, text, "test"));
    }
    assert_memory_equal(&defaults, &copy, sizeof copy);
}

static void every_field_has_a_row(void **state) {
    (void)state;
    size_t count, covered = 0;
    const sq_config_key *table = sq_config_table(&count);
    for (size_t i = 0; i < count; i++) {
        covered += table[i].capacity;
        assert_true(strlen(table[i].help) > 0);
        for (size_t k = 0; k < i; k++) assert_true(table[k].offset != table[i].offset);
    }
    assert_int_equal(covered, sizeof(sq_config)); /* the fields leave no padding */
}

static void defaults_are_those_of_the_documentation(void **state) {
    (void)state;
    sq_config config;
    sq_config_init(&config);
    assert_int_equal(3000, config.data.samples);
    assert_int_equal(2, config.data.axis);
    assert_true(config.data.noise == 0.3);
    assert_string_equal("per", config.model.kind);
    assert_int_equal(128, config.model.channels);
    assert_int_equal(4, config.model.layers);
    assert_string_equal("orthogonal", config.model.init);
    assert_string_equal("O(3) O(2)@xy O(2)@yz O(2)@xz", config.symmetry.types);
    assert_string_equal("0 100 100 100", config.symmetry.lambda);
    assert_int_equal(2000, config.symmetry.tune_at);
    assert_int_equal(8000, config.train.epochs);
    assert_int_equal(500, config.train.batch);
    assert_int_equal(125, config.train.microbatch);
    assert_true(config.train.lr == 1e-3 && config.train.weight_decay == 2e-4);
    assert_int_equal(50, config.train.patience);
    assert_true(config.checkpoint.every_seconds == 600.0);
    assert_int_equal(3, config.checkpoint.keep);
}

/* A text just outside of a bound. */
static void outside(const sq_config_key *key, int side, char *text, size_t capacity) {
    double bound = side < 0 ? key->least : key->most;
    double step = key->type == SQ_CONFIG_INT ? 2.0 : 1.0 + 1e-3 * (bound < 0 ? -bound : bound);
    snprintf(text, capacity, "%.0f", bound + side * step);
    if (key->type == SQ_CONFIG_REAL) snprintf(text, capacity, "%.17g", bound + side * step);
}

static void numbers_out_of_bounds_are_refused(void **state) {
    (void)state;
    sq_config config, before;
    size_t count;
    const sq_config_key *table = sq_config_table(&count);
    sq_config_init(&config);
    before = config;
    for (size_t i = 0; i < count; i++) {
        const char *bad[] = {"nan", "inf", "-inf", "", "12x", "1 2", "99999999999999999999999999"};
        const char *section = table[i].section, *name = table[i].name;
        char text[64];
        if (table[i].type == SQ_CONFIG_STRING) continue;
        for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
            assert_int_equal(SQ_ERR_CONFIG, sq_config_set(&config, section, name, bad[k], "test"));
        for (int side = -1; side <= 1; side += 2) {
            outside(&table[i], side, text, sizeof text);
            assert_int_equal(SQ_ERR_CONFIG, sq_config_set(&config, section, name, text, "test"));
            assert_non_null(strstr(sq_error_message(), "out of bounds"));
        }
    }
    assert_memory_equal(&before, &config, sizeof config);
}

static void bounds_themselves_are_accepted(void **state) {
    (void)state;
    sq_config config;
    size_t count;
    const sq_config_key *table = sq_config_table(&count);
    sq_config_init(&config);
    for (size_t i = 0; i < count; i++) {
        char text[64];
        if (table[i].type == SQ_CONFIG_STRING) continue;
        for (int side = 0; side < 2; side++) {
            double bound = side ? table[i].most : table[i].least;
            snprintf(text, sizeof text, table[i].type == SQ_CONFIG_INT ? "%.0f" : "%.17g", bound);
            assert_int_equal(SQ_OK,
                             sq_config_set(&config, table[i].section, table[i].name, text, "test"));
        }
    }
}

static void numbers_keep_every_bit(void **state) {
    (void)state;
    const double values[] = {0.1, 1.0 / 3.0, 1e-300, 123456.789e3, 0.0};
    sq_config config;
    size_t count;
    const sq_config_key *key = sq_config_table(&count);
    while (key->type != SQ_CONFIG_REAL) key++;
    sq_config_init(&config);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char text[64];
        memcpy((char *)&config + key->offset, &values[i], sizeof values[i]);
        sq_config_format(&config, key, text, sizeof text);
        assert_true(strtod(text, NULL) == values[i]);
    }
}

/* Sets a key that is refused and compares the message. */
static void assert_refused(const char *assignment, const char *message) {
    sq_config config;
    sq_config_init(&config);
    assert_int_equal(SQ_ERR_CONFIG, sq_config_set_assignment(&config, assignment, "run.ini:12"));
    assert_string_equal(message, sq_error_message());
}

static void unknown_keys_name_the_nearest(void **state) {
    (void)state;
    assert_refused("train.epoch=3",
                   "run.ini:12: unknown key train.epoch; did you mean train.epochs?");
    assert_refused("trian.epochs=3",
                   "run.ini:12: unknown key trian.epochs; did you mean train.epochs?");
    assert_refused("model.lr=3", "run.ini:12: unknown key model.lr; did you mean train.lr?");
    assert_refused("trian.epoch=3", "run.ini:12: unknown section [trian]; did you mean [train]?");
    assert_refused("train.something_else=3",
                   "run.ini:12: unknown key train.something_else; `softeq train --help-config` "
                   "lists all keys");
    assert_refused("epochs=3", "run.ini:12: 'epochs=3' is not of the form section.key=value");
}

static void values_of_the_wrong_kind_are_explained(void **state) {
    (void)state;
    assert_refused("train.epochs=many", "run.ini:12: train.epochs = 'many' is not an integer");
    assert_refused("train.lr=fast", "run.ini:12: train.lr = 'fast' is not a number");
    assert_refused("train.batch=0",
                   "run.ini:12: train.batch = 0 is out of bounds: from 1 to 1000000000");
    assert_refused("model.kind=gan",
                   "run.ini:12: model.kind = 'gan' is not one of "
                   "mlp|emlp|rpp|mixed-rpp|per|frame-averaging");
    assert_refused("model.kind=mlp|emlp",
                   "run.ini:12: model.kind = 'mlp|emlp' is not one of "
                   "mlp|emlp|rpp|mixed-rpp|per|frame-averaging");
    static const char *const comments[] = {"data.train=a ; b", "data.train=a\t;b", "data.train=;a"};
    for (size_t k = 0; k < sizeof comments / sizeof *comments; k++)
        assert_refused(comments[k],
                       "run.ini:12: data.train may not hold a line break or a comment");
}

static void too_long_texts_are_refused(void **state) {
    (void)state;
    static char assignment[3 * SQ_CONFIG_TEXT];
    sq_config config;
    sq_config_init(&config);
    for (size_t length = SQ_CONFIG_TEXT - 1; length <= 2 * SQ_CONFIG_TEXT; length++) {
        strcpy(assignment, "data.train=");
        memset(assignment + strlen(assignment), 'x', length);
        assignment[strlen("data.train=") + length] = '\0';
        sq_status expected = length < SQ_CONFIG_TEXT ? SQ_OK : SQ_ERR_CONFIG;
        assert_int_equal(expected, sq_config_set_assignment(&config, assignment, "test"));
    }
    assert_int_equal(SQ_CONFIG_TEXT - 1, strlen(config.data.train));
}

static void white_space_around_a_value_is_dropped(void **state) {
    (void)state;
    sq_config config;
    sq_config_init(&config);
    assert_int_equal(SQ_OK, sq_config_set_assignment(&config, " data.task =  inertia ", "test"));
    assert_string_equal("inertia", config.data.task);
}

/* The status of a check after one assignment to a sound configuration. */
static sq_status check_with(const char *assignment) {
    sq_config config;
    sq_config_init(&config);
    assert_int_equal(SQ_OK, sq_config_set_assignment(&config, "data.task=inertia", "test"));
    assert_int_equal(SQ_OK, sq_config_set_assignment(&config, assignment, "test"));
    return sq_config_check(&config);
}

static void types_and_lambda_must_have_equal_length(void **state) {
    (void)state;
    assert_int_equal(SQ_OK, check_with("symmetry.lambda=0 1 2 3"));
    assert_int_equal(SQ_OK, check_with("symmetry.lambda=0, 1, 2, 3"));
    assert_int_equal(SQ_OK, check_with("symmetry.lambda=3"));
    assert_int_equal(SQ_ERR_CONFIG, check_with("symmetry.lambda=0 1 2"));
    assert_non_null(strstr(sq_error_message(), "3 number(s)"));
    assert_non_null(strstr(sq_error_message(), "4 type(s)"));
    assert_int_equal(SQ_ERR_CONFIG, check_with("symmetry.types=O(1,3) O(2)@xy"));
    assert_non_null(strstr(sq_error_message(), "2 type(s)"));
    assert_int_equal(SQ_ERR_CONFIG, check_with("symmetry.types="));
}

static void lambda_must_be_numbers(void **state) {
    (void)state;
    const char *bad[] = {"0 1 2 x", "0 1 2 -3", "0 1 2 nan", "0 1 2 inf", "0 1 2 3x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char assignment[64];
        snprintf(assignment, sizeof assignment, "symmetry.lambda=%s", bad[i]);
        assert_int_equal(SQ_ERR_CONFIG, check_with(assignment));
        assert_non_null(strstr(sq_error_message(), "symmetry.lambda"));
    }
}

static void lambda_is_read_up_to_the_capacity(void **state) {
    (void)state;
    double values[4];
    int count;
    sq_config config;
    sq_config_init(&config);
    assert_int_equal(SQ_OK, sq_config_lambda(&config, values, 4, &count));
    assert_int_equal(4, count);
    assert_true(values[0] == 0.0 && values[3] == 100.0);
    assert_int_equal(SQ_ERR_CONFIG, sq_config_lambda(&config, values, 3, &count));
}

static void there_must_be_something_to_train_on(void **state) {
    (void)state;
    assert_int_equal(SQ_ERR_CONFIG, check_with("data.task="));
    assert_int_equal(SQ_ERR_CONFIG, check_with("data.train=x.nc"));
    assert_non_null(strstr(sq_error_message(), "exclude each other"));
}

static void a_mixed_type_must_be_among_the_types(void **state) {
    (void)state;
    sq_config config;
    sq_config_init(&config);
    strcpy(config.data.task, "inertia");
    strcpy(config.model.kind, "mixed-rpp");
    assert_int_equal(SQ_OK, sq_config_check(&config));
    strcpy(config.symmetry.mixed_type, "O(2)@xz");
    assert_int_equal(SQ_OK, sq_config_check(&config));
    strcpy(config.symmetry.mixed_type, "O(2)");
    assert_int_equal(SQ_ERR_CONFIG, sq_config_check(&config));
}

static void written_text_holds_every_key_once(void **state) {
    (void)state;
    sq_config config;
    size_t count, size, found = 0;
    char *text = NULL;
    sq_config_init(&config);
    FILE *stream = open_memstream(&text, &size);
    sq_config_write(&config, stream);
    fclose(stream);
    (void)sq_config_table(&count);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        found += strstr(line, " =") != NULL;
    assert_int_equal(count, found);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_default_is_valid_and_round_trips),
        cmocka_unit_test(every_field_has_a_row),
        cmocka_unit_test(defaults_are_those_of_the_documentation),
        cmocka_unit_test(numbers_out_of_bounds_are_refused),
        cmocka_unit_test(bounds_themselves_are_accepted),
        cmocka_unit_test(numbers_keep_every_bit),
        cmocka_unit_test(unknown_keys_name_the_nearest),
        cmocka_unit_test(values_of_the_wrong_kind_are_explained),
        cmocka_unit_test(too_long_texts_are_refused),
        cmocka_unit_test(white_space_around_a_value_is_dropped),
        cmocka_unit_test(types_and_lambda_must_have_equal_length),
        cmocka_unit_test(lambda_must_be_numbers),
        cmocka_unit_test(lambda_is_read_up_to_the_capacity),
        cmocka_unit_test(there_must_be_something_to_train_on),
        cmocka_unit_test(a_mixed_type_must_be_among_the_types),
        cmocka_unit_test(written_text_holds_every_key_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
