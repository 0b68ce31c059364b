/* Sums over several nodes, made up from the ranks of this one: the same as over one node. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mpi/world.h"

enum { COUNT = 5000, SLOTS = 5 };

static int64_t value_of(int rank, int slot, size_t i) {
    return ((int64_t)1 << 40) * (rank + 1) - (int64_t)(i * 7919u) * (slot + 2);
}

static void fill(const sq_comm *comm, int slot, int64_t *values) {
    for (size_t i = 0; i < COUNT; i++) values[i] = value_of(sq_comm_rank(comm), slot, i);
}

static void assert_summed(const sq_comm *comm, int slot, const int64_t *values) {
    for (size_t i = 0; i < COUNT; i++) {
        int64_t sum = 0;
        for (int rank = 0; rank < sq_comm_size(comm); rank++) sum += value_of(rank, slot, i);
        if (values[i] != sum) fail_msg("element %zu of slot %d is wrong", i, slot);
    }
}

/* All slots under way at once, finished in another order, a blocking sum in between. */
static void check_nodes_of(int ranks_per_node) {
    static int64_t values[SLOTS][COUNT], blocking[COUNT];
    sq_comm *comm = NULL;
    assert_int_equal(SQ_OK, sq_comm_create_on_nodes(ranks_per_node, &comm));
    assert_int_equal((sq_comm_size(comm) + ranks_per_node - 1) / ranks_per_node,
                     sq_comm_nodes(comm));
    for (int slot = 0; slot < SLOTS; slot++) {
        fill(comm, slot, values[slot]);
        assert_int_equal(SQ_OK, sq_comm_sum_begin(comm, slot, values[slot], COUNT));
        for (int k = 0; k < sq_comm_rank(comm); k++) sq_comm_progress(comm); /* uneven paces */
    }
    fill(comm, SLOTS, blocking);
    assert_int_equal(SQ_OK, sq_comm_sum(comm, blocking, COUNT));
    assert_summed(comm, SLOTS, blocking);
    for (int slot = SLOTS - 1; slot >= 0; slot--) {
        assert_int_equal(SQ_OK, sq_comm_sum_finish(comm, slot));
        assert_summed(comm, slot, values[slot]);
    }
    sq_comm_destroy(&comm);
}

static void nodes_of_one_rank(void **state) {
    (void)state;
    check_nodes_of(1);
}

static void nodes_of_two_ranks(void **state) {
    (void)state;
    check_nodes_of(2);
}

static void uneven_nodes(void **state) {
    (void)state;
    check_nodes_of(3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_of_one_rank),
        cmocka_unit_test(nodes_of_two_ranks),
        cmocka_unit_test(uneven_nodes),
    };
    sq_comm *world = NULL; /* starts and ends MPI */
    if (sq_comm_create_world(&world) != SQ_OK) return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sq_comm_destroy(&world);
    return failed;
}
