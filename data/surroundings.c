#include "data/surroundings.h"

#include <stdbool.h>

#include "base/memory.h"
#include "base/order.h"
#include "data/row_sorter.h"
#include "data/spill_file.h"

enum { BLOCK = 1024, CACHED = 64 }; /* sightings read together; blocks kept */

/* A block of the temporary file. */
typedef struct {
    size_t number;
    size_t count; /* 0: empty */
    sq_sighting *rows;
} cached_block;

struct sq_surroundings {
    char *beside;
    size_t most;
    sq_row_sorter *sorter;
    size_t count;      /* sightings */
    sq_sighting *rows; /* all, or the first BLOCK of a file on its way there */
    size_t capacity;
    sq_spill_file *file; /* NULL: all are in memory */
    sq_sighting *heads;  /* (n_blocks): where blocks begin; only scene, time and agent count */
    size_t n_blocks, heads_capacity;
    cached_block cache[CACHED];
    sq_sighting *found; /* (found_capacity) */
    size_t n_found, found_capacity;
};

static int compare_times(const sq_sighting *a, int64_t scene, int64_t time) {
    if (a->scene != scene) return sq_order(a->scene, scene);
    return sq_order(a->time, time);
}

static int compare_sightings(const void *left, const void *right) {
    const sq_sighting *a = left;
    const sq_sighting *b = right;
    int order = compare_times(a, b->scene, b->time);
    return order ? order : sq_order(a->agent, b->agent);
}

/* ---- making ---- */

sq_status sq_surroundings_create(const char *beside, size_t most, sq_surroundings **surroundings) {
    sq_status status;
    SQ_TRY(sq_alloc(1, sizeof **surroundings, surroundings));
    (*surroundings)->most = most;
    SQ_TRY(sq_copy_text(beside, &(*surroundings)->beside));
cleanup:
    if (status != SQ_OK) sq_surroundings_destroy(surroundings);
    return status;
}

static void close_file(sq_surroundings *s) {
    sq_spill_file_close(&s->file);
    for (int k = 0; k < CACHED; k++) s->cache[k].count = 0;
}

void sq_surroundings_destroy(sq_surroundings **surroundings) {
    sq_surroundings *gone = *surroundings;
    if (!gone) return;
    close_file(gone);
    for (int k = 0; k < CACHED; k++) sq_free(gone->cache[k].rows);
    sq_row_sorter_destroy(&gone->sorter);
    sq_free(gone->beside);
    sq_free(gone->rows);
    sq_free(gone->heads);
    sq_free(gone->found);
    sq_free(gone);
    *surroundings = NULL;
}

sq_status sq_surroundings_begin(sq_surroundings *surroundings) {
    sq_surroundings *s = surroundings;
    close_file(s);
    sq_row_sorter_destroy(&s->sorter);
    s->count = s->n_blocks = 0;
    return sq_row_sorter_create(sizeof(sq_sighting), s->most, compare_sightings, s->beside,
                                &s->sorter);
}

sq_status sq_surroundings_add(sq_surroundings *surroundings, const sq_sighting *sighting) {
    return sq_row_sorter_add(surroundings->sorter, sighting);
}

/* ---- in order ---- */

/* Room for `count` elements, at least twice as much as before. */
static sq_status reserve(size_t count, size_t *capacity, sq_sighting **rows) {
    if (count <= *capacity) return SQ_OK;
    size_t grown = 2 * *capacity > count ? 2 * *capacity : count + BLOCK;
    sq_status status = sq_grow(*capacity, grown, sizeof **rows, rows);
    if (status == SQ_OK) *capacity = grown;
    return status;
}

/* The rows in memory go to the file, in whole blocks. */
static sq_status spill(sq_surroundings *s, size_t rows) {
    sq_status status = SQ_OK;
    if (!s->file) SQ_TRY(sq_spill_file_create(s->beside, &s->file));
    for (size_t first = 0; first < rows; first += BLOCK) {
        SQ_TRY(reserve(s->n_blocks + 1, &s->heads_capacity, &s->heads));
        s->heads[s->n_blocks++] = s->rows[first];
    }
    SQ_TRY(sq_spill_file_append(s->file, s->rows, rows * sizeof *s->rows));
cleanup:
    return status;
}

sq_status sq_surroundings_finish(sq_surroundings *surroundings) {
    sq_surroundings *s = surroundings;
    sq_status status;
    size_t held = 0, room = s->most / BLOCK * BLOCK > 0 ? s->most / BLOCK * BLOCK : BLOCK;
    const void *row;
    SQ_TRY(sq_row_sorter_finish(s->sorter));
    for (;;) {
        SQ_TRY(sq_row_sorter_next(s->sorter, &row));
        if (!row) break;
        if (held == room) {
            SQ_TRY(spill(s, held));
            held = 0;
        }
        SQ_TRY(reserve(held + 1, &s->capacity, &s->rows));
        s->rows[held++] = *(const sq_sighting *)row;
        s->count++;
    }
    if (s->file) SQ_TRY(spill(s, held));
cleanup:
    sq_row_sorter_destroy(&s->sorter);
    return status;
}

/* ---- finding ---- */

static sq_status read_block(sq_surroundings *s, size_t number, cached_block *into) {
    size_t first = number * BLOCK;
    size_t count = s->count - first < BLOCK ? s->count - first : BLOCK;
    sq_status status = SQ_OK;
    into->count = 0;
    if (!into->rows) SQ_TRY(sq_alloc(BLOCK, sizeof *into->rows, &into->rows));
    SQ_TRY(sq_spill_file_read(s->file, (int64_t)(first * sizeof *into->rows),
                              count * sizeof *into->rows, into->rows));
    into->number = number;
    into->count = count;
cleanup:
    return status;
}

/* Sightings of block `number`. */
static sq_status get_block(sq_surroundings *s, size_t number, const sq_sighting **rows,
                           size_t *count) {
    cached_block *cached = &s->cache[number % CACHED];
    sq_status status = SQ_OK;
    if (!s->file) {
        *rows = s->rows + number * BLOCK;
        *count = s->count - number * BLOCK < BLOCK ? s->count - number * BLOCK : BLOCK;
        return SQ_OK;
    }
    if (cached->count == 0 || cached->number != number) SQ_TRY(read_block(s, number, cached));
    *rows = cached->rows;
    *count = cached->count;
cleanup:
    return status;
}

static const sq_sighting *head(const sq_surroundings *s, size_t number) {
    return !s->file ? &s->rows[number * BLOCK] : &s->heads[number];
}

/* The last block that begins before that time, or the first. */
static size_t find_block(const sq_surroundings *s, int64_t scene, int64_t time) {
    size_t low = 0, high = (s->count + BLOCK - 1) / BLOCK;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (compare_times(head(s, middle), scene, time) < 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The first of sorted rows that is not before that time. */
static size_t find_row(const sq_sighting *rows, size_t count, int64_t scene, int64_t time) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_times(&rows[middle], scene, time) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

sq_status sq_surroundings_find(sq_surroundings *surroundings, int64_t scene, int64_t first,
                               int64_t last, const sq_sighting **found, size_t *count) {
    sq_surroundings *s = surroundings;
    size_t blocks = (s->count + BLOCK - 1) / BLOCK;
    bool more = true;
    sq_status status = SQ_OK;
    s->n_found = 0;
    for (size_t number = find_block(s, scene, first); more && number < blocks; number++) {
        const sq_sighting *rows;
        size_t n_rows;
        SQ_TRY(get_block(s, number, &rows, &n_rows));
        for (size_t i = find_row(rows, n_rows, scene, first); more && i < n_rows; i++) {
            more = compare_times(&rows[i], scene, last) <= 0;
            if (!more) break;
            SQ_TRY(reserve(s->n_found + 1, &s->found_capacity, &s->found));
            s->found[s->n_found++] = rows[i];
        }
    }
    *found = s->found;
    *count = s->n_found;
cleanup:
    return status;
}
