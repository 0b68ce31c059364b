/* A cell of an experiment's tables: the finished runs of a row and a model, and the numbers that
 * are shown of them. */
#ifndef SQ_CLI_CELL_H
#define SQ_CLI_CELL_H

#include <stdio.h>

#include "base/statistics.h"
#include "cli/experiment.h"
#include "cli/record.h"

typedef struct {
    const sq_finding *runs; /* (count), the record's */
    int count;
} sq_cell;

/* record: in the order of the experiment. row, model: indices */
sq_cell sq_cell_find(const sq_experiment *e, const sq_record *record, int row, int model);

/* The one of its runs with that seed; none if it has none. */
sq_cell sq_cell_of_seed(const sq_cell *cell, long long seed);

/* A number of a run; type: an index, for those that are by type. */
typedef double sq_cell_value(const sq_finding *found, int type);

sq_cell_value sq_cell_mse;
sq_cell_value sq_cell_shifted_mse;
sq_cell_value sq_cell_parameters;
sq_cell_value sq_cell_epochs;
sq_cell_value sq_cell_seconds;
sq_cell_value sq_cell_lambda;
/* 1 - level: of the weights that is not symmetric. What tells the types apart is often below 1e-5,
 * of which the level itself would show nothing. */
sq_cell_value sq_cell_share_off;
sq_cell_value sq_cell_model_error;
sq_cell_value sq_cell_data_error;

/* Over the runs that have the type. type: its name; NULL: of no type */
sq_spread sq_cell_spread(const sq_cell *cell, sq_cell_value *value, const char *type);

/* Of a value that is of no type; NaN: of no run. */
double sq_cell_median(const sq_cell *cell, sq_cell_value *value);

/* Three digits, or a dash for NaN. */
void sq_cell_print_number(double value, FILE *stream);

#endif
