#include "cli/pairs.h"

#include <math.h>
#include <string.h>

#include "cli/cell.h"
#include "cli/comparison.h"
#include "cli/tally.h"

/* A model of a table. */
typedef struct {
    const sq_known_experiment *table;
    int model;
} table_model;

static sq_cell runs_of(const table_model *of, int row) {
    return sq_cell_find(&of->table->e, &of->table->runs.record, row, of->model);
}

/* Over the rows that both have, in whatever order. seed: the only one that counts; NULL: all that
 * both have */
static void add_rows(const table_model *ours, const table_model *theirs, const long long *seed,
                     sq_tally *sums) {
    const sq_experiment *e = &ours->table->e;
    for (int row = 0; row < e->n_rows; row++) {
        const int there = sq_experiment_find_row(&theirs->table->e, e->row[row].name);
        if (there < 0) continue;
        sq_cell a = runs_of(ours, row), b = runs_of(theirs, there);
        if (seed) a = sq_cell_of_seed(&a, *seed);
        sq_tally_add(sums, sq_comparison_of_cells(&a, &b, sq_cell_mse).ratio);
    }
}

static sq_tally tally_of(const table_model *ours, const table_model *theirs, const long long *seed,
                         double *ratios) {
    sq_tally sums = {.ratios = ratios};
    add_rows(ours, theirs, seed, &sums);
    return sums;
}

/* The rest of a line that has begun. */
static void print_pair(const table_model *ours, const table_model *theirs, FILE *stream) {
    const sq_experiment *e = &ours->table->e;
    double ratios[SQ_EXPERIMENT_MOST];
    sq_tally sums = tally_of(ours, theirs, NULL, ratios);
    sq_tally_print(&sums, stream);
    for (int k = 0; k < e->n_seeds; k++) {
        sums = tally_of(ours, theirs, &e->seeds[k], ratios);
        sq_tally_print_short(&sums, stream);
    }
    fputc('\n', stream);
}

static bool share_a_row(const table_model *ours, const table_model *theirs) {
    double ratios[SQ_EXPERIMENT_MOST];
    return tally_of(ours, theirs, NULL, ratios).rows > 0;
}

/* names: the heads of the first columns, "method | baseline" */
static void print_head(const sq_experiment *e, const char *names, int n_names, FILE *stream) {
    fprintf(stream, "| %s | rows won | ratio |", names);
    for (int k = 0; k < e->n_seeds; k++) fprintf(stream, " seed %lld |", e->seeds[k]);
    fputs("\n|", stream);
    for (int k = 0; k < n_names + 2 + e->n_seeds; k++) fputs("---|", stream);
    fputc('\n', stream);
}

/* ---- models of one table
 * ------------------------------------------------------------------------------- */

static void print_others_head(const sq_experiment *e, FILE *stream) {
    fputs(
        "Against each baseline, told or not, and each other method: in how many of the rows that "
        "both have the ratio is below 1, and its median over them (its least and its most); then "
        "seed by seed.\n\n",
        stream);
    print_head(e, "method | against | table", 3, stream);
}

static bool is_compared(const sq_experiment *e, int method, int other) {
    if (!sq_experiment_is_method(e, method) || other == method) return false;
    return sq_experiment_is_baseline(e, other) || sq_experiment_is_method(e, other);
}

void sq_pairs_print_others(const sq_known_experiment *known, FILE *stream) {
    const sq_experiment *e = &known->e;
    bool any = false;
    for (int model = 0; model < e->n_models; model++)
        for (int other = 0; other < e->n_models; other++) {
            const table_model ours = {known, model}, theirs = {known, other};
            if (!is_compared(e, model, other) || !share_a_row(&ours, &theirs)) continue;
            if (!any) print_others_head(e, stream);
            any = true;
            fprintf(stream, "| %s | %s | %s |", e->model[model].name, e->model[other].name,
                    e->name);
            print_pair(&ours, &theirs, stream);
        }
    if (any) fputc('\n', stream);
}

/* ---- variants -------------------------------------------------------------------------------- */

static void print_variant_head(const sq_experiment *e, FILE *stream) {
    fprintf(stream,
            "Against the same model in [%s](#%s): in how many of the rows that both have the error "
            "is smaller with the settings of this table, and the ratios.\n\n",
            e->variant, e->variant);
    print_head(e, "model", 1, stream);
}

void sq_pairs_print_variant(const sq_known_experiment *known, const sq_known_experiment *original,
                            FILE *stream) {
    const sq_experiment *e = &known->e;
    bool any = false;
    for (int model = 0; model < e->n_models; model++) {
        const char *name = e->model[model].name;
        const table_model ours = {known, model};
        const table_model theirs = {original,
                                    sq_experiment_find_model(&original->e, name, strlen(name))};
        if (theirs.model < 0 || !share_a_row(&ours, &theirs)) continue;
        if (!any) print_variant_head(e, stream);
        any = true;
        fprintf(stream, "| %s |", name);
        print_pair(&ours, &theirs, stream);
    }
    if (any) fputc('\n', stream);
}
