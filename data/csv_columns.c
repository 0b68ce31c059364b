#include "data/csv_columns.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

/* What columns are usually called. Of several names the one that stands first here counts; the
 * first of all is what the column is called in settings and messages. */
typedef struct {
    sq_csv_column column;
    const char *name;
    double unit; /* of times, in seconds */
} usual_name;

static const usual_name usual[] = {
    {SQ_CSV_TRACK, "track", 0},
    {SQ_CSV_TRACK, "track_id", 0},
    {SQ_CSV_TRACK, "agent", 0},
    {SQ_CSV_TRACK, "agent_id", 0},
    {SQ_CSV_TIME, "time", 1},
    {SQ_CSV_TIME, "timestamp", 1},
    {SQ_CSV_TIME, "timestamp_ms", 1e-3},
    {SQ_CSV_TIME, "time_ms", 1e-3},
    {SQ_CSV_X, "x", 0},
    {SQ_CSV_X, "position_x", 0},
    {SQ_CSV_Y, "y", 0},
    {SQ_CSV_Y, "position_y", 0},
    {SQ_CSV_Z, "z", 0},
    {SQ_CSV_Z, "position_z", 0},
    {SQ_CSV_CLASS, "class", 0},
    {SQ_CSV_CLASS, "agent_type", 0},
    {SQ_CSV_CLASS, "object_type", 0},
    {SQ_CSV_HEADING, "heading", 0},
    {SQ_CSV_HEADING, "yaw", 0},
    {SQ_CSV_HEADING, "psi_rad", 0},
    {SQ_CSV_SCENE, "scene", 0},
    {SQ_CSV_SCENE, "scene_id", 0},
    {SQ_CSV_SCENE, "case_id", 0},
    {SQ_CSV_SCENE, "scenario_id", 0},
};
enum { N_USUAL = sizeof usual / sizeof usual[0] };

const char *sq_csv_column_name(sq_csv_column column) {
    for (int i = 0; i < N_USUAL; i++)
        if (usual[i].column == column) return usual[i].name;
    return "";
}

static bool is_needed(int column) { return column <= SQ_CSV_Y; }

/* Place of a name in the first line; -1: it is not there. */
static int find_name(char *const *names, int count, const char *name) {
    for (int i = 0; i < count; i++)
        if (!strcasecmp(names[i], name)) return i;
    return -1;
}

static void find_usual(char *const *names, int count, sq_csv_columns *columns) {
    for (int i = 0; i < N_USUAL; i++) {
        int place = find_name(names, count, usual[i].name);
        if (place < 0 || columns->index[usual[i].column] >= 0) continue;
        columns->index[usual[i].column] = place;
        if (usual[i].column == SQ_CSV_TIME) columns->time_unit = usual[i].unit;
    }
}

static double unit_of(const char *name) {
    for (int i = 0; i < N_USUAL; i++)
        if (usual[i].column == SQ_CSV_TIME && !strcasecmp(usual[i].name, name))
            return usual[i].unit;
    return 1;
}

/* One word of data.columns: COLUMN=NAME. */
static sq_status choose(const char *word, size_t length, char *const *names, int count,
                        const char *path, sq_csv_columns *columns) {
    char text[256];
    snprintf(text, sizeof text, "%.*s", (int)length, word);
    char *name = strchr(text, '=');
    if (!name)
        return sq_fail(SQ_ERR_CONFIG, "data.columns: '%s' is not of the form column=name", text);
    *name++ = '\0';
    for (int column = 0; column < SQ_CSV_COLUMNS; column++) {
        if (strcmp(sq_csv_column_name((sq_csv_column)column), text)) continue;
        columns->index[column] = find_name(names, count, name);
        if (column == SQ_CSV_TIME) columns->time_unit = unit_of(name);
        if (columns->index[column] >= 0) return SQ_OK;
        return sq_fail(SQ_ERR_DATA, "%s: line 1: has no column '%s', which data.columns names",
                       path, name);
    }
    return sq_fail(SQ_ERR_CONFIG,
                   "data.columns: '%s' is none of track, time, x, y, z, class, heading, scene",
                   text);
}

static sq_status check_needed(const sq_csv_columns *columns, const char *path) {
    for (int column = 0; column < SQ_CSV_COLUMNS; column++) {
        const char *name = sq_csv_column_name((sq_csv_column)column);
        if (columns->index[column] >= 0 || !is_needed(column)) continue;
        return sq_fail(SQ_ERR_DATA,
                       "%s: line 1: has no column '%s'; a table of tracks begins with the names "
                       "of its columns, and --set data.columns='%s=NAME' tells another name",
                       path, name, name);
    }
    return SQ_OK;
}

sq_status sq_csv_columns_find(char *const *names, int count, const char *chosen, const char *path,
                              sq_csv_columns *columns) {
    const char *word;
    size_t length;
    for (int column = 0; column < SQ_CSV_COLUMNS; column++) columns->index[column] = -1;
    columns->time_unit = 1;
    while (sq_next_word(&chosen, &word, &length)) {
        sq_status status = choose(word, length, names, count, path, columns);
        if (status != SQ_OK) return status;
    }
    find_usual(names, count, columns);
    return check_needed(columns, path);
}
