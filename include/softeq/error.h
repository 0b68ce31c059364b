/* Status codes and messages: how every function of softeq reports failure. */
#ifndef SOFTEQ_ERROR_H
#define SOFTEQ_ERROR_H

/* What a function returns. Anything but SQ_OK has left a message (sq_error_message). */
typedef enum {
    SQ_OK = 0,
    SQ_ERR_ARGUMENT, /* a caller broke a function's contract */
    SQ_ERR_CONFIG,   /* a configuration key or value is wrong */
    SQ_ERR_IO,       /* a file cannot be read or written */
    SQ_ERR_DATA,     /* a file can be read, but what it holds is wrong */
    SQ_ERR_MEMORY,   /* an allocation failed */
    SQ_ERR_NUMERIC,  /* NaN, overflow of the fixed-point range, a solve that is not accurate */
    SQ_ERR_COMM,     /* another rank failed, or the communicator did */
    SQ_STOPPED       /* stopped on request, after a checkpoint */
} sq_status;

/* Records the message of a failure and returns `status`, so that it can be returned at once:
 *     return sq_fail(SQ_ERR_DATA, "%s: row %zu is not a number", path, row);
 * The message says what was wrong, where, and what to do. One message per thread is kept. */
sq_status sq_fail(sq_status status, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* Puts "context: " before the recorded message; returns `status`. Does nothing on SQ_OK. */
sq_status sq_fail_within(sq_status status, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* The last message of this thread; "" if there is none. Valid until the next failure. */
const char *sq_error_message(void);

/* A short name, such as "data error". */
const char *sq_status_name(sq_status status);

/* Passes a failure on: needs a local `sq_status status` and a label `cleanup`. */
#define SQ_TRY(call)                       \
    do {                                   \
        status = (call);                   \
        if (status != SQ_OK) goto cleanup; \
    } while (0)

#endif
