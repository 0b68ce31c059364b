/* The verdict on a symmetry type: one word for all that is known of it. */
#ifndef SQ_CLI_VERDICT_H
#define SQ_CLI_VERDICT_H

#include <stdbool.h>
#include <stdio.h>

#include "softeq/run.h"

typedef enum {
    SQ_HOLDS,
    SQ_NEARLY,
    SQ_BROKEN,
    SQ_BROKEN_UNLEARNED, /* by what the model has not learned; the model itself has it */
    SQ_UNTESTED,         /* the model has it; the data has no samples that could tell */
    SQ_OPEN,             /* the model has learned next to nothing */
    SQ_UNKNOWN,          /* not measured */
    SQ_VERDICTS
} sq_verdict;

/* By the equivariance error alone, which is relative: 0.01 says that turning the input changes the
 * answer by a hundredth of its size beside what the symmetry says. Of what a training knows of
 * itself; holds, nearly, broken or unknown. */
sq_verdict sq_verdict_of(double equivariance_error);

/* By the equivariance error, unless something else in the evaluation says that it does not count:
 * the one that is printed wherever a model was evaluated. */
sq_verdict sq_verdict_of_type(const sq_evaluation *evaluation, int type);

/* Has the model learned so little of the targets that no type has a verdict, or so little that
 * verdicts are worth less? Not where that is not known. */
bool sq_explains_nothing(const sq_evaluation *evaluation);
bool sq_explains_little(const sq_evaluation *evaluation);

/* "holds", "nearly", "broken", "broken, not learned", "untested", "open", "-" */
const char *sq_verdict_word(sq_verdict verdict);
/* "holds", "nearly hold" ...: the verb for so many types. */
const char *sq_verdict_verb(sq_verdict verdict, int types);
/* The class of its style on a page: "holds", "nearly", "broken" or "open". */
const char *sq_verdict_class(sq_verdict verdict);

/* Of several runs: the word if they agree, else how often each was found: "holds 2; nearly 1".
 * Nothing if there are none. times: (SQ_VERDICTS) */
void sq_write_verdicts(FILE *stream, const int *times);

#endif
