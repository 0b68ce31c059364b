/* The trace of a run: every rank's events, brought together on rank 0 and written as one file. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "dataset/read_ahead.h"
#include "io/atomic_file.h"
#include "train/run_internal.h"

/* The first events of each rank, on the first ranks: enough to see what steps are made of. */
enum { STEP_EVENTS = 4096, READ_EVENTS = 4096, EVENTS_OF_RANK = STEP_EVENTS + READ_EVENTS };
enum { MOST_RANKS = 64, EVENT_NUMBERS = 3 };

/* Before the training: that the file cannot be written should not turn out after it. */
static sq_status check_file(const sq_run *run) {
    sq_atomic_file *file = NULL;
    if (!run->root || !run->options->trace) return SQ_OK;
    sq_status status = sq_atomic_file_begin(run->options->trace, &file);
    sq_atomic_file_abandon(&file);
    return status;
}

sq_status sq_run_begin_trace(sq_run *run) {
    sq_status status = SQ_OK;
    bool single = run->options->trace != NULL; /* without: sums of time only */
    SQ_TRY(check_file(run));
    SQ_TRY(sq_trace_create(single ? STEP_EVENTS : 0, &run->trace));
    SQ_TRY(sq_trace_create(single ? READ_EVENTS : 0, &run->reads));
    run->reads->origin = run->trace->origin;
    run->problem.trace = run->trace;
    sq_dataset_set_trace(run->problem.train, run->reads);
    sq_dataset_set_trace(run->problem.valid, run->reads);
cleanup:
    return status;
}

static void copy_events(const sq_trace *from, sq_trace_event *to) {
    memcpy(to, from->events, from->count * sizeof *to);
}

static sq_status write_file(const char *path, const sq_trace_event *events, int ranks) {
    sq_status status = SQ_OK;
    sq_atomic_file *file = NULL;
    FILE *stream = NULL;
    SQ_TRY(sq_atomic_file_begin(path, &file));
    stream = fopen(sq_atomic_file_path(file), "w");
    bool failed = !stream;
    if (stream) {
        sq_trace_write(stream, events, ranks, EVENTS_OF_RANK);
        failed = ferror(stream) != 0;
        failed |= fclose(stream) != 0;
    }
    if (failed)
        SQ_TRY(sq_fail(SQ_ERR_IO, "%s: the trace cannot be written: %s", path, strerror(errno)));
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
    sq_problem_rest(&run->problem);
    if (rank < ranks) {
        copy_events(run->trace, events + (size_t)rank * EVENTS_OF_RANK);
        copy_events(run->reads, events + (size_t)rank * EVENTS_OF_RANK + STEP_EVENTS);
    }
    SQ_TRY(sq_comm_sum(run->comm, (int64_t *)events, count * EVENT_NUMBERS));
    SQ_TRY(sq_comm_agree(run->comm,
                         run->root ? write_file(run->options->trace, events, ranks) : SQ_OK));
cleanup:
    sq_free(events);
    return status;
}
