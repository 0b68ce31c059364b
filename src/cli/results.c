#include "cli/results.h"

#include <string.h>

#include "cli/cell.h"
#include "cli/comparison.h"
#include "cli/pairs.h"

/* " 0.6 ± 0.02 |" */
static void print_spread(const sq_cell *c, sq_cell_value *value, FILE *stream) {
    sq_spread spread = sq_cell_spread(c, value, NULL);
    fputc(' ', stream);
    sq_cell_print_number(spread.mean, stream);
    if (spread.count > 1) fprintf(stream, " ± %.2g", spread.deviation);
    fputs(" |", stream);
}

static void print_median(const sq_cell *c, sq_cell_value *value, FILE *stream) {
    fputc(' ', stream);
    sq_cell_print_number(sq_cell_median(c, value), stream);
    fputs(" |", stream);
}

/* Parameters, epochs and seconds are told to the whole. */
static void print_mean(const sq_cell *c, sq_cell_value *value, FILE *stream) {
    sq_spread spread = sq_cell_spread(c, value, NULL);
    if (spread.count > 0)
        fprintf(stream, " %.0f |", spread.mean);
    else
        fputs(" - |", stream);
}

/* Means by type: " 0, 100, 34, 35 |" */
static void print_by_type(const sq_cell *c, const sq_finding *first, sq_cell_value *value,
                          FILE *stream) {
    for (int g = 0; g < first->n_types; g++) {
        fputs(g > 0 ? ", " : " ", stream);
        sq_cell_print_number(sq_cell_spread(c, value, first->type_names[g]).mean, stream);
    }
    fputs(" |", stream);
}

static void print_model(const char *name, const sq_cell *c, const sq_finding *first, FILE *stream) {
    fprintf(stream, "| %s | %d |", name, c->count);
    print_mean(c, sq_cell_parameters, stream);
    print_spread(c, sq_cell_mse, stream);
    print_median(c, sq_cell_mse, stream);
    print_spread(c, sq_cell_shifted_mse, stream);
    print_by_type(c, first, sq_cell_lambda, stream);
    print_by_type(c, first, sq_cell_share_off, stream);
    print_by_type(c, first, sq_cell_model_error, stream);
    print_by_type(c, first, sq_cell_data_error, stream);
    print_mean(c, sq_cell_epochs, stream);
    print_mean(c, sq_cell_seconds, stream);
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
        ".\n\n| model | runs | parameters | test mse | median | out of distribution | lambda "
        "| 1 - level | error of the model | of the data | epochs | seconds |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|\n",
        stream);
    for (int model = 0; model < e->n_models; model++) {
        const sq_cell found = sq_cell_find(e, record, row, model);
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

static int count_runs(const sq_experiment *e) {
    int count = 0;
    for (sq_experiment_cell at = SQ_BEFORE_CELLS; sq_experiment_next(e, &at);) count += e->n_seeds;
    return count;
}

void sq_results_print(const sq_known_experiment *known, const sq_known_experiment *original,
                      FILE *stream) {
    const sq_experiment *e = &known->e;
    const sq_record *record = &known->runs.record;
    fprintf(stream, "## %s\n\n%s `jobs/run_table.sh %s`: %zu of %d runs are there.\n\n", e->name,
            e->title, e->name, record->count, count_runs(e));
    sq_comparison_print(e, record, stream);
    sq_pairs_print_others(known, stream);
    if (original) sq_pairs_print_variant(known, original, stream);
    sq_comparison_print_published(e, record, stream);
    for (int row = 0; row < e->n_rows; row++) print_row(e, record, row, stream);
    print_missing(e, record, stream);
    sq_failures_print(&known->runs.failures, stream);
}
