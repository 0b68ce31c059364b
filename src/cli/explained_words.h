/* How much of the targets a model explains, in words. */
#ifndef SQ_CLI_EXPLAINED_WORDS_H
#define SQ_CLI_EXPLAINED_WORDS_H

#include <stdio.h>

#include "softeq/run.h"

/* ", explained 0.9876", to stand behind an error. Nothing of targets that do not vary. */
void sq_write_explained(FILE *stream, const sq_evaluation *evaluation);

#endif
