#include "log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

static sq_log_sink *current_sink;
static void *current_context;

void sq_log_set_sink(sq_log_sink *sink, void *context) {
    current_sink = sink;
    current_context = context;
}

void sq_log(sq_log_level level, const char *format, ...) {
    if (!current_sink) return;
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    current_sink(level, line, current_context);
}
