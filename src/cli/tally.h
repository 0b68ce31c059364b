/* Ratios of the errors of two models, one for each row of a table: in how many one of them wins. */
#ifndef SQ_CLI_TALLY_H
#define SQ_CLI_TALLY_H

#include <stdio.h>

typedef struct {
    double *ratios;  /* the caller's, with room for one a row; sorted when they are printed */
    int rows, below; /* those in which the ratio is below 1 */
} sq_tally;

/* NaN stands for a row without a ratio: it is left out. */
void sq_tally_add(sq_tally *tally, double ratio);

/* Rows won, the median of the ratios, their least and their most: " 3 of 4 | 0.5 (0.1 to 2) |",
 * dashes for no row. */
void sq_tally_print(sq_tally *tally, FILE *stream);

/* Rows won and the median: " 3 of 4, 0.5 |" */
void sq_tally_print_short(sq_tally *tally, FILE *stream);

#endif
