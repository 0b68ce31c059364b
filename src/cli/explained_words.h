/* How much of the targets a model explains, in words. */
#ifndef SQ_CLI_EXPLAINED_WORDS_H
#define SQ_CLI_EXPLAINED_WORDS_H

#include <stdio.h>

#include "softeq/run.h"

/* ", explained 0.9876", to stand behind an error. Nothing of targets that do not vary. */
void sq_write_explained(FILE *stream, const sq_evaluation *evaluation);

/* "explains only 4 % of the targets", "explains nothing of the targets" */
void sq_write_explains_only(FILE *stream, const sq_evaluation *evaluation);

/* Of a model that explains less than half of them: what that means for its verdicts. name: not
 * called, no type is named. */
void sq_write_little_explained(FILE *stream, const sq_evaluation *evaluation,
                               void (*name)(FILE *stream, const char *name));

#endif
