/* Which part of a split each scene belongs to. */
#ifndef SQ_DATASET_SCENE_PARTS_H
#define SQ_DATASET_SCENE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"

enum { SQ_SPLIT_PARTS = 3 };

typedef struct sq_scene_parts sq_scene_parts;

sq_status sq_scene_parts_create(sq_scene_parts **parts);
/* Accepts and leaves NULL. */
void sq_scene_parts_destroy(sq_scene_parts **parts);

/* Counts rows by their scene. scenes: (count). Memory grows with scenes, not with rows. */
sq_status sq_scene_parts_count(sq_scene_parts *parts, const int64_t *scenes, size_t count);

/* How many scenes were counted. */
size_t sq_scene_parts_total(sq_scene_parts *parts);

/* After sq_scene_parts_total: whether a scene was counted. */
bool sq_scene_parts_holds(const sq_scene_parts *parts, int64_t scene);

/* Gives scenes to parts in an order drawn from the seed, each to the part that lacks most rows;
 * every part with a share gets at least one. shares: (SQ_SPLIT_PARTS), of any sum. Errors:
 * SQ_ERR_DATA if there are fewer scenes than parts. */
sq_status sq_scene_parts_assign(sq_scene_parts *parts, const double *shares, uint64_t seed);

/* After the assignment: the part of a scene, -1 if it was never counted. */
int sq_scene_parts_find(const sq_scene_parts *parts, int64_t scene);

/* After the assignment: scenes of a part. */
int64_t sq_scene_parts_scenes(const sq_scene_parts *parts, int part);

#endif
