#include "cli/record.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/finding_line.h"
#include "cli/line_file.h"
#include "io/atomic_file.h"

enum { MAX_PATH = 8192 };

/* ---- the record ------------------------------------------------------------------------------ */

void sq_record_clear(sq_record *record) {
    for (size_t i = 0; i < record->count; i++) sq_free(record->places[i]);
    sq_free(record->places);
    sq_free(record->findings);
    *record = (sq_record){0};
}

static sq_status make_room(sq_record *record) {
    sq_status status = SQ_OK;
    size_t capacity = record->capacity > 0 ? 2 * record->capacity : 64;
    if (record->count < record->capacity) return SQ_OK;
    SQ_TRY(sq_grow(record->capacity, capacity, sizeof *record->findings, &record->findings));
    SQ_TRY(sq_grow(record->capacity, capacity, sizeof *record->places, &record->places));
    record->capacity = capacity;
cleanup:
    return status;
}

static ptrdiff_t find_same(const sq_record *record, const char *settings) {
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->findings[i].settings, settings) == 0) return (ptrdiff_t)i;
    return -1;
}

const sq_finding *sq_record_find_same(const sq_record *record, const char *settings) {
    ptrdiff_t same = find_same(record, settings);
    return same < 0 ? NULL : &record->findings[same];
}

/* Two results for one run, as a merge of records leaves them, cannot both stand. */
static sq_status check_same(const sq_record *record, const sq_finding *finding) {
    ptrdiff_t same = find_same(record, finding->settings);
    if (same < 0) return SQ_OK;
    const sq_finding *other = &record->findings[same];
    const char *different = sq_finding_difference(other, finding);
    if (!different) return SQ_OK;
    return sq_fail(
        SQ_ERR_DATA,
        "row %s, model %s, seed %lld has the settings but not the %s of row %s, model %s, seed "
        "%lld: remove what is wrong, a line of a record or a folder, or both and train the run "
        "again; the other is in %s",
        finding->row, finding->model, finding->seed, different, other->row, other->model,
        other->seed, record->places[same]);
}

static sq_status append(sq_record *record, const sq_finding *finding, const char *place) {
    sq_status status;
    SQ_TRY(make_room(record));
    SQ_TRY(sq_copy_text(place, &record->places[record->count]));
    record->findings[record->count++] = *finding;
cleanup:
    return status;
}

sq_status sq_record_add(sq_record *record, const sq_finding *finding, const char *place) {
    sq_status status;
    SQ_TRY(sq_fail_within(sq_finding_check(finding), "%s", place));
    SQ_TRY(sq_fail_within(check_same(record, finding), "%s", place));
    SQ_TRY(append(record, finding, place));
cleanup:
    return status;
}

sq_status sq_record_add_missing(sq_record *record, const sq_record *from) {
    sq_status status = SQ_OK;
    for (size_t i = 0; i < from->count; i++)
        if (!sq_record_find_same(record, from->findings[i].settings))
            SQ_TRY(append(record, &from->findings[i], from->places[i]));
cleanup:
    return status;
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

static sq_status read_line(const char *path, int number, char *line, sq_record *record) {
    char place[MAX_PATH + 16];
    sq_status status;
    sq_finding *finding = NULL;
    snprintf(place, sizeof place, "%s:%d", path, number);
    SQ_TRY(sq_alloc(1, sizeof *finding, &finding));
    SQ_TRY(sq_finding_parse(path, number, line, finding));
    SQ_TRY(sq_record_add(record, finding, place));
cleanup:
    sq_free(finding);
    return status;
}

static sq_status take_line(const char *path, int number, char *line, void *context) {
    return number == 1 ? sq_finding_parse_names(path, line)
                       : read_line(path, number, line, context);
}

sq_status sq_record_read(const char *path, sq_record *record) {
    return sq_line_file_read(path, take_line, record);
}

static int is_record(const struct dirent *entry) {
    char failures[32];
    snprintf(failures, sizeof failures, "%s%s", sq_record_failed, record_end);
    return entry->d_name[0] != '.' && sq_ends_with(entry->d_name, record_end) &&
           !sq_ends_with(entry->d_name, failures);
}

sq_status sq_record_read_all(const char *tables, sq_record *record) {
    sq_status status = SQ_OK;
    struct dirent **entries = NULL;
    char folder[MAX_PATH], path[MAX_PATH + sizeof(*entries)->d_name];
    folder_of_records(tables, folder, sizeof folder);
    int count = scandir(folder, &entries, is_record, alphasort);
    if (count < 0 && errno == ENOENT) return SQ_OK;
    if (count < 0) return sq_fail(SQ_ERR_IO, "%s: %s", folder, strerror(errno));
    for (int k = 0; k < count && status == SQ_OK; k++) {
        snprintf(path, sizeof path, "%s/%s", folder, entries[k]->d_name);
        status = sq_record_read(path, record);
    }
    for (int k = 0; k < count; k++) free(entries[k]);
    free(entries);
    return status;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void print_record(const void *context, FILE *stream) {
    const sq_record *record = context;
    sq_finding_print_names(stream);
    for (size_t i = 0; i < record->count; i++) sq_finding_print(&record->findings[i], stream);
}

sq_status sq_record_write(const sq_record *record, const char *path) {
    return sq_line_file_write(path, record->count, print_record, record);
}
