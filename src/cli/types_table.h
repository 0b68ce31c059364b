/* What was found out about each symmetry type, as a table. */
#ifndef SQ_CLI_TYPES_TABLE_H
#define SQ_CLI_TYPES_TABLE_H

#include "cli/verdict.h"
#include "softeq/run.h"

/* Columns, (count) each; NULL where one may be: there is none. */
typedef struct {
    int count;
    const char (*names)[256];
    const double *lambda, *symmetry_level, *equivariance_error;
    const double *share;       /* of the training samples that it moved, or NULL; NaN: none */
    const double *data_error;  /* of the function that made the data, or NULL */
    const sq_verdict *verdict; /* or NULL: sq_verdict_of the equivariance error */
    int64_t epoch;             /* of the model, counted from 0; for held_from only */
    const int64_t *held_from;  /* 0-based epoch from which on it was held exactly, or NULL; -1: none
                                */
} sq_types_table;

/* Prints nothing for no types. */
void sq_print_types(const sq_types_table *types);

#endif
