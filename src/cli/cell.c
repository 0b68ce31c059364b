#include "cli/cell.h"

#include <math.h>
#include <string.h>

/* A record is in the order of its experiment: the runs of a cell follow each other. */
sq_cell sq_cell_find(const sq_experiment *e, const sq_record *record, int row, int model) {
    sq_cell found = {0};
    for (size_t i = 0; i < record->count; i++) {
        const sq_finding *finding = &record->findings[i];
        if (strcmp(finding->row, e->row[row].name) || strcmp(finding->model, e->model[model].name))
            continue;
        if (!found.runs) found.runs = finding;
        found.count++;
    }
    return found;
}

sq_cell sq_cell_of_seed(const sq_cell *cell, long long seed) {
    for (int k = 0; k < cell->count; k++)
        if (cell->runs[k].seed == seed) return (sq_cell){.runs = &cell->runs[k], .count = 1};
    return (sq_cell){0};
}

double sq_cell_mse(const sq_finding *found, int type) {
    (void)type;
    return found->mse;
}
double sq_cell_shifted_mse(const sq_finding *found, int type) {
    (void)type;
    return found->shifted_mse;
}
double sq_cell_parameters(const sq_finding *found, int type) {
    (void)type;
    return found->parameters;
}
double sq_cell_epochs(const sq_finding *found, int type) {
    (void)type;
    return found->epochs;
}
double sq_cell_seconds(const sq_finding *found, int type) {
    (void)type;
    return found->seconds;
}
double sq_cell_lambda(const sq_finding *found, int type) { return found->lambda[type]; }
double sq_cell_share_off(const sq_finding *found, int type) { return 1.0 - found->level[type]; }
double sq_cell_model_error(const sq_finding *found, int type) { return found->error[type]; }
double sq_cell_data_error(const sq_finding *found, int type) { return found->data_error[type]; }

/* Models of a row may list the types in another order. -1: this run does not have it. */
static int find_type(const sq_finding *found, const char *name) {
    for (int g = 0; g < found->n_types; g++)
        if (!strcmp(found->type_names[g], name)) return g;
    return -1;
}

sq_spread sq_cell_spread(const sq_cell *cell, sq_cell_value *value, const char *type) {
    sq_running_sums sums = {0};
    for (int k = 0; k < cell->count; k++) {
        int g = type ? find_type(&cell->runs[k], type) : 0;
        if (g >= 0) sq_running_add(&sums, value(&cell->runs[k], g));
    }
    return sq_running_spread(&sums);
}

double sq_cell_median(const sq_cell *cell, sq_cell_value *value) {
    double values[SQ_EXPERIMENT_MOST];
    size_t count = 0;
    for (int k = 0; k < cell->count; k++) {
        double x = value(&cell->runs[k], 0);
        if (!isnan(x)) values[count++] = x;
    }
    return sq_median(values, count);
}

void sq_cell_print_number(double value, FILE *stream) {
    if (isnan(value))
        fputs("-", stream);
    else
        fprintf(stream, "%.3g", value);
}
