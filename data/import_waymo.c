#include "data/import_waymo.h"

#include <stdio.h>
#include <string.h>

#include "data/tfrecord.h"
#include "data/waymo_scene.h"

/* A scene unpacks to a few times its size. */
static const size_t most_unpacked = (size_t)256 << 20;

/* What reading one file needs. */
typedef struct {
    sq_import *import;
    const char *path;
    sq_tfrecord *file;
    sq_waymo_kind kind;
    sq_proto_arena *arena;
    sq_waymo_scene scene;
} reader;

/* The windows of the paper: an import without settings is its motion task. */
static const char *const defaults[] = {
    "data.observed=6",      "data.predicted=6",   "data.interval=0.2",
    "data.dimensions=3",    "data.windows=first", "data.origin=mean",
    "data.rise_above=0.05", "data.move_below=5",  NULL};

static void name_scene(reader *from) {
    char number[32];
    snprintf(number, sizeof number, "record %lld", (long long)sq_tfrecord_index(from->file));
    if (*from->scene.name)
        sq_window_writer_set_scene(from->import->cut.writer, "", from->scene.name);
    else
        sq_window_writer_set_scene(from->import->cut.writer, from->path, number);
}

/* Who is where, if windows tell of neighbours. */
static sq_status note_surroundings(reader *from) {
    sq_surroundings *around = from->import->cut.surroundings;
    sq_status status = SQ_OK;
    if (!around) return SQ_OK;
    SQ_TRY(sq_surroundings_begin(around));
    for (size_t i = 0; i < from->scene.n_tracks; i++) {
        const sq_track *track = &from->scene.tracks[i];
        for (int64_t step = 0; step < track->steps; step++) {
            const double *at = track->states[step].position;
            const sq_sighting seen = {.time = track->first_frame + step * track->frame_step,
                                      .agent = track->agent,
                                      .position = {at[0], at[1], at[2]}};
            if (track->states[step].observed) SQ_TRY(sq_surroundings_add(around, &seen));
        }
    }
    SQ_TRY(sq_surroundings_finish(around));
cleanup:
    return status;
}

static sq_status cut_scene(reader *from) {
    const sq_waymo_scene *scene = &from->scene;
    int64_t *counts = from->import->summary.counts;
    name_scene(from);
    counts[SQ_COUNT_SCENES]++;
    counts[SQ_COUNT_AGENTS] += (int64_t)scene->n_tracks;
    sq_status status = note_surroundings(from);
    if (status != SQ_OK) return status;
    for (size_t i = 0; i < scene->n_tracks; i++) {
        status = sq_window_cut_track(&from->import->cut, &scene->tracks[i]);
        if (status != SQ_OK) return status;
    }
    return SQ_OK;
}

static sq_status fail_record(const reader *from, sq_status status) {
    return sq_fail_within(status, "%s: record %lld (the first is 0)", from->path,
                          (long long)sq_tfrecord_index(from->file));
}

/* The first record that can be read says what the file is of. */
static sq_status find_kind(reader *from, const void *data, size_t length) {
    if (from->kind != SQ_WAYMO_UNKNOWN) return SQ_OK;
    from->kind = sq_waymo_find_kind(data, length, from->arena);
    if (from->kind != SQ_WAYMO_UNKNOWN) return SQ_OK;
    return sq_fail(SQ_ERR_DATA,
                   "%s: is a TFRecord file, but of neither tf_example nor Scenario records of "
                   "Waymo Open Motion",
                   from->path);
}

static sq_status read_record(reader *from, const void *data, size_t length) {
    sq_status status = find_kind(from, data, length);
    if (status != SQ_OK) return status;
    from->import->summary.counts[SQ_COUNT_RECORDS]++;
    status = sq_waymo_decode(from->kind, data, length, from->arena, &from->scene);
    if (status == SQ_ERR_DATA) {
        fail_record(from, status);
        return sq_import_damage(from->import);
    }
    return status == SQ_OK ? cut_scene(from) : fail_record(from, status);
}

static sq_status read_records(reader *from) {
    sq_tfrecord_event event;
    const void *data;
    size_t length;
    sq_status status;
    for (;;) {
        SQ_TRY(sq_tfrecord_next(from->file, &event, &data, &length));
        if (event == SQ_TFRECORD_END) return SQ_OK;
        if (event == SQ_TFRECORD_DAMAGED) {
            from->import->summary.counts[SQ_COUNT_RECORDS]++;
            SQ_TRY(sq_import_damage(from->import));
        } else {
            SQ_TRY(read_record(from, data, length));
        }
        sq_import_show(from->import, sq_tfrecord_bytes(from->file));
    }
cleanup:
    return status;
}

static sq_status read_file(sq_import *import, const char *path) {
    reader from = {.import = import, .path = path};
    sq_status status;
    SQ_TRY(sq_import_set_interval(import, path, sq_waymo_interval));
    SQ_TRY(sq_proto_arena_create(most_unpacked, &from.arena));
    SQ_TRY(sq_tfrecord_open(path, &from.file));
    SQ_TRY(read_records(&from));
cleanup:
    sq_tfrecord_close(&from.file);
    sq_proto_arena_destroy(&from.arena);
    sq_waymo_scene_clear(&from.scene);
    return status;
}

const sq_import_format sq_import_format_waymo = {
    .name = "waymo",
    .help = "Waymo Open Motion, TFRecord files of tf_example or Scenario records",
    .source = "Waymo Open Motion",
    .frame_meaning = "step of the scene, 0.1 s each, that is the last observed one",
    .frame_units = "1",
    .tells_requests = true,
    .tells_classes = true,
    .tells_height = true,
    .defaults = defaults,
    .read = read_file,
};
