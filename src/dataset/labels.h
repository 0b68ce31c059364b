/* What a shard says of its rows besides input, target and mask: numbers over the dimension sample,
 * and the names of scenes. Copied as they are when rows move to another shard. */
#ifndef SQ_DATASET_LABELS_H
#define SQ_DATASET_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "dataset/scene_parts.h"
#include "io/netcdf_file.h"

typedef struct sq_labels sq_labels;

/* The labels of a shard. Text over samples is left out, with a warning, and so are packed numbers.
 */
sq_status sq_labels_create(const sq_nc *file, sq_labels **labels);
/* Accepts and leaves NULL. */
void sq_labels_destroy(sq_labels **labels);

/* Defines the same in another file, which has the dimension sample already. A variable of that name
 * stays as it is there: the label is left out, with a warning. */
sq_status sq_labels_define(sq_labels *labels, const sq_nc *from, sq_nc *to);

/* Copies rows of `from` that are chosen to the end of `to`. chosen: (count), of the rows from
 * `first` on, NULL: all; row: where they go. Errors: SQ_ERR_DATA if `from` lacks one of the labels,
 * or has it in another shape than the file they are of. */
sq_status sq_labels_copy(sq_labels *labels, const sq_nc *from, size_t first, size_t count,
                         const bool *chosen, sq_nc *to, size_t row);

/* Appends the names of those scenes in `from` that belong to a part; parts NULL: of all. *entries:
 * names in `to`. */
sq_status sq_labels_copy_scenes(const sq_nc *from, const sq_scene_parts *parts, int part, sq_nc *to,
                                size_t *entries);

#endif
