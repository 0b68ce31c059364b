#include "data/waymo_scene.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"
#include "data/waymo_internal.h"

/* Far above any scene (some 1000 agents, 91 steps): a bound of memory. */
enum { MOST_STATES = 1 << 20 };

sq_status sq_waymo_scene_resize(sq_waymo_scene *scene, size_t n_tracks, size_t steps) {
    sq_status status = SQ_OK;
    if (n_tracks > MOST_STATES || steps > MOST_STATES || n_tracks * steps > MOST_STATES)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%zu agents of %zu steps are too many", n_tracks, steps));
    if (n_tracks > scene->track_capacity) {
        SQ_TRY(sq_grow(scene->track_capacity, n_tracks, sizeof *scene->tracks, &scene->tracks));
        scene->track_capacity = n_tracks;
    }
    if (n_tracks * steps > scene->state_capacity) {
        SQ_TRY(sq_grow(scene->state_capacity, n_tracks * steps, sizeof *scene->states,
                       &scene->states));
        scene->state_capacity = n_tracks * steps;
    }
    scene->n_tracks = n_tracks;
    scene->steps = (int64_t)steps;
    scene->name[0] = '\0';
cleanup:
    return status;
}

void sq_waymo_scene_clear(sq_waymo_scene *scene) {
    sq_free(scene->tracks);
    sq_free(scene->states);
    memset(scene, 0, sizeof *scene);
}

void sq_waymo_scene_set_name(sq_waymo_scene *scene, const void *name, size_t length) {
    const unsigned char *from = name;
    size_t count = length < sizeof scene->name ? length : sizeof scene->name - 1;
    for (size_t i = 0; i < count; i++) scene->name[i] = isprint(from[i]) ? (char)from[i] : '?';
    scene->name[count] = '\0';
}

sq_agent_class sq_waymo_class(int64_t number) {
    switch (number) {
        case 1: return SQ_AGENT_VEHICLE;
        case 2: return SQ_AGENT_PEDESTRIAN;
        case 3: return SQ_AGENT_CYCLIST;
        default: return SQ_AGENT_OTHER;
    }
}

sq_waymo_kind sq_waymo_find_kind(const void *data, size_t length, sq_proto_arena *arena) {
    ProtobufCAllocator *allocator = sq_proto_arena_allocator(arena);
    sq_proto_arena_reset(arena);
    if (sq_waymo_is_example(data, length, allocator)) return SQ_WAYMO_EXAMPLE;
    sq_proto_arena_reset(arena);
    if (sq_waymo_is_scenario(data, length, allocator)) return SQ_WAYMO_SCENARIO;
    return SQ_WAYMO_UNKNOWN;
}

sq_status sq_waymo_decode(sq_waymo_kind kind, const void *data, size_t length,
                          sq_proto_arena *arena, sq_waymo_scene *scene) {
    ProtobufCAllocator *allocator = sq_proto_arena_allocator(arena);
    sq_proto_arena_reset(arena);
    if (kind == SQ_WAYMO_EXAMPLE) return sq_waymo_decode_example(data, length, allocator, scene);
    if (kind == SQ_WAYMO_SCENARIO) return sq_waymo_decode_scenario(data, length, allocator, scene);
    return sq_fail(SQ_ERR_DATA, "is neither a tf_example nor a Scenario of Waymo Open Motion");
}
