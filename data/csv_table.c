#include "data/csv_table.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/csv_columns.h"
#include "data/file_kind.h"
#include "io/content_hash.h"

enum { MOST_FIELDS = 256 };

struct sq_csv_table {
    char *path;
    FILE *stream;
    sq_csv_columns columns;
    char separator;
    char *text; /* getline's own: the line under way, cut into fields */
    size_t text_size;
    char *fields[MOST_FIELDS];
    int n_fields;
    int64_t line, bytes;
};

/* ---- lines ---- */

static sq_status fail_to_read(const sq_csv_table *table) {
    return sq_fail(SQ_ERR_IO, "%s: cannot be read: %s", table->path, strerror(errno));
}

/* Without its end; *found: false at the end of the file. */
static sq_status read_line(sq_csv_table *table, bool *found) {
    ssize_t length = getline(&table->text, &table->text_size, table->stream);
    *found = length >= 0;
    if (length < 0) return ferror(table->stream) ? fail_to_read(table) : SQ_OK;
    table->line++;
    table->bytes += length;
    if (memchr(table->text, '\0', (size_t)length))
        return sq_fail(SQ_ERR_DATA, "%s: line %lld: holds a NUL: this is no table of text",
                       table->path, (long long)table->line);
    table->text[strcspn(table->text, "\r\n")] = '\0';
    return SQ_OK;
}

static sq_status fail_row(const sq_csv_table *table, const char *problem) {
    return sq_fail(SQ_ERR_DATA, "%s: line %lld: %s", table->path, (long long)table->line, problem);
}

static bool is_blank(const char *text) { return text[strspn(text, " \t")] == '\0'; }

/* Without blanks around it. Cuts the text. */
static char *trim(char *text) {
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) length--;
    text[length] = '\0';
    return text;
}

/* Takes the quotes off a field: `text` begins behind the first of them. A quote in the field is
 * written twice (RFC 4180). Returns what follows the last quote; NULL if there is none. */
static char *unquote(char *text) {
    char *to = text;
    for (; *text; text++) {
        bool twice = text[0] == '"' && text[1] == '"';
        if (*text == '"' && !twice) {
            *to = '\0';
            return text + 1;
        }
        *to++ = *text;
        text += twice;
    }
    return NULL;
}

/* Cuts off the field that *rest begins with; leaves what follows it, or NULL. Quotes keep
 * separators. */
static sq_status cut_field(const sq_csv_table *table, char **rest, char **field) {
    char *begin = *rest;
    while (*begin != table->separator && (*begin == ' ' || *begin == '\t')) begin++;
    bool quoted = *begin == '"';
    char *behind = quoted ? unquote(++begin) : begin;
    if (!behind) return fail_row(table, "has a quote that is not closed before the line ends");
    char *stop = strchr(behind, table->separator);
    if (stop) *stop = '\0';
    if (quoted && !is_blank(behind))
        return fail_row(table,
                        "has text behind a closing quote; a quote in quotes is written twice");
    *rest = stop ? stop + 1 : NULL;
    *field = trim(begin);
    return SQ_OK;
}

static sq_status split_line(sq_csv_table *table) {
    char *rest = table->text;
    sq_status status = SQ_OK;
    for (table->n_fields = 0; rest; table->n_fields++) {
        if (table->n_fields == MOST_FIELDS) return fail_row(table, "has more than 256 columns");
        SQ_TRY(cut_field(table, &rest, &table->fields[table->n_fields]));
    }
cleanup:
    return status;
}

/* ---- values ---- */

static sq_status fail_field(const sq_csv_table *table, sq_csv_column column, const char *problem) {
    return sq_fail(SQ_ERR_DATA, "%s: line %lld: %s '%.40s' %s", table->path, (long long)table->line,
                   sq_csv_column_name(column), table->fields[table->columns.index[column]],
                   problem);
}

static bool has(const sq_csv_table *table, sq_csv_column column) {
    return table->columns.index[column] >= 0;
}

static const char *field_of(const sq_csv_table *table, sq_csv_column column) {
    return table->fields[table->columns.index[column]];
}

static sq_status get_number(const sq_csv_table *table, sq_csv_column column, double *number) {
    const char *text = field_of(table, column);
    char *end;
    *number = strtod(text, &end);
    if (end == text || *end) return fail_field(table, column, "is no number");
    if (!isfinite(*number)) return fail_field(table, column, "is not finite");
    return SQ_OK;
}

/* Absent or empty: `otherwise`. */
static sq_status get_optional(const sq_csv_table *table, sq_csv_column column, double otherwise,
                              double *number) {
    *number = otherwise;
    if (!has(table, column) || !*field_of(table, column)) return SQ_OK;
    return get_number(table, column, number);
}

/* Microseconds, in as far as a double holds them exactly. */
static sq_status get_time(const sq_csv_table *table, int64_t *time) {
    double number;
    sq_status status = get_number(table, SQ_CSV_TIME, &number);
    if (status != SQ_OK) return status;
    number *= table->columns.time_unit * 1e6;
    if (fabs(number) > 0x1p53) return fail_field(table, SQ_CSV_TIME, "is too large");
    *time = llround(number);
    return SQ_OK;
}

/* A positive hash, so that it reads the same in every program. */
static int64_t hash_name(const char *name) {
    return (int64_t)(sq_hash_bytes(name, strlen(name), 0) >> 1);
}

static sq_status get_agent(const sq_csv_table *table, int64_t *agent) {
    const char *text = field_of(table, SQ_CSV_TRACK);
    char *end;
    if (!*text) return fail_field(table, SQ_CSV_TRACK, "is empty");
    errno = 0;
    *agent = strtoll(text, &end, 10);
    if (*end || errno) *agent = hash_name(text);
    return SQ_OK;
}

static sq_status get_row(const sq_csv_table *table, sq_csv_row *row) {
    sq_status status;
    SQ_TRY(get_agent(table, &row->agent));
    SQ_TRY(get_time(table, &row->time));
    SQ_TRY(get_number(table, SQ_CSV_X, &row->position[0]));
    SQ_TRY(get_number(table, SQ_CSV_Y, &row->position[1]));
    SQ_TRY(get_optional(table, SQ_CSV_Z, 0, &row->position[2]));
    SQ_TRY(get_optional(table, SQ_CSV_HEADING, NAN, &row->heading));
    row->scene = has(table, SQ_CSV_SCENE) ? hash_name(field_of(table, SQ_CSV_SCENE)) : 0;
    const char *kind = has(table, SQ_CSV_CLASS) ? field_of(table, SQ_CSV_CLASS) : "";
    row->other_word = !sq_agent_class_find(kind, &row->kind) && *kind;
cleanup:
    return status;
}

/* ---- tables ---- */

static char find_separator(const char *text) {
    return strchr(text, ',') ? ',' : strchr(text, ';') ? ';' : strchr(text, '\t') ? '\t' : ',';
}

static sq_status read_header(sq_csv_table *table, const char *names) {
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    bool found;
    sq_status status;
    SQ_TRY(read_line(table, &found));
    if (!found) SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: is empty", table->path));
    const char *kind = sq_binary_kind((const unsigned char *)table->text, strlen(table->text));
    if (kind) SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: is no table of text, but %s", table->path, kind));
    if (!strncmp(table->text, byte_order_mark, 3))
        memmove(table->text, table->text + 3, strlen(table->text + 3) + 1);
    table->separator = find_separator(table->text);
    SQ_TRY(split_line(table));
    SQ_TRY(
        sq_csv_columns_find(table->fields, table->n_fields, names, table->path, &table->columns));
cleanup:
    return status;
}

sq_status sq_csv_open(const char *path, const char *names, sq_csv_table **table) {
    sq_status status;
    SQ_TRY(sq_alloc(1, sizeof **table, table));
    SQ_TRY(sq_copy_text(path, &(*table)->path));
    (*table)->stream = fopen(path, "r");
    if (!(*table)->stream)
        SQ_TRY(sq_fail(SQ_ERR_IO, "%s: cannot be opened: %s", path, strerror(errno)));
    SQ_TRY(read_header(*table, names));
cleanup:
    if (status != SQ_OK) sq_csv_close(table);
    return status;
}

void sq_csv_close(sq_csv_table **table) {
    sq_csv_table *gone = *table;
    if (!gone) return;
    if (gone->stream) fclose(gone->stream);
    free(gone->text);
    sq_free(gone->path);
    sq_free(gone);
    *table = NULL;
}

bool sq_csv_tells_height(const sq_csv_table *table) { return has(table, SQ_CSV_Z); }

bool sq_csv_tells_class(const sq_csv_table *table) { return has(table, SQ_CSV_CLASS); }

int64_t sq_csv_last_line(const sq_csv_table *table) { return table->line; }

const char *sq_csv_class(const sq_csv_table *table) { return field_of(table, SQ_CSV_CLASS); }

int64_t sq_csv_bytes(const sq_csv_table *table) { return table->bytes; }

sq_status sq_csv_next(sq_csv_table *table, sq_csv_row *row, bool *found) {
    int wanted = 0;
    sq_status status;
    do {
        row->place = table->bytes;
        SQ_TRY(read_line(table, found));
    } while (*found && is_blank(table->text));
    if (!*found) return SQ_OK;
    SQ_TRY(split_line(table));
    for (int column = 0; column < SQ_CSV_COLUMNS; column++)
        if (table->columns.index[column] >= wanted) wanted = table->columns.index[column] + 1;
    if (table->n_fields < wanted) SQ_TRY(fail_row(table, "has fewer fields than the first line"));
    SQ_TRY(get_row(table, row));
cleanup:
    return status;
}

sq_status sq_csv_scene_name(sq_csv_table *table, int64_t place, char *name, size_t capacity) {
    const int64_t line = table->line, bytes = table->bytes; /* of the table as a whole */
    bool found = false;
    sq_status status;
    *name = '\0';
    if (!has(table, SQ_CSV_SCENE)) return SQ_OK;
    if (fseeko(table->stream, (off_t)place, SEEK_SET) != 0) return fail_to_read(table);
    SQ_TRY(read_line(table, &found));
    if (!found) return fail_to_read(table);
    SQ_TRY(split_line(table));
    if (table->n_fields > table->columns.index[SQ_CSV_SCENE])
        sq_copy_bounded(name, capacity, field_of(table, SQ_CSV_SCENE));
cleanup:
    table->line = line;
    table->bytes = bytes;
    return status;
}

int64_t sq_csv_line(sq_csv_table *table, int64_t place) {
    int64_t line = 1;
    if (fseeko(table->stream, 0, SEEK_SET) != 0) return 0;
    for (int64_t at = 0; at < place; at++) {
        int letter = getc_unlocked(table->stream);
        if (letter == EOF) return 0;
        line += letter == '\n';
    }
    return line;
}
