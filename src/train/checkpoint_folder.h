/* The checkpoints of a run's folder. */
#ifndef SQ_TRAIN_CHECKPOINT_FOLDER_H
#define SQ_TRAIN_CHECKPOINT_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "softeq/error.h"

/* Whether the folder holds any checkpoint-<step>.nc, sound or not. */
bool sq_checkpoint_exists(const char *folder);

/* The newest checkpoint-<step>.nc of a folder that verifies; names those it skips, and why, in the
 * log. *path is a text to be freed with sq_free, NULL if the folder holds none at all (SQ_OK).
 * Errors: SQ_ERR_DATA if there are some and none verifies, SQ_ERR_IO if there is no such folder. */
sq_status sq_checkpoint_find_newest(const char *folder, char **path);

/* Renames those of later steps than `step` to checkpoint-<step>.nc.skipped. A run that stands there
 * has skipped them, and its log is about to be too short for them: they must not be found again. */
sq_status sq_checkpoint_set_aside(const char *folder, int64_t step);

/* Removes the checkpoint-<step>.nc of a folder up to `step` but for the `keep` newest of them;
 * never that of `step` itself. Later ones are left alone: they must not crowd out those that can be
 * used. */
sq_status sq_checkpoint_prune(const char *folder, int64_t step, int keep);

#endif
