#include "data/import_eth_ucy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/order.h"
#include "data/recording.h"
#include "data/track_builder.h"

/* Every recording is annotated at this step, whatever its frame rate. */
static const double annotation_interval = 0.4; /* seconds */

/* ---- beginning and end of a recording ---- */

/* The annotated frames in order, each once. frames: (recording->count); returns how many. */
static int64_t list_frames(const sq_recording *recording, int64_t *frames) {
    int64_t count = 0;
    for (int64_t i = 0; i < recording->count; i++) frames[i] = recording->annotations[i].frame;
    qsort(frames, (size_t)recording->count, sizeof *frames, sq_compare_int64);
    for (int64_t i = 0; i < recording->count; i++)
        if (i == 0 || frames[i] != frames[i - 1]) frames[count++] = frames[i];
    return count;
}

/* The frame where the end of a recording begins, as usual for these: by annotated frames, not by
 * time or rows. */
static sq_status find_end_part(const sq_recording *recording, double fraction, int64_t *frame) {
    int64_t *frames = NULL;
    sq_status status = sq_alloc((size_t)recording->count, sizeof *frames, &frames);
    if (status != SQ_OK) return status;
    int64_t count = list_frames(recording, frames);
    int64_t first = (int64_t)((1 - fraction) * (double)count + 1e-9);
    *frame = first < count ? frames[first] : INT64_MAX;
    sq_free(frames);
    return SQ_OK;
}

static sq_status choose_part(sq_import *import, const sq_recording *recording) {
    const sq_config *config = import->job->config;
    int64_t frame = 0;
    if (!strcmp(config->data.part, "all")) return SQ_OK;
    sq_status status = find_end_part(recording, config->data.valid_fraction, &frame);
    if (!strcmp(config->data.part, "valid"))
        import->cut.first_frame = frame;
    else
        import->cut.end_frame = frame;
    return status;
}

/* ---- windows ---- */

/* Who is where, if windows tell of neighbours. */
static sq_status note_surroundings(sq_import *import, const sq_recording *recording) {
    sq_surroundings *around = import->cut.surroundings;
    sq_status status = SQ_OK;
    if (!around) return SQ_OK;
    SQ_TRY(sq_surroundings_begin(around));
    for (int64_t i = 0; i < recording->count; i++) {
        const sq_annotation *one = &recording->annotations[i];
        const sq_sighting seen = {
            .time = one->frame, .agent = one->agent, .position = {one->x, one->y, 0}};
        SQ_TRY(sq_surroundings_add(around, &seen));
    }
    SQ_TRY(sq_surroundings_finish(around));
cleanup:
    return status;
}

static sq_status cut_recording(sq_import *import, const sq_recording *recording) {
    const sq_annotation *all = recording->annotations;
    sq_track_builder builder;
    sq_status status = SQ_OK;
    sq_track_builder_init(&builder, &import->cut, recording->frame_step, 0);
    for (int64_t i = 0; i < recording->count; i++) {
        const sq_track_point point = {.agent = all[i].agent,
                                      .time = all[i].frame,
                                      .kind = SQ_AGENT_PEDESTRIAN,
                                      .position = {all[i].x, all[i].y, 0},
                                      .heading = NAN};
        if (i == 0 || all[i].agent != all[i - 1].agent) import->summary.counts[SQ_COUNT_AGENTS]++;
        SQ_TRY(sq_track_builder_add(&builder, &point));
    }
    SQ_TRY(sq_track_builder_end(&builder));
cleanup:
    sq_track_builder_clear(&builder);
    return status;
}

static sq_status read_file(sq_import *import, const char *path) {
    sq_recording recording = {0};
    int64_t *counts = import->summary.counts;
    int64_t windows_before = counts[SQ_COUNT_WINDOWS];
    sq_status status;
    SQ_TRY(sq_import_set_interval(import, path, annotation_interval));
    SQ_TRY(sq_recording_read(path, &recording));
    SQ_TRY(choose_part(import, &recording));
    sq_window_writer_set_scene(import->cut.writer, path, "");
    counts[SQ_COUNT_SCENES]++;
    counts[SQ_COUNT_RECORDS] += recording.count;
    SQ_TRY(note_surroundings(import, &recording));
    SQ_TRY(cut_recording(import, &recording));
    if (counts[SQ_COUNT_WINDOWS] == windows_before)
        SQ_TRY(sq_fail(SQ_ERR_DATA,
                       "%s: nobody is seen for %lld steps of %g s without a gap; lower "
                       "data.observed or data.predicted, or leave this file out",
                       path, (long long)(import->rules->observed + import->rules->predicted),
                       import->rules->interval));
cleanup:
    sq_recording_free(&recording);
    return status;
}

const sq_import_format sq_import_format_eth_ucy = {
    .name = "eth-ucy",
    .help = "pedestrians as text: frame, pedestrian, x, y",
    .source = "ETH/UCY pedestrians",
    .frame_meaning = "video frame of the last observed step",
    .frame_units = "1",
    .cuts_parts = true,
    .read = read_file,
};
