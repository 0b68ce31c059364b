/* Neighbours of a window: the nearest first, from any format alike, and from disk as from memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/surroundings.h"
#include "import_files.h"
#include "near.h"
#include "scratch.h"

/* Pedestrian 1 walks along x; 2 walks beside it, 3 comes late and is nearer, 4 is gone in time. */
static const char walks[] =
    "0 1 0 0\n10 1 1 0\n20 1 2 0\n"
    "0 2 0 5\n10 2 1 6\n20 2 2 7\n"
    "10 3 1 -2\n20 3 2 -3\n"
    "0 4 0 1\n";
static const char walks_as_table[] =
    "track,time,x,y\n"
    "1,0,0,0\n1,0.4,1,0\n1,0.8,2,0\n"
    "2,0.02,0,5\n2,0.42,1,6\n2,0.82,2,7\n" /* its clock is a little ahead */
    "3,0.4,1,-2\n3,0.8,2,-3\n"
    "4,0,0,1\n";

enum { N_INPUT = 2 * 2 + 3 + 3 * 2 * 2 };

/* Two steps to one, three neighbours; the first window is pedestrian 1's. */
static void import_first(void **state, const char *format, const char *text, const char *align,
                         sq_real *input) {
    const int64_t row = 0;
    const char *path = scratch_write(state, "a.txt", text);
    sq_import_summary summary;
    sq_dataset *dataset;
    sq_config config = import_config(format);
    config.data.observed = 2;
    config.data.predicted = 1;
    config.data.neighbours = 3;
    strcpy(config.data.align, align);
    assert_ok(import_files(format, &path, 1, &config, scratch_path(state, "out.nc"), &summary));
    assert_ok(sq_dataset_open(scratch_word(state, "out.nc"), 1 << 20, &dataset));
    assert_string_equal(sq_dataset_describe(dataset)->input_representation,
                        "2*T(1) + 3*T(0) + 6*T(1)");
    assert_int_equal(sq_dataset_describe(dataset)->n_input, N_INPUT);
    assert_ok(sq_dataset_read(dataset, &row, 1, input, NULL, NULL));
    sq_dataset_destroy(&dataset);
}

static const sq_real expected[N_INPUT] = {
    -1, 0,  0, 0,  /* its own */
    1,  1,  0,     /* two are there */
    0,  -2, 0, -2, /* 3, which stood where it was seen first */
    -1, 5,  0, 6,  /* 2 */
    0,  0,  0, 0};

static void the_nearest_come_first(void **state) {
    sq_real input[N_INPUT];
    import_first(state, "eth-ucy", walks, "none", input);
    for (int e = 0; e < N_INPUT; e++) assert_near((double)input[e], (double)expected[e], 1e-6);
}

static void tables_tell_the_same(void **state) {
    sq_real input[N_INPUT];
    import_first(state, "csv", walks_as_table, "none", input);
    for (int e = 0; e < N_INPUT; e++) assert_near((double)input[e], (double)expected[e], 1e-6);
}

static void neighbours_turn_with_the_window(void **state) {
    static const char along_y[] =
        "0 1 0 0\n10 1 0 1\n20 1 0 2\n0 2 -5 0\n10 2 -6 1\n20 2 -7 2\n"
        "10 3 2 1\n20 3 3 2\n0 4 -1 0\n"; /* all turned by a quarter */
    sq_real input[N_INPUT];
    import_first(state, "eth-ucy", along_y, "heading", input);
    for (int e = 0; e < N_INPUT; e++) assert_near((double)input[e], (double)expected[e], 1e-6);
}

/* Sightings drawn from few scenes, times and agents. */
static sq_surroundings *draw(void **state, size_t most, size_t count) {
    sq_surroundings *around = NULL;
    sq_rng rng = test_rng(201);
    assert_ok(sq_surroundings_create(scratch_path(state, "beside"), most, &around));
    assert_ok(sq_surroundings_begin(around));
    for (size_t i = 0; i < count; i++) {
        sq_sighting seen = {.scene = (int64_t)sq_rng_below(&rng, 3),
                            .time = (int64_t)sq_rng_below(&rng, 700),
                            .agent = (int64_t)i};
        seen.position[0] = (double)i;
        assert_ok(sq_surroundings_add(around, &seen));
    }
    assert_ok(sq_surroundings_finish(around));
    return around;
}

static void what_is_on_disk_is_found_as_in_memory(void **state) {
    enum { COUNT = 9000 };
    sq_surroundings *memory = draw(state, COUNT, COUNT), *disk = draw(state, 1024, COUNT);
    size_t total = 0;
    for (int64_t scene = 0; scene < 4; scene++)
        for (int64_t time = -10; time < 720; time += 7) {
            const sq_sighting *there, *here;
            size_t n_there, n_here;
            assert_ok(sq_surroundings_find(memory, scene, time, time + 6, &there, &n_there));
            assert_ok(sq_surroundings_find(disk, scene, time, time + 6, &here, &n_here));
            assert_int_equal(n_there, n_here);
            if (n_there > 0) assert_memory_equal(there, here, n_there * sizeof *there);
            for (size_t i = 0; i < n_there; i++)
                assert_true(there[i].scene == scene && there[i].time >= time &&
                            there[i].time <= time + 6);
            total += n_there;
        }
    assert_int_equal(total, COUNT);
    sq_surroundings_destroy(&memory);
    sq_surroundings_destroy(&disk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(the_nearest_come_first),
        in_scratch(tables_tell_the_same),
        in_scratch(neighbours_turn_with_the_window),
        in_scratch(what_is_on_disk_is_found_as_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
