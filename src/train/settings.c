#include "train/settings.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

void sq_settings_format(const sq_config *config, char *text) {
    size_t keys = 0, used = 0;
    const sq_config_key *table = sq_config_table(&keys);
    text[0] = '\0';
    for (size_t k = 0; k < keys && used < SQ_SETTINGS_TEXT; k++) {
        char value[SQ_CONFIG_TEXT];
        if (!table[k].mathematics) continue;
        sq_config_format(config, &table[k], value, sizeof value);
        used += (size_t)snprintf(text + used, SQ_SETTINGS_TEXT - used, "%s.%s = %s\n",
                                 table[k].section, table[k].name, value);
    }
}

/* A line of such a text, without its end. */
typedef struct {
    const char *start;
    int length, key_length;
} line;

/* The line at *text, which moves on to the next one; false at the end. */
static bool next_line(const char **text, line *found) {
    if (**text == '\0') return false;
    found->start = *text;
    found->length = (int)strcspn(*text, "\n");
    found->key_length = (int)strcspn(*text, " \n");
    *text += found->length + ((*text)[found->length] != '\0');
    return true;
}

static bool find_key(const char *text, const line *like, line *found) {
    while (next_line(&text, found))
        if (found->key_length == like->key_length &&
            memcmp(found->start, like->start, (size_t)like->key_length) == 0)
            return true;
    return false;
}

static bool is_same(const line *a, const line *b) {
    return a->length == b->length && memcmp(a->start, b->start, (size_t)a->length) == 0;
}

/* Keys that older versions knew, and did not write down: what theirs was is not known. */
static bool is_unrecorded(const line *our) {
    static const char *const keys[] = {"log.equivariance_samples", "log.equivariance_elements"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (strlen(keys[k]) == (size_t)our->key_length &&
            memcmp(keys[k], our->start, (size_t)our->key_length) == 0)
            return true;
    return false;
}

static sq_status compare_line(const char *theirs, const char *defaults, const line *our) {
    line their;
    if (find_key(theirs, our, &their)) {
        if (is_same(&their, our)) return SQ_OK;
        return sq_fail(
            SQ_ERR_CONFIG,
            "the checkpoint was made with '%.*s', this run has '%.*s': a run can only be "
            "resumed with the settings it began with",
            their.length, their.start, our->length, our->start);
    }
    if (!is_unrecorded(our) && (!find_key(defaults, our, &their) || !is_same(&their, our)))
        return sq_fail(SQ_ERR_CONFIG,
                       "this run has '%.*s', which the checkpoint does not know, as it was made by "
                       "another version of softeq: it can only be resumed with the default",
                       our->length, our->start);
    sq_log(SQ_LOG_WARNING,
           "the checkpoint was made by another version of softeq: it has no %.*s, and goes on with "
           "'%.*s'",
           our->key_length, our->start, our->length, our->start);
    return SQ_OK;
}

static sq_status find_unknown(const char *theirs, const char *ours) {
    line their, our;
    while (next_line(&theirs, &their))
        if (!find_key(ours, &their, &our))
            return sq_fail(SQ_ERR_CONFIG,
                           "the checkpoint was made with '%.*s', which this version of softeq does "
                           "not know",
                           their.length, their.start);
    return SQ_OK;
}

sq_status sq_settings_compare(const char *theirs, const char *ours) {
    sq_status status = SQ_OK;
    char *defaults = NULL;
    sq_config config;
    line our;
    sq_config_init(&config);
    SQ_TRY(sq_alloc(SQ_SETTINGS_TEXT, 1, &defaults));
    sq_settings_format(&config, defaults);
    SQ_TRY(find_unknown(theirs, ours));
    while (next_line(&ours, &our)) SQ_TRY(compare_line(theirs, defaults, &our));
cleanup:
    sq_free(defaults);
    return status;
}

bool sq_settings_have_distances(const sq_config *config) {
    return strcmp(config->train.loss, "distances") == 0;
}
