#include "train/world_tracks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/units.h"
#include "dataset/shard_layout.h"
#include "train/step_time.h"

#define ORIGIN "origin"
#define HEADING "heading"

/* ---- what there is ---- */

static bool has_shape(const sq_nc *shard, const char *name, int rank, size_t width) {
    size_t shape[SQ_NC_MAX_RANK];
    int found;
    return sq_nc_has_variable(shard, name) &&
           sq_nc_variable_shape(shard, name, &found, shape) == SQ_OK && found == rank &&
           (rank == 1 || shape[1] == width);
}

sq_status sq_world_tracks_create(const sq_nc *shard, const sq_dataset_info *info, size_t n_output,
                                 size_t most, sq_world_tracks *tracks) {
    sq_status status = SQ_OK;
    memset(tracks, 0, sizeof *tracks);
    if (!info->trajectory || info->observed_steps < 1 || info->predicted_steps < 1) return SQ_OK;
    size_t observed = (size_t)info->observed_steps, predicted = (size_t)info->predicted_steps;
    size_t d = n_output / predicted, n_input = (size_t)info->n_input;
    bool fits = d >= 2 && d <= 3 && predicted * d == n_output && observed <= n_input / d;
    if (!fits || !has_shape(shard, ORIGIN, 2, d)) return SQ_OK;
    tracks->d = d;
    tracks->observed = observed;
    tracks->predicted = predicted;
    tracks->n_input = n_input;
    tracks->has_target = info->n_output > 0;
    size_t steps = tracks->observed > tracks->predicted ? tracks->observed : tracks->predicted;
    SQ_TRY(sq_alloc(most * d, sizeof(double), &tracks->origin));
    SQ_TRY(sq_alloc(most * steps * d, sizeof(double), &tracks->world));
    SQ_TRY(sq_alloc(most, sizeof(double), &tracks->heading));
cleanup:
    return status;
}

void sq_world_tracks_clear(sq_world_tracks *tracks) {
    sq_free(tracks->origin);
    sq_free(tracks->heading);
    sq_free(tracks->world);
    memset(tracks, 0, sizeof *tracks);
}

/* ---- the file ---- */

static sq_status define_track(const sq_world_tracks *tracks, sq_nc *file, const char *name,
                              bool past, const char *long_name, const char *units) {
    const char *const dimensions[] = {SQ_SHARD_DIM_SAMPLE, past ? "past" : "future", "axis"};
    const size_t chunk[] = {SQ_SHARD_BLOCK_ROWS, past ? tracks->observed : tracks->predicted,
                            tracks->d};
    sq_status status;
    SQ_TRY(sq_nc_define_variable(file, name, SQ_NC_DOUBLE, 3, dimensions));
    SQ_TRY(sq_nc_define_storage(file, name, chunk, 0));
    SQ_TRY(sq_nc_define_missing(file, name, NAN));
    SQ_TRY(sq_nc_put_text(file, name, "long_name", long_name));
    SQ_TRY(sq_nc_put_text(file, name, "units", units[0] ? units : "1"));
cleanup:
    return status;
}

/* Time from the last observed step: of step i, (i + 1 - before) intervals. */
static sq_status define_times(sq_nc *file, const char *name, const char *dimension, size_t steps) {
    const char *const dimensions[] = {dimension};
    sq_status status;
    SQ_TRY(sq_nc_define_dimension(file, dimension, steps));
    SQ_TRY(sq_nc_define_variable(file, name, SQ_NC_DOUBLE, 1, dimensions));
    SQ_TRY(sq_nc_put_text(file, name, "long_name", "time from the last observed step"));
cleanup:
    return status;
}

static sq_status write_times(sq_nc *file, const char *name, size_t steps, size_t before,
                             double interval) {
    sq_status status = SQ_OK;
    const size_t one = 1;
    SQ_TRY(sq_nc_put_text(file, name, "units", interval > 0 ? "s" : "1"));
    for (size_t step = 0; step < steps; step++) {
        int64_t passed = (int64_t)step + 1 - (int64_t)before;
        double time = sq_step_time(passed, interval > 0 ? interval : 1.0);
        SQ_TRY(sq_nc_write_double(file, name, &step, &one, &time));
    }
cleanup:
    return status;
}

static const char *told(const char *units, const char *else_units) {
    return sq_units_are_none(units) ? else_units : units;
}

sq_status sq_world_tracks_define(const sq_world_tracks *tracks, const sq_dataset_info *info,
                                 const char *units, sq_nc *file) {
    sq_status status = SQ_OK;
    size_t length;
    if (tracks->d == 0) return SQ_OK;
    SQ_TRY(sq_nc_dimension_length(file, "axis", &length)); /* it came with the origin */
    SQ_TRY(define_times(file, "past_time", "past", tracks->observed));
    SQ_TRY(define_times(file, "future_time", "future", tracks->predicted));
    SQ_TRY(define_track(tracks, file, "observed_track", true, "observed positions in the world",
                        told(info->input_units, units)));
    if (tracks->has_target)
        SQ_TRY(define_track(tracks, file, "true_track", false, "true positions in the world",
                            told(info->units, units)));
    SQ_TRY(define_track(tracks, file, "predicted_track", false, "predicted positions in the world",
                        units));
    SQ_TRY(write_times(file, "past_time", tracks->observed, tracks->observed, info->interval));
    SQ_TRY(write_times(file, "future_time", tracks->predicted, 0, info->interval));
cleanup:
    return status;
}

/* ---- rows ---- */

/* A position of the window's frame, turned back and moved; a third axis is only moved. */
static void to_world(const sq_world_tracks *tracks, size_t row, const sq_real *position,
                     double *world) {
    const double *origin = tracks->origin + row * tracks->d;
    double heading = tracks->heading[row];
    double cosine = cos(heading), sine = sin(heading);
    double x = (double)position[0], y = (double)position[1];
    world[0] = origin[0] + cosine * x - sine * y;
    world[1] = origin[1] + sine * x + cosine * y;
    if (tracks->d == 3) world[2] = origin[2] + (double)position[2];
}

static bool counts(const sq_real *mask, size_t d) {
    for (size_t axis = 0; mask && axis < d; axis++)
        if (mask[axis] == 0) return false;
    return true;
}

/* positions: (count, width), of which the first `steps` are the track. */
static sq_status write_track(const sq_world_tracks *tracks, const char *name, size_t steps,
                             size_t count, size_t width, const sq_real *positions,
                             const sq_real *mask, sq_nc *file, size_t row) {
    const size_t start[] = {row, 0, 0};
    const size_t shape[] = {count, steps, tracks->d};
    size_t d = tracks->d;
    for (size_t k = 0; k < count; k++)
        for (size_t step = 0; step < steps; step++) {
            double *world = tracks->world + (k * steps + step) * d;
            size_t at = k * width + step * d;
            if (counts(mask ? mask + at : NULL, d))
                to_world(tracks, k, positions + at, world);
            else
                for (size_t axis = 0; axis < d; axis++) world[axis] = NAN;
        }
    return sq_nc_write_double(file, name, start, shape, tracks->world);
}

sq_status sq_world_tracks_write(const sq_world_tracks *tracks, const sq_nc *shard, size_t first,
                                size_t count, const sq_real *input, const sq_real *target,
                                const sq_real *mask, const sq_real *prediction, sq_nc *file,
                                size_t row) {
    const size_t start[] = {first, 0};
    const size_t shape[] = {count, tracks->d};
    size_t n_output = tracks->predicted * tracks->d;
    sq_status status = SQ_OK;
    if (tracks->d == 0) return SQ_OK;
    if (!has_shape(shard, ORIGIN, 2, tracks->d)) /* the first shard has it */
        return sq_fail(
            SQ_ERR_DATA,
            "%s: has no origin(sample,axis) of %zu coordinates; the first of the files has",
            sq_nc_path(shard), tracks->d);
    SQ_TRY(sq_nc_read_double(shard, ORIGIN, start, shape, tracks->origin));
    memset(tracks->heading, 0, count * sizeof *tracks->heading);
    if (has_shape(shard, HEADING, 1, 0)) /* of several shards some may be turned */
        SQ_TRY(sq_nc_read_double(shard, HEADING, start, shape, tracks->heading));
    SQ_TRY(write_track(tracks, "observed_track", tracks->observed, count, tracks->n_input, input,
                       NULL, file, row));
    if (tracks->has_target)
        SQ_TRY(write_track(tracks, "true_track", tracks->predicted, count, n_output, target, mask,
                           file, row));
    SQ_TRY(write_track(tracks, "predicted_track", tracks->predicted, count, n_output, prediction,
                       NULL, file, row));
cleanup:
    return status;
}
