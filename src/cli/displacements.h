/* How far the positions of forecasts are off, for a terminal. */
#ifndef SQ_CLI_DISPLACEMENTS_H
#define SQ_CLI_DISPLACEMENTS_H

#include <stdio.h>

#include "softeq/run.h"

/* What the distances of an evaluation are in: "metres", or the name that the data gives its unit.
 */
const char *sq_displacement_unit(const sq_evaluation *evaluation);

/* A line for the model and one for each yardstick that applies, under a head. */
void sq_write_displacements(FILE *text, const sq_evaluation *evaluation);

#endif
