#include "cli/types_table.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli/words.h"

/* A number in a column of this width; a dash for what was not computed. */
static void print_cell(int width, const char *format, double value) {
    char text[32] = "-";
    if (!isnan(value)) snprintf(text, sizeof text, format, value);
    printf(" %*s", width, text);
}

void sq_print_types(int count, const char (*names)[256], const double *lambda, const double *share,
                    const double *symmetry_level, const double *equivariance_error,
                    const double *data_error) {
    bool moves = share && count > 0 && !isnan(share[0]);
    if (count > 0)
        printf("%-20s %10s%s %16s %20s%s  %s\n", "type", "lambda", moves ? "  samples moved" : "",
               "symmetry level", "equivariance error", data_error ? "  of the data" : "",
               "verdict");
    for (int type = 0; type < count; type++) {
        printf("%-20s", names[type]);
        print_cell(10, "%.4g", lambda[type]);
        if (moves) print_cell(14, "%.3f", share[type]);
        print_cell(16, "%.4f", symmetry_level[type]);
        print_cell(20, "%.4g", equivariance_error[type]);
        if (data_error) print_cell(12, "%.4g", data_error[type]);
        printf("  %s\n", sq_verdict_word(sq_verdict_of(equivariance_error[type])));
    }
}
