/* What the keys of a configuration say only together. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "softeq/config.h"

/* One number of symmetry.lambda. */
static sq_status parse_weight(const char *word, size_t length, double *value) {
    char text[64], *end;
    if (length < sizeof text) {
        memcpy(text, word, length);
        text[length] = '\0';
        *value = strtod(text, &end);
        if (*end == '\0' && isfinite(*value) && *value >= 0.0) return SQ_OK;
    }
    return sq_fail(SQ_ERR_CONFIG, "symmetry.lambda: '%.*s' is not a number of at least 0",
                   (int)length, word);
}

sq_status sq_config_lambda(const sq_config *config, double *values, int capacity, int *count) {
    const char *cursor = config->symmetry.lambda;
    const char *word;
    size_t length;
    *count = 0;
    while (sq_next_word(&cursor, &word, &length)) {
        if (*count == capacity)
            return sq_fail(SQ_ERR_CONFIG, "symmetry.lambda has more than %d numbers: '%s'",
                           capacity, config->symmetry.lambda);
        sq_status status = parse_weight(word, length, &values[*count]);
        if (status != SQ_OK) return status;
        ++*count;
    }
    return SQ_OK;
}

static sq_status check_lambda(const sq_config *config) {
    enum { CAPACITY = SQ_CONFIG_TEXT / 2 };
    double values[CAPACITY];
    int n_lambda;
    int n_types = sq_count_words(config->symmetry.types);
    sq_status status = sq_config_lambda(config, values, CAPACITY, &n_lambda);
    if (status != SQ_OK) return status;
    if (n_lambda == n_types || n_lambda == 1) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "symmetry.lambda has %d number(s) (%s), but symmetry.types has %d type(s) (%s); "
                   "give one number for each type, or one for all",
                   n_lambda, config->symmetry.lambda, n_types, config->symmetry.types);
}

/* Does the list of types hold this one? */
static bool holds_type(const char *types, const char *type) {
    const char *word;
    size_t length;
    while (sq_next_word(&types, &word, &length))
        if (strlen(type) == length && !strncmp(word, type, length)) return true;
    return false;
}

static sq_status check_mixed_type(const sq_config *config) {
    if (sq_count_words(config->symmetry.types) < 2)
        return sq_fail(SQ_ERR_CONFIG,
                       "model.kind = mixed-rpp needs two or more symmetry.types, "
                       "not '%s'",
                       config->symmetry.types);
    if (*config->symmetry.mixed_type &&
        !holds_type(config->symmetry.types, config->symmetry.mixed_type))
        return sq_fail(SQ_ERR_CONFIG, "symmetry.mixed_type = %s is not among symmetry.types = %s",
                       config->symmetry.mixed_type, config->symmetry.types);
    return SQ_OK;
}

static sq_status check_data(const sq_config *config) {
    if (*config->data.task && *config->data.train)
        return sq_fail(SQ_ERR_CONFIG,
                       "data.task = %s and data.train = %s exclude each other: "
                       "empty one of them",
                       config->data.task, config->data.train);
    if (*config->data.task) return SQ_OK;
    if (!*config->data.train)
        return sq_fail(SQ_ERR_CONFIG,
                       "nothing to train on: set data.task to a made task or "
                       "data.train to files");
    if (!*config->data.valid)
        return sq_fail(SQ_ERR_CONFIG,
                       "data.valid is empty: name files to choose the best model "
                       "on, apart from data.train");
    return SQ_OK;
}

sq_status sq_config_check(const sq_config *config) {
    sq_status status;
    SQ_TRY(check_data(config));
    if (sq_count_words(config->symmetry.types) == 0)
        return sq_fail(SQ_ERR_CONFIG, "symmetry.types is empty: name at least one symmetry type");
    if (!strcmp(config->model.kind, "per")) SQ_TRY(check_lambda(config));
    if (!strcmp(config->model.kind, "mixed-rpp")) SQ_TRY(check_mixed_type(config));
cleanup:
    return status;
}
