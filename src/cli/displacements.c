#include "cli/displacements.h"

#include <string.h>

#include "base/units.h"

const char *sq_displacement_unit(const sq_evaluation *evaluation) {
    const char *units = evaluation->units;
    if (sq_units_are_metres(units)) return "metres";
    return sq_units_are_alike(units, "") ? "no unit" : units;
}

static void write_row(FILE *text, const sq_displacements *displaced, bool missed) {
    if (!displaced->displacement) return;
    fprintf(text, "%-20s %10.4f %10.4f", displaced->title, displaced->ade, displaced->fde);
    if (missed) fprintf(text, " %10.4f", displaced->miss_rate);
    fputs("\n", text);
}

void sq_write_displacements(FILE *text, const sq_evaluation *evaluation) {
    bool missed = sq_units_are_metres(evaluation->units);
    fprintf(text, "%-20s %10s %10s%s\n", sq_displacement_unit(evaluation), "ADE", "FDE",
            missed ? "  miss rate" : "");
    write_row(text, &evaluation->displaced, missed);
    for (int k = 0; k < evaluation->n_yardsticks; k++)
        write_row(text, &evaluation->yardsticks[k], missed);
}
