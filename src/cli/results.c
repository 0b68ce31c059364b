#include "cli/results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/netcdf_file.h"
#include "softeq/run.h"

enum { MAX_PATH = 8192 };

/* One finished run. */
typedef struct {
    sq_evaluation evaluation;
    double epochs, seconds;
} finding;

/* The finished runs of a row and model. */
typedef struct {
    finding *runs; /* (count) */
    int count;
} cell;

/* ---- reading --------------------------------------------------------------------------------- */

static sq_status read_log(const char *path, finding *found) {
    sq_status status;
    sq_nc *file = NULL;
    double *seconds = NULL;
    size_t epochs = 0;
    SQ_TRY(sq_nc_open(path, &file));
    SQ_TRY(sq_nc_dimension_length(file, "epoch", &epochs));
    SQ_TRY(sq_alloc(epochs, sizeof *seconds, &seconds));
    if (epochs > 0) SQ_TRY(sq_nc_read_double(file, "seconds", NULL, NULL, seconds));
    found->epochs = (double)epochs;
    found->seconds = 0.0;
    for (size_t k = 0; k < epochs; k++)
        if (!isnan(seconds[k])) found->seconds += seconds[k];
cleanup:
    sq_free(seconds);
    if (file) sq_nc_close(&file);
    return status;
}

/* Adds the run of one seed, if it is finished. */
static sq_status read_run(const char *folder, cell *found) {
    sq_status status = SQ_OK;
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/evaluation.nc", folder);
    if (access(path, F_OK) != 0) return SQ_OK;
    SQ_TRY(sq_evaluation_read(path, &found->runs[found->count].evaluation));
    snprintf(path, sizeof path, "%s/log.nc", folder);
    SQ_TRY(read_log(path, &found->runs[found->count]));
    found->count++;
cleanup:
    return status;
}

static sq_status read_cell(const sq_experiment *e, const char *runs, int row, int model,
                           cell *found) {
    sq_status status;
    char folder[MAX_PATH / 2], path[MAX_PATH - 64];
    found->count = 0;
    SQ_TRY(sq_alloc((size_t)e->n_seeds, sizeof *found->runs, &found->runs));
    for (int seed = 0; seed < e->n_seeds; seed++) {
        sq_experiment_folder(e, row, model, seed, folder, sizeof folder);
        snprintf(path, sizeof path, "%s/%s", runs, folder);
        SQ_TRY(read_run(path, found));
    }
cleanup:
    return status;
}

/* ---- numbers of a cell ----------------------------------------------------------------------- */

typedef double value_of(const finding *found, int type);

static double mse(const finding *found, int type) {
    (void)type;
    return found->evaluation.mse;
}
static double shifted_mse(const finding *found, int type) {
    (void)type;
    return found->evaluation.shifted_mse;
}
static double epochs(const finding *found, int type) {
    (void)type;
    return found->epochs;
}
static double seconds(const finding *found, int type) {
    (void)type;
    return found->seconds;
}
static double lambda(const finding *found, int type) { return found->evaluation.lambda[type]; }
static double level(const finding *found, int type) {
    return found->evaluation.symmetry_level[type];
}
static double model_error(const finding *found, int type) {
    return found->evaluation.equivariance_error[type];
}
static double data_error(const finding *found, int type) {
    return found->evaluation.data_equivariance_error[type];
}

/* Models of a row may list the types in another order. -1: this run does not have it. */
static int find_type(const finding *found, const char *name) {
    for (int g = 0; g < found->evaluation.n_types; g++)
        if (!strcmp(found->evaluation.type_names[g], name)) return g;
    return -1;
}

/* The runs' values, those that exist. type NULL: of no type. values: (runs) */
static int collect(const cell *c, value_of *value, const char *type, double *values) {
    int count = 0;
    for (int k = 0; k < c->count; k++) {
        int g = type ? find_type(&c->runs[k], type) : 0;
        double x = g < 0 ? NAN : value(&c->runs[k], g);
        if (!isnan(x)) values[count++] = x;
    }
    return count;
}

static double mean_of(const double *values, int count) {
    double sum = 0.0;
    for (int k = 0; k < count; k++) sum += values[k];
    return count > 0 ? sum / count : NAN;
}

static double deviation_of(const double *values, int count) {
    double mean = mean_of(values, count), sum = 0.0;
    for (int k = 0; k < count; k++) sum += (values[k] - mean) * (values[k] - mean);
    return count > 1 ? sqrt(sum / (count - 1)) : NAN;
}

static int compare_numbers(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of(double *values, int count) {
    if (count == 0) return NAN;
    qsort(values, (size_t)count, sizeof *values, compare_numbers);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void print_number(double value, FILE *stream) {
    if (isnan(value))
        fputs("-", stream);
    else
        fprintf(stream, "%.3g", value);
}

/* " 0.6 ± 0.02 |" */
static void print_spread(const cell *c, value_of *value, FILE *stream) {
    double values[SQ_EXPERIMENT_MOST];
    int count = collect(c, value, NULL, values);
    fputc(' ', stream);
    print_number(mean_of(values, count), stream);
    if (count > 1) fprintf(stream, " ± %.2g", deviation_of(values, count));
    fputs(" |", stream);
}

static void print_median(const cell *c, value_of *value, FILE *stream) {
    double values[SQ_EXPERIMENT_MOST];
    int count = collect(c, value, NULL, values);
    fputc(' ', stream);
    print_number(median_of(values, count), stream);
    fputs(" |", stream);
}

/* Epochs and seconds are told to the whole. */
static void print_mean(const cell *c, value_of *value, FILE *stream) {
    double values[SQ_EXPERIMENT_MOST];
    int count = collect(c, value, NULL, values);
    if (count > 0)
        fprintf(stream, " %.0f |", mean_of(values, count));
    else
        fputs(" - |", stream);
}

/* Means by type: " 0, 100, 34, 35 |" */
static void print_by_type(const cell *c, const finding *first, value_of *value, FILE *stream) {
    double values[SQ_EXPERIMENT_MOST];
    for (int g = 0; g < first->evaluation.n_types; g++) {
        int count = collect(c, value, first->evaluation.type_names[g], values);
        fputs(g > 0 ? ", " : " ", stream);
        print_number(mean_of(values, count), stream);
    }
    fputs(" |", stream);
}

static void print_model(const char *name, const cell *c, const finding *first, FILE *stream) {
    fprintf(stream, "| %s | %d |", name, c->count);
    print_spread(c, mse, stream);
    print_median(c, mse, stream);
    print_spread(c, shifted_mse, stream);
    print_by_type(c, first, lambda, stream);
    print_by_type(c, first, level, stream);
    print_by_type(c, first, model_error, stream);
    print_by_type(c, first, data_error, stream);
    print_mean(c, epochs, stream);
    print_mean(c, seconds, stream);
    fputc('\n', stream);
}

/* The first finished run of a row, which says what the types are; NULL: there is none. */
static const finding *first_of(const sq_experiment *e, const cell *cells) {
    for (int model = 0; model < e->n_models; model++)
        if (cells[model].count > 0) return &cells[model].runs[0];
    return NULL;
}

static void print_row(const sq_experiment *e, int row, const cell *cells, FILE *stream) {
    const finding *first = first_of(e, cells);
    if (!first) return;
    fprintf(stream, "### %s\n\nTypes:", e->row[row].name);
    for (int g = 0; g < first->evaluation.n_types; g++)
        fprintf(stream, "%s `%s`", g > 0 ? "," : "", first->evaluation.type_names[g]);
    fputs(
        ".\n\n| model | runs | test mse | median | out of distribution | lambda | level | error of "
        "the model | of the data | epochs | seconds "
        "|\n|---|---|---|---|---|---|---|---|---|---|---|"
        "\n",
        stream);
    for (int model = 0; model < e->n_models; model++)
        if (sq_experiment_has(e, row, model))
            print_model(e->model[model].name, &cells[model], first, stream);
    fputc('\n', stream);
}

static void print_missing(const sq_experiment *e, const cell *cells, FILE *stream) {
    const char *lead = "Rows of which no run is there: ";
    for (int row = 0; row < e->n_rows; row++) {
        if (first_of(e, &cells[row * e->n_models])) continue;
        fprintf(stream, "%s%s", lead, e->row[row].name);
        lead = ", ";
    }
    if (!strcmp(lead, ", ")) fputs(".\n\n", stream);
}

static int count_runs(const sq_experiment *e) {
    int count = 0;
    for (int row = 0; row < e->n_rows; row++)
        for (int model = 0; model < e->n_models; model++)
            count += sq_experiment_has(e, row, model) ? e->n_seeds : 0;
    return count;
}

sq_status sq_results_write(const sq_experiment *experiment, const char *runs, FILE *stream) {
    sq_status status = SQ_OK;
    const sq_experiment *e = experiment;
    size_t n_cells = (size_t)(e->n_rows * e->n_models);
    cell *cells = NULL;
    int there = 0;
    SQ_TRY(sq_alloc(n_cells, sizeof *cells, &cells));
    for (int row = 0; row < e->n_rows; row++)
        for (int model = 0; model < e->n_models; model++) {
            cell *found = &cells[row * e->n_models + model];
            if (!sq_experiment_has(e, row, model)) continue;
            SQ_TRY(read_cell(e, runs, row, model, found));
            there += found->count;
        }
    fprintf(stream, "## %s\n\n%s `jobs/run_table.sh %s`: %d of %d runs are there.\n\n", e->name,
            e->title, e->name, there, count_runs(e));
    for (int row = 0; row < e->n_rows; row++) print_row(e, row, &cells[row * e->n_models], stream);
    print_missing(e, cells, stream);
cleanup:
    for (size_t k = 0; cells && k < n_cells; k++) sq_free(cells[k].runs);
    sq_free(cells);
    return status;
}
