/* Whether an experiment that was read can mean anything. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/experiment_internal.h"

enum { MAX_PATH = 4096 };

static sq_status check_models(const char *path, const sq_experiment *e, const char *names) {
    const char *word;
    size_t length;
    while (sq_next_word(&names, &word, &length))
        if (sq_experiment_find_model(e, word, length) < 0)
            return sq_fail(SQ_ERR_CONFIG, "%s: there is no [model %.*s]", path, (int)length, word);
    return SQ_OK;
}

/* Who is told is said of baselines; in a row, of those that it trains. row -1: in [table] */
static sq_status check_told(const sq_experiment *e, const char *names, int row) {
    const char *word;
    size_t length;
    while (sq_next_word(&names, &word, &length)) {
        int model = sq_experiment_find_model(e, word, length);
        if (model >= 0 && sq_experiment_is_baseline(e, model) &&
            (row < 0 || sq_experiment_has(e, row, model)))
            continue;
        return sq_fail(SQ_ERR_CONFIG, "told names %.*s, which is not among the baselines%s",
                       (int)length, word, row < 0 ? "" : " that the row trains");
    }
    return SQ_OK;
}

/* A method that is a baseline would be compared with itself. */
static sq_status check_methods(const sq_experiment *e) {
    for (int model = 0; model < e->n_models; model++)
        if (sq_experiment_is_method(e, model) && sq_experiment_is_baseline(e, model))
            return sq_fail(SQ_ERR_CONFIG, "methods names %s, which is among baselines",
                           e->model[model].name);
    return SQ_OK;
}

static bool is_trained(const sq_experiment *e, int model) {
    for (int row = 0; row < e->n_rows; row++)
        if (sq_experiment_has(e, row, model)) return true;
    return false;
}

/* Nothing could be compared with a baseline, or with a method, that no row trains. */
static sq_status check_trained(const sq_experiment *e) {
    for (int model = 0; model < e->n_models; model++) {
        bool method = sq_experiment_is_method(e, model);
        if ((method || sq_experiment_is_baseline(e, model)) && !is_trained(e, model))
            return sq_fail(SQ_ERR_CONFIG, "%s names %s, which no row trains",
                           method ? "methods" : "baselines", e->model[model].name);
    }
    return SQ_OK;
}

/* Is there a table of that name in the folder of the file `path`? */
static bool lies_beside(const char *path, const char *name) {
    char beside[MAX_PATH];
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    int length = snprintf(beside, sizeof beside, "%.*s%s.ini", folder, path, name);
    return !strchr(name, '/') && length < MAX_PATH && access(beside, F_OK) == 0;
}

/* Under a name that no table has, its rows would count twice in the overview. */
static sq_status check_variant(const char *path, const sq_experiment *e) {
    if (!e->variant[0]) return SQ_OK;
    if (strcmp(e->variant, e->name) == 0)
        return sq_fail(SQ_ERR_CONFIG, "variant names the table itself");
    if (lies_beside(path, e->variant)) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "variant names %s, but no %s.ini lies beside this file: name the table whose "
                   "rows these are, or leave variant out",
                   e->variant, e->variant);
}

static sq_status check_comparisons(const char *path, const sq_experiment *e) {
    sq_status status;
    SQ_TRY(check_models(path, e, e->methods));
    SQ_TRY(sq_fail_within(check_methods(e), "%s: [table]", path));
    SQ_TRY(sq_fail_within(check_told(e, e->told, -1), "%s: [table]", path));
    for (int row = 0; row < e->n_rows; row++)
        SQ_TRY(sq_fail_within(check_told(e, e->row[row].told, row), "%s: [row %s]", path,
                              e->row[row].name));
    SQ_TRY(sq_fail_within(check_trained(e), "%s: [table]", path));
    SQ_TRY(sq_fail_within(check_variant(path, e), "%s: [table]", path));
cleanup:
    return status;
}

static sq_status check_seeds(const char *path, const sq_experiment *e) {
    sq_status status = SQ_OK;
    sq_config config;
    sq_config_init(&config);
    for (int k = 0; k < e->n_seeds && status == SQ_OK; k++)
        status = sq_experiment_set_seed(e->seeds[k], &config);
    return sq_fail_within(status, "%s", path);
}

static sq_status check_row_models(const char *path, const sq_experiment *e) {
    sq_status status = SQ_OK;
    for (int row = 0; row < e->n_rows && status == SQ_OK; row++) {
        status = check_models(path, e, e->row[row].models);
        if (status == SQ_OK && !e->models[0] && !e->row[row].models[0])
            status = sq_fail(SQ_ERR_CONFIG, "%s: row %s names no models, and neither does [table]",
                             path, e->row[row].name);
    }
    return status;
}

static sq_status check_settings(const char *path, const sq_experiment *e, sq_experiment_cell at) {
    sq_config config;
    sq_status status = sq_experiment_configure(e, at, 0, &config);
    if (status == SQ_OK) status = sq_config_check(&config);
    return sq_fail_within(status, "%s: row %s, model %s", path, e->row[at.row].name,
                          e->model[at.model].name);
}

sq_status sq_experiment_check(const char *path, const sq_experiment *e) {
    sq_status status = SQ_OK;
    SQ_TRY(check_models(path, e, e->models));
    SQ_TRY(check_models(path, e, e->baselines));
    SQ_TRY(check_row_models(path, e));
    SQ_TRY(check_comparisons(path, e));
    if (e->n_seeds == 0 || e->n_rows == 0)
        SQ_TRY(sq_fail(SQ_ERR_CONFIG, "%s: a table needs seeds and a row", path));
    SQ_TRY(check_seeds(path, e));
    for (sq_experiment_cell at = SQ_BEFORE_CELLS; sq_experiment_next(e, &at);)
        SQ_TRY(check_settings(path, e, at));
cleanup:
    return status;
}
