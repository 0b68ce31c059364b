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

static void print_head(const sq_types_table *types, bool moves) {
    printf("%-20s %10s%s %16s %20s%s  %s\n", "type", "lambda", moves ? "  samples moved" : "",
           "symmetry level", "equivariance error", types->data_error ? "  of the data" : "",
           "verdict");
}

static void print_verdict(const sq_types_table *types, int g) {
    char held[SQ_WORDS_HELD] = "";
    if (types->held_from) sq_format_held(types->held_from[g], types->epoch, held);
    sq_verdict verdict =
        types->verdict ? types->verdict[g] : sq_verdict_of(types->equivariance_error[g]);
    printf("  %s%s%s%s\n", sq_verdict_word(verdict), *held ? " (" : "", held, *held ? ")" : "");
}

void sq_print_types(const sq_types_table *types) {
    bool moves = types->share && types->count > 0 && !isnan(types->share[0]);
    if (types->count > 0) print_head(types, moves);
    for (int g = 0; g < types->count; g++) {
        printf("%-20s", types->names[g]);
        print_cell(10, "%.4g", types->lambda[g]);
        if (moves) print_cell(14, "%.3f", types->share[g]);
        print_cell(16, "%.4f", types->symmetry_level[g]);
        print_cell(20, "%.4g", types->equivariance_error[g]);
        if (types->data_error) print_cell(12, "%.4g", types->data_error[g]);
        print_verdict(types, g);
    }
}
