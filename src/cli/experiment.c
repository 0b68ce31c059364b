#include "cli/experiment.h"

#include <ctype.h>
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

/* Names become folders. */
static sq_status check_name(const char *path, int line, const char *name) {
    bool good = *name && strlen(name) < SQ_EXPERIMENT_NAME;
    for (const char *c = name; *c; c++)
        good = good && (isalnum((unsigned char)*c) || strchr("-_.+", *c));
    if (good) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG, "%s:%d: '%s' cannot be a name: use letters, digits and - _ . +",
                   path, line, name);
}

static sq_status read_seeds(const char *path, int line, const char *text, sq_experiment *e) {
    const char *word;
    size_t length;
    e->n_seeds = 0;
    while (sq_next_word(&text, &word, &length)) {
        char *end;
        if (e->n_seeds == SQ_EXPERIMENT_MOST) return too_many(path, line, "seeds");
        e->seeds[e->n_seeds++] = strtoll(word, &end, 10);
        if (end != word + length)
            return sq_fail(SQ_ERR_CONFIG, "%s:%d: the seed '%.*s' is no integer", path, line,
                           (int)length, word);
    }
    return SQ_OK;
}

static sq_status take_table_key(const char *path, int line, const char *name, const char *value,
                                sq_experiment *e) {
    const char *slash = strrchr(path, '/');
    if (!strcmp(name, "seeds")) return read_seeds(path, line, value, e);
    if (!strcmp(name, "title")) {
        sq_copy_bounded(e->title, sizeof e->title, value);
    } else if (!strcmp(name, "models")) {
        sq_copy_bounded(e->models, sizeof e->models, value);
    } else if (!strcmp(name, "baselines")) {
        sq_copy_bounded(e->baselines, sizeof e->baselines, value);
    } else if (!strcmp(name, "base")) {
        snprintf(e->base, sizeof e->base, "%.*s%s", slash ? (int)(slash - path + 1) : 0, path,
                 value);
    } else {
        return sq_fail(SQ_ERR_CONFIG,
                       "%s:%d: [table] has title, base, seeds, models and baselines, not '%s'",
                       path, line, name);
    }
    return SQ_OK;
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
    sq_copy_bounded(e->model[k].settings, sizeof e->model[k].settings, value);
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

static sq_status take_row_key(const char *path, int line, const char *row_name, const char *name,
                              const char *value, sq_experiment *e) {
    sq_experiment_row *row = NULL;
    sq_status status = find_row(path, line, row_name, e, &row);
    if (status != SQ_OK) return status;
    if (!strcmp(name, "set")) {
        sq_copy_bounded(row->settings, sizeof row->settings, value);
    } else if (!strcmp(name, "models")) {
        sq_copy_bounded(row->models, sizeof row->models, value);
    } else if (find_model(e, name, strlen(name)) < 0) {
        return sq_fail(SQ_ERR_CONFIG,
                       "%s:%d: a row has set, models and the names of models, not '%s'", path, line,
                       name);
    } else if (row->n_overrides == SQ_EXPERIMENT_MOST) {
        return too_many(path, line, "settings in a row");
    } else {
        sq_experiment_model *override = &row->overrides[row->n_overrides++];
        sq_copy_bounded(override->name, sizeof override->name, name);
        sq_copy_bounded(override->settings, sizeof override->settings, value);
    }
    return SQ_OK;
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

/* Every run's settings are looked at, so that a slip shows before hours of training. */
static sq_status check(const char *path, const sq_experiment *e) {
    sq_status status = check_models(path, e, e->models);
    if (status == SQ_OK) status = check_models(path, e, e->baselines);
    sq_config config;
    if (status == SQ_OK && (e->n_seeds == 0 || e->n_rows == 0))
        status = sq_fail(SQ_ERR_CONFIG, "%s: a table needs seeds and a row", path);
    if (status == SQ_OK && e->baselines[0] && !e->models[0])
        status = sq_fail(SQ_ERR_CONFIG,
                         "%s: [table] has baselines, but no models, the first of which is compared "
                         "with them",
                         path);
    for (int row = 0; row < e->n_rows; row++) {
        if (status == SQ_OK) status = check_models(path, e, e->row[row].models);
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

static void name_after_file(const char *path, sq_experiment *e) {
    const char *slash = strrchr(path, '/');
    sq_copy_bounded(e->name, sizeof e->name, slash ? slash + 1 : path);
    char *dot = strrchr(e->name, '.');
    if (dot) *dot = '\0';
}

sq_status sq_experiment_read(const char *path, sq_experiment *experiment) {
    sq_status status;
    memset(experiment, 0, sizeof *experiment);
    name_after_file(path, experiment);
    SQ_TRY(sq_alloc(SQ_EXPERIMENT_MOST, sizeof *experiment->row, &experiment->row));
    SQ_TRY(sq_ini_read(path, take_key, experiment));
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

int sq_experiment_method(const sq_experiment *experiment) {
    const char *names = experiment->models, *word;
    size_t length;
    sq_next_word(&names, &word, &length);
    return find_model(experiment, word, length);
}

bool sq_experiment_is_baseline(const sq_experiment *experiment, int model) {
    return names_model(experiment, experiment->baselines, model);
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
        sq_status status = sq_config_set_assignment(config, one, where);
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
    config->train.seed = config->data.seed = experiment->seeds[seed];
cleanup:
    return status;
}

void sq_experiment_folder(const sq_experiment *experiment, int row, int model, int seed,
                          char *folder, size_t capacity) {
    snprintf(folder, capacity, "%s/%s/%s/%lld", experiment->name, experiment->row[row].name,
             experiment->model[model].name, experiment->seeds[seed]);
}
