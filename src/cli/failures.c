#include "cli/failures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/line_file.h"

enum { MAX_PATH = 8192 };

static const char head[] = "row\tmodel\tseed\treason\tsettings";

void sq_failures_clear(sq_failures *failures) {
    sq_free(failures->list);
    *failures = (sq_failures){0};
}

sq_status sq_failures_add(sq_failures *failures, const sq_failure *failure) {
    sq_status status = SQ_OK;
    if (failures->count == failures->capacity) {
        size_t capacity = failures->capacity > 0 ? 2 * failures->capacity : 8;
        SQ_TRY(sq_grow(failures->capacity, capacity, sizeof *failures->list, &failures->list));
        failures->capacity = capacity;
    }
    failures->list[failures->count++] = *failure;
cleanup:
    return status;
}

/* ---- the file -------------------------------------------------------------------------------- */

/* The next column; false: it is missing or too long. */
static bool take_text(char **rest, char *to, size_t capacity) {
    const char *text = strsep(rest, "\t");
    if (!text || strlen(text) >= capacity) return false;
    strcpy(to, text);
    return true;
}

static bool take_seed(char **rest, long long *seed) {
    char text[32], *end;
    if (!take_text(rest, text, sizeof text)) return false;
    *seed = strtoll(text, &end, 10);
    return end != text && !*end;
}

static sq_status read_line(const char *path, int number, char *line, void *context) {
    sq_failures *failures = context;
    sq_failure failure;
    bool good = number > 1 || strcmp(line, head) == 0;
    if (number == 1 && good) return SQ_OK;
    good = good && take_text(&line, failure.row, sizeof failure.row) &&
           take_text(&line, failure.model, sizeof failure.model) &&
           take_seed(&line, &failure.seed) &&
           take_text(&line, failure.reason, sizeof failure.reason) &&
           take_text(&line, failure.settings, sizeof failure.settings) && !line;
    if (good) return sq_failures_add(failures, &failure);
    return sq_fail(SQ_ERR_DATA,
                   "%s:%d: this is no line of a file of failed runs: remove it, or restore the "
                   "file",
                   path, number);
}

sq_status sq_failures_read(const char *path, sq_failures *failures) {
    *failures = (sq_failures){0};
    return sq_line_file_read(path, read_line, failures);
}

static void print_failures(const void *context, FILE *stream) {
    const sq_failures *failures = context;
    fprintf(stream, "%s\n", head);
    for (size_t i = 0; i < failures->count; i++) {
        const sq_failure *of = &failures->list[i];
        fprintf(stream, "%s\t%s\t%lld\t%s\t%s\n", of->row, of->model, of->seed, of->reason,
                of->settings);
    }
}

sq_status sq_failures_write(const sq_failures *failures, const char *path) {
    return sq_line_file_write(path, failures->count, print_failures, failures);
}

/* ---- the folder of a run --------------------------------------------------------------------- */

/* The comment in its first line. */
static sq_status read_reason(const char *path, bool *there, sq_failure *failure) {
    char line[sizeof failure->reason + 2];
    FILE *stream = fopen(path, "r");
    *there = stream != NULL;
    if (!stream)
        return errno == ENOENT ? SQ_OK : sq_fail(SQ_ERR_IO, "%s: %s", path, strerror(errno));
    bool good = fgets(line, sizeof line, stream) && line[0] == ';';
    fclose(stream);
    if (!good) return sq_fail(SQ_ERR_DATA, "%s: its first line is no comment: remove it", path);
    sq_copy_bounded(failure->reason, sizeof failure->reason, line + 1);
    sq_single_blanks(failure->reason);
    return SQ_OK;
}

sq_status sq_failure_read_folder(const char *folder, bool *there, sq_failure *failure) {
    sq_status status;
    sq_config config;
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/failed.ini", folder);
    SQ_TRY(read_reason(path, there, failure));
    if (!*there) return SQ_OK;
    sq_config_init(&config);
    SQ_TRY(sq_config_read_file(&config, path));
    SQ_TRY(sq_finding_settings(&config, failure->settings));
cleanup:
    return status;
}

/* ---- tables ---------------------------------------------------------------------------------- */

void sq_failures_print(const sq_failures *failures, FILE *stream) {
    if (failures->count == 0) return;
    fputs(
        "Runs that failed, which the tables are without; each is tried again by the next call:\n\n",
        stream);
    for (size_t i = 0; i < failures->count; i++) {
        const sq_failure *of = &failures->list[i];
        fprintf(stream, "- %s, `%s`, seed %lld: %s\n", of->row, of->model, of->seed, of->reason);
    }
    fputc('\n', stream);
}
