#include "cli/json.h"

#include <math.h>

#include "base/text.h"

void sq_json_text(FILE *stream, const char *text) {
    fputc('"', stream);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(stream, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            fprintf(stream, "\\u%04x", (unsigned)*text);
        else
            fputc(*text, stream);
    }
    fputc('"', stream);
}

void sq_json_number(FILE *stream, double value) {
    char text[32] = "null";
    if (isfinite(value)) sq_format_number(value, text, sizeof text);
    fputs(text, stream);
}

void sq_json_numbers_by_name(FILE *stream, const char (*names)[256], const double *values,
                             int count) {
    fputc('{', stream);
    for (int i = 0; i < count; i++) {
        if (i > 0) fputs(", ", stream);
        sq_json_text(stream, names[i]);
        fputs(": ", stream);
        sq_json_number(stream, values[i]);
    }
    fputc('}', stream);
}
