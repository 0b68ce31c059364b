/* Tables of text: a line of column names, then a line per row, separated by commas, semicolons or
 * tabs, fields in quotes or not (RFC 4180, but for line breaks in a field). Reads the columns that
 * make a track. */
#ifndef SQ_DATA_CSV_TABLE_H
#define SQ_DATA_CSV_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/track.h"
#include "softeq/error.h"

typedef struct sq_csv_table sq_csv_table;

/* One position. */
typedef struct {
    int64_t scene;               /* a hash of its name; 0 without a column of scenes */
    int64_t agent;               /* as it stands there if it is a whole number, else a hash */
    int64_t time;                /* microseconds */
    int64_t place;               /* of the row, in bytes of the file */
    double position[3], heading; /* heading: NaN if not told */
    sq_agent_class kind;
    bool other_word; /* the class is told, by a word that is not known here */
} sq_csv_row;

/* Opens a table and finds its columns. names: "track=id time=stamp", columns that are called
 * otherwise than usual. The caller closes. Errors: SQ_ERR_IO; SQ_ERR_DATA for a file without such
 * columns; SQ_ERR_CONFIG for a name that is none. */
sq_status sq_csv_open(const char *path, const char *names, sq_csv_table **table);
/* Accepts and leaves NULL. */
void sq_csv_close(sq_csv_table **table);

bool sq_csv_tells_height(const sq_csv_table *table);
bool sq_csv_tells_class(const sq_csv_table *table);

/* Reads the next row; *found: false at the end. Errors: SQ_ERR_DATA with file, line and column. */
sq_status sq_csv_next(sq_csv_table *table, sq_csv_row *row, bool *found);

/* Of the row that was read last: its line, from 1, and what stands in the column of classes. */
int64_t sq_csv_last_line(const sq_csv_table *table);
const char *sq_csv_class(const sq_csv_table *table);

/* Bytes read so far. */
int64_t sq_csv_bytes(const sq_csv_table *table);

/* The name of the scene of the row at a place; "" without a column of scenes. Only after the last
 * sq_csv_next. name: (capacity) */
sq_status sq_csv_scene_name(sq_csv_table *table, int64_t place, char *name, size_t capacity);
/* The line of the row at a place, from 1, for messages; 0 if it cannot be found out. */
int64_t sq_csv_line(sq_csv_table *table, int64_t place);

#endif
