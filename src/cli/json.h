/* JSON values. */
#ifndef SQ_CLI_JSON_H
#define SQ_CLI_JSON_H

#include <stdio.h>

/* A string in quotes. */
void sq_json_text(FILE *stream, const char *text);
/* A number that reads back to the same double; null for what JSON cannot say. */
void sq_json_number(FILE *stream, double value);
/* {"name": value, ...}. names, values: (count), names as in run.h */
void sq_json_numbers_by_name(FILE *stream, const char (*names)[256], const double *values,
                             int count);

#endif
