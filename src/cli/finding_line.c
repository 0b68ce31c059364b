#include "cli/finding_line.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { NUMBER_TEXT = 32 };

/* ---- columns --------------------------------------------------------------------------------- */

typedef enum { TEXT, WHOLE, REAL, NAMES, BY_TYPE } column_kind;

/* MAY_MISS: a number may be NaN. MAY_DIFFER: when the same run is trained again. SHARE: from 0 to
 * 1, but for rounding. COUNT: a whole number. */
enum { MAY_MISS = 1, MAY_DIFFER = 2, SHARE = 4, COUNT = 8 };

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
    COLUMN("symmetry_level", BY_TYPE, MAY_MISS | SHARE, level),
    COLUMN("equivariance_error", BY_TYPE, MAY_MISS | SHARE, error),
    COLUMN("data_equivariance_error", BY_TYPE, MAY_MISS | SHARE, data_error),
    COLUMN("parameters", REAL, COUNT, parameters),
    COLUMN("epochs", REAL, COUNT, epochs),
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

const char *sq_finding_difference(const sq_finding *a, const sq_finding *b) {
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

/* ---- what no run can have found -------------------------------------------------------------- */

/* What the number should be and is not, and what to do; NULL: it is. */
static const char *fault_of(const column *of, double number) {
    static const double rounding = 1e-6;
    if (isnan(number) && of->flags & MAY_MISS) return NULL;
    if (!isfinite(number) || (number < 0.0 && !(of->flags & SHARE)))
        return "a finite number from 0 on: remove the run and train it again, with a lower "
               "train.lr if it comes out the same";
    if (of->flags & SHARE && (number < -rounding || number > 1.0 + rounding))
        return "from 0 to 1: restore the file, or remove the run and train it again";
    if (of->flags & COUNT && number != floor(number))
        return "a whole number: restore the file, or remove the run and train it again";
    return NULL;
}

/* The names of the types that settings ask for. types: (capacity) */
static void asked_types(const char *settings, char *types, size_t capacity) {
    static const char key[] = "symmetry.types=", separator[] = " | ";
    sq_config config;
    for (const char *one = settings; one; one = strstr(one, separator)) {
        one += one == settings ? 0 : strlen(separator);
        if (strncmp(one, key, strlen(key)) != 0) continue;
        sq_copy_bounded(types, capacity, one + strlen(key));
        char *end = strstr(types, separator);
        if (end) *end = '\0';
        return;
    }
    sq_config_init(&config);
    sq_copy_bounded(types, capacity, config.symmetry.types);
}

/* A type that is asked for again is told apart by its name: O(3)#2. */
static bool are_types(const sq_finding *finding, const char *asked) {
    const char *word;
    size_t length;
    int count = 0;
    for (; sq_next_word(&asked, &word, &length); count++) {
        const char *name = finding->type_names[count];
        if (count == finding->n_types || strncmp(name, word, length) != 0) return false;
        if (name[length] != '\0' && name[length] != '#') return false;
    }
    return count == finding->n_types;
}

sq_status sq_finding_check_types(const sq_finding *finding) {
    char asked[SQ_FINDING_TEXT];
    asked_types(finding->settings, asked, sizeof asked);
    if (are_types(finding, asked)) return SQ_OK;
    return sq_fail(SQ_ERR_DATA,
                   "types are not those of the settings, %s: restore the file, or remove the run "
                   "and train it again",
                   asked);
}

sq_status sq_finding_check(const sq_finding *finding) {
    for (int k = 0; k < N_COLUMNS; k++) {
        int count;
        const double *of = numbers(finding, &columns[k], &count);
        for (int i = 0; i < count; i++) {
            const char *fault = fault_of(&columns[k], of[i]);
            if (fault)
                return sq_fail(SQ_ERR_DATA, "row %s, model %s, seed %lld: %s is not %s",
                               finding->row, finding->model, finding->seed, columns[k].name, fault);
        }
    }
    return SQ_OK;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* As it is written: in decimal digits, and by its name if it is none. */
static bool parse_real(const char *text, double *value) {
    const char *name = text + (*text == '-');
    char *end;
    *value = strtod(text, &end);
    if (strcmp(name, "nan") == 0 || strcmp(name, "inf") == 0) return true;
    return end != text && !*end && !text[strspn(text, "0123456789+-.e")];
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

sq_status sq_finding_parse_names(const char *path, char *line) {
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

sq_status sq_finding_parse(const char *path, int number, char *line, sq_finding *finding) {
    for (int k = 0; k < N_COLUMNS; k++) {
        const char *text = strsep(&line, "\t");
        if (!text || !parse(&columns[k], text, finding))
            return sq_fail(SQ_ERR_DATA,
                           "%s:%d: column %s is missing or wrong: remove the line, "
                           "or restore the file",
                           path, number, columns[k].name);
    }
    if (!line) return sq_fail_within(sq_finding_check_types(finding), "%s:%d", path, number);
    return sq_fail(SQ_ERR_DATA,
                   "%s:%d: '%s' stands behind the last column: remove it, or restore the file",
                   path, number, line);
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

void sq_finding_print_names(FILE *stream) {
    for (int k = 0; k < N_COLUMNS; k++) fprintf(stream, "%s%s", k > 0 ? "\t" : "", columns[k].name);
    fputc('\n', stream);
}

void sq_finding_print(const sq_finding *finding, FILE *stream) {
    for (int k = 0; k < N_COLUMNS; k++) {
        if (k > 0) fputc('\t', stream);
        print(&columns[k], finding, stream);
    }
    fputc('\n', stream);
}
