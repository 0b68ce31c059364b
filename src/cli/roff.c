#include "cli/roff.h"

static void put_character(FILE *stream, char c) {
    switch (c) {
        case '\\': fputs("\\e", stream); break;
        case '`': fputs("\\(ga", stream); break;
        case '^': fputs("\\(ha", stream); break;
        case '~': fputs("\\(ti", stream); break;
        default: fputc(c, stream);
    }
}

/* A full stop or a quote would begin a command at the start of a line. */
static void guard(FILE *stream, const char *text) {
    if (*text == '.' || *text == '\'') fputs("\\&", stream);
}

void sq_roff_line(FILE *stream, const char *text) {
    guard(stream, text);
    for (; *text; text++) put_character(stream, *text);
    fputc('\n', stream);
}

void sq_roff_code(FILE *stream, const char *text) {
    guard(stream, text);
    for (; *text; text++) {
        if (*text == '-')
            fputs("\\-", stream);
        else if (*text == '\'')
            fputs("\\(aq", stream);
        else
            put_character(stream, *text);
    }
}

static void put_in_font(FILE *stream, char font, const char *text) {
    fprintf(stream, "\\f%c", font);
    sq_roff_code(stream, text);
    fputs("\\fR", stream);
}

void sq_roff_bold(FILE *stream, const char *text) { put_in_font(stream, 'B', text); }

void sq_roff_italic(FILE *stream, const char *text) { put_in_font(stream, 'I', text); }
