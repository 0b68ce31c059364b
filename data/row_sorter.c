#include "data/row_sorter.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/spill_file.h"

enum {
    RUN_BUFFER = 1024, /* rows of a run that are read together */
    FIRST_CAPACITY = 1024
};

/* A sorted part of the temporary file, and a window into it. */
typedef struct {
    int64_t first, end; /* rows of the file that are not read yet */
    unsigned char *buffer;
    size_t count, at;
} run;

struct sq_row_sorter {
    size_t size, most, count, capacity;
    sq_row_compare *compare;
    unsigned char *rows; /* (capacity), at most `most` */
    char *beside;
    sq_spill_file *file; /* NULL: none */
    run *runs;
    size_t n_runs;
    size_t *heap; /* (heap_count) runs, the one with the least row first */
    size_t heap_count;
    size_t at;          /* without runs: the next row */
    bool least_is_used; /* the row on top of the heap was handed out */
};

sq_status sq_row_sorter_create(size_t size, size_t most, sq_row_compare *compare,
                               const char *beside, sq_row_sorter **sorter) {
    sq_status status;
    SQ_TRY(sq_alloc(1, sizeof **sorter, sorter));
    sq_row_sorter *made = *sorter;
    made->size = size;
    made->most = most;
    made->compare = compare;
    SQ_TRY(sq_copy_text(beside, &made->beside));
cleanup:
    if (status != SQ_OK) sq_row_sorter_destroy(sorter);
    return status;
}

void sq_row_sorter_destroy(sq_row_sorter **sorter) {
    sq_row_sorter *gone = *sorter;
    if (!gone) return;
    sq_spill_file_close(&gone->file);
    for (size_t i = 0; i < gone->n_runs; i++) sq_free(gone->runs[i].buffer);
    sq_free(gone->runs);
    sq_free(gone->heap);
    sq_free(gone->rows);
    sq_free(gone->beside);
    sq_free(gone);
    *sorter = NULL;
}

/* ---- runs ---- */

/* Writes the rows in memory behind the others. */
static sq_status spill(sq_row_sorter *sorter) {
    sq_status status = SQ_OK;
    if (!sorter->file) SQ_TRY(sq_spill_file_create(sorter->beside, &sorter->file));
    int64_t first = sorter->n_runs ? sorter->runs[sorter->n_runs - 1].end : 0;
    SQ_TRY(sq_grow(sorter->n_runs, sorter->n_runs + 1, sizeof *sorter->runs, &sorter->runs));
    sorter->runs[sorter->n_runs++] = (run){.first = first, .end = first + (int64_t)sorter->count};
    SQ_TRY(sq_spill_file_append(sorter->file, sorter->rows, sorter->count * sorter->size));
    sorter->count = 0;
cleanup:
    return status;
}

static void sort(sq_row_sorter *sorter) {
    if (sorter->count > 0) qsort(sorter->rows, sorter->count, sorter->size, sorter->compare);
}

/* Room for a row more: in memory up to the bound, then by writing what is there. */
static sq_status make_room(sq_row_sorter *sorter) {
    if (sorter->count == sorter->most) {
        sort(sorter);
        return spill(sorter);
    }
    size_t grown = sorter->capacity ? 2 * sorter->capacity : FIRST_CAPACITY;
    if (grown > sorter->most) grown = sorter->most;
    sq_status status = sq_grow(sorter->capacity, grown, sorter->size, &sorter->rows);
    if (status == SQ_OK) sorter->capacity = grown;
    return status;
}

sq_status sq_row_sorter_add(sq_row_sorter *sorter, const void *row) {
    if (sorter->count == sorter->capacity) {
        sq_status status = make_room(sorter);
        if (status != SQ_OK) return status;
    }
    memcpy(sorter->rows + sorter->count++ * sorter->size, row, sorter->size);
    return SQ_OK;
}

/* Reads on in a run; its count is 0 at its end. */
static sq_status fill(sq_row_sorter *sorter, run *from) {
    int64_t left = from->end - from->first;
    from->count = (size_t)(left < RUN_BUFFER ? left : RUN_BUFFER);
    from->at = 0;
    int64_t offset = from->first * (int64_t)sorter->size;
    from->first += (int64_t)from->count;
    return sq_spill_file_read(sorter->file, offset, from->count * sorter->size, from->buffer);
}

static const void *row_of(const sq_row_sorter *sorter, size_t number) {
    const run *from = &sorter->runs[number];
    return from->buffer + from->at * sorter->size;
}

/* ---- the heap ---- */

/* Equal rows come in the order of their runs, so that the result does not depend on the heap. */
static bool is_before(const sq_row_sorter *sorter, size_t a, size_t b) {
    int order = sorter->compare(row_of(sorter, a), row_of(sorter, b));
    return order < 0 || (order == 0 && a < b);
}

/* Moves the run at `place` down to where it belongs. */
static void sink(sq_row_sorter *sorter, size_t place) {
    size_t *heap = sorter->heap;
    for (;;) {
        size_t least = place;
        for (size_t child = 2 * place + 1; child <= 2 * place + 2; child++)
            if (child < sorter->heap_count && is_before(sorter, heap[child], heap[least]))
                least = child;
        if (least == place) return;
        size_t moved = heap[place];
        heap[place] = heap[least];
        heap[least] = moved;
        place = least;
    }
}

static sq_status begin_merge(sq_row_sorter *sorter) {
    sq_status status;
    SQ_TRY(sq_alloc(sorter->n_runs, sizeof *sorter->heap, &sorter->heap));
    for (size_t i = 0; i < sorter->n_runs; i++) {
        SQ_TRY(sq_alloc(RUN_BUFFER, sorter->size, &sorter->runs[i].buffer));
        SQ_TRY(fill(sorter, &sorter->runs[i]));
        sorter->heap[sorter->heap_count++] = i;
    }
    for (size_t place = sorter->heap_count; place > 0; place--) sink(sorter, place - 1);
cleanup:
    return status;
}

/* The run on top goes on by a row. */
static sq_status advance(sq_row_sorter *sorter) {
    run *top = &sorter->runs[sorter->heap[0]];
    if (++top->at == top->count) {
        sq_status status = fill(sorter, top);
        if (status != SQ_OK) return status;
        if (top->count == 0) sorter->heap[0] = sorter->heap[--sorter->heap_count];
    }
    if (sorter->heap_count > 0) sink(sorter, 0);
    return SQ_OK;
}

/* ---- the end ---- */

sq_status sq_row_sorter_finish(sq_row_sorter *sorter) {
    sq_status status = SQ_OK;
    sort(sorter);
    if (sorter->n_runs == 0) return SQ_OK;
    SQ_TRY(spill(sorter));
    SQ_TRY(begin_merge(sorter));
cleanup:
    return status;
}

sq_status sq_row_sorter_next(sq_row_sorter *sorter, const void **row) {
    *row = NULL;
    if (sorter->n_runs == 0) {
        if (sorter->at < sorter->count) *row = sorter->rows + sorter->at++ * sorter->size;
        return SQ_OK;
    }
    if (sorter->least_is_used) {
        sq_status status = advance(sorter);
        if (status != SQ_OK) return status;
    }
    sorter->least_is_used = sorter->heap_count > 0;
    if (sorter->heap_count > 0) *row = row_of(sorter, sorter->heap[0]);
    return SQ_OK;
}
