/* Writing to the log. Where it goes: softeq/log.h. */
#ifndef SQ_BASE_LOG_H
#define SQ_BASE_LOG_H

#include "softeq/log.h"

/* One line, without newline. */
void sq_log(sq_log_level level, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#endif
