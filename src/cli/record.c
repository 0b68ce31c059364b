#include "cli/record.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/line_file.h"
#include "io/atomic_file.h"

enum { MAX_PATH = 8192, NUMBER_TEXT = 32 };

/* ---- columns --------------------------------------------------------------------------------- */

typedef enum { TEXT, WHOLE, REAL, NAMES, BY_TYPE } column_kind;

/* MAY_MISS: a number may be NaN. MAY_DIFFER: when the same run is trained again. MAY_ROUND: what is
 * 0 may come out below it. */
enum { MAY_MISS = 1, MAY_DIFFER = 2, MAY_ROUND = 4 };

/* TEXT: size is that of the text. NAMES comes before whatever is BY_TYPE: it counts the types. */
typedef struct {
    const char *name;
    column_kind kind;
    unsigned flags;
    size_t offset, size;
} column;

#define COLUMN(name, kind, flags, member) \
    { name, kind, flags, offsetof(sq_finding, member), sizeof((sq_finding *)0)->member }
static const column columns[] = {
    COLUMN("row", TEXT, 0, row),
    COLUMN("model", TEXT, 0, model),
    COLUMN("seed", WHOLE, 0, seed),
    COLUMN("mse", REAL, 0, mse),
    COLUMN("shifted_mse", REAL, MAY_MISS, shifted_mse),
    COLUMN("types", NAMES, 0, type_names),
    COLUMN("lambda", BY_TYPE, MAY_MISS, lambda),
    COLUMN("symmetry_level", BY_TYPE, MAY_MISS | MAY_ROUND, level),
    COLUMN("equivariance_error", BY_TYPE, MAY_MISS, error),
    COLUMN("data_equivariance_error", BY_TYPE, MAY_MISS, data_error),
    COLUMN("epochs", REAL, 0, epochs),
    COLUMN("seconds", REAL, MAY_DIFFER, seconds),
    COLUMN("program", TEXT, MAY_DIFFER, program),
    COLUMN("settings", TEXT, 0, settings),
};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

static void *member(sq_finding *finding, const column *of) { return (char *)finding + of->offset; }
static const void *value(const sq_finding *finding, const column *of) {
    return (const char *)finding + of->offset;
}

/* The numbers of a column; *count: 0 if it has none that are real. */
static const double *numbers(const sq_finding *finding, const column *of, int *count) {
    *count = of->kind == REAL ? 1 : of->kind == BY_TYPE ? finding->n_types : 0;
    return *count > 0 ? value(finding, of) : NULL;
}

static bool same_numbers(const double *a, const double *b, int count) {
    for (int k = 0; k < count; k++)
        if (a[k] != b[k] && !(isnan(a[k]) && isnan(b[k]))) return false;
    return true;
}

static bool same_names(const sq_finding *a, const sq_finding *b) {
    bool same = a->n_types == b->n_types;
    for (int g = 0; g < a->n_types && same; g++)
        same = strcmp(a->type_names[g], b->type_names[g]) == 0;
    return same;
}

/* The first column in which two findings of a run disagree that should not; NULL: none. */
static const char *find_difference(const sq_finding *a, const sq_finding *b) {
    for (int k = 0; k < N_COLUMNS; k++) {
        const column *of = &columns[k];
        int count;
        const double *ours = numbers(a, of, &count), *theirs = numbers(b, of, &count);
        if (of->flags & MAY_DIFFER) continue;
        if (of->kind == NAMES && !same_names(a, b)) return of->name;
        if (!same_numbers(ours, theirs, count)) return of->name;
    }
    return NULL;
}

static bool is_number_of(const column *of, double number) {
    if (isnan(number)) return of->flags & MAY_MISS;
    return isfinite(number) && (number >= 0.0 || of->flags & MAY_ROUND);
}

/* Means over runs would be no numbers. */
static sq_status check_numbers(const sq_finding *finding) {
    for (int k = 0; k < N_COLUMNS; k++) {
        int count;
        const double *of = numbers(finding, &columns[k], &count);
        for (int i = 0; i < count; i++)
            if (!is_number_of(&columns[k], of[i]))
                return sq_fail(SQ_ERR_DATA,
                               "row %s, model %s, seed %lld: %s is not a finite number from 0 on: "
                               "remove the run and train it again, with a lower train.lr if it "
                               "comes out the same",
                               finding->row, finding->model, finding->seed, columns[k].name);
    }
    return SQ_OK;
}

static bool is_run(const sq_finding *finding, const char *row, const char *model, long long seed) {
    return finding->seed == seed && !strcmp(finding->row, row) && !strcmp(finding->model, model);
}

/* ---- files ----------------------------------------------------------------------------------- */

static const char record_end[] = ".tsv";
const char sq_record_failed[] = ".failed", sq_record_former[] = ".former";

/* results.md has its records in results. */
static void folder_of_records(const char *tables, char *folder, size_t capacity) {
    const char *slash = strrchr(tables, '/');
    const char *dot = strrchr(slash ? slash : tables, '.');
    size_t length = dot ? (size_t)(dot - tables) : strlen(tables);
    snprintf(folder, capacity, "%.*s", (int)length, tables);
}

void sq_record_path(const char *tables, const char *experiment, char *path, size_t capacity) {
    char folder[MAX_PATH];
    folder_of_records(tables, folder, sizeof folder);
    snprintf(path, capacity, "%s/%s%s", folder, experiment, record_end);
}

void sq_record_beside(const char *record, const char *kind, char *path, size_t capacity) {
    int length = (int)(strlen(record) - strlen(record_end));
    snprintf(path, capacity, "%.*s%s%s", length, record, kind, record_end);
}

sq_status sq_record_lock(const char *tables, sq_folder_lock *lock) {
    static const double patience = 60.0; /* seconds */
    char folder[MAX_PATH];
    sq_status status;
    folder_of_records(tables, folder, sizeof folder);
    SQ_TRY(sq_make_folder(folder));
    SQ_TRY(sq_folder_lock_take(folder, patience, lock));
cleanup:
    return status;
}

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

/* NULL: there is none. */
static const sq_finding *find_line(const sq_record *record, const char *row, const char *model,
                                   long long seed, const char *settings) {
    for (size_t i = 0; i < record->count; i++) {
        const sq_finding *finding = &record->findings[i];
        if (is_run(finding, row, model, seed) && !strcmp(finding->settings, settings))
            return finding;
    }
    return NULL;
}

/* Two results for one run, as a merge of records leaves them, cannot both stand. The lines follow
 * that of the names. */
static sq_status check_repeated(const char *path, int number, const sq_record *record,
                                const sq_finding *finding) {
    const sq_finding *earlier =
        find_line(record, finding->row, finding->model, finding->seed, finding->settings);
    const char *different = earlier ? find_difference(earlier, finding) : NULL;
    if (!different) return SQ_OK;
    return sq_fail(SQ_ERR_DATA,
                   "%s:%d: row %s, model %s, seed %lld stands in line %d with the same settings, "
                   "but another %s: remove the line that is wrong, or both and train the run again",
                   path, number, finding->row, finding->model, finding->seed,
                   (int)(earlier - record->findings) + 2, different);
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
    SQ_TRY(check_repeated(path, number, record, finding));
    SQ_TRY(sq_fail_within(sq_record_add(record, finding), "%s:%d", path, number));
cleanup:
    sq_free(finding);
    return status;
}

static sq_status take_line(const char *path, int number, char *line, void *context) {
    return number == 1 ? check_header(path, line) : read_line(path, number, line, context);
}

sq_status sq_record_read(const char *path, sq_record *record) {
    *record = (sq_record){0};
    return sq_line_file_read(path, take_line, record);
}

static int is_record(const struct dirent *entry) {
    char failures[32];
    snprintf(failures, sizeof failures, "%s%s", sq_record_failed, record_end);
    return entry->d_name[0] != '.' && sq_ends_with(entry->d_name, record_end) &&
           !sq_ends_with(entry->d_name, failures);
}

sq_status sq_record_add_found(sq_record *record, const sq_finding *finding, const char *path) {
    const sq_finding *other = sq_record_find_same(record, finding->settings);
    const char *different = other ? find_difference(other, finding) : NULL;
    if (!different) return sq_fail_within(sq_record_add(record, finding), "%s", path);
    return sq_fail(
        SQ_ERR_DATA,
        "%s: row %s, model %s, seed %lld has the settings of row %s, model %s, seed %lld "
        "elsewhere, but another %s: remove what is wrong, a line of a record or a folder, or both "
        "and train the run again",
        path, finding->row, finding->model, finding->seed, other->row, other->model, other->seed,
        different);
}

static sq_status add_file(const char *path, sq_record *record) {
    sq_record added;
    sq_status status;
    SQ_TRY(sq_record_read(path, &added));
    for (size_t i = 0; i < added.count; i++)
        SQ_TRY(sq_record_add_found(record, &added.findings[i], path));
cleanup:
    sq_record_clear(&added);
    return status;
}

sq_status sq_record_read_all(const char *tables, sq_record *record) {
    sq_status status = SQ_OK;
    struct dirent **entries = NULL;
    char folder[MAX_PATH], path[MAX_PATH + sizeof(*entries)->d_name];
    *record = (sq_record){0};
    folder_of_records(tables, folder, sizeof folder);
    int count = scandir(folder, &entries, is_record, alphasort);
    if (count < 0 && errno == ENOENT) return SQ_OK;
    if (count < 0) return sq_fail(SQ_ERR_IO, "%s: %s", folder, strerror(errno));
    for (int k = 0; k < count && status == SQ_OK; k++) {
        snprintf(path, sizeof path, "%s/%s", folder, entries[k]->d_name);
        status = add_file(path, record);
    }
    for (int k = 0; k < count; k++) free(entries[k]);
    free(entries);
    return status;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void print_real(double value, FILE *stream) {
    char text[NUMBER_TEXT];
    sq_format_number(value, text, sizeof text);
    fputs(text, stream);
}

static void print(const column *of, const sq_finding *finding, FILE *stream) {
    const void *at = value(finding, of);
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

static void print_record(const void *context, FILE *stream) {
    const sq_record *record = context;
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

sq_status sq_record_write(const sq_record *record, const char *path) {
    return sq_line_file_write(path, record->count, print_record, record);
}

/* ---- the record ------------------------------------------------------------------------------ */

void sq_record_clear(sq_record *record) {
    sq_free(record->findings);
    *record = (sq_record){0};
}

sq_status sq_record_add(sq_record *record, const sq_finding *finding) {
    sq_status status;
    SQ_TRY(check_numbers(finding));
    if (record->count == record->capacity) {
        size_t capacity = record->capacity > 0 ? 2 * record->capacity : 64;
        SQ_TRY(sq_grow(record->capacity, capacity, sizeof *record->findings, &record->findings));
        record->capacity = capacity;
    }
    record->findings[record->count++] = *finding;
cleanup:
    return status;
}

sq_status sq_record_add_missing(sq_record *record, const sq_record *from) {
    sq_status status = SQ_OK;
    for (size_t i = 0; i < from->count; i++)
        if (!sq_record_find_same(record, from->findings[i].settings))
            SQ_TRY(sq_record_add(record, &from->findings[i]));
cleanup:
    return status;
}

const sq_finding *sq_record_find_same(const sq_record *record, const char *settings) {
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->findings[i].settings, settings) == 0) return &record->findings[i];
    return NULL;
}
