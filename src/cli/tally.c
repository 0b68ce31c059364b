#include "cli/tally.h"

#include <math.h>

#include "base/statistics.h"
#include "cli/cell.h"

void sq_tally_add(sq_tally *tally, double ratio) {
    if (isnan(ratio)) return;
    tally->ratios[tally->rows++] = ratio;
    tally->below += ratio < 1.0;
}

void sq_tally_print(sq_tally *tally, FILE *stream) {
    if (tally->rows == 0) {
        fputs(" - | - |", stream);
        return;
    }
    const double median = sq_median(tally->ratios, (size_t)tally->rows); /* sorts them */
    fprintf(stream, " %d of %d | ", tally->below, tally->rows);
    sq_cell_print_number(median, stream);
    fputs(" (", stream);
    sq_cell_print_number(tally->ratios[0], stream);
    fputs(" to ", stream);
    sq_cell_print_number(tally->ratios[tally->rows - 1], stream);
    fputs(") |", stream);
}

void sq_tally_print_short(sq_tally *tally, FILE *stream) {
    if (tally->rows == 0) {
        fputs(" - |", stream);
        return;
    }
    fprintf(stream, " %d of %d, ", tally->below, tally->rows);
    sq_cell_print_number(sq_median(tally->ratios, (size_t)tally->rows), stream);
    fputs(" |", stream);
}
