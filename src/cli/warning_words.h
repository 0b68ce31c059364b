/* What training warned of, for those who read the verdicts. */
#ifndef SQ_CLI_WARNING_WORDS_H
#define SQ_CLI_WARNING_WORDS_H

#include <stdio.h>

/* Each line as `line` writes number 0, 1 ... of them. warnings: lines, NULL: none. */
void sq_each_warning(FILE *stream, const char *warnings,
                     void (*line)(FILE *stream, int number, const char *text));

/* "warning: ...", a line each. */
void sq_write_warnings(FILE *text, const char *warnings);

#endif
