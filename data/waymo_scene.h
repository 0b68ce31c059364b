/* Scenes of Waymo Open Motion, from either of its two kinds of records.
 * https://waymo.com/open/data/motion */
#ifndef SQ_DATA_WAYMO_SCENE_H
#define SQ_DATA_WAYMO_SCENE_H

#include <stddef.h>
#include <stdint.h>

#include "data/proto_arena.h"
#include "data/track.h"

typedef enum {
    SQ_WAYMO_UNKNOWN,
    SQ_WAYMO_EXAMPLE, /* tf_example: tensors over agents and steps */
    SQ_WAYMO_SCENARIO /* Scenario: a message per agent and step */
} sq_waymo_kind;

/* All of Waymo is recorded at 10 Hz. */
static const double sq_waymo_interval = 0.1; /* seconds */

/* Decoded. Open struct; used again and again, it keeps its memory. Tracks and states are valid
 * until the next scene. */
typedef struct {
    char name[64]; /* the scenario's id; "" if it has none */
    int64_t steps, current;
    size_t n_tracks;
    sq_track *tracks;       /* (n_tracks) */
    sq_track_state *states; /* (n_tracks, steps) */
    size_t track_capacity, state_capacity;
} sq_waymo_scene;

void sq_waymo_scene_clear(sq_waymo_scene *scene);

/* Which kind of record it is, by its content. */
sq_waymo_kind sq_waymo_find_kind(const void *data, size_t length, sq_proto_arena *arena);

/* Decodes a record. The arena is reset. Errors: SQ_ERR_DATA for a record that is not of the kind,
 * or whose parts do not fit together; SQ_ERR_MEMORY. */
sq_status sq_waymo_decode(sq_waymo_kind kind, const void *data, size_t length,
                          sq_proto_arena *arena, sq_waymo_scene *scene);

#endif
