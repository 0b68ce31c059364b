#include "io/config_file.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text_stream.h"
#include "io/atomic_file.h"
#include "io/ini_reader.h"

typedef struct {
    sq_config *config;
    int *set_at; /* (keys of the table): the line that set a key; 0: none yet */
} reading;

/* A key that stands there twice is a slip: refused, since the reader cannot know which one counts.
 * Unknown keys pass: setting them fails with a better message. */
static sq_status check_only_once(const reading *at, const char *path, int line, const char *section,
                                 const char *name) {
    size_t count;
    const sq_config_key *table = sq_config_table(&count);
    for (size_t k = 0; k < count; k++) {
        if (strcmp(table[k].section, section) != 0 || strcmp(table[k].name, name) != 0) continue;
        if (at->set_at[k])
            return sq_fail(SQ_ERR_CONFIG, "%s:%d: %s.%s is set in line %d already; keep one", path,
                           line, section, name, at->set_at[k]);
        at->set_at[k] = line;
    }
    return SQ_OK;
}

static sq_status take_key(void *context, const char *path, int line, const char *section,
                          const char *name, const char *value) {
    reading *at = context;
    char where[SQ_INI_LONGEST_LINE];
    snprintf(where, sizeof where, "%s:%d", path, line);
    sq_status status = check_only_once(at, path, line, section, name);
    return status == SQ_OK ? sq_config_set(at->config, section, name, value, where) : status;
}

sq_status sq_config_read_file(sq_config *config, const char *path) {
    sq_status status;
    size_t keys;
    reading at = {.config = config};
    sq_config_table(&keys);
    SQ_TRY(sq_alloc(keys, sizeof *at.set_at, &at.set_at));
    SQ_TRY(sq_ini_read(path, take_key, &at));
cleanup:
    sq_free(at.set_at);
    return status;
}

sq_status sq_config_write_file(const sq_config *config, const char *path) {
    sq_status status;
    sq_text_stream text;
    SQ_TRY(sq_text_stream_open(&text, path));
    sq_config_write(config, text.stream);
    SQ_TRY(sq_text_stream_close(&text));
    SQ_TRY(sq_write_text_file(path, text.text));
cleanup:
    sq_text_stream_clear(&text);
    return status;
}
