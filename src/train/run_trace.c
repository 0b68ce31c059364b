/* The trace of a run: every rank's events, brought together on rank 0 and written as one file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "io/atomic_file.h"
#include "train/run_internal.h"

/* The first events of each rank, on the first ranks: enough to see what steps are made of. */
enum { EVENTS_OF_RANK = 4096, MOST_RANKS = 64, EVENT_NUMBERS = 3 };

sq_status sq_run_begin_trace(sq_run *run) {
    size_t events = run->options->trace ? EVENTS_OF_RANK : 0; /* without: sums of time only */
    sq_status status = sq_trace_create(events, &run->trace);
    run->problem.trace = run->trace;
    return status;
}

static sq_status write_file(const char *path, const sq_trace_event *events, int ranks) {
    sq_status status = SQ_OK;
    sq_atomic_file *file = NULL;
    FILE *stream = NULL;
    SQ_TRY(sq_atomic_file_begin(path, &file));
    stream = fopen(sq_atomic_file_path(file), "w");
    if (stream) sq_trace_write(stream, events, ranks, EVENTS_OF_RANK);
    if (!stream || fclose(stream) != 0) {
        status = sq_fail(SQ_ERR_IO, "%s: the trace cannot be written: %s", path, strerror(errno));
        goto cleanup;
    }
    SQ_TRY(sq_atomic_file_commit(&file));
cleanup:
    sq_atomic_file_abandon(&file);
    return status;
}

/* Each rank has its own place in one array: the sum over ranks brings the events together. */
sq_status sq_run_write_trace(sq_run *run) {
    sq_status status = SQ_OK;
    sq_trace_event *events = NULL;
    int rank = sq_comm_rank(run->comm), ranks = sq_comm_size(run->comm);
    if (!run->options->trace) return SQ_OK;
    if (ranks > MOST_RANKS) ranks = MOST_RANKS;
    size_t count = (size_t)ranks * EVENTS_OF_RANK;
    SQ_TRY(sq_comm_agree(run->comm, sq_alloc(count, sizeof *events, &events)));
    if (rank < ranks)
        memcpy(events + (size_t)rank * EVENTS_OF_RANK, run->trace->events,
               run->trace->count * sizeof *events);
    SQ_TRY(sq_comm_sum(run->comm, (int64_t *)events, count * EVENT_NUMBERS));
    SQ_TRY(sq_comm_agree(run->comm,
                         run->root ? write_file(run->options->trace, events, ranks) : SQ_OK));
cleanup:
    sq_free(events);
    return status;
}
