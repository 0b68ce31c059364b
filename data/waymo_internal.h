/* What the two decoders of Waymo share. Nobody else includes this. */
#ifndef SQ_DATA_WAYMO_INTERNAL_H
#define SQ_DATA_WAYMO_INTERNAL_H

#include "data/waymo_scene.h"

/* Room for a scene; names nothing yet. SQ_ERR_DATA for sizes that no recording has. */
sq_status sq_waymo_scene_resize(sq_waymo_scene *scene, size_t n_tracks, size_t steps);

/* The id of a scene, which is not terminated. Bytes that are not printable become '?'. */
void sq_waymo_scene_set_name(sq_waymo_scene *scene, const void *name, size_t length);

/* The class that Waymo numbers so. */
sq_agent_class sq_waymo_class(int64_t number);

bool sq_waymo_is_example(const void *data, size_t length, ProtobufCAllocator *allocator);
sq_status sq_waymo_decode_example(const void *data, size_t length, ProtobufCAllocator *allocator,
                                  sq_waymo_scene *scene);

bool sq_waymo_is_scenario(const void *data, size_t length, ProtobufCAllocator *allocator);
sq_status sq_waymo_decode_scenario(const void *data, size_t length, ProtobufCAllocator *allocator,
                                   sq_waymo_scene *scene);

#endif
