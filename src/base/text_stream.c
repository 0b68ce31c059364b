#include "base/text_stream.h"

#include <string.h>
#include <sys/types.h>

#include "base/memory.h"

enum { FIRST_CAPACITY = 1024 };

/* Room for so many characters more, and the NUL. */
static sq_status make_room(sq_text_stream *text, size_t more) {
    size_t needed = text->size + more + 1;
    if (needed <= text->capacity) return SQ_OK;
    size_t capacity = sq_larger(needed, sq_larger(2 * text->capacity, FIRST_CAPACITY));
    sq_status status = sq_grow(text->capacity, capacity, 1, &text->text);
    if (status == SQ_OK) text->capacity = capacity;
    return status;
}

/* What the stream does with what was printed. 0 stands for an error, which the stream keeps. */
static ssize_t append(void *context, const char *printed, size_t count) {
    sq_text_stream *text = context;
    if (make_room(text, count) != SQ_OK) return 0;
    memcpy(text->text + text->size, printed, count);
    text->size += count;
    text->text[text->size] = '\0';
    return (ssize_t)count;
}

/* Not open_memstream: that of glibc cuts the text off where memory ends, and neither ferror nor
 * fclose tells. */
sq_status sq_text_stream_open(sq_text_stream *text, const char *what) {
    *text = (sq_text_stream){.what = what};
    if (make_room(text, 0) == SQ_OK)
        text->stream = fopencookie(text, "w", (cookie_io_functions_t){.write = append});
    if (text->stream) return SQ_OK;
    sq_text_stream_clear(text);
    return sq_fail(SQ_ERR_MEMORY, "no memory for %s", what);
}

sq_status sq_text_stream_close(sq_text_stream *text) {
    int failed = ferror(text->stream);
    failed |= fclose(text->stream);
    text->stream = NULL;
    return failed ? sq_fail(SQ_ERR_MEMORY, "no memory for %s", text->what) : SQ_OK;
}

sq_status sq_text_stream_take(sq_text_stream *text, char **taken) {
    sq_status status = sq_text_stream_close(text);
    *taken = status == SQ_OK ? text->text : NULL;
    if (status == SQ_OK) text->text = NULL;
    sq_text_stream_clear(text);
    return status;
}

void sq_text_stream_clear(sq_text_stream *text) {
    if (text->stream) fclose(text->stream);
    sq_free(text->text);
    *text = (sq_text_stream){0};
}
