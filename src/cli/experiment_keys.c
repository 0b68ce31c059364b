/* What the keys of an experiment's file set. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/experiment_internal.h"

static sq_status too_many(const char *path, int line, const char *what) {
    return sq_fail(SQ_ERR_CONFIG, "%s:%d: more than %d %s", path, line, SQ_EXPERIMENT_MOST, what);
}

/* Names become folders: `..` would be another one. */
static sq_status check_name(const char *path, int line, const char *name) {
    bool good = *name && *name != '.' && strlen(name) < SQ_EXPERIMENT_NAME;
    for (const char *c = name; *c; c++)
        good = good && (isalnum((unsigned char)*c) || strchr("-_.+", *c));
    if (good) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "%s:%d: '%s' cannot be a name: use letters, digits and - _ . +, no dot first",
                   path, line, name);
}

static sq_status stands_twice(const char *path, int line, const char *key) {
    return sq_fail(SQ_ERR_CONFIG,
                   "%s:%d: %s stands twice in sections of one name: one would replace the other",
                   path, line, key);
}

/* A text that is cut off would be another experiment. */
static sq_status take_text(const char *path, int line, const char *key, const char *value, char *to,
                           size_t capacity) {
    if (*to) return stands_twice(path, line, key);
    if (strlen(value) >= capacity)
        return sq_fail(SQ_ERR_CONFIG, "%s:%d: %s has %zu characters; at most %zu fit", path, line,
                       key, strlen(value), capacity - 1);
    strcpy(to, value);
    return SQ_OK;
}

/* What bounds a seed has is the configuration's to say: see check. */
static sq_status add_seed(const char *path, int line, const char *word, size_t length,
                          sq_experiment *e) {
    char *end;
    errno = 0;
    long long seed = strtoll(word, &end, 10);
    if (end != word + length || errno != 0)
        return sq_fail(SQ_ERR_CONFIG, "%s:%d: the seed '%.*s' is no integer, or too large a one",
                       path, line, (int)length, word);
    for (int k = 0; k < e->n_seeds; k++)
        if (e->seeds[k] == seed)
            return sq_fail(SQ_ERR_CONFIG, "%s:%d: seed %lld stands twice; give each run its own",
                           path, line, seed);
    if (e->n_seeds == SQ_EXPERIMENT_MOST) return too_many(path, line, "seeds");
    e->seeds[e->n_seeds++] = seed;
    return SQ_OK;
}

static sq_status read_seeds(const char *path, int line, const char *text, sq_experiment *e) {
    sq_status status = SQ_OK;
    const char *word;
    size_t length;
    if (e->n_seeds > 0) return stands_twice(path, line, "seeds");
    while (status == SQ_OK && sq_next_word(&text, &word, &length))
        status = add_seed(path, line, word, length, e);
    return status;
}

/* A base that is relative is so to the file of the experiment. */
static sq_status take_base(const char *path, int line, const char *value, sq_experiment *e) {
    const char *slash = *value == '/' ? NULL : strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
    if (folder >= sizeof e->base)
        return sq_fail(SQ_ERR_CONFIG, "%s: the name of its folder is too long for a base", path);
    memcpy(e->base, path, folder);
    return take_text(path, line, "base", value, e->base + folder, sizeof e->base - folder);
}

/* The keys of [table] that are texts, and where they go. */
#define TEXT(name_)                                           \
    .name = #name_, .offset = offsetof(sq_experiment, name_), \
    .capacity = sizeof(((sq_experiment *)NULL)->name_)
static const struct {
    const char *name;
    size_t offset, capacity;
} text_keys[] = {{TEXT(title)}, {TEXT(models)},  {TEXT(baselines)},
                 {TEXT(told)},  {TEXT(methods)}, {TEXT(variant)}};

static sq_status take_table_key(const char *path, int line, const char *name, const char *value,
                                sq_experiment *e) {
    if (!strcmp(name, "seeds")) return read_seeds(path, line, value, e);
    if (!strcmp(name, "base")) return take_base(path, line, value, e);
    for (size_t k = 0; k < sizeof text_keys / sizeof *text_keys; k++)
        if (!strcmp(name, text_keys[k].name))
            return take_text(path, line, name, value, (char *)e + text_keys[k].offset,
                             text_keys[k].capacity);
    return sq_fail(
        SQ_ERR_CONFIG,
        "%s:%d: [table] has title, base, seeds, models, baselines, told, methods and variant, not "
        "'%s'",
        path, line, name);
}

/* A row could not set anything for a model that is named like one of its own keys. */
static sq_status check_model_name(const char *path, int line, const char *name) {
    static const char *const keys[] = {"set", "models", "told", "published"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (!strcmp(name, keys[k]))
            return sq_fail(SQ_ERR_CONFIG,
                           "%s:%d: a row has a key of the name '%s': name the model "
                           "otherwise",
                           path, line, name);
    return check_name(path, line, name);
}

static sq_status take_model_key(const char *path, int line, const char *model, const char *name,
                                const char *value, sq_experiment *e) {
    sq_status status;
    int k = sq_experiment_find_model(e, model, strlen(model));
    SQ_TRY(check_model_name(path, line, model));
    if (strcmp(name, "set") != 0)
        SQ_TRY(sq_fail(SQ_ERR_CONFIG, "%s:%d: a model has `set`, not '%s'", path, line, name));
    if (k < 0) {
        if (e->n_models == SQ_EXPERIMENT_MOST) SQ_TRY(too_many(path, line, "models"));
        k = e->n_models++;
    }
    sq_copy_bounded(e->model[k].name, sizeof e->model[k].name, model);
    SQ_TRY(take_text(path, line, name, value, e->model[k].settings, sizeof e->model[k].settings));
cleanup:
    return status;
}

static sq_status find_row(const char *path, int line, const char *name, sq_experiment *e,
                          sq_experiment_row **row) {
    sq_status status;
    const int found = sq_experiment_find_row(e, name);
    SQ_TRY(check_name(path, line, name));
    if (found >= 0) {
        *row = &e->row[found];
        return SQ_OK;
    }
    if (e->n_rows == SQ_EXPERIMENT_MOST) SQ_TRY(too_many(path, line, "rows"));
    *row = &e->row[e->n_rows++];
    sq_copy_bounded((*row)->name, sizeof(*row)->name, name);
cleanup:
    return status;
}

/* "model number" */
static sq_status add_published(const char *path, int line, const char *text, const sq_experiment *e,
                               sq_experiment_row *row) {
    const char *model, *number;
    char *end = NULL;
    size_t model_length, number_length, more;
    double value = 0.0;
    if (!sq_next_word(&text, &model, &model_length)) return SQ_OK;
    bool pair = sq_next_word(&text, &number, &number_length);
    if (pair) value = strtod(number, &end);
    if (!pair || end != number + number_length || !isfinite(value) || value <= 0.0 ||
        sq_next_word(&text, &number, &more))
        return sq_fail(SQ_ERR_CONFIG,
                       "%s:%d: published has a model and a number above 0 each, parted by |: "
                       "published = mlp 5.5 | emlp 0.3",
                       path, line);
    int k = sq_experiment_find_model(e, model, model_length);
    if (k < 0)
        return sq_fail(SQ_ERR_CONFIG, "%s:%d: there is no [model %.*s] before this row", path, line,
                       (int)model_length, model);
    if (row->published[k] > 0.0)
        return sq_fail(SQ_ERR_CONFIG, "%s:%d: published has two numbers of %.*s", path, line,
                       (int)model_length, model);
    row->published[k] = value;
    return SQ_OK;
}

static sq_status take_published(const char *path, int line, const char *value,
                                const sq_experiment *e, sq_experiment_row *row) {
    sq_status status;
    char text[SQ_CONFIG_TEXT] = "";
    char *rest = text;
    SQ_TRY(take_text(path, line, "published", value, text, sizeof text));
    for (char *one = strsep(&rest, "|"); one; one = strsep(&rest, "|"))
        SQ_TRY(add_published(path, line, one, e, row));
cleanup:
    return status;
}

static sq_status take_row_key(const char *path, int line, const char *row_name, const char *name,
                              const char *value, sq_experiment *e) {
    sq_experiment_row *row = NULL;
    sq_status status = find_row(path, line, row_name, e, &row);
    if (status != SQ_OK) return status;
    if (!strcmp(name, "set"))
        return take_text(path, line, name, value, row->settings, sizeof row->settings);
    if (!strcmp(name, "models"))
        return take_text(path, line, name, value, row->models, sizeof row->models);
    if (!strcmp(name, "told"))
        return take_text(path, line, name, value, row->told, sizeof row->told);
    if (!strcmp(name, "published")) return take_published(path, line, value, e, row);
    if (sq_experiment_find_model(e, name, strlen(name)) < 0)
        return sq_fail(SQ_ERR_CONFIG,
                       "%s:%d: a row has set, models, told, published and the names of models that "
                       "stand above it, not '%s'",
                       path, line, name);
    for (int k = 0; k < row->n_overrides; k++)
        if (!strcmp(row->overrides[k].name, name)) return stands_twice(path, line, name);
    if (row->n_overrides == SQ_EXPERIMENT_MOST) return too_many(path, line, "settings in a row");
    sq_experiment_model *override = &row->overrides[row->n_overrides++];
    sq_copy_bounded(override->name, sizeof override->name, name);
    return take_text(path, line, name, value, override->settings, sizeof override->settings);
}

sq_status sq_experiment_take_key(void *context, const char *path, int line, const char *section,
                                 const char *name, const char *value) {
    sq_experiment *e = context;
    if (!strcmp(section, "table")) return take_table_key(path, line, name, value, e);
    if (!strncmp(section, "model ", 6))
        return take_model_key(path, line, section + 6, name, value, e);
    if (!strncmp(section, "row ", 4)) return take_row_key(path, line, section + 4, name, value, e);
    return sq_fail(SQ_ERR_CONFIG, "%s:%d: [%s] is none of [table], [model NAME], [row NAME]", path,
                   line, section);
}
