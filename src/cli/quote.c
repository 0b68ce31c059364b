#include "cli/quote.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/text_stream.h"

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
    sq_text_stream text;
    char date[32];
    struct tm utc;
    time_t now = time(NULL);
    *line = NULL;
    sq_status status = sq_text_stream_open(&text, "the command line");
    if (status != SQ_OK) return status;
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    fprintf(text.stream, "%s: softeq", date);
    for (int i = 1; i < argc; i++) {
        fputc(' ', text.stream);
        sq_write_quoted(argv[i], text.stream);
    }
    return sq_text_stream_take(&text, line);
}
