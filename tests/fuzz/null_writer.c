/* Stands in for data/window_writer.c in the fuzzers: a window goes nowhere, a hundred times faster
 * than to NetCDF, from rooms that are exactly as large as it needs, so that sanitizers see any step
 * beyond. */
#include "data/window_writer.h"

#include "base/memory.h"

struct sq_window_writer {
    sq_window_row room;
    int64_t labels[3]; /* agent, frame, kind */
    double heading;
};

static sq_status create_room(sq_window_writer *writer, const sq_window_rules *rules) {
    size_t dimensions = (size_t)rules->dimensions;
    size_t n_input = dimensions * (size_t)rules->observed;
    size_t n_output = dimensions * (size_t)rules->predicted;
    sq_window_row *room = &writer->room;
    sq_status status;
    SQ_TRY(sq_alloc(n_input, sizeof *room->input, &room->input));
    SQ_TRY(sq_alloc(n_output, sizeof *room->target, &room->target));
    SQ_TRY(sq_alloc(n_output, sizeof *room->mask, &room->mask));
    SQ_TRY(sq_alloc(dimensions, sizeof *room->origin, &room->origin));
    room->heading = &writer->heading;
    room->agent = &writer->labels[0];
    room->frame = &writer->labels[1];
    room->kind = &writer->labels[2];
cleanup:
    return status;
}

sq_status sq_window_writer_create(const char *path, const sq_window_rules *rules,
                                  const sq_window_source *from, sq_window_writer **writer) {
    (void)path, (void)from;
    sq_status status = sq_alloc(1, sizeof **writer, writer);
    return status == SQ_OK ? create_room(*writer, rules) : status;
}

void sq_window_writer_set_scene(sq_window_writer *writer, const char *file, const char *name) {
    (void)writer, (void)file, (void)name;
}

sq_status sq_window_writer_next(sq_window_writer *writer, sq_window_row *row) {
    *row = writer->room;
    return SQ_OK;
}

sq_status sq_window_writer_finish(sq_window_writer **writer, const sq_import_summary *summary) {
    (void)summary;
    sq_window_writer_abandon(writer);
    return SQ_OK;
}

void sq_window_writer_abandon(sq_window_writer **writer) {
    if (!*writer) return;
    sq_free((*writer)->room.input);
    sq_free((*writer)->room.target);
    sq_free((*writer)->room.mask);
    sq_free((*writer)->room.origin);
    sq_free(*writer);
    *writer = NULL;
}

int64_t sq_window_source_bytes(const sq_window_source *from) {
    (void)from;
    return 0;
}
