/* Text in manual pages. */
#ifndef SQ_CLI_ROFF_H
#define SQ_CLI_ROFF_H

#include <stdio.h>

/* A line of prose. */
void sq_roff_line(FILE *stream, const char *text);

/* What is typed or read by programs, in bold or as it stands: dashes are minus signs. */
void sq_roff_bold(FILE *stream, const char *text);
void sq_roff_code(FILE *stream, const char *text);

/* What stands for something else: FILE, DIR. */
void sq_roff_italic(FILE *stream, const char *text);

#endif
