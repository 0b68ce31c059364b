/* Builds tracks from positions that come one by one, agent by agent, in the order of time. */
#ifndef SQ_DATA_TRACK_BUILDER_H
#define SQ_DATA_TRACK_BUILDER_H

#include "data/window_cut.h"

/* Open struct. */
typedef struct {
    const sq_window_cut *cut; /* where tracks go */
    int64_t step;             /* time between two recorded steps */
    int64_t tolerance;        /* how far from a multiple of it a position may be */
    sq_track track;           /* under way; no steps: none */
    int64_t last_time;
    sq_track_state *states; /* (capacity) */
    int64_t capacity;
} sq_track_builder;

/* One position. */
typedef struct {
    int64_t agent, time;
    sq_agent_class kind;
    double position[3], heading; /* heading: NaN if not told */
} sq_track_point;

/* cut: borrowed, its stride set. step > 0. */
void sq_track_builder_init(sq_track_builder *builder, const sq_window_cut *cut, int64_t step,
                           int64_t tolerance);
void sq_track_builder_clear(sq_track_builder *builder);

/* Adds a position to the track under way. A new agent, or a gap that no window can hold, ends it:
 * its windows are cut. Times of one agent grow. */
sq_status sq_track_builder_add(sq_track_builder *builder, const sq_track_point *point);
/* Ends the track under way, if there is one. */
sq_status sq_track_builder_end(sq_track_builder *builder);

#endif
