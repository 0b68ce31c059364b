/* What an evaluation says of its verdicts, in words: how little is explained, what is not learned,
 * and what is broken by little. */
#ifndef SQ_CLI_REMARKS_H
#define SQ_CLI_REMARKS_H

#include <stdbool.h>
#include <stdio.h>

#include "softeq/run.h"

/* has: is there anything to say? write: says it, names of types by `name`. */
typedef struct {
    const char *id; /* of its paragraph of a page */
    bool (*has)(const sq_evaluation *evaluation);
    void (*write)(FILE *stream, const sq_evaluation *evaluation,
                  void (*name)(FILE *stream, const char *name));
} sq_remark;

enum { SQ_REMARKS = 3 };
extern const sq_remark sq_remarks[SQ_REMARKS];

/* All that there are, a line each. */
void sq_write_remarks(FILE *text, const sq_evaluation *evaluation);

#endif
