/* Blocks are read ahead by a thread, never at the same time as by the caller, and come out the
 * same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdatomic.h>
#include <time.h>

#include "dataset/block_reader.h"
#include "near.h"
#include "small_model.h"

enum { BLOCKS = 32, VALUES = 16, BLOCK_BYTES = VALUES * sizeof(sq_real), DAMAGED = 3 };

/* Something with blocks that knows what is done to it. */
typedef struct {
    atomic_int loads[BLOCKS];
    atomic_int total, under_way, rests;
    atomic_bool overlapped, disturbed;
    bool damaged; /* block DAMAGED cannot be read */
} blocks;

static sq_status load(void *context, size_t block, sq_real *values) {
    blocks *from = context;
    if (atomic_fetch_add(&from->under_way, 1) > 0) atomic_store(&from->overlapped, true);
    if (atomic_load(&from->rests)) atomic_store(&from->disturbed, true);
    for (int i = 0; i < VALUES; i++) values[i] = (sq_real)(100 * (int)block + i);
    atomic_fetch_add(&from->loads[block], 1);
    atomic_fetch_sub(&from->under_way, 1);
    atomic_fetch_add(&from->total, 1);
    if (from->damaged && block == DAMAGED)
        return sq_fail(SQ_ERR_DATA, "block %zu is damaged", block);
    return SQ_OK;
}

static sq_block_reader *create(blocks *from, size_t cached) {
    sq_block_reader *reader = NULL;
    assert_ok(sq_block_reader_create(BLOCKS, VALUES, cached * BLOCK_BYTES, load, from, &reader));
    return reader;
}

static sq_status get(sq_block_reader *reader, size_t block) {
    const sq_real *values;
    sq_block_reader_open(reader);
    sq_status status = sq_block_reader_get(reader, block, &values);
    for (int i = 0; status == SQ_OK && i < VALUES; i++)
        assert_true(values[i] == (sq_real)(100 * (int)block + i));
    sq_block_reader_close(reader);
    return status;
}

static void pause_for(long nanoseconds) {
    const struct timespec span = {.tv_nsec = nanoseconds};
    nanosleep(&span, NULL);
}

/* Ten seconds at most. */
static void wait_for_loads(blocks *from, int total) {
    for (int i = 0; i < 10000 && atomic_load(&from->total) < total; i++) pause_for(1000000);
    assert_int_equal(atomic_load(&from->total), total);
}

static void what_is_expected_is_read_before_it_is_asked_for(void **state) {
    const size_t expected[] = {4, 2, 9, 2};
    blocks from = {0};
    (void)state;
    sq_block_reader *reader = create(&from, BLOCKS);
    assert_ok(sq_block_reader_expect(reader, expected, 4));
    wait_for_loads(&from, 3);
    for (int i = 0; i < 4; i++) assert_ok(get(reader, expected[i]));
    assert_int_equal(atomic_load(&from.total), 3);
    sq_block_reader_destroy(&reader);
    assert_null(reader);
}

static void what_is_expected_stays(void **state) {
    const size_t expected[] = {0, 1, 2};
    blocks from = {0};
    (void)state;
    sq_block_reader *reader = create(&from, 4);
    assert_ok(sq_block_reader_expect(reader, expected, 3));
    wait_for_loads(&from, 3);
    for (size_t block = 10; block < 20; block++) assert_ok(get(reader, block));
    for (size_t block = 0; block < 3; block++) assert_ok(get(reader, block));
    assert_int_equal(atomic_load(&from.total), 13);
    sq_block_reader_destroy(&reader);
}

static void reading_ahead_ends_where_the_room_does(void **state) {
    const size_t expected[] = {0, 1, 2, 3, 4, 5};
    const size_t next[] = {4, 5};
    blocks from = {0};
    (void)state;
    sq_block_reader *reader = create(&from, 4);
    assert_ok(sq_block_reader_expect(reader, expected, 6));
    wait_for_loads(&from, 4);
    pause_for(20000000);
    assert_int_equal(atomic_load(&from.total), 4);
    assert_ok(sq_block_reader_expect(reader, next, 2));
    wait_for_loads(&from, 6);
    sq_block_reader_destroy(&reader);
}

static void a_failure_comes_up_where_the_block_is_asked_for(void **state) {
    const size_t expected[] = {DAMAGED, 4};
    blocks from = {.damaged = true};
    (void)state;
    sq_block_reader *reader = create(&from, BLOCKS);
    assert_ok(sq_block_reader_expect(reader, expected, 2));
    wait_for_loads(&from, 2);
    assert_ok(get(reader, 4));
    assert_failure(get(reader, DAMAGED), SQ_ERR_DATA, "block 3 is damaged");
    assert_failure(get(reader, DAMAGED), SQ_ERR_DATA, "block 3 is damaged");
    assert_ok(get(reader, 5));
    sq_block_reader_destroy(&reader);
}

static void a_cache_of_one_block_will_do(void **state) {
    const size_t expected[] = {7, 8, 9};
    blocks from = {0};
    (void)state;
    sq_block_reader *reader = create(&from, 0);
    assert_ok(sq_block_reader_expect(reader, expected, 3));
    for (size_t block = 0; block < BLOCKS; block++) assert_ok(get(reader, block));
    sq_block_reader_destroy(&reader);
}

/* Draws what to do next; loads tell whether two ran at once or one during a rest. */
static void nobody_reads_at_the_same_time_or_during_a_rest(void **state) {
    sq_rng rng = test_rng(211);
    blocks from = {0};
    (void)state;
    sq_block_reader *reader = create(&from, 9);
    for (int step = 0; step < 20000; step++) {
        size_t plan[6];
        size_t block = (size_t)sq_rng_below(&rng, BLOCKS);
        for (size_t i = 0; i < 6; i++) plan[i] = (block + i) % BLOCKS;
        switch (sq_rng_below(&rng, 8)) {
            case 0: assert_ok(sq_block_reader_expect(reader, plan, 6)); break;
            case 1:
                sq_block_reader_rest(reader);
                atomic_store(&from.rests, 1);
                if (step % 64 == 0) pause_for(100000);
                atomic_store(&from.rests, 0);
                break;
            default: assert_ok(get(reader, block));
        }
    }
    assert_false(atomic_load(&from.overlapped));
    assert_false(atomic_load(&from.disturbed));
    sq_block_reader_destroy(&reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_expected_is_read_before_it_is_asked_for),
        cmocka_unit_test(what_is_expected_stays),
        cmocka_unit_test(reading_ahead_ends_where_the_room_does),
        cmocka_unit_test(a_failure_comes_up_where_the_block_is_asked_for),
        cmocka_unit_test(a_cache_of_one_block_will_do),
        cmocka_unit_test(nobody_reads_at_the_same_time_or_during_a_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
