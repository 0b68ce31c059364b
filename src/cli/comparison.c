#include "cli/comparison.h"

#include <math.h>

#include "cli/cell.h"

/* ---- two models ------------------------------------------------------------------------------ */

typedef struct {
    double method, baseline; /* sums of a value over the shared seeds */
    int shared, smaller;     /* seeds; those of them in which the method's value is the smaller */
} comparison;

static void compare_runs(const sq_finding *method, const sq_finding *baseline, sq_cell_value *value,
                         comparison *sums) {
    double ours = value(method, 0), theirs = value(baseline, 0);
    if (method->seed != baseline->seed || isnan(ours) || isnan(theirs)) return;
    sums->method += ours;
    sums->baseline += theirs;
    sums->shared++;
    sums->smaller += ours < theirs;
}

static comparison compare_cells(const sq_cell *method, const sq_cell *baseline,
                                sq_cell_value *value) {
    comparison sums = {0};
    for (int i = 0; i < method->count; i++)
        for (int k = 0; k < baseline->count; k++)
            compare_runs(&method->runs[i], &baseline->runs[k], value, &sums);
    return sums;
}

/* ---- a model and its baselines --------------------------------------------------------------- */

typedef enum { ANY, NOT_TOLD, TOLD } baseline_kind;

/* What is compared, in one row. */
typedef struct {
    const sq_experiment *e;
    const sq_record *record;
    int row;
} place;

static bool is_of_kind(const place *at, int model, baseline_kind kind) {
    if (!sq_experiment_is_baseline(at->e, model)) return false;
    return kind == ANY || (kind == TOLD) == sq_experiment_is_told(at->e, at->row, model);
}

/* The baseline to which a model compares worst; its index, or -1: none shares a seed with it. */
static int best_baseline(const place *at, int method, baseline_kind kind, sq_cell_value *value,
                         comparison *with_best) {
    int best = -1;
    double largest = -INFINITY;
    const sq_cell ours = sq_cell_find(at->e, at->record, at->row, method);
    for (int model = 0; model < at->e->n_models; model++) {
        if (!is_of_kind(at, model, kind)) continue;
        const sq_cell theirs = sq_cell_find(at->e, at->record, at->row, model);
        const comparison sums = compare_cells(&ours, &theirs, value);
        if (sums.shared == 0 || !(sums.method / sums.baseline > largest)) continue;
        largest = sums.method / sums.baseline;
        best = model;
        *with_best = sums;
    }
    return best;
}

/* " rpp | 0.5 | 4 of 5 |" */
static void print_against(const place *at, int method, baseline_kind kind, sq_cell_value *value,
                          FILE *stream) {
    comparison sums;
    const int best = best_baseline(at, method, kind, value, &sums);
    if (best < 0) {
        fputs(" - | - | - |", stream);
        return;
    }
    fprintf(stream, " %s | ", at->e->model[best].name);
    sq_cell_print_number(sums.method / sums.baseline, stream);
    fprintf(stream, " | %d of %d |", sums.smaller, sums.shared);
}

static bool is_compared(const place *at, int model) {
    comparison sums;
    if (sq_experiment_is_baseline(at->e, model)) return false;
    return best_baseline(at, model, ANY, sq_cell_mse, &sums) >= 0;
}

static void print_head(const sq_experiment *e, FILE *stream) {
    fprintf(stream, "Against the best baseline (%s), over the seeds that both have: the ratio of ",
            e->baselines);
    fputs(
        "the mean squared errors on the test split, and seeds in which it is the smaller.\n\n"
        "| row | model | best not told | ratio | smaller in | best told | ratio | smaller in "
        "| out of distribution: best | ratio | smaller in |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|\n",
        stream);
}

void sq_comparison_print(const sq_experiment *experiment, const sq_record *record, FILE *stream) {
    bool any = false;
    place at = {.e = experiment, .record = record};
    for (at.row = 0; at.row < experiment->n_rows; at.row++) {
        for (int model = 0; model < experiment->n_models; model++) {
            if (!is_compared(&at, model)) continue;
            if (!any) print_head(experiment, stream);
            any = true;
            fprintf(stream, "| %s | %s |", experiment->row[at.row].name,
                    experiment->model[model].name);
            print_against(&at, model, NOT_TOLD, sq_cell_mse, stream);
            print_against(&at, model, TOLD, sq_cell_mse, stream);
            print_against(&at, model, ANY, sq_cell_shifted_mse, stream);
            fputc('\n', stream);
        }
    }
    if (any) fputc('\n', stream);
}

/* ---- all tables ------------------------------------------------------------------------------ */

static const char overview_head[] =
    "| table | row | method | seeds | test mse | best not told | ratio | smaller in "
    "| best told | ratio | smaller in |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|\n";

/* *any: lines before this one; the first has the head above it. */
static void print_in_overview(const place *at, int method, bool *any, FILE *stream) {
    const sq_cell found = sq_cell_find(at->e, at->record, at->row, method);
    if (found.count == 0) return;
    if (!*any) fputs(overview_head, stream);
    *any = true;
    fprintf(stream, "| %s | %s | %s | %d | ", at->e->name, at->e->row[at->row].name,
            at->e->model[method].name, found.count);
    sq_cell_print_number(sq_cell_spread(&found, sq_cell_mse, NULL).mean, stream);
    fputs(" |", stream);
    print_against(at, method, NOT_TOLD, sq_cell_mse, stream);
    print_against(at, method, TOLD, sq_cell_mse, stream);
    fputc('\n', stream);
}

void sq_comparison_print_overview(const sq_experiment *experiment, const sq_record *record,
                                  bool *any, FILE *stream) {
    place at = {.e = experiment, .record = record};
    for (at.row = 0; at.row < experiment->n_rows; at.row++)
        for (int model = 0; model < experiment->n_models; model++)
            if (sq_experiment_is_method(experiment, model))
                print_in_overview(&at, model, any, stream);
}

/* ---- what others published ------------------------------------------------------------------- */

static bool row_has_published(const sq_experiment *e, int row) {
    for (int model = 0; model < e->n_models; model++)
        if (e->row[row].published[model] > 0.0) return true;
    return false;
}

static bool any_published(const sq_experiment *e) {
    for (int row = 0; row < e->n_rows; row++)
        if (row_has_published(e, row)) return true;
    return false;
}

static void print_published_head(const sq_experiment *e, FILE *stream) {
    fputs(
        "Medians of the mean squared errors on the test split, over the seeds that are there, "
        "and (in brackets) those that others published.\n\n| model |",
        stream);
    for (int row = 0; row < e->n_rows; row++)
        if (row_has_published(e, row)) fprintf(stream, " %s |", e->row[row].name);
    fputs("\n|---|", stream);
    for (int row = 0; row < e->n_rows; row++)
        if (row_has_published(e, row)) fputs("---|", stream);
    fputc('\n', stream);
}

static void print_median(const sq_experiment *e, const sq_record *record, int row, int model,
                         FILE *stream) {
    const sq_cell found = sq_cell_find(e, record, row, model);
    fputc(' ', stream);
    sq_cell_print_number(sq_cell_median(&found, sq_cell_mse), stream);
    if (e->row[row].published[model] > 0.0)
        fprintf(stream, " (%.3g)", e->row[row].published[model]);
    fputs(" |", stream);
}

void sq_comparison_print_published(const sq_experiment *experiment, const sq_record *record,
                                   FILE *stream) {
    const sq_experiment *e = experiment;
    if (!any_published(e)) return;
    print_published_head(e, stream);
    for (int model = 0; model < e->n_models; model++) {
        fprintf(stream, "| %s |", e->model[model].name);
        for (int row = 0; row < e->n_rows; row++)
            if (row_has_published(e, row)) print_median(e, record, row, model, stream);
        fputc('\n', stream);
    }
    fputc('\n', stream);
}
