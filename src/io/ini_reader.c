#include "io/ini_reader.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Where reading stands. inih's handler is not told the line number, so the reader counts. */
typedef struct {
    FILE *file;
    const char *path;
    int line;
    bool too_long;
    sq_ini_handler *handler;
    void *context;
    sq_status status;
} reading;

/* inih's reader: one line without its indent, which inih would take for a continuation. */
static char *read_line(char *text, int capacity, void *stream) {
    reading *at = stream;
    if (at->too_long || !fgets(text, capacity, at->file)) return NULL;
    at->line++;
    at->too_long = !strchr(text, '\n') && !feof(at->file);
    size_t indent = 0;
    while (isblank((unsigned char)text[indent])) indent++;
    memmove(text, text + indent, strlen(text + indent) + 1);
    return text;
}

/* inih's handler: 0 ends the reading. */
static int take_key(void *context, const char *section, const char *name, const char *value) {
    reading *at = context;
    at->status = at->handler(at->context, at->path, at->line, section, name, value);
    return at->status == SQ_OK;
}

/* Debian's inih is set up through variables rather than at compile time. */
static void set_up_parser(void) {
    ini_use_stack = false;
    ini_max_line = SQ_INI_LONGEST_LINE;
    ini_initial_alloc = SQ_INI_LONGEST_LINE;
    ini_allow_multiline = false;
    ini_stop_on_first_error = true;
}

static sq_status parse(reading *at) {
    set_up_parser();
    int result = ini_parse_stream(read_line, at, take_key, at);
    if (at->too_long)
        return sq_fail(SQ_ERR_CONFIG, "%s:%d: the line is longer than %d characters", at->path,
                       at->line, SQ_INI_LONGEST_LINE - 1);
    if (at->status != SQ_OK) return at->status;
    if (ferror(at->file)) return sq_fail(SQ_ERR_IO, "%s: %s", at->path, strerror(errno));
    if (result == 0) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG, "%s:%d: neither [section], key = value nor ; comment", at->path,
                   at->line);
}

sq_status sq_ini_read(const char *path, sq_ini_handler *handler, void *context) {
    reading at = {.path = path, .file = fopen(path, "r"), .handler = handler, .context = context};
    if (!at.file)
        return sq_fail(SQ_ERR_IO, "%s: the configuration cannot be read: %s", path,
                       strerror(errno));
    sq_status status = parse(&at);
    fclose(at.file);
    return status;
}
