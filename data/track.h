/* What every format is read into: the positions of one agent at equal steps of time. */
#ifndef SQ_DATA_TRACK_H
#define SQ_DATA_TRACK_H

#include <stdbool.h>
#include <stdint.h>

#include "softeq/error.h"

typedef enum {
    SQ_AGENT_OTHER,
    SQ_AGENT_VEHICLE,
    SQ_AGENT_PEDESTRIAN,
    SQ_AGENT_CYCLIST,
    SQ_AGENT_CLASSES
} sq_agent_class;

/* "vehicle" ... */
const char *sq_agent_class_name(sq_agent_class kind);
/* The class of that name; false, and SQ_AGENT_OTHER, if there is none. "car" and "truck" are
 * vehicles; "bicycle" is a cyclist. Upper and lower case are the same. */
bool sq_agent_class_find(const char *name, sq_agent_class *kind);

typedef struct {
    double position[3]; /* metres, in the world's frame */
    double heading;     /* radians from the x axis, counter-clockwise; NaN: not told */
    bool observed;      /* otherwise the rest means nothing */
    int64_t time;       /* when, as the recording counts; only in a track that is timed */
} sq_track_state;

typedef struct {
    int64_t agent; /* as the recording numbers it */
    sq_agent_class kind;
    bool to_predict;              /* the recording asks for it */
    const sq_track_state *states; /* (steps) */
    int64_t steps;
    int64_t current;                 /* the step that is now, in the recording's sense; -1: none */
    int64_t first_frame, frame_step; /* the recording's time of step i: first + i * step */
    bool timed;                      /* each state tells its own, which may be off by a little */
} sq_track;

#endif
