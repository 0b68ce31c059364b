#include "data/import_csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/order.h"
#include "data/csv_table.h"
#include "data/row_sorter.h"
#include "data/track_builder.h"

enum {
    ROWS_IN_MEMORY = 1 << 18,
    ROWS_AHEAD = 1 << 16,         /* that the step of time is learnt from */
    ROWS_BETWEEN_SIGNS = 1 << 16, /* of progress */
    TOLERANCE = 10                /* times are off by a tenth of a step at most */
};

/* What reading one file needs. */
typedef struct {
    sq_import *import;
    const char *path;
    sq_csv_table *table;
    sq_row_sorter *sorter;
    sq_csv_row *ahead; /* (n_ahead): the first rows in order */
    size_t n_ahead, ahead_capacity, at;
    sq_track_builder builder;
    sq_csv_row last;
    bool has_last;
} reader;

/* ---- order ---- */

static int compare_rows(const void *left, const void *right) {
    const sq_csv_row *a = left;
    const sq_csv_row *b = right;
    if (a->scene != b->scene) return sq_order(a->scene, b->scene);
    if (a->agent != b->agent) return sq_order(a->agent, b->agent);
    if (a->time != b->time) return sq_order(a->time, b->time);
    return sq_order(a->place, b->place);
}

static bool is_same_track(const sq_csv_row *a, const sq_csv_row *b) {
    return a->scene == b->scene && a->agent == b->agent;
}

/* Microseconds between two positions of a track: the median, which neither gaps nor clocks that are
 * a little off disturb. 0: no track has two. */
static sq_status find_step(const sq_csv_row *rows, size_t count, int64_t *step) {
    int64_t *steps = NULL;
    size_t n_steps = 0;
    sq_status status = sq_alloc(count, sizeof *steps, &steps);
    if (status != SQ_OK) return status;
    for (size_t i = 1; i < count; i++)
        if (is_same_track(&rows[i], &rows[i - 1]) && rows[i].time > rows[i - 1].time)
            steps[n_steps++] = rows[i].time - rows[i - 1].time;
    qsort(steps, n_steps, sizeof *steps, sq_compare_int64);
    *step = n_steps > 0 ? steps[n_steps / 2] : 0;
    sq_free(steps);
    return SQ_OK;
}

/* ---- reading ---- */

static sq_status note_surroundings(reader *from, const sq_csv_row *row) {
    sq_sighting seen = {.scene = row->scene, .time = row->time, .agent = row->agent};
    if (!from->import->cut.surroundings) return SQ_OK;
    memcpy(seen.position, row->position, sizeof seen.position);
    return sq_surroundings_add(from->import->cut.surroundings, &seen);
}

static void note_class(const reader *from) {
    sq_import_note_class(from->import, from->path, sq_csv_last_line(from->table),
                         sq_csv_class(from->table));
}

static sq_status sort_table(reader *from) {
    sq_surroundings *around = from->import->cut.surroundings;
    sq_csv_row row = {0}; /* with its padding, since it is written to a file */
    int64_t count = 0;
    bool found;
    sq_status status = SQ_OK;
    if (around) SQ_TRY(sq_surroundings_begin(around));
    for (;;) {
        SQ_TRY(sq_csv_next(from->table, &row, &found));
        if (!found) break;
        SQ_TRY(sq_row_sorter_add(from->sorter, &row));
        SQ_TRY(note_surroundings(from, &row));
        if (row.other_word) note_class(from);
        if (++count % ROWS_BETWEEN_SIGNS == 0)
            sq_import_show(from->import, sq_csv_bytes(from->table));
    }
    if (count == 0) SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: has no rows", from->path));
    from->import->summary.counts[SQ_COUNT_RECORDS] += count;
    if (around) SQ_TRY(sq_surroundings_finish(around));
cleanup:
    return status;
}

/* The first rows in order. Those read together would not do: of a track they may hold every tenth
 * position. */
static sq_status look_ahead(reader *from) {
    const void *row;
    sq_status status;
    while (from->n_ahead < ROWS_AHEAD) {
        SQ_TRY(sq_row_sorter_next(from->sorter, &row));
        if (!row) break;
        if (from->n_ahead == from->ahead_capacity) {
            size_t grown = 2 * from->ahead_capacity + 1024;
            SQ_TRY(sq_grow(from->ahead_capacity, grown, sizeof *from->ahead, &from->ahead));
            from->ahead_capacity = grown;
        }
        from->ahead[from->n_ahead++] = *(const sq_csv_row *)row;
    }
cleanup:
    return status;
}

/* NULL at the end. */
static sq_status next_row(reader *from, const sq_csv_row **row) {
    const void *found = NULL;
    sq_status status = SQ_OK;
    if (from->at < from->n_ahead)
        found = &from->ahead[from->at++];
    else
        status = sq_row_sorter_next(from->sorter, &found);
    *row = found;
    return status;
}

static sq_status begin_tracks(reader *from) {
    int64_t step;
    sq_status status;
    SQ_TRY(sq_row_sorter_finish(from->sorter));
    SQ_TRY(look_ahead(from));
    SQ_TRY(find_step(from->ahead, from->n_ahead, &step));
    if (step == 0) SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: no track has two positions", from->path));
    SQ_TRY(sq_import_set_interval(from->import, from->path, (double)step * 1e-6));
    sq_track_builder_init(&from->builder, &from->import->cut, step, step / TOLERANCE);
cleanup:
    return status;
}

static sq_status begin_scene(reader *from, const sq_csv_row *row) {
    char name[256];
    sq_status status;
    SQ_TRY(sq_track_builder_end(&from->builder));
    SQ_TRY(sq_csv_scene_name(from->table, row->place, name, sizeof name));
    sq_window_writer_set_scene(from->import->cut.writer, from->path, name);
    from->import->cut.scene = row->scene;
    from->import->summary.counts[SQ_COUNT_SCENES]++;
cleanup:
    return status;
}

static sq_status fail_twice(const reader *from, const sq_csv_row *row) {
    return sq_fail(SQ_ERR_DATA, "%s: line %lld: tells of a track and time that line %lld told of",
                   from->path, (long long)sq_csv_line(from->table, row->place),
                   (long long)sq_csv_line(from->table, from->last.place));
}

static sq_status add_row(reader *from, const sq_csv_row *row) {
    sq_track_point point = {
        .agent = row->agent, .time = row->time, .kind = row->kind, .heading = row->heading};
    bool same = from->has_last && is_same_track(row, &from->last);
    sq_status status = SQ_OK;
    if (same && row->time == from->last.time) return fail_twice(from, row);
    if (!from->has_last || row->scene != from->last.scene) SQ_TRY(begin_scene(from, row));
    if (!same) from->import->summary.counts[SQ_COUNT_AGENTS]++;
    memcpy(point.position, row->position, sizeof point.position);
    SQ_TRY(sq_track_builder_add(&from->builder, &point));
    from->last = *row;
    from->has_last = true;
cleanup:
    return status;
}

static sq_status cut_tracks(reader *from) {
    const sq_csv_row *row;
    sq_status status;
    SQ_TRY(begin_tracks(from));
    for (int64_t i = 1;; i++) {
        SQ_TRY(next_row(from, &row));
        if (!row) break;
        SQ_TRY(add_row(from, row));
        if (i % ROWS_BETWEEN_SIGNS == 0) sq_import_show(from->import, sq_csv_bytes(from->table));
    }
    SQ_TRY(sq_track_builder_end(&from->builder));
cleanup:
    return status;
}

/* ---- files ---- */

static sq_status check_columns(const reader *from) {
    const char *lacks = NULL;
    if (from->import->rules->dimensions == 3 && !sq_csv_tells_height(from->table)) lacks = "z";
    if (*from->import->job->config->data.classes && !sq_csv_tells_class(from->table))
        lacks = "class";
    if (!lacks) return SQ_OK;
    return sq_fail(SQ_ERR_DATA, "%s: line 1: has no column '%s', which the settings ask for",
                   from->path, lacks);
}

static sq_status read_file(sq_import *import, const char *path) {
    reader from = {.import = import, .path = path};
    sq_status status;
    SQ_TRY(sq_csv_open(path, import->job->config->data.columns, &from.table));
    SQ_TRY(check_columns(&from));
    SQ_TRY(sq_row_sorter_create(sizeof(sq_csv_row), ROWS_IN_MEMORY, compare_rows, import->job->out,
                                &from.sorter));
    SQ_TRY(sort_table(&from));
    SQ_TRY(cut_tracks(&from));
cleanup:
    sq_track_builder_clear(&from.builder);
    sq_row_sorter_destroy(&from.sorter);
    sq_free(from.ahead);
    sq_csv_close(&from.table);
    return status;
}

const sq_import_format sq_import_format_csv = {
    .name = "csv",
    .help = "tables of tracks: track, time, x, y[, z, class, heading, scene], columns by name",
    .source = "Tracks",
    .frame_meaning = "time of the last observed step",
    .frame_units = "us",
    .tells_classes = true,
    .tells_height = true,
    .read = read_file,
};
