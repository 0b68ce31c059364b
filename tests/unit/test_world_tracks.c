/* Tracks in the world: only of shards that hold what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dataset/shard_layout.h"
#include "near.h"
#include "scratch.h"
#include "train/world_tracks.h"

enum { OBSERVED = 3, PREDICTED = 2, D = 2, N_OUTPUT = PREDICTED * D };

static const sq_dataset_info motion = {.samples = 1,
                                       .n_input = OBSERVED * D,
                                       .n_output = N_OUTPUT,
                                       .trajectory = true,
                                       .observed_steps = OBSERVED,
                                       .predicted_steps = PREDICTED,
                                       .interval = 0.4};

/* A window that heads along y, 10 to the east; origin_rank 2: as importers write it. */
static void write_shard(const char *path, int origin_rank) {
    const char *const dimensions[] = {SQ_SHARD_DIM_SAMPLE, "axis", "axis"};
    const double origin[D * D] = {10, 0}, heading = 1.5707963267948966;
    sq_nc *file;
    assert_ok(sq_nc_create(path, &file));
    assert_ok(sq_nc_define_dimension(file, SQ_SHARD_DIM_SAMPLE, 1));
    assert_ok(sq_nc_define_dimension(file, "axis", D));
    assert_ok(sq_nc_define_variable(file, "origin", SQ_NC_DOUBLE, origin_rank, dimensions));
    assert_ok(sq_nc_define_variable(file, "heading", SQ_NC_DOUBLE, 1, dimensions));
    assert_ok(sq_nc_write_double(file, "origin", NULL, NULL, origin));
    assert_ok(sq_nc_write_double(file, "heading", NULL, NULL, &heading));
    assert_ok(sq_nc_close(&file));
}

static sq_nc *open_shard(void **state, int origin_rank) {
    sq_nc *file;
    write_shard(scratch_path(state, "a.nc"), origin_rank);
    assert_ok(sq_nc_open(scratch_path(state, "a.nc"), &file));
    return file;
}

/* Defines the tracks in a new file. */
static sq_nc *create_output(void **state, const sq_world_tracks *tracks) {
    sq_nc *file;
    assert_ok(sq_nc_create(scratch_path(state, "out.nc"), &file));
    assert_ok(sq_nc_define_dimension(file, SQ_SHARD_DIM_SAMPLE, 0));
    assert_ok(sq_nc_define_dimension(file, "axis", D));
    assert_ok(sq_world_tracks_define(tracks, &motion, "m", file));
    return file;
}

static void positions_are_turned_back_and_moved(void **state) {
    const sq_real input[] = {-2, 0, -1, 0, 0, 0}, target[] = {1, 0, 2, 1};
    double track[N_OUTPUT], times[PREDICTED];
    sq_world_tracks tracks;
    sq_nc *shard = open_shard(state, 2);
    assert_ok(sq_world_tracks_create(shard, &motion, N_OUTPUT, 1, &tracks));
    sq_nc *out = create_output(state, &tracks);
    assert_ok(sq_world_tracks_write(&tracks, shard, 0, 1, input, target, NULL, target, out, 0));
    assert_ok(sq_nc_read_double(out, "true_track", NULL, NULL, track));
    const double expected[] = {10, 1, 9, 2};
    for (int k = 0; k < N_OUTPUT; k++) assert_near(track[k], expected[k], 1e-6);
    assert_ok(sq_nc_read_double(out, "future_time", NULL, NULL, times));
    assert_true(times[0] == 0.4 && times[1] == 0.8);
    assert_ok(sq_nc_close(&out));
    sq_world_tracks_clear(&tracks);
    assert_ok(sq_nc_close(&shard));
}

/* The input would be read past its end, or the output at wrong places. */
static void steps_that_do_not_fit_have_no_tracks(void **state) {
    sq_world_tracks tracks;
    sq_nc *shard = open_shard(state, 2);
    sq_dataset_info info = motion;
    info.observed_steps = OBSERVED + 1;
    assert_ok(sq_world_tracks_create(shard, &info, N_OUTPUT, 1, &tracks));
    assert_int_equal(tracks.d, 0);
    sq_world_tracks_clear(&tracks);
    assert_ok(sq_world_tracks_create(shard, &motion, N_OUTPUT + 1, 1, &tracks));
    assert_int_equal(tracks.d, 0);
    sq_world_tracks_clear(&tracks);
    assert_ok(sq_nc_close(&shard));
}

static void a_shard_that_tells_otherwise_than_the_first_is_refused(void **state) {
    const sq_real input[OBSERVED * D] = {0}, target[N_OUTPUT] = {0};
    sq_world_tracks tracks;
    sq_nc *shard = open_shard(state, 2);
    assert_ok(sq_world_tracks_create(shard, &motion, N_OUTPUT, 1, &tracks));
    assert_ok(sq_nc_close(&shard));
    sq_nc *out = create_output(state, &tracks);
    shard = open_shard(state, 3);
    assert_failure(sq_world_tracks_write(&tracks, shard, 0, 1, input, target, NULL, target, out, 0),
                   SQ_ERR_DATA, "origin");
    assert_ok(sq_nc_close(&shard));
    assert_ok(sq_nc_close(&out));
    sq_world_tracks_clear(&tracks);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(positions_are_turned_back_and_moved),
        in_scratch(steps_that_do_not_fit_have_no_tracks),
        in_scratch(a_shard_that_tells_otherwise_than_the_first_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
