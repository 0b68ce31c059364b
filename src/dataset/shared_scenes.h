/* Scenes that two data sets have in common: then the one does not test what was learnt of the other
 * on anything unseen. */
#ifndef SQ_DATASET_SHARED_SCENES_H
#define SQ_DATASET_SHARED_SCENES_H

#include <stddef.h>

#include "softeq/error.h"

/* Counts the scenes that files of both patterns tell of (as sq_dataset_open takes them). name: one
 * of them, "" if there is none. Files that tell of no scenes share none. Reads names of scenes
 * where there are any, and otherwise the scene of every row. */
sq_status sq_shared_scenes(const char *first, const char *second, size_t *count, char *name,
                           size_t capacity);

#endif
