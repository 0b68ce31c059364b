#include "cli/results.h"

#include <math.h>
#include <string.h>

#include "base/statistics.h"

/* The finished runs of a row and model. */
typedef struct {
    const sq_finding *runs; /* (count), the record's */
    int count;
} cell;

/* A record is in the order of its experiment: the runs of a cell follow each other. */
static cell find_cell(const sq_experiment *e, const sq_record *record, int row, int model) {
    cell found = {0};
    for (size_t i = 0; i < record->count; i++) {
        const sq_finding *finding = &record->findings[i];
        if (strcmp(finding->row, e->row[row].name) || strcmp(finding->model, e->model[model].name))
            continue;
        if (!found.runs) found.runs = finding;
        found.count++;
    }
    return found;
}

/* ---- numbers of a cell ----------------------------------------------------------------------- */

typedef double value_of(const sq_finding *found, int type);

static double mse(const sq_finding *found, int type) {
    (void)type;
    return found->mse;
}
static double shifted_mse(const sq_finding *found, int type) {
    (void)type;
    return found->shifted_mse;
}
static double epochs(const sq_finding *found, int type) {
    (void)type;
    return found->epochs;
}
static double seconds(const sq_finding *found, int type) {
    (void)type;
    return found->seconds;
}
static double lambda(const sq_finding *found, int type) { return found->lambda[type]; }
/* Of the weights that is not symmetric: what tells the types apart is often below 1e-5, of which
 * the level itself would show nothing. */
static double share_off(const sq_finding *found, int type) { return 1.0 - found->level[type]; }
static double model_error(const sq_finding *found, int type) { return found->error[type]; }
static double data_error(const sq_finding *found, int type) { return found->data_error[type]; }

/* Models of a row may list the types in another order. -1: this run does not have it. */
static int find_type(const sq_finding *found, const char *name) {
    for (int g = 0; g < found->n_types; g++)
        if (!strcmp(found->type_names[g], name)) return g;
    return -1;
}

/* type NULL: of no type. */
static sq_spread spread_of(const cell *c, value_of *value, const char *type) {
    sq_running_sums sums = {0};
    for (int k = 0; k < c->count; k++) {
        int g = type ? find_type(&c->runs[k], type) : 0;
        if (g >= 0) sq_running_add(&sums, value(&c->runs[k], g));
    }
    return sq_running_spread(&sums);
}

/* Of values that are of no type. */
static double median_of(const cell *c, value_of *value) {
    double values[SQ_EXPERIMENT_MOST];
    size_t count = 0;
    for (int k = 0; k < c->count; k++) {
        double x = value(&c->runs[k], 0);
        if (!isnan(x)) values[count++] = x;
    }
    return sq_median(values, count);
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
    sq_spread spread = spread_of(c, value, NULL);
    fputc(' ', stream);
    print_number(spread.mean, stream);
    if (spread.count > 1) fprintf(stream, " ± %.2g", spread.deviation);
    fputs(" |", stream);
}

static void print_median(const cell *c, value_of *value, FILE *stream) {
    fputc(' ', stream);
    print_number(median_of(c, value), stream);
    fputs(" |", stream);
}

/* Epochs and seconds are told to the whole. */
static void print_mean(const cell *c, value_of *value, FILE *stream) {
    sq_spread spread = spread_of(c, value, NULL);
    if (spread.count > 0)
        fprintf(stream, " %.0f |", spread.mean);
    else
        fputs(" - |", stream);
}

/* Means by type: " 0, 100, 34, 35 |" */
static void print_by_type(const cell *c, const sq_finding *first, value_of *value, FILE *stream) {
    for (int g = 0; g < first->n_types; g++) {
        fputs(g > 0 ? ", " : " ", stream);
        print_number(spread_of(c, value, first->type_names[g]).mean, stream);
    }
    fputs(" |", stream);
}

static void print_model(const char *name, const cell *c, const sq_finding *first, FILE *stream) {
    fprintf(stream, "| %s | %d |", name, c->count);
    print_spread(c, mse, stream);
    print_median(c, mse, stream);
    print_spread(c, shifted_mse, stream);
    print_by_type(c, first, lambda, stream);
    print_by_type(c, first, share_off, stream);
    print_by_type(c, first, model_error, stream);
    print_by_type(c, first, data_error, stream);
    print_mean(c, epochs, stream);
    print_mean(c, seconds, stream);
    fputc('\n', stream);
}

/* The first finished run of a row, which says what the types are; NULL: there is none. */
static const sq_finding *first_of(const sq_experiment *e, const sq_record *record, int row) {
    for (size_t i = 0; i < record->count; i++)
        if (!strcmp(record->findings[i].row, e->row[row].name)) return &record->findings[i];
    return NULL;
}

static void print_row(const sq_experiment *e, const sq_record *record, int row, FILE *stream) {
    const sq_finding *first = first_of(e, record, row);
    if (!first) return;
    fprintf(stream, "### %s\n\nTypes:", e->row[row].name);
    for (int g = 0; g < first->n_types; g++)
        fprintf(stream, "%s `%s`", g > 0 ? "," : "", first->type_names[g]);
    fputs(
        ".\n\n| model | runs | test mse | median | out of distribution | lambda | 1 - level "
        "| error of the model | of the data | epochs | seconds "
        "|\n|---|---|---|---|---|---|---|---|---|---|---|\n",
        stream);
    for (int model = 0; model < e->n_models; model++) {
        cell found = find_cell(e, record, row, model);
        if (sq_experiment_has(e, row, model))
            print_model(e->model[model].name, &found, first, stream);
    }
    fputc('\n', stream);
}

static void print_missing(const sq_experiment *e, const sq_record *record, FILE *stream) {
    const char *lead = "Rows of which no run is there: ";
    for (int row = 0; row < e->n_rows; row++) {
        if (first_of(e, record, row)) continue;
        fprintf(stream, "%s%s", lead, e->row[row].name);
        lead = ", ";
    }
    if (!strcmp(lead, ", ")) fputs(".\n\n", stream);
}

/* ---- methods against their baselines --------------------------------------------------------- */

/* Over the seeds of which both have a run: data differ from seed to seed more than models do. */
typedef struct {
    double method, baseline; /* sums of a value */
    int shared, smaller;     /* seeds; those of them in which the method's value is the smaller */
} comparison;

static void compare_runs(const sq_finding *method, const sq_finding *baseline, value_of *value,
                         comparison *sums) {
    double ours = value(method, 0), theirs = value(baseline, 0);
    if (method->seed != baseline->seed || isnan(ours) || isnan(theirs)) return;
    sums->method += ours;
    sums->baseline += theirs;
    sums->shared++;
    sums->smaller += ours < theirs;
}

static comparison compare_cells(const cell *method, const cell *baseline, value_of *value) {
    comparison sums = {0};
    for (int i = 0; i < method->count; i++)
        for (int k = 0; k < baseline->count; k++)
            compare_runs(&method->runs[i], &baseline->runs[k], value, &sums);
    return sums;
}

/* The baseline to which a model compares worst; its index, or -1: none shares a seed with it. */
static int best_baseline(const sq_experiment *e, const sq_record *record, int row, int of,
                         value_of *value, comparison *with_best) {
    int best = -1;
    double largest = -INFINITY;
    const cell method = find_cell(e, record, row, of);
    for (int model = 0; model < e->n_models; model++) {
        if (!sq_experiment_is_baseline(e, model)) continue;
        const cell baseline = find_cell(e, record, row, model);
        const comparison sums = compare_cells(&method, &baseline, value);
        if (sums.shared == 0 || !(sums.method / sums.baseline > largest)) continue;
        largest = sums.method / sums.baseline;
        best = model;
        *with_best = sums;
    }
    return best;
}

/* " rpp | 0.5 | 4 of 5 |" */
static void print_against(const sq_experiment *e, const sq_record *record, int row, int model,
                          value_of *value, FILE *stream) {
    comparison sums;
    const int best = best_baseline(e, record, row, model, value, &sums);
    if (best < 0) {
        fputs(" - | - | - |", stream);
        return;
    }
    fprintf(stream, " %s | ", e->model[best].name);
    print_number(sums.method / sums.baseline, stream);
    fprintf(stream, " | %d of %d |", sums.smaller, sums.shared);
}

static void print_comparison_row(const sq_experiment *e, const sq_record *record, int row,
                                 int model, FILE *stream) {
    fprintf(stream, "| %s | %s |", e->row[row].name, e->model[model].name);
    print_against(e, record, row, model, mse, stream);
    print_against(e, record, row, model, shifted_mse, stream);
    fputc('\n', stream);
}

/* The rows and models of which a baseline has a run of the same seed. */
static void print_comparison(const sq_experiment *e, const sq_record *record, FILE *stream) {
    comparison sums;
    const char *head =
        "| row | model | best baseline | ratio of mse | smaller in | out of distribution: best "
        "baseline | ratio of mse | smaller in |\n|---|---|---|---|---|---|---|---|\n";
    for (int row = 0; row < e->n_rows; row++) {
        for (int model = 0; model < e->n_models; model++) {
            if (sq_experiment_is_baseline(e, model)) continue;
            if (best_baseline(e, record, row, model, mse, &sums) < 0) continue;
            if (*head)
                fprintf(stream,
                        "Against the best baseline (%s), over the seeds that both have: mean over "
                        "mean, and seeds.\n\n%s",
                        e->baselines, head);
            head = "";
            print_comparison_row(e, record, row, model, stream);
        }
    }
    if (!*head) fputc('\n', stream);
}

static int count_runs(const sq_experiment *e) {
    int count = 0;
    for (int row = 0; row < e->n_rows; row++)
        for (int model = 0; model < e->n_models; model++)
            count += sq_experiment_has(e, row, model) ? e->n_seeds : 0;
    return count;
}

void sq_results_print(const sq_experiment *experiment, const sq_record *record, FILE *stream) {
    const sq_experiment *e = experiment;
    fprintf(stream, "## %s\n\n%s `jobs/run_table.sh %s`: %zu of %d runs are there.\n\n", e->name,
            e->title, e->name, record->count, count_runs(e));
    if (e->baselines[0]) print_comparison(e, record, stream);
    for (int row = 0; row < e->n_rows; row++) print_row(e, record, row, stream);
    print_missing(e, record, stream);
}
