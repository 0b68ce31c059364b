/* The names in a data shard: what the writer writes and the reader reads. */
#ifndef SQ_DATASET_SHARD_LAYOUT_H
#define SQ_DATASET_SHARD_LAYOUT_H

/* Dimensions. */
#define SQ_SHARD_DIM_SAMPLE "sample"
#define SQ_SHARD_DIM_INPUT "input"
#define SQ_SHARD_DIM_OUTPUT "output"

/* Variables: input(sample,input), target(sample,output) and, if there, mask(sample,output) and
 * scene(sample). */
#define SQ_SHARD_INPUT "input"
#define SQ_SHARD_TARGET "target"
#define SQ_SHARD_MASK "mask"
#define SQ_SHARD_SCENE "scene"

/* Names of scenes, where they are told: over another dimension, a row for each scene. */
#define SQ_SHARD_DIM_SCENE "scene_entry"
#define SQ_SHARD_SCENE_ID "scene_id"
#define SQ_SHARD_SCENE_NAME "scene_name"

/* Global attributes. */
#define SQ_SHARD_INPUT_REPRESENTATION "input_representation"
#define SQ_SHARD_OUTPUT_REPRESENTATION "output_representation"
#define SQ_SHARD_TITLE "title"
#define SQ_SHARD_CONTENT_HASH "content_hash"

/* Global attributes of trajectories. */
#define SQ_SHARD_TASK "task"
#define SQ_SHARD_TASK_MOTION "motion" /* the value of `task` that says trajectory */
#define SQ_SHARD_OBSERVED_STEPS "observed_steps"
#define SQ_SHARD_PREDICTED_STEPS "predicted_steps"
#define SQ_SHARD_INTERVAL "interval"

/* Attribute of input and target. */
#define SQ_SHARD_UNITS "units"

/* Rows that are written together in the file, and read together. */
enum { SQ_SHARD_BLOCK_ROWS = 1024 };
/* Of a short run of rows that is hashed. */
enum { SQ_SHARD_RUN_ROWS = 16 };

#endif
