/* What a model has not learned, in words. */
#ifndef SQ_CLI_UNLEARNED_WORDS_H
#define SQ_CLI_UNLEARNED_WORDS_H

#include <stdio.h>

#include "softeq/run.h"

/* "87 % of this error is no noise: ...", and which types it breaks that the model does not break.
 * name: writes the name of a type. Nothing if there is nothing to speak of. */
void sq_write_unlearned(FILE *stream, const sq_evaluation *evaluation,
                        void (*name)(FILE *stream, const char *name));

#endif
