/* Words that keep their spaces, for the shell and for lists of files alike. */
#ifndef SQ_CLI_QUOTE_H
#define SQ_CLI_QUOTE_H

#include <stdio.h>

#include "softeq/error.h"

/* Writes a word, in quotes where it needs them. */
void sq_write_quoted(const char *word, FILE *stream);

/* "2025-01-31T12:00:00Z: softeq data make inertia -o x.nc"; freed with sq_free. */
sq_status sq_history_line(int argc, char *const *argv, char **line);

#endif
