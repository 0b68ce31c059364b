#include "base/trace.h"

#include "base/clock.h"
#include "base/memory.h"

const char *sq_trace_part_name(sq_trace_part part) {
    static const char *const names[] = {"feed", "forward", "backward", "regularizer",
                                        "sum",  "update",  "validate", "read"};
    return names[part];
}

sq_status sq_trace_create(size_t capacity, sq_trace **trace) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_alloc(1, sizeof **trace, trace));
    (*trace)->capacity = capacity;
    (*trace)->origin = sq_clock_seconds();
    SQ_TRY(sq_alloc(capacity, sizeof *(*trace)->events, &(*trace)->events));
cleanup:
    if (status != SQ_OK) sq_trace_destroy(trace);
    return status;
}

void sq_trace_destroy(sq_trace **trace) {
    if (!*trace) return;
    sq_free((*trace)->events);
    sq_free(*trace);
    *trace = NULL;
}

double sq_trace_begin(const sq_trace *trace) { return trace ? sq_clock_seconds() : 0.0; }

void sq_trace_end(sq_trace *trace, sq_trace_part part, double begin) {
    if (!trace) return;
    double duration = sq_clock_seconds() - begin;
    trace->seconds[part] += duration;
    if (trace->count == trace->capacity) return;
    trace->events[trace->count++] =
        (sq_trace_event){.part = part,
                         .begin = (int64_t)((begin - trace->origin) * 1e9),
                         .duration = (int64_t)(duration * 1e9) + 1}; /* never 0: that is no event */
}

/* Its own row in the viewer for what goes on beside the rest. */
static int row_of(int64_t part) { return part == SQ_TRACE_READ ? 1 : 0; }

void sq_trace_write(FILE *stream, const sq_trace_event *events, int ranks, size_t capacity) {
    const char *separator = "";
    fprintf(stream, "{\"displayTimeUnit\": \"ms\", \"traceEvents\": [\n");
    for (int rank = 0; rank < ranks; rank++) {
        fprintf(stream,
                "%s{\"name\": \"process_name\", \"ph\": \"M\", \"pid\": %d, \"args\": "
                "{\"name\": \"rank %d\"}}",
                separator, rank, rank);
        separator = ",\n";
        for (size_t k = 0; k < capacity; k++) {
            const sq_trace_event *event = &events[(size_t)rank * capacity + k];
            if (event->duration == 0) continue;
            fprintf(stream,
                    "%s{\"name\": \"%s\", \"ph\": \"X\", \"pid\": %d, \"tid\": %d, \"ts\": %.3f, "
                    "\"dur\": %.3f}",
                    separator, sq_trace_part_name((sq_trace_part)event->part), rank,
                    row_of(event->part), (double)event->begin * 1e-3,
                    (double)event->duration * 1e-3);
        }
    }
    fprintf(stream, "\n]}\n");
}
