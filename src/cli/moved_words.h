/* What moved samples say of types whose equivariance error is small, in words. */
#ifndef SQ_CLI_MOVED_WORDS_H
#define SQ_CLI_MOVED_WORDS_H

#include <stdbool.h>
#include <stdio.h>

#include "softeq/run.h"

/* Is there anything to say? An equivariance error is relative to the size of the outputs, which an
 * offset may be nearly all of: then it is small for every type. The error on moved samples is
 * relative to that of the model. */
bool sq_has_small_breaks(const sq_evaluation *evaluation);

/* "Moved by elements of SO(2) the test samples have 219 times the squared error ...". Nothing if
 * there is nothing to say. name: writes the name of a type. */
void sq_write_small_breaks(FILE *stream, const sq_evaluation *evaluation,
                           void (*name)(FILE *stream, const char *name));

#endif
