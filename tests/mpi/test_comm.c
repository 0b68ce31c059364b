/* The communicator: run with any number of ranks, under mpirun or (argument "serial") alone.
 * Expected values are computed from the ranks' numbers, hence the same for both twins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "mpi/world.h"

static sq_comm *comm; /* of all tests; cmocka's state pointer would say the same less plainly */

/* What rank `rank` contributes to element i: large, of both signs, exact. */
static int64_t value_of(int rank, size_t i) {
    int64_t sign = (rank + (int)i) % 2 ? -1 : 1;
    return sign * (((int64_t)1 << 52) / (rank + 1) + (int64_t)(i * 1000003u));
}

static int64_t sum_of(size_t i) {
    int64_t sum = 0;
    for (int rank = 0; rank < sq_comm_size(comm); rank++) sum += value_of(rank, i);
    return sum;
}

static void fill(int64_t *values, size_t count) {
    for (size_t i = 0; i < count; i++) values[i] = value_of(sq_comm_rank(comm), i);
}

static void assert_summed(const int64_t *values, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (values[i] != sum_of(i)) fail_msg("element %zu of %zu is wrong", i, count);
}

static void ranks_are_numbered(void **state) {
    (void)state;
    int64_t largest = sq_comm_rank(comm);
    assert_in_range(sq_comm_rank(comm), 0, sq_comm_size(comm) - 1);
    assert_int_equal(SQ_OK, sq_comm_max(comm, &largest, 1));
    assert_int_equal(sq_comm_size(comm) - 1, largest);
    assert_true(strlen(sq_comm_description(comm)) > 0);
}

static void sums_equal_the_serial_result(void **state) {
    (void)state;
    int64_t values[1000];
    for (size_t count = 0; count <= 1000; count = 3 * count + 1) {
        fill(values, count);
        assert_int_equal(SQ_OK, sq_comm_sum(comm, values, count));
        assert_summed(values, count);
    }
}

/* Whether or not there is memory to lend, sums in it equal the serial result, in any part of it. */
static void lent_memory_sums_like_any_other(void **state) {
    (void)state;
    enum { MOST = 5000 };
    int64_t *lent = NULL;
    assert_int_equal(SQ_OK, sq_comm_lend(comm, MOST, &lent));
    assert_int_equal(sq_comm_size(comm) > 1, lent != NULL); /* tests run on one node */
    if (!lent) return;
    for (size_t i = 0; i < MOST; i++) assert_int_equal(0, lent[i]);
    for (size_t count = 1; count <= MOST; count = 3 * count + 1) {
        int64_t *values = lent + (MOST - count) / 2;
        fill(values, count);
        assert_int_equal(SQ_OK, sq_comm_sum(comm, values, count));
        assert_summed(values, count);
    }
    sq_comm_give_back(comm, lent);
}

static void lent_memory_is_zero_again_when_lent_again(void **state) {
    (void)state;
    for (int turn = 0; turn < 3; turn++) {
        int64_t *one = NULL, *other = NULL;
        assert_int_equal(SQ_OK, sq_comm_lend(comm, 100, &one));
        assert_int_equal(SQ_OK, sq_comm_lend(comm, 10, &other));
        if (!one || !other) return;
        assert_int_equal(0, one[99]);
        assert_int_equal(0, other[9]);
        fill(one, 100);
        fill(other, 10);
        assert_int_equal(SQ_OK, sq_comm_sum(comm, other, 10));
        assert_int_equal(SQ_OK, sq_comm_sum(comm, one, 100));
        assert_summed(one, 100);
        assert_summed(other, 10);
        sq_comm_give_back(comm, other);
        sq_comm_give_back(comm, one);
    }
}

/* Mappings of this process. */
static int count_mappings(void) {
    int count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    assert_non_null(maps);
    for (int c = getc(maps); c != EOF; c = getc(maps)) count += c == '\n';
    fclose(maps);
    return count;
}

static void memory_given_back_does_not_pile_up(void **state) {
    (void)state;
    enum { TURNS = 20 };
    int before = count_mappings();
    for (size_t turn = 1; turn <= TURNS; turn++) {
        int64_t *lent = NULL;
        assert_int_equal(SQ_OK, sq_comm_lend(comm, 100000 * turn, &lent));
        if (!lent) return;
        sq_comm_give_back(comm, lent);
    }
    assert_true(count_mappings() < before + TURNS);
}

static void maxima_are_the_largest(void **state) {
    (void)state;
    int rank = sq_comm_rank(comm), last = sq_comm_size(comm) - 1;
    int64_t values[2] = {-rank, INT64_MIN + rank};
    assert_int_equal(SQ_OK, sq_comm_max(comm, values, 2));
    assert_int_equal(0, values[0]);
    assert_true(values[1] == INT64_MIN + last);
}

static void sums_in_several_slots_go_on_together(void **state) {
    (void)state;
    enum { COUNT = 5000 };
    int64_t *values;
    assert_int_equal(SQ_OK, sq_alloc((size_t)SQ_COMM_SLOTS * COUNT, sizeof *values, &values));
    for (int round = 0; round < 3; round++) { /* slots are used again */
        for (int slot = 0; slot < SQ_COMM_SLOTS; slot++) {
            int64_t *part = values + (size_t)slot * COUNT;
            size_t count = COUNT - (size_t)slot;
            fill(part, count);
            assert_int_equal(SQ_OK, sq_comm_sum_begin(comm, slot, part, count));
            sq_comm_progress(comm);
        }
        for (int slot = SQ_COMM_SLOTS - 1; slot >= 0; slot--) {
            assert_int_equal(SQ_OK, sq_comm_sum_finish(comm, slot));
            assert_summed(values + (size_t)slot * COUNT, COUNT - (size_t)slot);
        }
    }
    sq_free(values);
}

static void arrays_longer_than_a_piece_are_summed(void **state) {
    (void)state;
    const size_t count = ((size_t)1 << 24) + 5;
    int64_t *values;
    if (sq_comm_size(comm) > 2) skip(); /* two ranks show it; more only take memory */
    assert_int_equal(SQ_OK, sq_alloc(count, sizeof *values, &values));
    fill(values, count);
    assert_int_equal(SQ_OK, sq_comm_sum_begin(comm, 0, values, count));
    sq_comm_progress(comm);
    assert_int_equal(SQ_OK, sq_comm_sum_finish(comm, 0));
    assert_summed(values, count);
    fill(values, count);
    assert_int_equal(SQ_OK, sq_comm_sum(comm, values, count));
    assert_summed(values, count);
    sq_free(values);
}

static void wrong_slots_are_refused(void **state) {
    (void)state;
    int64_t value = 1;
    assert_int_equal(SQ_ERR_ARGUMENT, sq_comm_sum_begin(comm, -1, &value, 1));
    assert_int_equal(SQ_ERR_ARGUMENT, sq_comm_sum_begin(comm, SQ_COMM_SLOTS, &value, 1));
    assert_int_equal(SQ_ERR_ARGUMENT, sq_comm_sum_finish(comm, SQ_COMM_SLOTS));
    assert_int_equal(SQ_OK, sq_comm_sum_begin(comm, 0, &value, 1));
    assert_int_equal(SQ_ERR_ARGUMENT, sq_comm_sum_begin(comm, 0, &value, 1));
    assert_int_equal(SQ_OK, sq_comm_sum_finish(comm, 0));
    assert_int_equal(SQ_OK, sq_comm_sum_finish(comm, 0)); /* finished already */
    assert_int_equal(sq_comm_size(comm), value);
}

static void broadcast_brings_the_bytes_of_rank_0(void **state) {
    (void)state;
    char text[64] = "";
    if (sq_comm_rank(comm) == 0) strcpy(text, "the same everywhere");
    assert_int_equal(SQ_OK, sq_comm_broadcast(comm, text, sizeof text));
    assert_string_equal("the same everywhere", text);
    assert_int_equal(SQ_OK, sq_comm_broadcast(comm, text, 0));
}

static void agreement_on_success_is_success(void **state) {
    (void)state;
    assert_int_equal(SQ_OK, sq_comm_agree(comm, SQ_OK));
    assert_int_equal(-1, sq_comm_failed_rank(comm));
}

static void agreement_names_the_rank_that_failed(void **state) {
    (void)state;
    int last = sq_comm_size(comm) - 1;
    bool failed = sq_comm_rank(comm) == last;
    char others[64];
    snprintf(others, sizeof others, "rank %d: row 7 is bad", last);
    sq_status mine = failed ? sq_fail(SQ_ERR_DATA, "row 7 is bad") : SQ_OK;
    assert_int_equal(SQ_ERR_DATA, sq_comm_agree(comm, mine));
    assert_string_equal(failed ? "row 7 is bad" : others, sq_error_message());
    assert_int_equal(last, sq_comm_failed_rank(comm));
    assert_int_equal(SQ_OK, sq_comm_agree(comm, SQ_OK)); /* and it is over */
}

static void failed_ranks_keep_their_own_message(void **state) {
    (void)state;
    char mine[64];
    snprintf(mine, sizeof mine, "failure of %d", sq_comm_rank(comm));
    assert_int_equal(SQ_ERR_IO, sq_comm_agree(comm, sq_fail(SQ_ERR_IO, "%s", mine)));
    assert_string_equal(mine, sq_error_message());
    assert_int_equal(0, sq_comm_failed_rank(comm));
}

static void agreement_does_not_meet_a_sum_under_way(void **state) {
    (void)state;
    int64_t value = value_of(sq_comm_rank(comm), 0);
    assert_int_equal(SQ_OK, sq_comm_sum_begin(comm, 3, &value, 1));
    assert_int_equal(SQ_OK, sq_comm_agree(comm, SQ_OK));
    assert_int_equal(SQ_OK, sq_comm_sum_finish(comm, 3));
    assert_int_equal(sum_of(0), value);
}

static void limited_agreement_is_reached_in_time(void **state) {
    (void)state;
    bool reached = false;
    double start = sq_clock_seconds();
    assert_int_equal(SQ_OK, sq_comm_agree_within(comm, SQ_OK, 30.0, &reached));
    assert_true(reached && sq_clock_seconds() - start < 30.0);
}

static void limited_agreement_meets_an_unlimited_one(void **state) {
    (void)state;
    bool reached = true;
    sq_status status;
    if (sq_comm_rank(comm) == 0)
        status = sq_comm_agree_within(comm, sq_fail(SQ_ERR_NUMERIC, "NaN"), 30.0, &reached);
    else
        status = sq_comm_agree(comm, SQ_OK);
    assert_true(reached);
    assert_int_equal(SQ_ERR_NUMERIC, status);
}

/* The looks of this rank after half a second. */
static void *look_later(void *context) {
    static const struct timespec half_a_second = {.tv_nsec = 500000000};
    nanosleep(&half_a_second, NULL);
    *(uint64_t *)context = sq_comm_looks(comm);
    return NULL;
}

/* A watchdog with a second's patience barks before it hears of waits that show only later. */
static void a_rank_that_waits_looks_from_the_start(void **state) {
    (void)state;
    static const struct timespec a_second = {.tv_sec = 1};
    int64_t value = 1;
    uint64_t before = sq_comm_looks(comm), meanwhile = 0;
    pthread_t thread;
    assert_int_equal(0, pthread_create(&thread, NULL, look_later, &meanwhile));
    if (sq_comm_rank(comm) == 0) nanosleep(&a_second, NULL);
    sq_status status = sq_comm_sum(comm, &value, 1);
    pthread_join(thread, NULL);
    assert_int_equal(SQ_OK, status);
    if (sq_comm_rank(comm) > 0) assert_true(meanwhile > before);
}

static void barrier_is_passed(void **state) {
    (void)state;
    assert_int_equal(SQ_OK, sq_comm_barrier(comm));
}

/* The test program fails on every rank if it fails on one, or mpirun would wait for the rest. */
int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_are_numbered),
        cmocka_unit_test(sums_equal_the_serial_result),
        cmocka_unit_test(lent_memory_sums_like_any_other),
        cmocka_unit_test(lent_memory_is_zero_again_when_lent_again),
        cmocka_unit_test(memory_given_back_does_not_pile_up),
        cmocka_unit_test(maxima_are_the_largest),
        cmocka_unit_test(sums_in_several_slots_go_on_together),
        cmocka_unit_test(arrays_longer_than_a_piece_are_summed),
        cmocka_unit_test(wrong_slots_are_refused),
        cmocka_unit_test(broadcast_brings_the_bytes_of_rank_0),
        cmocka_unit_test(agreement_on_success_is_success),
        cmocka_unit_test(agreement_names_the_rank_that_failed),
        cmocka_unit_test(failed_ranks_keep_their_own_message),
        cmocka_unit_test(agreement_does_not_meet_a_sum_under_way),
        cmocka_unit_test(limited_agreement_is_reached_in_time),
        cmocka_unit_test(limited_agreement_meets_an_unlimited_one),
        cmocka_unit_test(a_rank_that_waits_looks_from_the_start),
        cmocka_unit_test(barrier_is_passed),
    };
    bool serial = argc > 1 && !strcmp(argv[1], "serial");
    sq_status status = serial ? sq_comm_create_serial(&comm) : sq_comm_create_world(&comm);
    if (status != SQ_OK) fprintf(stderr, "%s\n", sq_error_message());
    if (status != SQ_OK) return 1;
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    if (failures > 0) sq_comm_abort(comm, 1);
    sq_comm_destroy(&comm);
    return 0;
}
