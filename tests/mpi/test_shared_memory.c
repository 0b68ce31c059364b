/* Shared memory that MPI gives to some ranks only: nobody waits for those that have none, and sums
 * go by messages. MPI's calls are caught on their way (its profiling interface). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <mpi.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "mpi/world.h"
#include "softeq/log.h"

enum { COUNT = 1000, PATIENCE = 60 /* seconds */ };

static sq_comm *comm;
static int allocations, frees, warnings;
static bool allocation_fails, query_fails; /* on the last rank */

static bool is_last(void) { return sq_comm_rank(comm) == sq_comm_size(comm) - 1; }

/* What the last rank has allocated is lost, as it may be where MPI itself fails half-way. */
int MPI_Win_allocate_shared(MPI_Aint size, int unit, MPI_Info info, MPI_Comm node, void *first,
                            MPI_Win *window) {
    int code = PMPI_Win_allocate_shared(size, unit, info, node, first, window);
    allocations++;
    if (!allocation_fails || !is_last()) return code;
    *window = MPI_WIN_NULL;
    return MPI_ERR_NO_MEM;
}

int MPI_Win_shared_query(MPI_Win window, int rank, MPI_Aint *size, int *unit, void *first) {
    int code = PMPI_Win_shared_query(window, rank, size, unit, first);
    return query_fails && is_last() ? MPI_ERR_WIN : code;
}

int MPI_Win_free(MPI_Win *window) {
    frees++;
    return PMPI_Win_free(window);
}

static void count_warning(sq_log_level level, const char *line, void *context) {
    (void)context;
    warnings += level == SQ_LOG_WARNING && strstr(line, "shared memory") != NULL;
}

/* Memory to lend is asked for in vain. */
static void lend_nothing(void) {
    int64_t *lent = NULL;
    assert_int_equal(SQ_OK, sq_comm_lend(comm, COUNT, &lent));
    assert_null(lent);
}

static void sum_up(int64_t *values) {
    for (int i = 0; i < COUNT; i++) values[i] = sq_comm_rank(comm) + i;
    assert_int_equal(SQ_OK, sq_comm_sum(comm, values, COUNT));
    int64_t size = sq_comm_size(comm);
    for (int i = 0; i < COUNT; i++) assert_int_equal(size * (size - 1) / 2 + size * i, values[i]);
}

/* Ranks alone have nothing to share: MPI is not asked then. */
static bool is_shared(void) { return sq_comm_size(comm) > 1; }

static void a_window_that_one_rank_lacks_is_waited_for_by_none(void **state) {
    int64_t values[COUNT];
    (void)state;
    allocation_fails = true;
    lend_nothing();
    sum_up(values);
    lend_nothing();
    assert_int_equal(is_shared(), allocations); /* not tried again */
    assert_int_equal(is_shared(), warnings);
    assert_int_equal(0, frees);
}

static void a_window_that_one_rank_cannot_see_into_is_freed_by_all(void **state) {
    int64_t values[COUNT], *lent = NULL;
    (void)state;
    query_fails = true;
    lend_nothing();
    sum_up(values);
    assert_int_equal(is_shared(), frees);
    query_fails = false;
    assert_int_equal(SQ_OK, sq_comm_lend(comm, COUNT, &lent));
    assert_int_equal(is_shared(), lent != NULL);
    if (lent) sum_up(lent);
    if (lent) sq_comm_give_back(comm, lent);
    assert_int_equal(0, warnings);
}

static bool serial;
static sq_comm *world; /* holds MPI from the first test to the last */

static sq_status create(sq_comm **made) {
    return serial ? sq_comm_create_serial(made) : sq_comm_create_world(made);
}

static int set_up(void **state) {
    (void)state;
    allocations = frees = warnings = 0;
    allocation_fails = query_fails = false;
    return create(&comm) == SQ_OK ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    sq_comm_destroy(&comm);
    return 0;
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_window_that_one_rank_lacks_is_waited_for_by_none, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_window_that_one_rank_cannot_see_into_is_freed_by_all,
                                        set_up, tear_down),
    };
    alarm(PATIENCE); /* to meet in a window is to wait for ever */
    serial = argc > 1 && !strcmp(argv[1], "serial");
    sq_log_set_sink(count_warning, NULL);
    if (create(&world) != SQ_OK) return 1;
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    if (failures > 0) sq_comm_abort(world, 1);
    sq_comm_destroy(&world);
    return 0;
}
