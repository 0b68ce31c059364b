#include "cli/comparison.h"

#include <math.h>

#include "cli/cell.h"

/* ---- two models ------------------------------------------------------------------------------ */

/* Over the seeds that two models share. */
typedef struct {
    double logarithms; /* of the ratios of a value */
    int ratios;        /* seeds that have one: neither value is 0 */
    int shared, smaller;
} seed_sums;

static void compare_runs(const sq_finding *method, const sq_finding *other, sq_cell_value *value,
                         seed_sums *sums) {
    double ours = value(method, 0), theirs = value(other, 0);
    if (method->seed != other->seed || isnan(ours) || isnan(theirs)) return;
    sums->shared++;
    sums->smaller += ours < theirs;
    if (!(ours > 0.0) || !(theirs > 0.0)) return;
    sums->logarithms += log(ours) - log(theirs);
    sums->ratios++;
}

sq_comparison sq_comparison_of_cells(const sq_cell *ours, const sq_cell *theirs,
                                     sq_cell_value *value) {
    seed_sums sums = {0};
    for (int i = 0; i < ours->count; i++)
        for (int k = 0; k < theirs->count; k++)
            compare_runs(&ours->runs[i], &theirs->runs[k], value, &sums);
    return (sq_comparison){.with = -1,
                           .ratio = sums.ratios > 0 ? exp(sums.logarithms / sums.ratios) : NAN,
                           .shared = sums.shared,
                           .smaller = sums.smaller};
}

sq_comparison sq_comparison_of(const sq_row_place *at, int method, int other,
                               sq_cell_value *value) {
    const sq_cell ours = sq_cell_find(at->e, at->record, at->row, method);
    const sq_cell theirs = sq_cell_find(at->e, at->record, at->row, other);
    sq_comparison found = sq_comparison_of_cells(&ours, &theirs, value);
    found.with = other;
    return found;
}

/* ---- a model and its baselines --------------------------------------------------------------- */

/* Mean over the runs, which differ only where a setting does. */
static double parameters_of(const sq_row_place *at, int model) {
    const sq_cell found = sq_cell_find(at->e, at->record, at->row, model);
    return sq_cell_spread(&found, sq_cell_parameters, NULL).mean;
}

/* Sizes of networks come in steps, so that equal ones are not equal to the parameter. */
static bool is_no_larger(const sq_row_place *at, int model, int than) {
    static const double tolerance = 1.1;
    return parameters_of(at, model) <= tolerance * parameters_of(at, than);
}

static bool is_among(const sq_row_place *at, int model, int method, sq_baselines which) {
    if (!sq_experiment_is_baseline(at->e, model)) return false;
    const bool told = sq_experiment_is_told(at->e, at->row, model);
    switch (which) {
        case SQ_BASELINES_ALL: return true;
        case SQ_BASELINES_NOT_TOLD: return !told;
        case SQ_BASELINES_OF_ITS_SIZE: return !told && is_no_larger(at, model, method);
        case SQ_BASELINES_TOLD: return told;
    }
    return false;
}

/* Where there is no ratio, since one of them makes no error, the seeds that are lost decide. */
static bool is_worse(const sq_comparison *a, const sq_comparison *than) {
    if (than->with < 0) return true;
    if (!isnan(a->ratio) && !isnan(than->ratio)) return a->ratio > than->ratio;
    return (a->shared - a->smaller) * than->shared > (than->shared - than->smaller) * a->shared;
}

sq_comparison sq_comparison_with_best(const sq_row_place *at, int method, sq_baselines which,
                                      sq_cell_value *value) {
    sq_comparison hardest = {.with = -1, .ratio = NAN};
    for (int model = 0; model < at->e->n_models; model++) {
        if (!is_among(at, model, method, which)) continue;
        const sq_comparison found = sq_comparison_of(at, method, model, value);
        if (found.shared > 0 && is_worse(&found, &hardest)) hardest = found;
    }
    return hardest;
}

const sq_compared_baselines sq_compared[SQ_COMPARED] = {
    {SQ_BASELINES_NOT_TOLD, "best not told"},
    {SQ_BASELINES_OF_ITS_SIZE, "of its size"},
    {SQ_BASELINES_TOLD, "best told"},
};

/* " rpp | 0.5 | 4 of 5 |" */
static void print_against(const sq_row_place *at, int method, sq_baselines which,
                          sq_cell_value *value, FILE *stream) {
    const sq_comparison found = sq_comparison_with_best(at, method, which, value);
    if (found.with < 0) {
        fputs(" - | - | - |", stream);
        return;
    }
    fprintf(stream, " %s | ", at->e->model[found.with].name);
    sq_cell_print_number(found.ratio, stream);
    fprintf(stream, " | %d of %d |", found.smaller, found.shared);
}

void sq_comparison_print_compared(const sq_row_place *at, int method, FILE *stream) {
    for (int k = 0; k < SQ_COMPARED; k++)
        print_against(at, method, sq_compared[k].which, sq_cell_mse, stream);
}

void sq_comparison_print_heads(FILE *stream) {
    for (int k = 0; k < SQ_COMPARED; k++)
        fprintf(stream, " %s | ratio | seeds won |", sq_compared[k].head);
}

static bool is_compared(const sq_row_place *at, int model) {
    if (sq_experiment_is_baseline(at->e, model)) return false;
    return sq_comparison_with_best(at, model, SQ_BASELINES_ALL, sq_cell_mse).with >= 0;
}

static void print_head(const sq_experiment *e, FILE *stream) {
    fprintf(stream,
            "Against the best baseline (%s), over the seeds that both have: the ratio of the mean "
            "squared errors on the test split (geometric mean over the seeds), and the seeds won, "
            "in which it is below 1.\n\n",
            e->baselines);
    fputs("| row | model |", stream);
    sq_comparison_print_heads(stream);
    fputs(
        " out of distribution: best | ratio | seeds won |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
        stream);
}

void sq_comparison_print(const sq_experiment *experiment, const sq_record *record, FILE *stream) {
    bool any = false;
    sq_row_place at = {.e = experiment, .record = record};
    for (at.row = 0; at.row < experiment->n_rows; at.row++) {
        for (int model = 0; model < experiment->n_models; model++) {
            if (!is_compared(&at, model)) continue;
            if (!any) print_head(experiment, stream);
            any = true;
            fprintf(stream, "| %s | %s |", experiment->row[at.row].name,
                    experiment->model[model].name);
            sq_comparison_print_compared(&at, model, stream);
            print_against(&at, model, SQ_BASELINES_ALL, sq_cell_shifted_mse, stream);
            fputc('\n', stream);
        }
    }
    if (any) fputc('\n', stream);
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
