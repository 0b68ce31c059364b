/* Copies that differ are found, and named where most ranks agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "mpi/world.h"
#include "train/replicas.h"

static sq_comm *comm;

static void equal_copies_pass(void **state) {
    (void)state;
    assert_int_equal(sq_replicas_compare(comm, "93c311732baf9fa3"), SQ_OK);
}

static void a_copy_that_differs_is_found_on_all_ranks(void **state) {
    (void)state;
    int last = sq_comm_size(comm) - 1;
    bool differs = last > 0 && sq_comm_rank(comm) == last;
    sq_status status = sq_replicas_compare(comm, differs ? "93c311732baf9fa2" : "93c311732baf9fa3");
    if (last == 0) {
        assert_int_equal(status, SQ_OK);
        return;
    }
    char expected[64] = "cannot be told which";
    if (last > 1) snprintf(expected, sizeof expected, "rank %d is not what", last);
    assert_int_equal(status, SQ_ERR_NUMERIC);
    if (!strstr(sq_error_message(), expected))
        fail_msg("'%s' is not in '%s'", expected, sq_error_message());
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_copies_pass),
        cmocka_unit_test(a_copy_that_differs_is_found_on_all_ranks),
    };
    sq_status status = argc > 1 && !strcmp(argv[1], "serial") ? sq_comm_create_serial(&comm)
                                                              : sq_comm_create_world(&comm);
    if (status != SQ_OK) return 1;
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    sq_comm_destroy(&comm);
    return failures;
}
