#include "cli/warning_words.h"

#include <string.h>

void sq_each_warning(FILE *stream, const char *warnings,
                     void (*line)(FILE *stream, int number, const char *text)) {
    char text[1024];
    for (int number = 0; warnings && *warnings; number++) {
        size_t length = strcspn(warnings, "\n");
        snprintf(text, sizeof text, "%.*s", (int)length, warnings);
        line(stream, number, text);
        warnings += length + (warnings[length] == '\n');
    }
}

static void write_line(FILE *stream, int number, const char *text) {
    (void)number;
    fprintf(stream, "warning: %s\n", text);
}

void sq_write_warnings(FILE *text, const char *warnings) {
    sq_each_warning(text, warnings, write_line);
}
