#include "train/run_record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/file_seal.h"
#include "io/netcdf_file.h"
#include "train/settings.h"
#include "train/tuning.h"

enum { MAX_RANK = 3, PATH_CAPACITY = SQ_RECORD_FOLDER + 32 };

static void path_of(const sq_run_record *record, const char *name, char *path) {
    snprintf(path, PATH_CAPACITY, "%s/%s", record->folder, name);
}

/* ---- attributes ------------------------------------------------------------------------------ */

static void get_text(const sq_nc *file, const char *name, sq_record_name text) {
    char *whole = NULL;
    if (!sq_nc_has_attribute(file, NULL, name)) return;
    if (sq_nc_copy_text(file, NULL, name, &whole) != SQ_OK) return;
    sq_copy_bounded(text, SQ_RECORD_NAME, whole);
    sq_free(whole);
}

static void get_count(const sq_nc *file, const char *name, int64_t *count) {
    if (sq_nc_has_attribute(file, NULL, name)) (void)sq_nc_get_integer(file, NULL, name, count);
}

static void read_facts(const sq_nc *file, sq_run_record *record) {
    get_text(file, "state", record->state);
    get_text(file, "kind", record->kind);
    get_text(file, "data", record->data);
    get_text(file, "precision", record->precision);
    get_text(file, "blas_kernel", record->blas_kernel);
    get_text(file, "cpu", record->cpu);
    get_text(file, "source", record->source);
    if (sq_nc_has_attribute(file, NULL, "warnings"))
        (void)sq_nc_copy_text(file, NULL, "warnings", &record->warnings);
    get_count(file, "parameters", &record->parameters);
    get_count(file, "training_samples", &record->training_samples);
    get_count(file, "validation_samples", &record->validation_samples);
    get_count(file, "nodes", &record->nodes);
}

static void get_units(const sq_nc *file, const char *variable, sq_record_name units) {
    if (!sq_nc_has_attribute(file, variable, "units")) return;
    if (sq_nc_get_text(file, variable, "units", units, SQ_RECORD_NAME) != SQ_OK) units[0] = '\0';
}

/* ---- names ----------------------------------------------------------------------------------- */

/* *names: (*count); a file without them has none. */
static sq_status read_names(const sq_nc *file, const char *variable, const char *dimension,
                            int *count, sq_record_name **names) {
    sq_status status = SQ_OK;
    size_t length = 0;
    if (sq_nc_has_variable(file, variable))
        SQ_TRY(sq_nc_dimension_length(file, dimension, &length));
    SQ_TRY(sq_alloc(length, sizeof **names, names));
    for (size_t k = 0; k < length; k++)
        SQ_TRY(sq_nc_read_string(file, variable, &k, (*names)[k], SQ_RECORD_NAME));
    *count = (int)length;
cleanup:
    return status;
}

/* The task's metric is the one series "valid_..." that is not the squared error. */
static sq_status find_metric(const sq_nc *file, sq_run_record *record) {
    sq_status status = SQ_OK;
    char name[SQ_RECORD_NAME];
    for (int k = 0; k < sq_nc_variable_count(file); k++) {
        SQ_TRY(sq_nc_variable_name(file, k, name, sizeof name));
        if (strncmp(name, "valid_", 6) == 0 && strcmp(name, "valid_mse") != 0)
            sq_copy_bounded(record->metric_name, sizeof record->metric_name, name);
    }
    if (*record->metric_name) get_units(file, record->metric_name, record->metric_units);
    get_units(file, "valid_mse", record->mse_units);
cleanup:
    return status;
}

/* ---- series ---------------------------------------------------------------------------------- */

/* *values: (shape), all NaN if the file has no such variable. */
static sq_status read_series(const sq_nc *file, const char *name, int rank,
                             const size_t shape[MAX_RANK], double **values) {
    sq_status status;
    size_t count = 1;
    for (int axis = 0; axis < rank; axis++) count *= shape[axis];
    SQ_TRY(sq_alloc(count, sizeof **values, values));
    for (size_t k = 0; k < count; k++) (*values)[k] = NAN;
    if (count == 0 || !*name || !sq_nc_has_variable(file, name)) goto cleanup;
    SQ_TRY(sq_nc_check_shape(file, name, rank, shape, "a run log"));
    SQ_TRY(sq_nc_read_double(file, name, NULL, NULL, *values));
cleanup:
    return status;
}

static sq_status read_all_series(const sq_nc *file, sq_run_record *r) {
    sq_status status;
    size_t epochs = (size_t)r->epochs, types = (size_t)r->n_types;
    const size_t by_epoch[MAX_RANK] = {epochs};
    const size_t by_part[MAX_RANK] = {epochs, (size_t)r->n_parts};
    const size_t by_type[MAX_RANK] = {epochs, types};
    const size_t by_layer[MAX_RANK] = {epochs, (size_t)r->n_layers, types};
    SQ_TRY(read_series(file, "train_loss", 1, by_epoch, &r->train_loss));
    SQ_TRY(read_series(file, "train_mse", 1, by_epoch, &r->train_mse));
    SQ_TRY(read_series(file, "valid_mse", 1, by_epoch, &r->valid_mse));
    SQ_TRY(read_series(file, r->metric_name, 1, by_epoch, &r->metric));
    SQ_TRY(read_series(file, "learning_rate", 1, by_epoch, &r->learning_rate));
    SQ_TRY(read_series(file, "seconds", 1, by_epoch, &r->seconds));
    SQ_TRY(read_series(file, "ranks", 1, by_epoch, &r->ranks));
    SQ_TRY(read_series(file, "part_seconds", 2, by_part, &r->part_seconds));
    SQ_TRY(read_series(file, "lambda", 2, by_type, &r->lambda));
    SQ_TRY(read_series(file, "augment_share", 2, by_type, &r->augment_share));
    SQ_TRY(read_series(file, "held_exactly", 2, by_type, &r->held_exactly));
    SQ_TRY(read_series(file, "total_symmetry_level", 2, by_type, &r->total_symmetry_level));
    SQ_TRY(read_series(file, "equivariance_error", 2, by_type, &r->equivariance_error));
    SQ_TRY(read_series(file, "regularizer", 3, by_layer, &r->regularizer));
    SQ_TRY(read_series(file, "symmetry_level", 3, by_layer, &r->symmetry_level));
cleanup:
    return status;
}

static sq_status read_log(sq_run_record *record) {
    char path[PATH_CAPACITY];
    struct stat at;
    sq_nc *file = NULL;
    sq_status status;
    size_t epochs;
    path_of(record, "log.nc", path);
    SQ_TRY(sq_file_check_seal(path));
    SQ_TRY(sq_nc_open(path, &file));
    record->age = stat(path, &at) == 0 ? fmax(0.0, difftime(time(NULL), at.st_mtime)) : NAN;
    read_facts(file, record);
    SQ_TRY(sq_nc_dimension_length(file, "epoch", &epochs));
    record->epochs = (int64_t)epochs;
    SQ_TRY(read_names(file, "type_name", "type", &record->n_types, &record->type_names));
    if (record->n_types > SQ_MAX_TYPES) {
        status = sq_fail(SQ_ERR_DATA, "%s: it has %d types, a run has at most %d", path,
                         record->n_types, SQ_MAX_TYPES);
        goto cleanup;
    }
    SQ_TRY(read_names(file, "layer_name", "layer", &record->n_layers, &record->layer_names));
    SQ_TRY(read_names(file, "part_name", "part", &record->n_parts, &record->part_names));
    SQ_TRY(find_metric(file, record));
    SQ_TRY(read_all_series(file, record));
cleanup:
    sq_nc_close(&file);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* As training selects: the least validation error of what it trains for. A trajectory's metric is
 * the ADE. */
static int64_t find_best(const sq_run_record *record) {
    const double *errors =
        sq_settings_have_distances(&record->config) ? record->metric : record->valid_mse;
    double least = INFINITY;
    int64_t best = -1;
    for (int64_t k = sq_tuning_first_selected(&record->config); k < record->epochs; k++) {
        if (!(errors[k] < least)) continue;
        least = errors[k];
        best = k;
    }
    return best;
}

/* There is none before the first checkpoint that has one. */
static void read_best(sq_run_record *record) {
    char path[PATH_CAPACITY];
    struct stat at;
    sq_nc *file = NULL;
    path_of(record, "best.nc", path);
    if (stat(path, &at) != 0 || sq_nc_open(path, &file) != SQ_OK) return;
    if (sq_nc_get_text(file, NULL, "content_hash", record->content_hash,
                       sizeof record->content_hash) != SQ_OK)
        record->content_hash[0] = '\0';
    sq_nc_close(&file);
}

sq_status sq_run_record_read(const char *folder, sq_run_record *record) {
    sq_status status;
    char path[PATH_CAPACITY];
    memset(record, 0, sizeof *record);
    sq_copy_bounded(record->folder, sizeof record->folder, folder);
    sq_config_init(&record->config);
    path_of(record, "config.ini", path);
    status = sq_config_read_file(&record->config, path);
    SQ_TRY(sq_fail_within(status, "%s is not the folder of a run", folder));
    SQ_TRY(read_log(record));
    read_best(record);
    record->best_epoch = find_best(record);
cleanup:
    if (status != SQ_OK) sq_run_record_clear(record);
    return status;
}

void sq_run_record_clear(sq_run_record *record) {
    void *const arrays[] = {record->type_names,     record->layer_names,
                            record->part_names,     record->train_loss,
                            record->train_mse,      record->valid_mse,
                            record->metric,         record->learning_rate,
                            record->seconds,        record->ranks,
                            record->part_seconds,   record->lambda,
                            record->regularizer,    record->total_symmetry_level,
                            record->symmetry_level, record->equivariance_error,
                            record->augment_share,  record->held_exactly};
    sq_free(record->warnings);
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) sq_free(arrays[k]);
    memset(record, 0, sizeof *record);
}

int64_t sq_run_record_row(const sq_run_record *record) {
    return record->best_epoch >= 0 ? record->best_epoch : record->epochs - 1;
}

/* The epoch from which on a value of the type stays as it is given; record->epochs: it is another
 * one in the end. */
static int64_t from_when(const sq_run_record *record, const double *values, int type,
                         double value) {
    int64_t from = record->epochs;
    while (from > 0 && values[(from - 1) * record->n_types + type] == value) from--;
    return from;
}

int64_t sq_run_record_let_go_from(const sq_run_record *record, int type) {
    int64_t from = from_when(record, record->lambda, type, 0.0);
    return from > 0 && from < record->epochs ? from : -1; /* 0: it never had a weight */
}

int64_t sq_run_record_held_from(const sq_run_record *record, int type) {
    int64_t from = from_when(record, record->held_exactly, type, 1.0);
    return from < record->epochs ? from : -1;
}

int sq_leading_type(int n_types, const double *lambda, const double *level) {
    int leading = -1;
    for (int k = 0; k < n_types; k++) {
        bool larger = leading < 0 || lambda[k] > lambda[leading];
        bool higher = leading >= 0 && lambda[k] == lambda[leading] && level[k] > level[leading];
        if (larger || higher) leading = k;
    }
    return leading;
}

int sq_run_record_leading(const sq_run_record *record, int64_t row) {
    if (row < 0) return -1;
    int64_t first = row * record->n_types;
    return sq_leading_type(record->n_types, record->lambda + first,
                           record->total_symmetry_level + first);
}
