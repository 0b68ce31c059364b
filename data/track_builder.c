#include "data/track_builder.h"

#include <string.h>

#include "base/memory.h"

enum { FIRST_CAPACITY = 1024 };

void sq_track_builder_init(sq_track_builder *builder, const sq_window_cut *cut, int64_t step,
                           int64_t tolerance) {
    *builder = (sq_track_builder){.cut = cut, .step = step, .tolerance = tolerance};
}

void sq_track_builder_clear(sq_track_builder *builder) {
    sq_free(builder->states);
    memset(builder, 0, sizeof *builder);
}

/* Only the future of a window may have gaps, and only if they are masked. */
static int64_t longest_gap(const sq_window_cut *cut) {
    return cut->rules->mask_missing ? cut->rules->predicted * cut->stride : 1;
}

/* Recorded steps from the last position to this one; 0: it begins another track. */
static int64_t steps_ahead(const sq_track_builder *builder, const sq_track_point *point) {
    if (builder->track.steps == 0 || point->agent != builder->track.agent) return 0;
    int64_t passed = point->time - builder->last_time;
    int64_t ahead = (passed + builder->step / 2) / builder->step;
    int64_t off = passed - ahead * builder->step;
    if (off > builder->tolerance || off < -builder->tolerance) return 0;
    return ahead <= longest_gap(builder->cut) ? ahead : 0;
}

static sq_status reserve(sq_track_builder *builder, int64_t steps) {
    if (steps <= builder->capacity) return SQ_OK;
    int64_t grown = 2 * steps > FIRST_CAPACITY ? 2 * steps : FIRST_CAPACITY;
    sq_status status = sq_grow((size_t)builder->capacity, (size_t)grown, sizeof *builder->states,
                               &builder->states);
    if (status == SQ_OK) builder->capacity = grown;
    return status;
}

static void begin(sq_track_builder *builder, const sq_track_point *point) {
    builder->track = (sq_track){.agent = point->agent,
                                .kind = point->kind,
                                .current = -1,
                                .first_frame = point->time,
                                .timed = true,
                                .frame_step = builder->step};
}

static sq_status append(sq_track_builder *builder, const sq_track_point *point, int64_t ahead) {
    sq_track *track = &builder->track;
    sq_status status = reserve(builder, track->steps + ahead);
    if (status != SQ_OK) return status;
    for (; ahead > 1; ahead--) builder->states[track->steps++] = (sq_track_state){0};
    sq_track_state *state = &builder->states[track->steps++];
    memcpy(state->position, point->position, sizeof state->position);
    state->heading = point->heading;
    state->observed = true;
    state->time = point->time;
    builder->last_time = point->time;
    return SQ_OK;
}

sq_status sq_track_builder_add(sq_track_builder *builder, const sq_track_point *point) {
    int64_t ahead = steps_ahead(builder, point);
    if (ahead == 0) {
        sq_status status = sq_track_builder_end(builder);
        if (status != SQ_OK) return status;
        begin(builder, point);
        ahead = 1;
    }
    return append(builder, point, ahead);
}

sq_status sq_track_builder_end(sq_track_builder *builder) {
    if (builder->track.steps == 0) return SQ_OK;
    builder->track.states = builder->states;
    sq_status status = sq_window_cut_track(builder->cut, &builder->track);
    builder->track.steps = 0;
    return status;
}
