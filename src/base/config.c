#include "softeq/config.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { MAX_KEYS = 128, MAX_FULL_NAME = 64 };

static const char *const list_hint = "`softeq train --help-config` lists all keys";

/* Where a key's value lives. */
static void *field(sq_config *config, const sq_config_key *key) {
    return (char *)config + key->offset;
}

static const void *const_field(const sq_config *config, const sq_config_key *key) {
    return (const char *)config + key->offset;
}

static const sq_config_key *find_key(const char *section, const char *name) {
    size_t count;
    const sq_config_key *table = sq_config_table(&count);
    for (size_t i = 0; i < count; i++)
        if (!strcmp(table[i].section, section) && !strcmp(table[i].name, name)) return &table[i];
    return NULL;
}

/* --- unknown keys ----------------------------------------------------------------------------- */

/* The section that has a key of this name, or NULL. */
static const char *section_with_key(const char *name) {
    size_t count;
    const sq_config_key *table = sq_config_table(&count);
    for (size_t i = 0; i < count; i++)
        if (!strcmp(table[i].name, name)) return table[i].section;
    return NULL;
}

/* The names of a section's keys; returns how many. names: (MAX_KEYS) */
static size_t list_keys(const char *section, const char **names) {
    size_t count, found = 0;
    const sq_config_key *table = sq_config_table(&count);
    for (size_t i = 0; i < count && found < MAX_KEYS; i++)
        if (!strcmp(table[i].section, section)) names[found++] = table[i].name;
    return found;
}

/* The sections' names; returns how many. names: (MAX_KEYS) */
static size_t list_sections(const char **names) {
    size_t count, found = 0;
    const sq_config_key *table = sq_config_table(&count);
    for (size_t i = 0; i < count && found < MAX_KEYS; i++)
        if (found == 0 || strcmp(names[found - 1], table[i].section)) /* rows stand by section */
            names[found++] = table[i].section;
    return found;
}

static sq_status fail_unknown_section(const char *section, const char *where) {
    const char *names[MAX_KEYS];
    const char *nearest = sq_nearest_word(section, names, list_sections(names));
    if (nearest)
        return sq_fail(SQ_ERR_CONFIG, "%s: unknown section [%s]; did you mean [%s]?", where,
                       section, nearest);
    return sq_fail(SQ_ERR_CONFIG, "%s: unknown section [%s]; %s", where, section, list_hint);
}

static sq_status fail_unknown_key(const char *section, const char *name, const char *where) {
    const char *names[MAX_KEYS];
    size_t count = list_keys(section, names);
    const char *other_section = section_with_key(name);
    if (!*section)
        return sq_fail(SQ_ERR_CONFIG, "%s: key %s stands before the first [section]%s%s%s", where,
                       name, other_section ? "; did you mean [" : "",
                       other_section ? other_section : "", other_section ? "]?" : "");
    if (other_section)
        return sq_fail(SQ_ERR_CONFIG, "%s: unknown key %s.%s; did you mean %s.%s?", where, section,
                       name, other_section, name);
    if (count == 0) return fail_unknown_section(section, where);
    const char *nearest = sq_nearest_word(name, names, count);
    if (nearest)
        return sq_fail(SQ_ERR_CONFIG, "%s: unknown key %s.%s; did you mean %s.%s?", where, section,
                       name, section, nearest);
    return sq_fail(SQ_ERR_CONFIG, "%s: unknown key %s.%s; %s", where, section, name, list_hint);
}

/* --- values ----------------------------------------------------------------------------------- */

static sq_status check_bounds(const sq_config_key *key, double value, const char *text,
                              const char *where) {
    if (value >= key->least && value <= key->most) return SQ_OK; /* false for NaN */
    return sq_fail(SQ_ERR_CONFIG, "%s: %s.%s = %s is out of bounds: from %.16g to %.16g", where,
                   key->section, key->name, text, key->least, key->most);
}

static sq_status fail_number(const sq_config_key *key, const char *kind, const char *text,
                             const char *where) {
    return sq_fail(SQ_ERR_CONFIG, "%s: %s.%s = '%s' is not %s", where, key->section, key->name,
                   text, kind);
}

static sq_status set_int(sq_config *config, const sq_config_key *key, const char *text,
                         const char *where) {
    char *end;
    errno = 0;
    int64_t value = strtoll(text, &end, 10);
    if (end == text || *end) return fail_number(key, "an integer", text, where);
    sq_status status = check_bounds(key, errno ? INFINITY : (double)value, text, where);
    if (status == SQ_OK) memcpy(field(config, key), &value, sizeof value);
    return status;
}

static sq_status set_real(sq_config *config, const sq_config_key *key, const char *text,
                          const char *where) {
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end) return fail_number(key, "a number", text, where);
    sq_status status = check_bounds(key, value, text, where);
    if (status == SQ_OK) memcpy(field(config, key), &value, sizeof value);
    return status;
}

/* Is `text` one of the words that '|' separates? */
static bool is_choice(const char *choices, const char *text) {
    size_t length = strlen(text);
    for (const char *word = choices; word; word = strchr(word, '|')) {
        if (*word == '|') word++;
        if (strcspn(word, "|") == length && !strncmp(word, text, length)) return true;
    }
    return false;
}

/* Could not be read back: a run keeps its configuration as INI, where a semicolon behind white
 * space begins a comment. */
static bool breaks_ini(const char *text) {
    if (*text == ';' || *text == '#' || strpbrk(text, "\n\r")) return true;
    for (; *text; text++)
        if (isspace((unsigned char)*text) && text[1] == ';') return true;
    return false;
}

static sq_status set_text(sq_config *config, const sq_config_key *key, const char *text,
                          const char *where) {
    if (key->choices && !is_choice(key->choices, text))
        return sq_fail(SQ_ERR_CONFIG, "%s: %s.%s = '%s' is not one of %s", where, key->section,
                       key->name, text, key->choices);
    if (strlen(text) >= key->capacity)
        return sq_fail(SQ_ERR_CONFIG, "%s: %s.%s has %zu characters; at most %zu fit", where,
                       key->section, key->name, strlen(text), key->capacity - 1);
    if (breaks_ini(text))
        return sq_fail(SQ_ERR_CONFIG, "%s: %s.%s may not hold a line break or a comment", where,
                       key->section, key->name);
    strcpy(field(config, key), text);
    return SQ_OK;
}

static sq_status set_key(sq_config *config, const sq_config_key *key, const char *text,
                         const char *where) {
    switch (key->type) {
        case SQ_CONFIG_INT: return set_int(config, key, text, where);
        case SQ_CONFIG_REAL: return set_real(config, key, text, where);
        case SQ_CONFIG_STRING: return set_text(config, key, text, where);
    }
    return sq_fail(SQ_ERR_ARGUMENT, "%s.%s has no type", key->section, key->name);
}

/* A copy of length bytes without white space at both ends; false if it does not fit. */
static bool copy_trimmed(char *to, size_t capacity, const char *from, size_t length) {
    while (length > 0 && isspace((unsigned char)*from)) from++, length--;
    while (length > 0 && isspace((unsigned char)from[length - 1])) length--;
    if (length >= capacity) return false;
    memcpy(to, from, length);
    to[length] = '\0';
    return true;
}

/* --- public ----------------------------------------------------------------------------------- */

void sq_config_init(sq_config *config) {
    size_t count;
    const sq_config_key *table = sq_config_table(&count);
    memset(config, 0, sizeof *config);
    for (size_t i = 0; i < count; i++) /* Cannot fail: a test sets every default. */
        (void)set_key(config, &table[i], table[i].initial, "default");
}

sq_status sq_config_set(sq_config *config, const char *section, const char *name, const char *value,
                        const char *where) {
    char text[2 * SQ_CONFIG_TEXT];
    const sq_config_key *key = find_key(section, name);
    if (!key) return fail_unknown_key(section, name, where);
    if (!copy_trimmed(text, sizeof text, value, strlen(value)))
        return sq_fail(SQ_ERR_CONFIG, "%s: %s.%s has more than %zu characters", where, section,
                       name, sizeof text - 1);
    return set_key(config, key, text, where);
}

sq_status sq_config_set_assignment(sq_config *config, const char *assignment, const char *where) {
    char section[MAX_FULL_NAME], name[MAX_FULL_NAME];
    const char *equals = strchr(assignment, '=');
    const char *dot = equals ? memchr(assignment, '.', (size_t)(equals - assignment)) : NULL;
    if (!dot || !copy_trimmed(section, sizeof section, assignment, (size_t)(dot - assignment)) ||
        !copy_trimmed(name, sizeof name, dot + 1, (size_t)(equals - dot) - 1))
        return sq_fail(SQ_ERR_CONFIG, "%s: '%s' is not of the form section.key=value", where,
                       assignment);
    return sq_config_set(config, section, name, equals + 1, where);
}

void sq_config_format(const sq_config *config, const sq_config_key *key, char *text,
                      size_t capacity) {
    const void *source = const_field(config, key);
    int64_t integer;
    double real;
    switch (key->type) {
        case SQ_CONFIG_INT:
            memcpy(&integer, source, sizeof integer);
            snprintf(text, capacity, "%lld", (long long)integer);
            return;
        case SQ_CONFIG_REAL:
            memcpy(&real, source, sizeof real);
            sq_format_number(real, text, capacity);
            return;
        case SQ_CONFIG_STRING: sq_copy_bounded(text, capacity, source); return;
    }
}

void sq_config_write(const sq_config *config, FILE *stream) {
    size_t count;
    const sq_config_key *table = sq_config_table(&count);
    char text[SQ_CONFIG_TEXT];
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(table[i].section, table[i - 1].section))
            fprintf(stream, "%s[%s]\n", i ? "\n" : "", table[i].section);
        sq_config_format(config, &table[i], text, sizeof text);
        fprintf(stream, "%s =%s%s\n", table[i].name, *text ? " " : "", text);
    }
}

void sq_config_write_changes(const sq_config *config, FILE *stream) {
    size_t count;
    const sq_config_key *table = sq_config_table(&count);
    const char *lead = "";
    char text[SQ_CONFIG_TEXT], initial[SQ_CONFIG_TEXT];
    sq_config defaults;
    sq_config_init(&defaults);
    for (size_t i = 0; i < count; i++) {
        sq_config_format(config, &table[i], text, sizeof text);
        sq_config_format(&defaults, &table[i], initial, sizeof initial);
        if (!strcmp(text, initial)) continue;
        fprintf(stream, "%s%s.%s=%s", lead, table[i].section, table[i].name, text);
        lead = " | ";
    }
}

static void write_key_help(const sq_config_key *key, FILE *stream) {
    fprintf(stream, "; %s\n; ", key->help);
    if (key->type == SQ_CONFIG_STRING)
        fprintf(stream, key->choices ? "one of %s\n" : "text\n", key->choices);
    else
        fprintf(stream, "%s from %.16g to %.16g\n",
                key->type == SQ_CONFIG_INT ? "integer" : "number", key->least, key->most);
    fprintf(stream, "%s =%s%s\n", key->name, *key->initial ? " " : "", key->initial);
}

void sq_config_write_help(FILE *stream) {
    size_t count;
    const sq_config_key *table = sq_config_table(&count);
    fprintf(stream,
            "; Every configuration key at its default. This text is itself a configuration "
            "file.\n");
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(table[i].section, table[i - 1].section))
            fprintf(stream, "\n[%s]\n", table[i].section);
        write_key_help(&table[i], stream);
    }
}
