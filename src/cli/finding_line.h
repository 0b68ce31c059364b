/* A finding as a line of a record: its columns parted by tabs, what is by type parted by blanks, in
 * the order of the column `types`. Other programs read it as well: pandas.read_csv(FILE,
 * sep="\t"). */
#ifndef SQ_CLI_FINDING_LINE_H
#define SQ_CLI_FINDING_LINE_H

#include <stdio.h>

#include "cli/finding.h"

/* The names of the columns, and the columns, with the end of the line. */
void sq_finding_print_names(FILE *stream);
void sq_finding_print(const sq_finding *finding, FILE *stream);

/* Both cut up the line. SQ_ERR_DATA names file, line and column. */
sq_status sq_finding_parse_names(const char *path, char *line);
sq_status sq_finding_parse(const char *path, int number, char *line, sq_finding *finding);

/* SQ_ERR_DATA if a number is none that a run can have found, such as one that is not finite though
 * it may not be missing: means over runs would be wrong. */
sq_status sq_finding_check(const sq_finding *finding);
/* SQ_ERR_DATA if the types are not those that the settings ask for. */
sq_status sq_finding_check_types(const sq_finding *finding);

/* The first column in which two findings of one run disagree, but for those that differ when it is
 * trained again, such as its seconds; NULL: none. */
const char *sq_finding_difference(const sq_finding *a, const sq_finding *b);

#endif
