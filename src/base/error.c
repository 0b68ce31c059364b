#include "softeq/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MESSAGE_CAPACITY = 2048 };

/* The one mutable global besides the log's sink: the message of the last failure. */
static _Thread_local char last_message[MESSAGE_CAPACITY];

sq_status sq_fail(sq_status status, const char *format, ...) {
    char message[MESSAGE_CAPACITY]; /* arguments may point into last_message */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    memcpy(last_message, message, sizeof message);
    return status;
}

sq_status sq_fail_within(sq_status status, const char *format, ...) {
    if (status == SQ_OK) return status;
    char message[MESSAGE_CAPACITY];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (length < 0 || length >= MESSAGE_CAPACITY - 3) return status;
    int room = MESSAGE_CAPACITY - length - 3; /* for ": " and the NUL */
    snprintf(message + length, (size_t)room + 3, ": %.*s", room, last_message);
    memcpy(last_message, message, sizeof message);
    return status;
}

const char *sq_error_message(void) { return last_message; }

const char *sq_status_name(sq_status status) {
    switch (status) {
        case SQ_OK: return "ok";
        case SQ_ERR_ARGUMENT: return "argument error";
        case SQ_ERR_CONFIG: return "configuration error";
        case SQ_ERR_IO: return "file error";
        case SQ_ERR_DATA: return "data error";
        case SQ_ERR_MEMORY: return "out of memory";
        case SQ_ERR_NUMERIC: return "numerical error";
        case SQ_ERR_COMM: return "communication error";
        case SQ_STOPPED: return "stopped";
    }
    return "unknown status";
}
