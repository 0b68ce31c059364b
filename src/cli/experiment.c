#include "cli/experiment_internal.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/record.h"
#include "io/ini_reader.h"

/* ---- reading --------------------------------------------------------------------------------- */

int sq_experiment_find_model(const sq_experiment *e, const char *name, size_t length) {
    for (int k = 0; k < e->n_models; k++)
        if (strlen(e->model[k].name) == length && !strncmp(e->model[k].name, name, length))
            return k;
    return -1;
}

int sq_experiment_find_row(const sq_experiment *e, const char *name) {
    for (int k = 0; k < e->n_rows; k++)
        if (!strcmp(e->row[k].name, name)) return k;
    return -1;
}

/* The name of a file without folder and ending, which is that of the table. */
static const char *name_of_file(const char *path, size_t *length) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    *length = dot ? (size_t)(dot - name) : strlen(name);
    return name;
}

/* Other files lie beside the record of a table. */
static sq_status check_end_of_name(const char *path, const char *name) {
    const char *const ends[] = {sq_record_failed, sq_record_former};
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
        if (sq_ends_with(name, ends[k]))
            return sq_fail(SQ_ERR_CONFIG,
                           "%s: a table is named after its file, and files beside its record after "
                           "the table: no %s at the end",
                           path, ends[k]);
    return SQ_OK;
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
    return check_end_of_name(path, e->name);
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

/* A section without keys is not read at all: its row would be missing, its model not be there. */
static sq_status check_section(const char *path, int line, char *text, const sq_experiment *e) {
    text += strspn(text, " \t");
    bool row = !strncmp(text, "[row ", 5), model = !strncmp(text, "[model ", 7);
    char *name = text + (row ? 5 : 7);
    if (!row && !model) return SQ_OK;
    name[strcspn(name, "]")] = '\0';
    if ((row ? sq_experiment_find_row(e, name) : sq_experiment_find_model(e, name, strlen(name))) >=
        0)
        return SQ_OK;
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
    SQ_TRY(sq_ini_read(path, sq_experiment_take_key, experiment));
    SQ_TRY(check_sections(path, experiment));
    SQ_TRY(sq_experiment_check(path, experiment));
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
        if (sq_experiment_find_model(e, word, length) == model) return true;
    return false;
}

bool sq_experiment_has(const sq_experiment *experiment, int row, int model) {
    const sq_experiment_row *of = &experiment->row[row];
    return names_model(experiment, of->models[0] ? of->models : experiment->models, model);
}

bool sq_experiment_next(const sq_experiment *experiment, sq_experiment_cell *at) {
    for (at->model++; at->row < experiment->n_rows; at->row++, at->model = 0)
        for (; at->model < experiment->n_models; at->model++)
            if (sq_experiment_has(experiment, at->row, at->model)) return true;
    return false;
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

int sq_experiment_first_method(const sq_experiment *experiment) {
    const char *name = experiment->methods + strspn(experiment->methods, " \t");
    return sq_experiment_find_model(experiment, name, strcspn(name, " \t"));
}

sq_status sq_experiment_set_seed(long long seed, sq_config *config) {
    sq_status status;
    char text[32];
    snprintf(text, sizeof text, "%lld", seed);
    SQ_TRY(sq_config_set(config, "train", "seed", text, "seeds"));
    SQ_TRY(sq_config_set(config, "data", "seed", text, "seeds"));
cleanup:
    return status;
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

sq_status sq_experiment_configure(const sq_experiment *experiment, sq_experiment_cell cell,
                                  int seed, sq_config *config) {
    sq_status status = SQ_OK;
    const sq_experiment_row *of = &experiment->row[cell.row];
    const sq_experiment_model *trained = &experiment->model[cell.model];
    sq_config_init(config);
    if (experiment->base[0]) SQ_TRY(sq_config_read_file(config, experiment->base));
    SQ_TRY(apply(of->settings, of->name, config));
    SQ_TRY(apply(trained->settings, trained->name, config));
    for (int k = 0; k < of->n_overrides; k++)
        if (!strcmp(of->overrides[k].name, trained->name))
            SQ_TRY(apply(of->overrides[k].settings, of->name, config));
    SQ_TRY(sq_experiment_set_seed(experiment->seeds[seed], config));
cleanup:
    return status;
}

void sq_experiment_folder(const sq_experiment *experiment, sq_experiment_cell cell, int seed,
                          char *folder, size_t capacity) {
    snprintf(folder, capacity, "%s/%s/%s/%lld", experiment->name, experiment->row[cell.row].name,
             experiment->model[cell.model].name, experiment->seeds[seed]);
}
