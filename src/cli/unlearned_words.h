/* What a model has not learned, in words. */
#ifndef SQ_CLI_UNLEARNED_WORDS_H
#define SQ_CLI_UNLEARNED_WORDS_H

#include <stdio.h>

#include "softeq/run.h"

/* "87 % of the squared error can be predicted ...", and which types that breaks, or may break, but
 * for those that the model breaks as well.
 * name: writes the name of a type. Nothing if there is nothing to speak of. */
void sq_write_unlearned(FILE *stream, const sq_evaluation *evaluation,
                        void (*name)(FILE *stream, const char *name));

#endif
