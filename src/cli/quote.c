#include "cli/quote.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"

static bool is_plain(const char *word) {
    if (!*word) return false;
    for (; *word; word++)
        if (!isalnum((unsigned char)*word) && !strchr("%+,-./:=@_", *word)) return false;
    return true;
}

void sq_write_quoted(const char *word, FILE *stream) {
    if (is_plain(word)) {
        fputs(word, stream);
        return;
    }
    fputc('\'', stream);
    for (; *word; word++) {
        /* A quote inside goes into quotes of the other kind: no backslashes, which lists of
         * files do not know. */
        if (*word == '\'')
            fputs("'\"'\"'", stream);
        else
            fputc(*word, stream);
    }
    fputc('\'', stream);
}

sq_status sq_history_line(int argc, char *const *argv, char **line) {
    char *text = NULL;
    size_t size = 0;
    char date[32];
    struct tm utc;
    time_t now = time(NULL);
    *line = NULL;
    FILE *stream = open_memstream(&text, &size);
    if (!stream) return sq_fail(SQ_ERR_MEMORY, "no memory for the command line");
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    fprintf(stream, "%s: softeq", date);
    for (int i = 1; i < argc; i++) {
        fputc(' ', stream);
        sq_write_quoted(argv[i], stream);
    }
    fclose(stream);
    sq_status status = sq_copy_text(text, line);
    free(text);
    return status;
}
