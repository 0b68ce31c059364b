#include "cli/overview.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "base/statistics.h"
#include "cli/cell.h"
#include "cli/comparison.h"
#include "cli/held_count.h"
#include "cli/tally.h"

static sq_row_place place_in(const sq_known_experiment *known, int row) {
    return (sq_row_place){.e = &known->e, .record = &known->runs.record, .row = row};
}

/* ---- in how many rows ------------------------------------------------------------------------ */

/* What a method is compared with: the baselines of sq_compared, and the first method. */
enum { FIRST_METHOD = SQ_COMPARED, KINDS };

/* Index of the method of that name; -1: the table has none. */
static int find_method(const sq_experiment *e, const char *name) {
    const int model = sq_experiment_find_model(e, name, strlen(name));
    return model >= 0 && sq_experiment_is_method(e, model) ? model : -1;
}

static double ratio_to_best(const sq_row_place *at, int method, sq_baselines which) {
    return sq_comparison_with_best(at, method, which, sq_cell_mse).ratio;
}

/* Adds the rows of a table, if it has this method. */
static void add_table(const sq_known_experiment *known, const char *method, sq_tally *sums) {
    const sq_experiment *e = &known->e;
    const int model = find_method(e, method), first = sq_experiment_first_method(e);
    if (model < 0) return;
    for (int row = 0; row < e->n_rows; row++) {
        const sq_row_place at = place_in(known, row);
        for (int k = 0; k < SQ_COMPARED; k++)
            sq_tally_add(&sums[k], ratio_to_best(&at, model, sq_compared[k].which));
        if (first != model)
            sq_tally_add(&sums[FIRST_METHOD],
                         sq_comparison_of(&at, model, first, sq_cell_mse).ratio);
    }
}

/* Tables of a call, and room for a ratio of each kind and row of all of them. */
typedef struct {
    const sq_known_experiment *known; /* (count) */
    int count, rows;
    double *ratios; /* (KINDS, rows) */
} tables;

static void clear_tallies(const tables *all, sq_tally *sums) {
    for (int kind = 0; kind < KINDS; kind++)
        sums[kind] = (sq_tally){.ratios = all->ratios + kind * all->rows};
}

/* A line, if there is something to compare. */
static void print_tallies(const char *method, const char *where, sq_tally *sums, FILE *stream) {
    int compared = 0;
    for (int kind = 0; kind < KINDS; kind++) compared += sums[kind].rows;
    if (compared == 0) return;
    fprintf(stream, "| %s | %s |", method, where);
    for (int kind = 0; kind < KINDS; kind++) sq_tally_print(&sums[kind], stream);
    fputc('\n', stream);
}

/* Has no table before number `count` this method? */
static bool is_new(const sq_known_experiment *known, int count, const char *method) {
    for (int k = 0; k < count; k++)
        if (find_method(&known[k].e, method) >= 0) return false;
    return true;
}

static void print_method(const tables *all, const char *method, FILE *stream) {
    sq_tally sums[KINDS];
    clear_tallies(all, sums);
    for (int k = 0; k < all->count; k++)
        if (!sq_known_experiment_original(all->known, all->count, &all->known[k]))
            add_table(&all->known[k], method, sums);
    print_tallies(method, "all", sums, stream);
    for (int k = 0; k < all->count; k++) {
        clear_tallies(all, sums);
        add_table(&all->known[k], method, sums);
        print_tallies(method, all->known[k].e.name, sums, stream);
    }
}

static void print_summary(const tables *all, FILE *stream) {
    fputs(
        "Rows won are those in which that ratio is below 1; the ratio here is the median over the\n"
        "rows, with the least and the most of them. In the end the same against the first method\n"
        "of the table. Not all methods are in the same tables: lines of one table can be "
        "compared,\n"
        "those of all tables only if they are of as many rows. A table whose rows are those of\n"
        "another one, with other settings, does not count in `all`.\n\n"
        "| method | tables |",
        stream);
    for (int k = 0; k < SQ_COMPARED; k++)
        fprintf(stream, " %s: rows won | ratio |", sq_compared[k].head);
    fputs(" first method: rows won | ratio |\n|---|---|---|---|---|---|---|---|---|---|\n", stream);
    for (int k = 0; k < all->count; k++) {
        const sq_experiment *e = &all->known[k].e;
        for (int model = 0; model < e->n_models; model++)
            if (sq_experiment_is_method(e, model) && is_new(all->known, k, e->model[model].name))
                print_method(all, e->model[model].name, stream);
    }
    fputc('\n', stream);
}

/* ---- every row ------------------------------------------------------------------------------- */

static void print_line(const sq_row_place *at, int method, const sq_cell *found, FILE *stream) {
    fprintf(stream, "| %s | %s | %s | %d | ", at->e->name, at->e->row[at->row].name,
            at->e->model[method].name, found->count);
    sq_cell_print_number(sq_cell_median(found, sq_cell_mse), stream);
    fputs(" |", stream);
    sq_comparison_print_compared(at, method, stream);
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
    fputs("| table | row | method | seeds | median test mse |", stream);
    sq_comparison_print_heads(stream);
    fputs("\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n", stream);
    for (int k = 0; k < count; k++)
        for (int row = 0; row < known[k].e.n_rows; row++) {
            const sq_row_place at = place_in(&known[k], row);
            print_lines(&at, stream);
        }
    fputc('\n', stream);
}

static bool any_run(const sq_known_experiment *known) {
    for (sq_experiment_cell at = SQ_BEFORE_CELLS; sq_experiment_next(&known->e, &at);)
        if (sq_experiment_is_method(&known->e, at.model) &&
            sq_cell_find(&known->e, &known->runs.record, at.row, at.model).count > 0)
            return true;
    return false;
}

/* ---- between seeds --------------------------------------------------------------------------- */

/* Standard deviation of the logarithms of the errors of a cell; NaN: of less than two. */
static double spread_of(const sq_cell *cell) {
    sq_running_sums sums = {0};
    for (int k = 0; k < cell->count; k++)
        if (cell->runs[k].mse > 0.0) sq_running_add(&sums, log(cell->runs[k].mse));
    return sq_running_spread(&sums).deviation;
}

/* No fewer than there are cells that have any. */
static size_t count_runs(const sq_known_experiment *known, int count) {
    size_t runs = 0;
    for (int k = 0; k < count; k++) runs += known[k].runs.record.count;
    return runs;
}

/* Spreads of all cells that have some, of methods and baselines. *spreads: (*n), allocated */
static sq_status collect_spreads(const sq_known_experiment *known, int count, double **spreads,
                                 size_t *n) {
    sq_status status;
    SQ_TRY(sq_alloc(count_runs(known, count), sizeof **spreads, spreads));
    for (int k = 0; k < count; k++)
        for (sq_experiment_cell at = SQ_BEFORE_CELLS; sq_experiment_next(&known[k].e, &at);) {
            const sq_cell cell = sq_cell_find(&known[k].e, &known[k].runs.record, at.row, at.model);
            const double spread = spread_of(&cell);
            if (!isnan(spread)) (*spreads)[(*n)++] = spread;
        }
cleanup:
    return status;
}

static sq_status print_spread(const sq_known_experiment *known, int count, FILE *stream) {
    sq_status status;
    double *spreads = NULL;
    size_t n = 0;
    SQ_TRY(collect_spreads(known, count, &spreads, &n));
    if (n == 0) goto cleanup;
    const double median = sq_median(spreads, n); /* sorts them */
    fprintf(stream,
            "Between seeds the errors of one model in one row differ by a factor of %.3g (one\n"
            "standard deviation of their logarithm) in the median over the %zu cells of two and\n"
            "more seeds, in a tenth of them by %.3g and more.\n\n",
            exp(median), n, exp(spreads[n - 1 - n / 10]));
cleanup:
    sq_free(spreads);
    return status;
}

sq_status sq_overview_print(const sq_known_experiment *known, int count, FILE *stream) {
    sq_status status = SQ_OK;
    bool any = false;
    tables all = {.known = known, .count = count};
    for (int k = 0; k < count; k++) {
        any = any || any_run(&known[k]);
        all.rows += known[k].e.n_rows;
    }
    SQ_TRY(sq_alloc((size_t)(KINDS * all.rows), sizeof *all.ratios, &all.ratios));
    fputs(
        "## Overview\n\n"
        "Methods against the best of their baselines, over the seeds that both have: the ratio of\n"
        "the mean squared errors on the test split (geometric mean over the seeds), and the seeds\n"
        "won, in which it is below 1. Told are baselines that are held to the symmetry that the\n"
        "data has, or trained on samples moved by it; a method has to find it among others. Of "
        "its\n"
        "size are those that are not told and have at most a tenth more parameters than it.\n\n",
        stream);
    if (!any) {
        fputs("No method has a run yet.\n\n", stream);
        goto cleanup;
    }
    SQ_TRY(print_spread(known, count, stream));
    print_summary(&all, stream);
    sq_held_count_print(known, count, stream);
    print_rows(known, count, stream);
cleanup:
    sq_free(all.ratios);
    return status;
}
