/* The log: the library's only way to say anything. Silent until somebody sets a sink. */
#ifndef SOFTEQ_LOG_H
#define SOFTEQ_LOG_H

typedef enum { SQ_LOG_DEBUG, SQ_LOG_INFO, SQ_LOG_WARNING } sq_log_level;

/* One line, without newline. */
typedef void sq_log_sink(sq_log_level level, const char *line, void *context);

/* Where lines go from now on (NULL: nowhere). Process-wide, set once by the program. */
void sq_log_set_sink(sq_log_sink *sink, void *context);

#endif
