/* A text that is printed into memory. */
#ifndef SQ_BASE_TEXT_STREAM_H
#define SQ_BASE_TEXT_STREAM_H

#include <stddef.h>
#include <stdio.h>

#include "softeq/error.h"

/* Zeroed: closed and empty. It stays where it is while it is open: the stream knows its address.
 * Open struct. */
typedef struct {
    FILE *stream; /* to print to; NULL: closed */
    char *text;   /* (size + 1), with its NUL; whole once the stream is closed */
    size_t size, capacity;
    const char *what; /* borrowed, for messages */
} sq_text_stream;

/* Begins an empty text. what: goes into messages, "no memory for WHAT". Errors: SQ_ERR_MEMORY; it
 * is closed and empty then. The caller clears, also on failure. */
sq_status sq_text_stream_open(sq_text_stream *text, const char *what);

/* Ends the printing: text->text and text->size are what was printed. SQ_ERR_MEMORY if not all of it
 * could be held, which nobody was told while printing. */
sq_status sq_text_stream_close(sq_text_stream *text);

/* Closes, hands the text over to the caller, who frees it with sq_free, and clears. On failure
 * *taken is NULL. */
sq_status sq_text_stream_take(sq_text_stream *text, char **taken);

/* Frees the text, open or closed; it may be cleared again. */
void sq_text_stream_clear(sq_text_stream *text);

#endif
