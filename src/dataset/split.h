/* Splits data sets by scene. */
#ifndef SQ_DATASET_SPLIT_H
#define SQ_DATASET_SPLIT_H

#include <stdint.h>

#include "dataset/scene_parts.h"
#include "softeq/error.h"

typedef struct {
    int64_t rows[SQ_SPLIT_PARTS], scenes[SQ_SPLIT_PARTS];
} sq_split_summary;

/* "train", "valid", "test" */
const char *sq_split_part_name(int part);

/* Writes PREFIX-train.nc, PREFIX-valid.nc and PREFIX-test.nc from the shards that the patterns
 * name; a part without a share is not written. Every row goes with all rows of its scene, in any of
 * the shards; scenes are drawn from the seed. shares: (SQ_SPLIT_PARTS). history: the command, or
 * NULL. Errors: SQ_ERR_DATA for a shard without scenes, SQ_ERR_ARGUMENT for a prefix that would
 * replace one; nothing is written then. */
sq_status sq_split_by_scene(const char *patterns, const double *shares, uint64_t seed,
                            const char *prefix, const char *history, sq_split_summary *summary);

#endif
