#include "cli/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/text_stream.h"
#include "io/atomic_file.h"

enum { MAX_PATH = 8192, NUMBER_TEXT = 32 };

/* ---- columns --------------------------------------------------------------------------------- */

typedef enum { TEXT, WHOLE, REAL, NAMES, BY_TYPE } column_kind;

/* TEXT: size is that of the text. NAMES comes before whatever is BY_TYPE: it counts the types. */
typedef struct {
    const char *name;
    column_kind kind;
    size_t offset, size;
} column;

#define COLUMN(name, kind, member) \
    { name, kind, offsetof(sq_finding, member), sizeof((sq_finding *)0)->member }
static const column columns[] = {
    COLUMN("row", TEXT, row),
    COLUMN("model", TEXT, model),
    COLUMN("seed", WHOLE, seed),
    COLUMN("mse", REAL, mse),
    COLUMN("shifted_mse", REAL, shifted_mse),
    COLUMN("types", NAMES, type_names),
    COLUMN("lambda", BY_TYPE, lambda),
    COLUMN("symmetry_level", BY_TYPE, level),
    COLUMN("equivariance_error", BY_TYPE, error),
    COLUMN("data_equivariance_error", BY_TYPE, data_error),
    COLUMN("epochs", REAL, epochs),
    COLUMN("seconds", REAL, seconds),
    COLUMN("program", TEXT, program),
    COLUMN("settings", TEXT, settings),
};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

static void *member(sq_finding *finding, const column *of) { return (char *)finding + of->offset; }

/* ---- reading --------------------------------------------------------------------------------- */

static bool parse_real(const char *text, double *value) {
    char *end;
    *value = strtod(text, &end);
    return end != text && !*end;
}

static bool parse_whole(const char *text, long long *value) {
    char *end;
    errno = 0;
    *value = strtoll(text, &end, 10);
    return end != text && !*end && errno == 0;
}

static bool parse_names(const char *text, sq_finding *finding) {
    const char *word;
    size_t length;
    for (finding->n_types = 0; sq_next_word(&text, &word, &length); finding->n_types++) {
        if (finding->n_types == SQ_MAX_TYPES || length >= sizeof *finding->type_names) return false;
        memcpy(finding->type_names[finding->n_types], word, length);
        finding->type_names[finding->n_types][length] = '\0';
    }
    return true;
}

/* As many numbers as there are types. */
static bool parse_by_type(const char *text, int n_types, double *values) {
    char number[NUMBER_TEXT];
    const char *word;
    size_t length;
    int count = 0;
    for (; sq_next_word(&text, &word, &length); count++) {
        if (count == n_types || length >= sizeof number) return false;
        memcpy(number, word, length);
        number[length] = '\0';
        if (!parse_real(number, &values[count])) return false;
    }
    return count == n_types;
}

static bool parse(const column *of, const char *text, sq_finding *finding) {
    void *at = member(finding, of);
    switch (of->kind) {
        case TEXT:
            if (strlen(text) >= of->size) return false;
            strcpy(at, text);
            return true;
        case WHOLE: return parse_whole(text, at);
        case REAL: return parse_real(text, at);
        case NAMES: return parse_names(text, finding);
        case BY_TYPE: return parse_by_type(text, finding->n_types, at);
    }
    return false;
}

static sq_status check_header(const char *path, char *line) {
    char *rest = line;
    for (int k = 0; k < N_COLUMNS; k++) {
        const char *name = strsep(&rest, "\t");
        if (!name || strcmp(name, columns[k].name))
            return sq_fail(SQ_ERR_DATA,
                           "%s:1: column %d should be '%s'; restore the file from version control, "
                           "or remove it and train its runs again",
                           path, k + 1, columns[k].name);
    }
    if (!rest) return SQ_OK;
    return sq_fail(SQ_ERR_DATA,
                   "%s:1: column %d '%s' is not of a record and would not be kept: remove it, "
                   "or keep it in another file",
                   path, N_COLUMNS + 1, strsep(&rest, "\t"));
}

static sq_status read_line(const char *path, int number, char *line, sq_record *record) {
    sq_status status = SQ_OK;
    sq_finding *finding = NULL;
    char *rest = line;
    SQ_TRY(sq_alloc(1, sizeof *finding, &finding));
    for (int k = 0; k < N_COLUMNS; k++) {
        const char *text = strsep(&rest, "\t");
        if (!text || !parse(&columns[k], text, finding))
            SQ_TRY(sq_fail(SQ_ERR_DATA,
                           "%s:%d: column %s is missing or wrong: remove the line, "
                           "or restore the file",
                           path, number, columns[k].name));
    }
    if (rest)
        SQ_TRY(sq_fail(SQ_ERR_DATA,
                       "%s:%d: '%s' stands behind the last column: remove it, or restore the file",
                       path, number, rest));
    SQ_TRY(sq_record_add(record, finding));
cleanup:
    sq_free(finding);
    return status;
}

sq_status sq_record_read(const char *path, sq_record *record) {
    sq_status status = SQ_OK;
    char *line = NULL;
    size_t capacity = 0;
    *record = (sq_record){0};
    FILE *stream = fopen(path, "r");
    if (!stream && errno == ENOENT) return SQ_OK;
    if (!stream) return sq_fail(SQ_ERR_IO, "%s: %s", path, strerror(errno));
    for (int number = 1; getline(&line, &capacity, stream) >= 0; number++) {
        line[strcspn(line, "\n")] = '\0';
        SQ_TRY(number == 1 ? check_header(path, line) : read_line(path, number, line, record));
    }
    if (ferror(stream)) status = sq_fail(SQ_ERR_IO, "%s: it cannot be read", path);
cleanup:
    free(line);
    fclose(stream);
    return status;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void print_real(double value, FILE *stream) {
    char text[NUMBER_TEXT];
    sq_format_number(value, text, sizeof text);
    fputs(text, stream);
}

static void print(const column *of, sq_finding *finding, FILE *stream) {
    const void *at = member(finding, of);
    switch (of->kind) {
        case TEXT: fputs(at, stream); return;
        case WHOLE: fprintf(stream, "%lld", *(const long long *)at); return;
        case REAL: print_real(*(const double *)at, stream); return;
        case NAMES:
            for (int g = 0; g < finding->n_types; g++)
                fprintf(stream, "%s%s", g > 0 ? " " : "", finding->type_names[g]);
            return;
        case BY_TYPE:
            for (int g = 0; g < finding->n_types; g++) {
                if (g > 0) fputc(' ', stream);
                print_real(((const double *)at)[g], stream);
            }
            return;
    }
}

static void print_record(const sq_record *record, FILE *stream) {
    for (int k = 0; k < N_COLUMNS; k++) fprintf(stream, "%s%s", k > 0 ? "\t" : "", columns[k].name);
    fputc('\n', stream);
    for (size_t i = 0; i < record->count; i++) {
        for (int k = 0; k < N_COLUMNS; k++) {
            if (k > 0) fputc('\t', stream);
            print(&columns[k], &record->findings[i], stream);
        }
        fputc('\n', stream);
    }
}

static sq_status make_folder_of(const char *path) {
    char folder[MAX_PATH];
    sq_copy_bounded(folder, sizeof folder, path);
    char *slash = strrchr(folder, '/');
    if (!slash) return SQ_OK;
    *slash = '\0';
    return sq_make_folder(folder);
}

sq_status sq_record_write(const sq_record *record, const char *path) {
    sq_status status;
    sq_text_stream text;
    SQ_TRY(sq_text_stream_open(&text, path));
    print_record(record, text.stream);
    SQ_TRY(sq_text_stream_close(&text));
    SQ_TRY(make_folder_of(path));
    SQ_TRY(sq_write_text_file(path, text.text));
cleanup:
    sq_text_stream_clear(&text);
    return status;
}

/* ---- the record ------------------------------------------------------------------------------ */

void sq_record_path(const char *tables, const char *experiment, char *path, size_t capacity) {
    const char *slash = strrchr(tables, '/');
    const char *dot = strrchr(slash ? slash : tables, '.');
    int length = (int)(dot ? (size_t)(dot - tables) : strlen(tables));
    snprintf(path, capacity, "%.*s/%s.tsv", length, tables, experiment);
}

void sq_record_clear(sq_record *record) {
    sq_free(record->findings);
    *record = (sq_record){0};
}

sq_status sq_record_add(sq_record *record, const sq_finding *finding) {
    sq_status status = SQ_OK;
    if (record->count == record->capacity) {
        size_t capacity = record->capacity > 0 ? 2 * record->capacity : 64;
        SQ_TRY(sq_grow(record->capacity, capacity, sizeof *record->findings, &record->findings));
        record->capacity = capacity;
    }
    record->findings[record->count++] = *finding;
cleanup:
    return status;
}

static bool is_run(const sq_finding *finding, const char *row, const char *model, long long seed) {
    return finding->seed == seed && !strcmp(finding->row, row) && !strcmp(finding->model, model);
}

const sq_finding *sq_record_find(const sq_record *record, const char *row, const char *model,
                                 long long seed, const char *settings) {
    for (size_t i = 0; i < record->count; i++) {
        const sq_finding *finding = &record->findings[i];
        if (is_run(finding, row, model, seed) && !strcmp(finding->settings, settings))
            return finding;
    }
    return NULL;
}

bool sq_record_has(const sq_record *record, const sq_finding *run) {
    for (size_t i = 0; i < record->count; i++)
        if (is_run(&record->findings[i], run->row, run->model, run->seed)) return true;
    return false;
}
