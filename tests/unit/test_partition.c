/* Sharing out work among ranks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/partition.h"
#include "base/rng.h"

enum { SEED = 7, MAX_ITEMS = 40, MAX_PARTS = 9 };

static void ranges_cover_everything_once_in_order(void **state) {
    (void)state;
    for (int64_t total = 0; total < 50; total++) {
        for (int parts = 1; parts < 12; parts++) {
            int64_t next = 0;
            for (int part = 0; part < parts; part++) {
                sq_range range = sq_partition(total, parts, part);
                assert_int_equal(next, range.first);
                assert_true(range.end - range.first == total / parts ||
                            range.end - range.first == total / parts + 1);
                next = range.end;
            }
            assert_int_equal(total, next);
        }
    }
}

static void ranges_of_large_totals_do_not_overflow(void **state) {
    (void)state;
    int64_t total = INT64_MAX - 1;
    assert_int_equal(total, sq_partition(total, 1000, 999).end);
    assert_int_equal(sq_partition(total, 1000, 500).end, sq_partition(total, 1000, 501).first);
}

/* The largest and the smallest load after a partition by cost. */
static void loads(const double *cost, size_t count, int parts, double *most, double *least) {
    int owner[MAX_ITEMS];
    size_t order[MAX_ITEMS];
    double load[MAX_PARTS] = {0}, given[MAX_PARTS];
    sq_partition_by_cost(cost, count, parts, owner, order, given);
    for (size_t k = 0; k < count; k++) {
        assert_in_range(owner[order[k]], 0, parts - 1);
        load[owner[order[k]]] += cost[order[k]];
    }
    assert_memory_equal(load, given, (size_t)parts * sizeof *load);
    *most = *least = load[0];
    for (int part = 1; part < parts; part++) {
        if (load[part] > *most) *most = load[part];
        if (load[part] < *least) *least = load[part];
    }
}

static void no_part_is_ahead_by_more_than_one_item(void **state) {
    (void)state;
    sq_rng rng = sq_rng_create(SEED, SQ_RNG_TEST, 0, 0);
    for (int trial = 0; trial < 100; trial++) {
        double cost[MAX_ITEMS], largest = 0.0, most, least;
        int parts = 1 + (int)sq_rng_below(&rng, MAX_PARTS);
        size_t count = (size_t)sq_rng_below(&rng, MAX_ITEMS + 1);
        for (size_t i = 0; i < count; i++) {
            cost[i] = sq_rng_uniform(&rng);
            if (cost[i] > largest) largest = cost[i];
        }
        loads(cost, count, parts, &most, &least);
        assert_true(most - least <= largest + 1e-12);
    }
}

static void equal_costs_go_round(void **state) {
    (void)state;
    const double cost[6] = {1, 1, 1, 1, 1, 1};
    double most, least;
    loads(cost, 6, 3, &most, &least);
    assert_true(most == 2.0 && least == 2.0);
}

/* Blocks of many layers over the ranks of a cluster: in a blink, not in minutes. */
static void many_items_are_given_to_many_parts(void **state) {
    enum { ITEMS = 16384, PARTS = 512 };
    static double cost[ITEMS], load[PARTS];
    static size_t order[ITEMS];
    static int owner[ITEMS];
    (void)state;
    for (int i = 0; i < ITEMS; i++) cost[i] = 1.0;
    sq_partition_by_cost(cost, ITEMS, PARTS, owner, order, load);
    for (int part = 0; part < PARTS; part++) assert_true(load[part] == ITEMS / PARTS);
}

int main(void) {
    print_message("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_cover_everything_once_in_order),
        cmocka_unit_test(ranges_of_large_totals_do_not_overflow),
        cmocka_unit_test(no_part_is_ahead_by_more_than_one_item),
        cmocka_unit_test(many_items_are_given_to_many_parts),
        cmocka_unit_test(equal_costs_go_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
