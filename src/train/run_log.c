#include "train/run_log.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/trace.h"
#include "io/atomic_file.h"
#include "io/file_seal.h"
#include "io/netcdf_file.h"

enum { MAX_RANK = 3, NAME_CAPACITY = 256, CHUNK_EPOCHS = 512, DEFLATE_LEVEL = 1 };

/* What a series has in an epoch. */
typedef enum { A_NUMBER, ONE_A_TYPE, ONE_A_PART, ONE_A_LAYER_AND_TYPE, N_SHAPES } shape;

static const int ranks[N_SHAPES] = {1, 2, 2, 3};
static const char *const dimensions[N_SHAPES][MAX_RANK] = {
    {"epoch"}, {"epoch", "type"}, {"epoch", "part"}, {"epoch", "layer", "type"}};
/* Names of what the dimensions count, as CF has it (section 5). */
static const char *const coordinates[N_SHAPES] = {NULL, "type_name", "part_name",
                                                  "layer_name type_name"};

/* One number, or one array, an epoch. */
typedef struct {
    const char *name; /* NULL: this run has no such series */
    const char *long_name, *units;
    shape shape;
    bool optional;  /* a log file may lack it: earlier versions did not write it */
    size_t width;   /* values an epoch */
    double *values; /* (capacity, width) */
} series;

/* In the order of the file. */
enum {
    TRAIN_LOSS,
    TRAIN_MSE,
    VALID_MSE,
    METRIC,
    LEARNING_RATE,
    SECONDS,
    RANKS,
    PART_SECONDS,
    LAMBDA,
    AUGMENT_SHARE,
    HELD_EXACTLY,
    REGULARIZER,
    SYMMETRY_LEVEL,
    TOTAL_SYMMETRY_LEVEL,
    EQUIVARIANCE_ERROR,
    DATA_EQUIVARIANCE_ERROR,
    N_SERIES
};

/* What depends on the task is filled in by sq_run_log_create. */
static const series table[N_SERIES] = {
    [TRAIN_LOSS] = {.name = "train_loss",
                    .long_name = "training loss with the penalties that are part of it"},
    [TRAIN_MSE] = {.name = "train_mse", .long_name = "mean squared error on the training split"},
    [VALID_MSE] = {.name = "valid_mse", .long_name = "mean squared error on the validation split"},
    [LEARNING_RATE] = {.name = "learning_rate", .long_name = "learning rate"},
    [SECONDS] = {.name = "seconds", .long_name = "wall-clock time of the epoch", .units = "s"},
    [RANKS] = {.name = "ranks", .long_name = "ranks that trained the epoch", .optional = true},
    [PART_SECONDS] = {.name = "part_seconds",
                      .long_name = "time that rank 0 spent on the part of the epoch",
                      .units = "s",
                      .shape = ONE_A_PART,
                      .optional = true},
    [LAMBDA] = {.name = "lambda", .long_name = "weight of the regularizer", .shape = ONE_A_TYPE},
    [AUGMENT_SHARE] = {.name = "augment_share",
                       .long_name = "part of the training samples that the type moves",
                       .shape = ONE_A_TYPE,
                       .optional = true},
    [HELD_EXACTLY] = {.name = "held_exactly",
                      .long_name = "1: the weights were projected on the type after every step",
                      .shape = ONE_A_TYPE,
                      .optional = true},
    [REGULARIZER] = {.name = "regularizer",
                     .long_name = "half the squared distance of the weights from invariant ones",
                     .shape = ONE_A_LAYER_AND_TYPE},
    [SYMMETRY_LEVEL] = {.name = "symmetry_level",
                        .long_name = "invariant share of the squared norm of the weights",
                        .shape = ONE_A_LAYER_AND_TYPE},
    [TOTAL_SYMMETRY_LEVEL] = {.name = "total_symmetry_level",
                              .long_name =
                                  "invariant share of the squared norm of all layers' weights",
                              .shape = ONE_A_TYPE,
                              .optional = true},
    [EQUIVARIANCE_ERROR] = {.name = "equivariance_error",
                            .long_name = "relative difference of f(g x) and g f(x)",
                            .shape = ONE_A_TYPE},
    [DATA_EQUIVARIANCE_ERROR] =
        {.name = "data_equivariance_error",
         .long_name = "relative difference of f(g x) and g f(x), f the made task itself",
         .shape = ONE_A_TYPE,
         .optional = true},
};

/* Types of CPUs, or kernels, that a run was trained with. */
typedef char machine_text[256];

struct sq_run_log {
    int n_types, n_layers;
    char **type_names, **layer_names; /* (n_types), (n_layers) */
    char *metric_name, *metric_long_name, *metric_units, *mse_units, *title, *history;
    sq_run_log_facts facts;
    machine_text kernels, cpus; /* of the facts, of a run that was begun before */
    const char *state;
    char *warnings; /* lines, or NULL */
    series series[N_SERIES];
    int64_t length, capacity; /* epochs */
};

/* ---- in memory ---- */

static sq_status copy_names(const char *const *names, int count, char ***copies) {
    sq_status status;
    SQ_TRY(sq_alloc((size_t)count, sizeof **copies, copies));
    for (int k = 0; k < count; k++) SQ_TRY(sq_copy_text(names[k], &(*copies)[k]));
cleanup:
    return status;
}

static void free_names(char **names, int count) {
    for (int k = 0; names && k < count; k++) sq_free(names[k]);
    sq_free(names);
}

static sq_status copy_optional(const char *text, char **copy) {
    return text ? sq_copy_text(text, copy) : SQ_OK;
}

static sq_status copy_texts(sq_run_log *log, const sq_run_log_options *options) {
    sq_status status;
    log->n_types = options->n_types;
    log->n_layers = options->n_layers;
    log->facts = options->facts;
    log->state = "running";
    SQ_TRY(copy_names(options->type_names, options->n_types, &log->type_names));
    SQ_TRY(copy_names(options->layer_names, options->n_layers, &log->layer_names));
    SQ_TRY(copy_optional(options->metric_name, &log->metric_name));
    SQ_TRY(copy_optional(options->metric_long_name, &log->metric_long_name));
    SQ_TRY(copy_optional(options->metric_units, &log->metric_units));
    SQ_TRY(sq_copy_text(options->mse_units ? options->mse_units : "1", &log->mse_units));
    SQ_TRY(sq_copy_text(options->title ? options->title : "training run", &log->title));
    SQ_TRY(sq_copy_text(options->history ? options->history : "", &log->history));
cleanup:
    return status;
}

static void describe_series(sq_run_log *log) {
    memcpy(log->series, table, sizeof table);
    log->series[TRAIN_MSE].units = log->series[VALID_MSE].units = log->mse_units;
    log->series[METRIC].name = log->metric_name;
    log->series[METRIC].long_name = log->metric_long_name;
    log->series[METRIC].units = log->metric_units;
    size_t n_types = (size_t)log->n_types;
    const size_t widths[N_SHAPES] = {1, n_types, SQ_TRACE_PARTS, (size_t)log->n_layers * n_types};
    for (int k = 0; k < N_SERIES; k++) log->series[k].width = widths[log->series[k].shape];
}

sq_status sq_run_log_create(const sq_run_log_options *options, sq_run_log **log) {
    sq_status status;
    SQ_TRY(sq_alloc(1, sizeof **log, log));
    SQ_TRY(copy_texts(*log, options));
    describe_series(*log);
cleanup:
    if (status != SQ_OK) sq_run_log_destroy(log);
    return status;
}

void sq_run_log_destroy(sq_run_log **log) {
    sq_run_log *gone = *log;
    if (!gone) return;
    free_names(gone->type_names, gone->n_types);
    free_names(gone->layer_names, gone->n_layers);
    char *texts[] = {gone->metric_name, gone->metric_long_name, gone->metric_units, gone->mse_units,
                     gone->title,       gone->history,          gone->warnings};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) sq_free(texts[k]);
    for (int k = 0; k < N_SERIES; k++) sq_free(gone->series[k].values);
    sq_free(gone);
    *log = NULL;
}

int64_t sq_run_log_length(const sq_run_log *log) { return log->length; }

static sq_status reserve(sq_run_log *log, int64_t epochs) {
    if (epochs <= log->capacity) return SQ_OK;
    int64_t capacity = epochs > 2 * log->capacity ? epochs : 2 * log->capacity;
    sq_status status;
    for (int k = 0; k < N_SERIES; k++) {
        series *s = &log->series[k];
        SQ_TRY(sq_grow((size_t)log->capacity * s->width, (size_t)capacity * s->width,
                       sizeof *s->values, &s->values));
    }
    log->capacity = capacity;
cleanup:
    return status;
}

/* source: (width), or NULL: not computed. */
static void put_row(series *s, int64_t row, const double *source) {
    double *target = s->values + (size_t)row * s->width;
    for (size_t k = 0; k < s->width; k++) target[k] = source ? source[k] : NAN;
}

sq_status sq_run_log_append(sq_run_log *log, const sq_run_log_epoch *epoch) {
    if (epoch->epoch != log->length)
        return sq_fail(SQ_ERR_ARGUMENT, "the log holds %lld epochs: epoch %lld does not follow",
                       (long long)log->length, (long long)epoch->epoch);
    sq_status status = reserve(log, log->length + 1);
    if (status != SQ_OK) return status;
    const double *sources[N_SERIES] = {
        [TRAIN_LOSS] = &epoch->train_loss,
        [TRAIN_MSE] = &epoch->train_mse,
        [VALID_MSE] = &epoch->valid_mse,
        [METRIC] = &epoch->metric,
        [LEARNING_RATE] = &epoch->learning_rate,
        [SECONDS] = &epoch->seconds,
        [RANKS] = &epoch->ranks,
        [PART_SECONDS] = epoch->part_seconds,
        [LAMBDA] = epoch->lambda,
        [AUGMENT_SHARE] = epoch->augment_share,
        [HELD_EXACTLY] = epoch->held_exactly,
        [REGULARIZER] = epoch->regularizer,
        [SYMMETRY_LEVEL] = epoch->symmetry_level,
        [TOTAL_SYMMETRY_LEVEL] = epoch->total_symmetry_level,
        [EQUIVARIANCE_ERROR] = epoch->equivariance_error,
        [DATA_EQUIVARIANCE_ERROR] = epoch->data_equivariance_error,
    };
    for (int k = 0; k < N_SERIES; k++) put_row(&log->series[k], log->length, sources[k]);
    log->length++;
    return SQ_OK;
}

sq_status sq_run_log_skip(sq_run_log *log, int64_t epochs) {
    sq_status status = reserve(log, log->length + epochs);
    if (status != SQ_OK) return status;
    for (; epochs > 0; epochs--, log->length++)
        for (int k = 0; k < N_SERIES; k++) put_row(&log->series[k], log->length, NULL);
    return SQ_OK;
}

void sq_run_log_set_state(sq_run_log *log, const char *state) { log->state = state; }

sq_status sq_run_log_warn(sq_run_log *log, const char *line) {
    size_t used = log->warnings ? strlen(log->warnings) + 1 : 0; /* with what becomes a newline */
    sq_status status =
        sq_grow(used, used + strlen(line) + 1, sizeof *log->warnings, &log->warnings);
    if (status != SQ_OK) return status;
    if (used > 0) log->warnings[used - 1] = '\n';
    strcpy(log->warnings + used, line);
    return SQ_OK;
}

/* ---- to the file ---- */

static sq_status put_facts(const sq_run_log_facts *facts, sq_nc *file) {
    sq_status status = SQ_OK;
    if (!facts->kind) return SQ_OK;
    SQ_TRY(sq_nc_put_text(file, NULL, "kind", facts->kind));
    SQ_TRY(sq_nc_put_integer(file, NULL, "parameters", facts->parameters));
    SQ_TRY(sq_nc_put_text(file, NULL, "data", facts->data));
    SQ_TRY(sq_nc_put_integer(file, NULL, "training_samples", facts->training_samples));
    SQ_TRY(sq_nc_put_integer(file, NULL, "validation_samples", facts->validation_samples));
    SQ_TRY(sq_nc_put_text(file, NULL, "precision", facts->precision));
    SQ_TRY(sq_nc_put_text(file, NULL, "blas_kernel", facts->blas_kernel));
    SQ_TRY(sq_nc_put_text(file, NULL, "cpu", facts->cpu));
    SQ_TRY(sq_nc_put_integer(file, NULL, "nodes", facts->nodes));
cleanup:
    return status;
}

static sq_status put_file_attributes(const sq_run_log *log, sq_nc *file) {
    sq_status status;
    SQ_TRY(sq_nc_put_text(file, NULL, "Conventions", "CF-1.10"));
    SQ_TRY(sq_nc_put_text(file, NULL, "title", log->title));
    SQ_TRY(sq_nc_put_text(file, NULL, "source", "softeq " SOFTEQ_VERSION));
    SQ_TRY(sq_nc_put_text(file, NULL, "history", log->history));
    SQ_TRY(sq_nc_put_text(file, NULL, "state", log->state));
    if (log->warnings) SQ_TRY(sq_nc_put_text(file, NULL, "warnings", log->warnings));
    SQ_TRY(put_facts(&log->facts, file));
cleanup:
    return status;
}

static sq_status put_labels(sq_nc *file, const char *variable, const char *long_name,
                            const char *units) {
    sq_status status;
    SQ_TRY(sq_nc_put_text(file, variable, "long_name", long_name ? long_name : variable));
    SQ_TRY(sq_nc_put_text(file, variable, "units", units ? units : "1"));
cleanup:
    return status;
}

static sq_status define_names(sq_nc *file, const char *variable, const char *dimension,
                              const char *long_name, int count) {
    sq_status status;
    SQ_TRY(sq_nc_define_dimension(file, dimension, (size_t)count));
    SQ_TRY(sq_nc_define_variable(file, variable, SQ_NC_STRING, 1, &dimension));
    SQ_TRY(put_labels(file, variable, long_name, "1"));
cleanup:
    return status;
}

/* A chunk holds many epochs: the default, one epoch a chunk, makes a long log large and slow. */
static sq_status define_series(const sq_run_log *log, sq_nc *file, const series *s) {
    size_t n_types = log->n_types > 0 ? (size_t)log->n_types : 1;
    size_t n_layers = log->n_layers > 0 ? (size_t)log->n_layers : 1;
    const size_t chunks[N_SHAPES][MAX_RANK] = {{CHUNK_EPOCHS},
                                               {CHUNK_EPOCHS, n_types},
                                               {CHUNK_EPOCHS, SQ_TRACE_PARTS},
                                               {CHUNK_EPOCHS, n_layers, n_types}};
    sq_status status;
    SQ_TRY(
        sq_nc_define_variable(file, s->name, SQ_NC_DOUBLE, ranks[s->shape], dimensions[s->shape]));
    SQ_TRY(sq_nc_define_storage(file, s->name, chunks[s->shape], DEFLATE_LEVEL));
    SQ_TRY(sq_nc_define_missing(file, s->name, NAN));
    SQ_TRY(put_labels(file, s->name, s->long_name, s->units));
    if (coordinates[s->shape])
        SQ_TRY(sq_nc_put_text(file, s->name, "coordinates", coordinates[s->shape]));
cleanup:
    return status;
}

static sq_status define(const sq_run_log *log, sq_nc *file) {
    sq_status status;
    SQ_TRY(put_file_attributes(log, file));
    SQ_TRY(sq_nc_define_dimension(file, "epoch", 0));
    SQ_TRY(define_names(file, "type_name", "type", "symmetry type", log->n_types));
    SQ_TRY(define_names(file, "layer_name", "layer", "linear layer", log->n_layers));
    SQ_TRY(define_names(file, "part_name", "part", "part of an epoch", SQ_TRACE_PARTS));
    for (int k = 0; k < N_SERIES; k++) {
        if (log->series[k].name) SQ_TRY(define_series(log, file, &log->series[k]));
    }
cleanup:
    return status;
}

static sq_status write_names(sq_nc *file, const char *variable, char *const *names, int count) {
    sq_status status = SQ_OK;
    for (size_t k = 0; k < (size_t)count; k++) {
        SQ_TRY(sq_nc_write_string(file, variable, &k, names[k]));
    }
cleanup:
    return status;
}

/* Whether a series has values in the file; if so, which part is the first `epochs` epochs. */
static bool slab_of(const sq_run_log *log, const series *s, int64_t epochs,
                    size_t count[MAX_RANK]) {
    size_t n_types = (size_t)log->n_types;
    size_t n_layers = (size_t)log->n_layers;
    const size_t counts[N_SHAPES][MAX_RANK] = {{(size_t)epochs},
                                               {(size_t)epochs, n_types},
                                               {(size_t)epochs, SQ_TRACE_PARTS},
                                               {(size_t)epochs, n_layers, n_types}};
    memcpy(count, counts[s->shape], sizeof counts[0]);
    return s->name && epochs > 0 && s->width > 0;
}

static const size_t first_epoch[MAX_RANK] = {0};

static sq_status write_values(const sq_run_log *log, sq_nc *file) {
    size_t count[MAX_RANK];
    sq_status status;
    SQ_TRY(write_names(file, "type_name", log->type_names, log->n_types));
    SQ_TRY(write_names(file, "layer_name", log->layer_names, log->n_layers));
    for (size_t k = 0; k < SQ_TRACE_PARTS; k++)
        SQ_TRY(sq_nc_write_string(file, "part_name", &k, sq_trace_part_name((sq_trace_part)k)));
    for (int k = 0; k < N_SERIES; k++) {
        const series *s = &log->series[k];
        if (!slab_of(log, s, log->length, count)) continue;
        SQ_TRY(sq_nc_write_double(file, s->name, first_epoch, count, s->values));
    }
cleanup:
    return status;
}

sq_status sq_run_log_write(const sq_run_log *log, const char *path) {
    sq_atomic_file *target = NULL;
    sq_nc *file = NULL;
    sq_status status;
    SQ_TRY(sq_atomic_file_begin(path, &target));
    SQ_TRY(sq_nc_create(sq_atomic_file_path(target), &file));
    SQ_TRY(define(log, file));
    SQ_TRY(write_values(log, file));
    SQ_TRY(sq_nc_close(&file));
    SQ_TRY(sq_file_seal(sq_atomic_file_path(target)));
    SQ_TRY(sq_atomic_file_commit(&target));
cleanup:
    if (file) sq_nc_close(&file);
    sq_atomic_file_abandon(&target);
    return status;
}

/* ---- from the file ---- */

static sq_status check_names(const sq_nc *file, const char *variable, const char *dimension,
                             char *const *names, int count) {
    size_t length;
    char name[NAME_CAPACITY];
    sq_status status;
    SQ_TRY(sq_nc_dimension_length(file, dimension, &length));
    if (length != (size_t)count)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %s: has %zu names, this run has %d; is it another run's?",
                       sq_nc_path(file), variable, length, count));
    for (size_t k = 0; k < length; k++) {
        SQ_TRY(sq_nc_read_string(file, variable, &k, name, sizeof name));
        if (strcmp(name, names[k]) != 0)
            SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %s: is '%s', this run has '%s'; is it another run's?",
                           sq_nc_path(file), variable, name, names[k]));
    }
cleanup:
    return status;
}

/* *length: epochs in the file. */
static sq_status check_length(const sq_nc *file, int64_t epochs, size_t *length) {
    sq_status status = sq_nc_dimension_length(file, "epoch", length);
    if (status != SQ_OK || epochs <= (int64_t)*length) return status;
    return sq_fail(SQ_ERR_DATA, "%s: holds %zu epochs, expected %lld at least", sq_nc_path(file),
                   *length, (long long)epochs);
}

/* The first epochs of a file that holds `length`. A file of another program may have any shape. */
static sq_status read_series(const sq_run_log *log, const sq_nc *file, int64_t epochs,
                             size_t length, series *s) {
    size_t count[MAX_RANK], whole[MAX_RANK];
    if (!slab_of(log, s, epochs, count)) return SQ_OK;
    if (s->optional && !sq_nc_has_variable(file, s->name)) {
        for (int64_t row = 0; row < epochs; row++) put_row(s, row, NULL);
        return SQ_OK;
    }
    memcpy(whole, count, sizeof whole);
    whole[0] = length;
    sq_status status = sq_nc_check_shape(file, s->name, ranks[s->shape], whole, "a run log");
    if (status != SQ_OK) return status;
    return sq_nc_read_double(file, s->name, first_epoch, count, s->values);
}

/* What it was trained with so far and, if it goes on, with what from now on: "one; other". The bits
 * that a run is promised are those of one type of CPU and one kernel. *now: this machine's; becomes
 * `all` if the file has something else. */
static void add_to_before(const sq_nc *file, const char *attribute, bool goes_on, const char **now,
                          machine_text all) {
    machine_text before;
    if (!*now || !**now || !sq_nc_has_attribute(file, NULL, attribute)) return;
    if (sq_nc_get_text(file, NULL, attribute, before, sizeof before) != SQ_OK || !*before) return;
    bool known = !goes_on || strstr(before, *now);
    if (!known)
        sq_log(SQ_LOG_WARNING,
               "%s: trained so far with %s '%s', goes on with '%s': its bits will be those of "
               "neither",
               sq_nc_path(file), attribute, before, *now);
    snprintf(all, sizeof(machine_text), "%.120s%s%.120s", before, known ? "" : "; ",
             known ? "" : *now);
    *now = all;
}

sq_status sq_run_log_read(sq_run_log *log, const char *path, int64_t epochs, bool goes_on) {
    sq_nc *file = NULL;
    size_t length;
    sq_status status;
    if (log->length > 0) return sq_fail(SQ_ERR_ARGUMENT, "%s: read into a log in use", path);
    SQ_TRY(sq_file_check_seal(path));
    SQ_TRY(sq_nc_open(path, &file));
    SQ_TRY(check_names(file, "type_name", "type", log->type_names, log->n_types));
    SQ_TRY(check_names(file, "layer_name", "layer", log->layer_names, log->n_layers));
    SQ_TRY(check_length(file, epochs, &length));
    add_to_before(file, "blas_kernel", goes_on, &log->facts.blas_kernel, log->kernels);
    add_to_before(file, "cpu", goes_on, &log->facts.cpu, log->cpus);
    SQ_TRY(reserve(log, epochs));
    for (int k = 0; k < N_SERIES; k++)
        SQ_TRY(read_series(log, file, epochs, length, &log->series[k]));
    log->length = epochs;
cleanup:
    if (file) sq_nc_close(&file);
    return status;
}

bool sq_run_log_says(const char *path, const char *state) {
    char found[NAME_CAPACITY];
    sq_nc *file = NULL;
    if (access(path, F_OK) != 0 || sq_nc_open(path, &file) != SQ_OK) return false;
    bool says = sq_nc_get_text(file, NULL, "state", found, sizeof found) == SQ_OK &&
                strcmp(found, state) == 0;
    sq_nc_close(&file);
    return says;
}
