#include "cli/html.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/words.h"

static const char dash[] = "\xe2\x80\x93";

void sq_html_text(FILE *html, const char *text) {
    for (; *text; text++) {
        switch (*text) {
            case '&': fputs("&amp;", html); break;
            case '<': fputs("&lt;", html); break;
            case '>': fputs("&gt;", html); break;
            case '"': fputs("&quot;", html); break;
            case '\'': fputs("&#39;", html); break;
            default:
                if ((unsigned char)*text >= 0x20 || *text == '\n') fputc(*text, html);
        }
    }
}

/* With a true minus sign. */
static void write_signed(FILE *html, const char *text) {
    for (; *text; text++) {
        if (*text == '-')
            fputs("\xe2\x88\x92", html);
        else
            fputc(*text, html);
    }
}

void sq_html_number(FILE *html, double value, int digits) {
    char text[32];
    if (isnan(value)) {
        fputs(dash, html);
        return;
    }
    snprintf(text, sizeof text, "%.*g", digits, value);
    write_signed(html, text);
}

void sq_html_count(FILE *html, int64_t value) {
    char text[32];
    int length = snprintf(text, sizeof text, "%" PRId64, value);
    for (int k = 0; k < length; k++) {
        if (k > 0 && length > 4 && (length - k) % 3 == 0) fputs("\xe2\x80\xaf", html);
        fputc(text[k], html);
    }
}

void sq_html_level(FILE *html, double level) {
    char text[SQ_WORDS_NUMBER];
    sq_format_level(level, text);
    fputs(text, html);
}

void sq_html_duration(FILE *html, double seconds) {
    char text[SQ_WORDS_NUMBER];
    sq_format_duration(seconds, text);
    fputs(text, html);
}
