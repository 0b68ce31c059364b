/* Configuration files: INI, read by inih. */
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "softeq/config.h"

/* A text value, its key and a comment. */
enum { LONGEST_LINE = 2 * SQ_CONFIG_TEXT };

/* Where reading stands. inih's handler is not told the line number, so the reader counts. */
typedef struct {
    FILE *file;
    const char *path;
    sq_config *config;
    int line;
    bool too_long;
    int *set_at; /* (keys of the table): the line that set a key; 0: none yet */
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

/* A key that stands there twice is a slip: refused, since the reader cannot know which one counts.
 * Unknown keys pass: setting them fails with a better message. */
static sq_status check_only_once(reading *at, const char *section, const char *name) {
    size_t count;
    const sq_config_key *table = sq_config_table(&count);
    for (size_t k = 0; k < count; k++) {
        if (strcmp(table[k].section, section) != 0 || strcmp(table[k].name, name) != 0) continue;
        if (at->set_at[k])
            return sq_fail(SQ_ERR_CONFIG, "%s:%d: %s.%s is set in line %d already; keep one",
                           at->path, at->line, section, name, at->set_at[k]);
        at->set_at[k] = at->line;
    }
    return SQ_OK;
}

/* inih's handler: 0 ends the reading. */
static int take_key(void *context, const char *section, const char *name, const char *value) {
    reading *at = context;
    char where[LONGEST_LINE];
    snprintf(where, sizeof where, "%s:%d", at->path, at->line);
    at->status = check_only_once(at, section, name);
    if (at->status == SQ_OK) at->status = sq_config_set(at->config, section, name, value, where);
    return at->status == SQ_OK;
}

/* Debian's inih is set up through variables rather than at compile time. */
static void set_up_parser(void) {
    ini_use_stack = false;
    ini_max_line = LONGEST_LINE;
    ini_initial_alloc = LONGEST_LINE;
    ini_allow_multiline = false;
    ini_stop_on_first_error = true;
}

static sq_status parse(reading *at) {
    set_up_parser();
    int result = ini_parse_stream(read_line, at, take_key, at);
    if (at->too_long)
        return sq_fail(SQ_ERR_CONFIG, "%s:%d: the line is longer than %d characters", at->path,
                       at->line, LONGEST_LINE - 1);
    if (at->status != SQ_OK) return at->status;
    if (ferror(at->file)) return sq_fail(SQ_ERR_IO, "%s: %s", at->path, strerror(errno));
    if (result == 0) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG, "%s:%d: neither [section], key = value nor ; comment", at->path,
                   at->line);
}

sq_status sq_config_read_file(sq_config *config, const char *path) {
    sq_status status = SQ_OK;
    size_t keys;
    reading at = {.path = path, .config = config, .file = fopen(path, "r")};
    if (!at.file)
        return sq_fail(SQ_ERR_IO, "%s: the configuration cannot be read: %s", path,
                       strerror(errno));
    sq_config_table(&keys);
    SQ_TRY(sq_alloc(keys, sizeof *at.set_at, &at.set_at));
    SQ_TRY(parse(&at));
cleanup:
    sq_free(at.set_at);
    fclose(at.file);
    return status;
}
