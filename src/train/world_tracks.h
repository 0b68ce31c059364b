/* Predicted tracks in the coordinates of the world: positions as a shard holds them, turned back
 * and moved to where the window's frame was. */
#ifndef SQ_TRAIN_WORLD_TRACKS_H
#define SQ_TRAIN_WORLD_TRACKS_H

#include "io/netcdf_file.h"
#include "softeq/dataset.h"

/* Zeroed: there are none. Open struct; the creator clears. */
typedef struct {
    size_t d, observed, predicted, n_input; /* 0: there are none */
    bool has_target;
    double *origin, *heading, *world; /* of a chunk of rows */
} sq_world_tracks;

/* Tracks of rows of `shard` (io), if it tells where its windows were: an origin(sample, axis), and
 * the steps that it tells of are there.
 * n_output: of the predictions. most: rows of a chunk. */
sq_status sq_world_tracks_create(const sq_nc *shard, const sq_dataset_info *info, size_t n_output,
                                 size_t most, sq_world_tracks *tracks);
void sq_world_tracks_clear(sq_world_tracks *tracks);

/* Defines the variables in a file that has the dimension sample. units: of the predictions, and of
 * what does not tell its own. */
sq_status sq_world_tracks_define(const sq_world_tracks *tracks, const sq_dataset_info *info,
                                 const char *units, sq_nc *file);

/* Writes `count` rows, those of `shard` from `first` on, to rows of `file` from `row` on. input:
 * (count, n_input), target, mask and prediction: (count, n_output); mask NULL: all count. What does
 * not count becomes NaN. SQ_ERR_DATA for a shard without an origin. */
sq_status sq_world_tracks_write(const sq_world_tracks *tracks, const sq_nc *shard, size_t first,
                                size_t count, const sq_real *input, const sq_real *target,
                                const sq_real *mask, const sq_real *prediction, sq_nc *file,
                                size_t row);

#endif
