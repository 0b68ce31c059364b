/* Which column of a table is what. */
#ifndef SQ_DATA_CSV_COLUMNS_H
#define SQ_DATA_CSV_COLUMNS_H

#include <stddef.h>

#include "softeq/error.h"

typedef enum {
    SQ_CSV_TRACK,
    SQ_CSV_TIME,
    SQ_CSV_X,
    SQ_CSV_Y,
    SQ_CSV_Z,
    SQ_CSV_CLASS,
    SQ_CSV_HEADING,
    SQ_CSV_SCENE,
    SQ_CSV_COLUMNS
} sq_csv_column;

/* Open struct. */
typedef struct {
    int index[SQ_CSV_COLUMNS]; /* place in a row, -1: there is none */
    double time_unit;          /* seconds */
} sq_csv_columns;

/* "track" ... */
const char *sq_csv_column_name(sq_csv_column column);

/* Finds the columns among the names in the first line (count). chosen: "track=id time=stamp" or "".
 * Errors: SQ_ERR_DATA if one that is needed is missing; SQ_ERR_CONFIG for a choice that is none. */
sq_status sq_csv_columns_find(char *const *names, int count, const char *chosen, const char *path,
                              sq_csv_columns *columns);

#endif
