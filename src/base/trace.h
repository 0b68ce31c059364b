/* A record of what a rank did when, for Chrome's trace viewer (chrome://tracing, Perfetto), and of
 * how long each part took in all.
 * A NULL trace records nothing and costs nothing, so that callers need not ask. */
#ifndef SQ_BASE_TRACE_H
#define SQ_BASE_TRACE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "softeq/error.h"

/* The parts that are told apart. Names: sq_trace_part_name. */
typedef enum {
    SQ_TRACE_FEED, /* rows read, moved, scaled */
    SQ_TRACE_FORWARD,
    SQ_TRACE_BACKWARD, /* with the conversion to fixed point, and sums that go on beside it */
    SQ_TRACE_REGULARIZER,
    SQ_TRACE_SUM, /* waiting for the sum over ranks */
    SQ_TRACE_UPDATE,
    SQ_TRACE_VALIDATE,
    SQ_TRACE_READ, /* blocks read ahead, by a thread of its own beside the others */
    SQ_TRACE_PARTS
} sq_trace_part;

const char *sq_trace_part_name(sq_trace_part part);

/* One event. Open struct of integers, so that it can be summed over ranks. Nanoseconds. */
typedef struct {
    int64_t part, begin, duration;
} sq_trace_event;

typedef struct {
    double seconds[SQ_TRACE_PARTS]; /* spent on each part since the caller last set it to zero */
    size_t count, capacity;         /* events beyond the capacity are not kept */
    double origin;                  /* clock at creation */
    sq_trace_event *events;         /* (capacity) */
} sq_trace;

sq_status sq_trace_create(size_t capacity, sq_trace **trace);
void sq_trace_destroy(sq_trace **trace);

/* The time at which a part begins; 0 without a trace. */
double sq_trace_begin(const sq_trace *trace);
/* Records the part that began then. */
void sq_trace_end(sq_trace *trace, sq_trace_part part, double begin);

/* Writes the events of ranks 0 .. ranks-1 as Chrome's trace format. events: (ranks, capacity);
 * an event of duration 0 is none. */
void sq_trace_write(FILE *stream, const sq_trace_event *events, int ranks, size_t capacity);

#endif
