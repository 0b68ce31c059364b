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

enum { N_VALUES = 1000 };

typedef struct {
    sq_comm *comm;
    float first[N_VALUES], second[N_VALUES];
} fixture;

static fixture the_fixture;

static int set_up(void **state) {
    for (int k = 0; k < N_VALUES; k++) {
        the_fixture.first[k] = (float)k;
        the_fixture.second[k] = -(float)k;
    }
    *state = &the_fixture;
    return 0;
}

static sq_status compare(fixture *f) {
    const void *const arrays[] = {f->first, f->second};
    return sq_replicas_compare(f->comm, arrays, 2, sizeof f->first);
}

static void flip_a_bit(float *value) {
    uint32_t bits;
    memcpy(&bits, value, sizeof bits);
    bits ^= 1u;
    memcpy(value, &bits, sizeof bits);
}

static void equal_copies_pass(void **state) { assert_int_equal(compare(*state), SQ_OK); }

static void a_flipped_bit_is_found_on_all_ranks(void **state) {
    fixture *f = *state;
    int last = sq_comm_size(f->comm) - 1;
    if (sq_comm_rank(f->comm) == last) flip_a_bit(&f->second[N_VALUES - 1]);
    sq_status status = compare(f);
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
        cmocka_unit_test_setup(equal_copies_pass, set_up),
        cmocka_unit_test_setup(a_flipped_bit_is_found_on_all_ranks, set_up),
    };
    sq_status status = argc > 1 && !strcmp(argv[1], "serial")
                           ? sq_comm_create_serial(&the_fixture.comm)
                           : sq_comm_create_world(&the_fixture.comm);
    if (status != SQ_OK) return 1;
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    sq_comm_destroy(&the_fixture.comm);
    return failures;
}
