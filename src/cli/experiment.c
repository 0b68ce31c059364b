#include "cli/experiment.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/ini_reader.h"

/* ---- reading --------------------------------------------------------------------------------- */

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

/* A text that is cut off would be another experiment. */
static sq_status take_text(const char *path, int line, const char *key, const char *value, char *to,
                           size_t capacity) {
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
    e->n_seeds = 0;
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

static sq_status take_table_key(const char *path, int line, const char *name, const char *value,
                                sq_experiment *e) {
    if (!strcmp(name, "seeds")) return read_seeds(path, line, value, e);
    if (!strcmp(name, "base")) return take_base(path, line, value, e);
    if (!strcmp(name, "title"))
        return take_text(path, line, name, value, e->title, sizeof e->title);
    if (!strcmp(name, "models"))
        return take_text(path, line, name, value, e->models, sizeof e->models);
    if (!strcmp(name, "baselines"))
        return take_text(path, line, name, value, e->baselines, sizeof e->baselines);
    if (!strcmp(name, "told")) return take_text(path, line, name, value, e->told, sizeof e->told);
    if (!strcmp(name, "methods"))
        return take_text(path, line, name, value, e->methods, sizeof e->methods);
    return sq_fail(
        SQ_ERR_CONFIG,
        "%s:%d: [table] has title, base, seeds, models, baselines, told and methods, not "
        "'%s'",
        path, line, name);
}

static int find_model(const sq_experiment *e, const char *name, size_t length) {
    for (int k = 0; k < e->n_models; k++)
        if (strlen(e->model[k].name) == length && !strncmp(e->model[k].name, name, length))
            return k;
    return -1;
}

static sq_status take_model_key(const char *path, int line, const char *model, const char *name,
                                const char *value, sq_experiment *e) {
    sq_status status;
    int k = find_model(e, model, strlen(model));
    SQ_TRY(check_name(path, line, model));
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
    SQ_TRY(check_name(path, line, name));
    for (int k = 0; k < e->n_rows; k++) {
        *row = &e->row[k];
        if (!strcmp(e->row[k].name, name)) return SQ_OK;
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
    sq_experiment_published *published = &row->published[row->n_published];
    if (!sq_next_word(&text, &model, &model_length)) return SQ_OK;
    bool pair = sq_next_word(&text, &number, &number_length);
    if (pair) published->value = strtod(number, &end);
    if (!pair || end != number + number_length || !(published->value > 0) ||
        sq_next_word(&text, &number, &more))
        return sq_fail(SQ_ERR_CONFIG,
                       "%s:%d: published has a model and a number above 0 each, parted by |: "
                       "published = mlp 5.5 | emlp 0.3",
                       path, line);
    published->model = find_model(e, model, model_length);
    if (published->model < 0)
        return sq_fail(SQ_ERR_CONFIG, "%s:%d: there is no [model %.*s] before this row", path, line,
                       (int)model_length, model);
    if (++row->n_published == SQ_EXPERIMENT_MOST)
        return too_many(path, line, "published numbers in a row");
    return SQ_OK;
}

static sq_status take_published(const char *path, int line, const char *value,
                                const sq_experiment *e, sq_experiment_row *row) {
    sq_status status;
    char text[SQ_CONFIG_TEXT];
    char *rest = text;
    row->n_published = 0;
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
    if (find_model(e, name, strlen(name)) < 0)
        return sq_fail(SQ_ERR_CONFIG,
                       "%s:%d: a row has set, models, told, published and the names of models, not "
                       "'%s'",
                       path, line, name);
    if (row->n_overrides == SQ_EXPERIMENT_MOST) return too_many(path, line, "settings in a row");
    sq_experiment_model *override = &row->overrides[row->n_overrides++];
    sq_copy_bounded(override->name, sizeof override->name, name);
    return take_text(path, line, name, value, override->settings, sizeof override->settings);
}

static sq_status take_key(void *context, const char *path, int line, const char *section,
                          const char *name, const char *value) {
    sq_experiment *e = context;
    if (!strcmp(section, "table")) return take_table_key(path, line, name, value, e);
    if (!strncmp(section, "model ", 6))
        return take_model_key(path, line, section + 6, name, value, e);
    if (!strncmp(section, "row ", 4)) return take_row_key(path, line, section + 4, name, value, e);
    return sq_fail(SQ_ERR_CONFIG, "%s:%d: [%s] is none of [table], [model NAME], [row NAME]", path,
                   line, section);
}

static sq_status check_models(const char *path, const sq_experiment *e, const char *names) {
    const char *word;
    size_t length;
    while (sq_next_word(&names, &word, &length))
        if (find_model(e, word, length) < 0)
            return sq_fail(SQ_ERR_CONFIG, "%s: there is no [model %.*s]", path, (int)length, word);
    return SQ_OK;
}

/* Who is told is said of baselines. */
static sq_status check_told(const char *path, const sq_experiment *e, const char *names) {
    const char *word;
    size_t length;
    sq_status status = check_models(path, e, names);
    while (status == SQ_OK && sq_next_word(&names, &word, &length))
        if (!sq_experiment_is_baseline(e, find_model(e, word, length)))
            status = sq_fail(SQ_ERR_CONFIG, "%s: told names %.*s, which is not among baselines",
                             path, (int)length, word);
    return status;
}

static sq_status set_seed(long long seed, sq_config *config) {
    sq_status status;
    char text[32];
    snprintf(text, sizeof text, "%lld", seed);
    SQ_TRY(sq_config_set(config, "train", "seed", text, "seeds"));
    SQ_TRY(sq_config_set(config, "data", "seed", text, "seeds"));
cleanup:
    return status;
}

static sq_status check_seeds(const char *path, const sq_experiment *e) {
    sq_status status = SQ_OK;
    sq_config config;
    sq_config_init(&config);
    for (int k = 0; k < e->n_seeds && status == SQ_OK; k++) status = set_seed(e->seeds[k], &config);
    return sq_fail_within(status, "%s", path);
}

/* Every run's settings are looked at, so that a slip shows before hours of training. */
static sq_status check(const char *path, const sq_experiment *e) {
    sq_status status = check_models(path, e, e->models);
    if (status == SQ_OK) status = check_models(path, e, e->baselines);
    if (status == SQ_OK) status = check_told(path, e, e->told);
    if (status == SQ_OK) status = check_models(path, e, e->methods);
    sq_config config;
    if (status == SQ_OK && (e->n_seeds == 0 || e->n_rows == 0))
        status = sq_fail(SQ_ERR_CONFIG, "%s: a table needs seeds and a row", path);
    if (status == SQ_OK) status = check_seeds(path, e);
    if (status == SQ_OK && e->baselines[0] && !e->models[0])
        status = sq_fail(SQ_ERR_CONFIG,
                         "%s: [table] has baselines, but no models, the first of which is compared "
                         "with them",
                         path);
    for (int row = 0; row < e->n_rows; row++) {
        if (status == SQ_OK) status = check_models(path, e, e->row[row].models);
        if (status == SQ_OK) status = check_told(path, e, e->row[row].told);
        for (int model = 0; model < e->n_models && status == SQ_OK; model++) {
            if (!sq_experiment_has(e, row, model)) continue;
            status = sq_experiment_configure(e, row, model, 0, &config);
            if (status == SQ_OK) status = sq_config_check(&config);
            if (status != SQ_OK)
                sq_fail_within(status, "%s: row %s, model %s", path, e->row[row].name,
                               e->model[model].name);
        }
    }
    return status;
}

/* The name of a file without folder and ending, which is that of the table. */
static const char *name_of_file(const char *path, size_t *length) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    *length = dot ? (size_t)(dot - name) : strlen(name);
    return name;
}

static sq_status name_after_file(const char *path, sq_experiment *e) {
    size_t length;
    const char *name = name_of_file(path, &length);
    if (length == 0 || *name == '.')
        return sq_fail(SQ_ERR_CONFIG,
                       "%s: a table is named after its file, and its folder after the table: no "
                       "dot first",
                       path);
    if (length >= sizeof e->name)
        return sq_fail(SQ_ERR_CONFIG,
                       "%s: a table is named after its file, with at most %zu characters", path,
                       sizeof e->name - 1);
    memcpy(e->name, name, length);
    /* Beside the record of a table lies that of its failures, NAME.failed.tsv. */
    if (sq_ends_with(e->name, ".failed"))
        return sq_fail(SQ_ERR_CONFIG,
                       "%s: a table is named after its file, and the failures of its runs after "
                       "the table: no .failed at the end",
                       path);
    return SQ_OK;
}

sq_status sq_experiment_check_files(const char *const *paths, int count) {
    for (int k = 1; k < count; k++)
        for (int i = 0; i < k; i++) {
            size_t length, other;
            const char *name = name_of_file(paths[k], &length);
            if (strncmp(name, name_of_file(paths[i], &other), length) != 0 || length != other)
                continue;
            return sq_fail(SQ_ERR_ARGUMENT,
                           "%s and %s have one name, and so would have one record and one folder: "
                           "name one of them otherwise",
                           paths[i], paths[k]);
        }
    return SQ_OK;
}

static bool has_row(const sq_experiment *e, const char *name) {
    for (int k = 0; k < e->n_rows; k++)
        if (!strcmp(e->row[k].name, name)) return true;
    return false;
}

/* A section without keys is not read at all: its row would be missing, its model not be there. */
static sq_status check_section(const char *path, int line, char *text, const sq_experiment *e) {
    text += strspn(text, " \t");
    bool row = !strncmp(text, "[row ", 5), model = !strncmp(text, "[model ", 7);
    char *name = text + (row ? 5 : 7);
    if (!row && !model) return SQ_OK;
    name[strcspn(name, "]")] = '\0';
    if (row ? has_row(e, name) : find_model(e, name, strlen(name)) >= 0) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "%s:%d: [%s %s] has no keys: where there is nothing to set, write `set =`", path,
                   line, row ? "row" : "model", name);
}

static sq_status check_sections(const char *path, const sq_experiment *e) {
    sq_status status = SQ_OK;
    char *line = NULL;
    size_t capacity = 0;
    FILE *stream = fopen(path, "r");
    if (!stream) return sq_fail(SQ_ERR_IO, "%s: %s", path, strerror(errno));
    for (int number = 1; status == SQ_OK && getline(&line, &capacity, stream) >= 0; number++)
        status = check_section(path, number, line, e);
    free(line);
    fclose(stream);
    return status;
}

sq_status sq_experiment_read(const char *path, sq_experiment *experiment) {
    sq_status status;
    memset(experiment, 0, sizeof *experiment);
    SQ_TRY(name_after_file(path, experiment));
    SQ_TRY(sq_alloc(SQ_EXPERIMENT_MOST, sizeof *experiment->row, &experiment->row));
    SQ_TRY(sq_ini_read(path, take_key, experiment));
    SQ_TRY(check_sections(path, experiment));
    SQ_TRY(check(path, experiment));
cleanup:
    if (status != SQ_OK) sq_experiment_clear(experiment);
    return status;
}

void sq_experiment_clear(sq_experiment *experiment) {
    sq_free(experiment->row);
    memset(experiment, 0, sizeof *experiment);
}

/* ---- runs ------------------------------------------------------------------------------------ */

static bool names_model(const sq_experiment *e, const char *names, int model) {
    const char *word;
    size_t length;
    while (sq_next_word(&names, &word, &length))
        if (find_model(e, word, length) == model) return true;
    return false;
}

bool sq_experiment_has(const sq_experiment *experiment, int row, int model) {
    const sq_experiment_row *of = &experiment->row[row];
    return names_model(experiment, of->models[0] ? of->models : experiment->models, model);
}

bool sq_experiment_is_baseline(const sq_experiment *experiment, int model) {
    return names_model(experiment, experiment->baselines, model);
}

bool sq_experiment_is_told(const sq_experiment *experiment, int row, int model) {
    return names_model(experiment, experiment->told, model) ||
           names_model(experiment, experiment->row[row].told, model);
}

bool sq_experiment_is_method(const sq_experiment *experiment, int model) {
    return names_model(experiment, experiment->methods, model);
}

double sq_experiment_published_value(const sq_experiment *experiment, int row, int model) {
    const sq_experiment_row *of = &experiment->row[row];
    for (int k = 0; k < of->n_published; k++)
        if (of->published[k].model == model) return of->published[k].value;
    return NAN;
}

/* Seeds are the table's: what a setting says of them would be set over. */
static sq_status check_key(const char *assignment, const char *where) {
    static const char *const keys[] = {"train.seed", "data.seed"};
    size_t length = strcspn(assignment, " \t=");
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (strlen(keys[k]) == length && !strncmp(assignment, keys[k], length))
            return sq_fail(SQ_ERR_CONFIG, "%s: %s is each of `seeds` in [table] in turn; set those",
                           where, keys[k]);
    return SQ_OK;
}

/* "key=value | key=value" */
static sq_status apply(const char *settings, const char *where, sq_config *config) {
    char text[SQ_CONFIG_TEXT];
    char *rest = text;
    sq_copy_bounded(text, sizeof text, settings);
    for (char *one = strsep(&rest, "|"); one; one = strsep(&rest, "|")) {
        while (isspace((unsigned char)*one)) one++;
        size_t length = strlen(one);
        while (length > 0 && isspace((unsigned char)one[length - 1])) one[--length] = '\0';
        if (!*one) continue;
        sq_status status = check_key(one, where);
        if (status == SQ_OK) status = sq_config_set_assignment(config, one, where);
        if (status != SQ_OK) return status;
    }
    return SQ_OK;
}

sq_status sq_experiment_configure(const sq_experiment *experiment, int row, int model, int seed,
                                  sq_config *config) {
    sq_status status = SQ_OK;
    const sq_experiment_row *of = &experiment->row[row];
    const sq_experiment_model *trained = &experiment->model[model];
    sq_config_init(config);
    if (experiment->base[0]) SQ_TRY(sq_config_read_file(config, experiment->base));
    SQ_TRY(apply(of->settings, of->name, config));
    SQ_TRY(apply(trained->settings, trained->name, config));
    for (int k = 0; k < of->n_overrides; k++)
        if (!strcmp(of->overrides[k].name, trained->name))
            SQ_TRY(apply(of->overrides[k].settings, of->name, config));
    SQ_TRY(set_seed(experiment->seeds[seed], config));
cleanup:
    return status;
}

void sq_experiment_folder(const sq_experiment *experiment, int row, int model, int seed,
                          char *folder, size_t capacity) {
    snprintf(folder, capacity, "%s/%s/%s/%lld", experiment->name, experiment->row[row].name,
             experiment->model[model].name, experiment->seeds[seed]);
}
