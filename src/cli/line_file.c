#include "cli/line_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text_stream.h"
#include "io/atomic_file.h"

/* Cut off or changed on the way, a line may look like one of other settings. */
static sq_status check_end_of_line(const char *path, int number, const char *line) {
    const char *end = line + strcspn(line, "\r\n");
    if (end[0] == '\n') return SQ_OK;
    return sq_fail(SQ_ERR_DATA, "%s:%d: %s: restore the file from version control", path, number,
                   end[0] == '\r' ? "has a carriage return, and lines should end with line feeds "
                                    "alone"
                                  : "the line is cut off");
}

sq_status sq_line_file_read(const char *path, sq_line_taker *take, void *context) {
    sq_status status = SQ_OK;
    char *line = NULL;
    size_t capacity = 0;
    int number = 1;
    FILE *stream = fopen(path, "r");
    if (!stream && errno == ENOENT) return SQ_OK;
    if (!stream) return sq_fail(SQ_ERR_IO, "%s: %s", path, strerror(errno));
    for (; getline(&line, &capacity, stream) >= 0; number++) {
        SQ_TRY(check_end_of_line(path, number, line));
        line[strcspn(line, "\n")] = '\0';
        SQ_TRY(take(path, number, line, context));
    }
    if (ferror(stream)) SQ_TRY(sq_fail(SQ_ERR_IO, "%s: it cannot be read", path));
    if (number == 1)
        status = sq_fail(SQ_ERR_DATA,
                         "%s: is empty: restore the file from version control, or remove it", path);
cleanup:
    free(line);
    fclose(stream);
    return status;
}

sq_status sq_line_file_write(const char *path, size_t count, sq_line_printer *print,
                             const void *context) {
    sq_status status;
    sq_text_stream text = {0};
    if (count == 0 && (unlink(path) == 0 || errno == ENOENT)) return SQ_OK;
    SQ_TRY(sq_text_stream_open(&text, path));
    print(context, text.stream);
    SQ_TRY(sq_text_stream_close(&text));
    SQ_TRY(sq_write_text_file(path, text.text));
cleanup:
    sq_text_stream_clear(&text);
    return status;
}
