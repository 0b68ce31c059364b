#include "cli/overview.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "cli/cell.h"
#include "cli/comparison.h"

static sq_row_place place_in(const sq_known_experiment *known, int row) {
    return (sq_row_place){.e = &known->e, .record = &known->runs.record, .row = row};
}

/* ---- in how many rows ------------------------------------------------------------------------ */

/* Ratios of a method's errors to those of others, one for each row that has both. */
typedef struct {
    int rows, smaller; /* those in which the ratio is below 1 */
    double logarithms, least, most;
} tally;

static const tally nothing = {.least = INFINITY, .most = -INFINITY};

static void add_ratio(tally *t, double ratio) {
    if (isnan(ratio)) return;
    t->rows++;
    t->smaller += ratio < 1.0;
    t->logarithms += log(ratio);
    t->least = fmin(t->least, ratio);
    t->most = fmax(t->most, ratio);
}

/* " 3 of 4 | 0.5 (0.1 to 2) |" */
static void print_tally(const tally *t, FILE *stream) {
    if (t->rows == 0) {
        fputs(" - | - |", stream);
        return;
    }
    fprintf(stream, " %d of %d | ", t->smaller, t->rows);
    sq_cell_print_number(exp(t->logarithms / t->rows), stream);
    fputs(" (", stream);
    sq_cell_print_number(t->least, stream);
    fputs(" to ", stream);
    sq_cell_print_number(t->most, stream);
    fputs(") |", stream);
}

/* What a method is compared with. */
enum { NOT_TOLD, TOLD, FIRST_METHOD, KINDS };
typedef struct {
    tally of[KINDS];
} tallies;

/* Index of the method of that name; -1: the table has none. */
static int find_method(const sq_experiment *e, const char *name) {
    const int model = sq_experiment_find_model(e, name, strlen(name));
    return model >= 0 && sq_experiment_is_method(e, model) ? model : -1;
}

/* The first of a table is the paper's own. */
static int first_method(const sq_experiment *e) {
    int model = 0;
    while (model < e->n_models && !sq_experiment_is_method(e, model)) model++;
    return model;
}

/* Adds the rows of a table, if it has this method. */
static void add_table(const sq_known_experiment *known, const char *method, tallies *sums) {
    const sq_experiment *e = &known->e;
    const int model = find_method(e, method), first = first_method(e);
    if (model < 0) return;
    for (int row = 0; row < e->n_rows; row++) {
        const sq_row_place at = place_in(known, row);
        const double not_told =
            sq_comparison_with_best(&at, model, SQ_BASELINES_NOT_TOLD, sq_cell_mse).ratio;
        const double told =
            sq_comparison_with_best(&at, model, SQ_BASELINES_TOLD, sq_cell_mse).ratio;
        add_ratio(&sums->of[NOT_TOLD], not_told);
        add_ratio(&sums->of[TOLD], told);
        if (first != model)
            add_ratio(&sums->of[FIRST_METHOD],
                      sq_comparison_of(&at, model, first, sq_cell_mse).ratio);
    }
}

/* A line, if there is something to compare. known: (count) */
static void print_tallies(const char *method, const char *where, const sq_known_experiment *known,
                          int count, FILE *stream) {
    tallies sums = {{nothing, nothing, nothing}};
    for (int k = 0; k < count; k++) add_table(&known[k], method, &sums);
    if (sums.of[NOT_TOLD].rows + sums.of[TOLD].rows + sums.of[FIRST_METHOD].rows == 0) return;
    fprintf(stream, "| %s | %s |", method, where);
    for (int kind = 0; kind < KINDS; kind++) print_tally(&sums.of[kind], stream);
    fputc('\n', stream);
}

/* Has no table before number `count` this method? */
static bool is_new(const sq_known_experiment *known, int count, const char *method) {
    for (int k = 0; k < count; k++)
        if (find_method(&known[k].e, method) >= 0) return false;
    return true;
}

static void print_method(const char *method, const sq_known_experiment *known, int count,
                         FILE *stream) {
    print_tallies(method, "all", known, count, stream);
    for (int k = 0; k < count; k++) print_tallies(method, known[k].e.name, &known[k], 1, stream);
}

static void print_summary(const sq_known_experiment *known, int count, FILE *stream) {
    fputs(
        "In how many rows the ratio is below 1, its geometric mean over the rows, the least and\n"
        "the most; in the end the same against the first method of the table.\n\n"
        "| method | tables | best not told: smaller in | ratio | best told: smaller in | ratio "
        "| first method: smaller in | ratio |\n|---|---|---|---|---|---|---|---|\n",
        stream);
    for (int k = 0; k < count; k++)
        for (int model = 0; model < known[k].e.n_models; model++)
            if (sq_experiment_is_method(&known[k].e, model) &&
                is_new(known, k, known[k].e.model[model].name))
                print_method(known[k].e.model[model].name, known, count, stream);
    fputc('\n', stream);
}

/* ---- every row ------------------------------------------------------------------------------- */

static void print_against(const sq_row_place *at, int method, sq_baselines which, FILE *stream) {
    const sq_comparison found = sq_comparison_with_best(at, method, which, sq_cell_mse);
    sq_comparison_print_cells(at->e, &found, stream);
}

static void print_line(const sq_row_place *at, int method, const sq_cell *found, FILE *stream) {
    fprintf(stream, "| %s | %s | %s | %d | ", at->e->name, at->e->row[at->row].name,
            at->e->model[method].name, found->count);
    sq_cell_print_number(sq_cell_spread(found, sq_cell_mse, NULL).mean, stream);
    fputs(" |", stream);
    print_against(at, method, SQ_BASELINES_NOT_TOLD, stream);
    print_against(at, method, SQ_BASELINES_TOLD, stream);
    fputc('\n', stream);
}

static void print_lines(const sq_row_place *at, FILE *stream) {
    for (int model = 0; model < at->e->n_models; model++) {
        const sq_cell found = sq_cell_find(at->e, at->record, at->row, model);
        if (sq_experiment_is_method(at->e, model) && found.count > 0)
            print_line(at, model, &found, stream);
    }
}

static void print_rows(const sq_known_experiment *known, int count, FILE *stream) {
    fputs(
        "| table | row | method | seeds | test mse | best not told | ratio | smaller in "
        "| best told | ratio | smaller in |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|\n",
        stream);
    for (int k = 0; k < count; k++)
        for (int row = 0; row < known[k].e.n_rows; row++) {
            const sq_row_place at = place_in(&known[k], row);
            print_lines(&at, stream);
        }
    fputc('\n', stream);
}

static bool any_run(const sq_known_experiment *known) {
    for (int row = 0; row < known->e.n_rows; row++)
        for (int model = 0; model < known->e.n_models; model++)
            if (sq_experiment_is_method(&known->e, model) &&
                sq_cell_find(&known->e, &known->runs.record, row, model).count > 0)
                return true;
    return false;
}

void sq_overview_print(const sq_known_experiment *known, int count, FILE *stream) {
    bool any = false;
    for (int k = 0; k < count; k++) any = any || any_run(&known[k]);
    fputs(
        "## Overview\n\n"
        "Methods against the best of their baselines, over the seeds that both have: the ratio of\n"
        "the mean squared errors on the test split, and the seeds in which that of the method is "
        "the\nsmaller. Told are baselines that are held to the symmetry that the data has, or "
        "trained on\nsamples moved by it; a method has to find it among others.\n\n",
        stream);
    if (!any) {
        fputs("No method has a run yet.\n\n", stream);
        return;
    }
    print_summary(known, count, stream);
    print_rows(known, count, stream);
}
