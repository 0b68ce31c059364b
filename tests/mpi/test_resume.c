/* All ranks go on with what rank 0 has read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../unit/small_run.h"
#include "mpi/world.h"

static sq_comm *comm;

/* Asks the run to stop after its second step. */
static void stop_soon(const char *operation, int64_t step, void *context) {
    volatile sig_atomic_t *stop = context;
    if (strcmp(operation, "training") == 0 && step == 1) *stop = 1;
}

/* One folder for all ranks, which rank 0 makes. */
static scratch *share_scratch(void) {
    scratch *place = NULL;
    if (sq_comm_rank(comm) == 0) assert_int_equal(scratch_set_up((void **)&place), 0);
    if (!place) place = calloc(1, sizeof *place);
    assert_non_null(place);
    assert_ok(sq_comm_broadcast(comm, place->folder, sizeof place->folder));
    return place;
}

static void give_up(scratch *place) {
    assert_ok(sq_comm_barrier(comm));
    if (sq_comm_rank(comm) == 0)
        scratch_tear_down((void **)&place);
    else
        free(place);
}

/* The last rank finds other scales for itself, as a program of another version may. */
static void scales_are_those_of_the_checkpoint_on_all_ranks(void **state) {
    scratch *place = share_scratch();
    char whole[80];
    volatile sig_atomic_t stop = 0;
    sq_config config = small_run_config();
    sq_run_options options = {.folder = whole};
    sq_run_summary expected, summary;
    (void)state;
    snprintf(whole, sizeof whole, "%s/whole", place->folder);
    config.train.compare_every = 0; /* it would compare the settings, too */
    strcpy(config.data.scale, "2");
    assert_ok(sq_train(&config, &options, comm, &expected));
    options = (sq_run_options){.folder = place->folder,
                               .heartbeat = stop_soon,
                               .heartbeat_context = (void *)&stop,
                               .stop = &stop};
    assert_failure(sq_train(&config, &options, comm, &summary), SQ_STOPPED, "stopped on request");
    bool last = sq_comm_rank(comm) == sq_comm_size(comm) - 1;
    if (last && sq_comm_size(comm) > 1) strcpy(config.data.scale, "3");
    options = (sq_run_options){.folder = place->folder, .resume = true};
    assert_ok(sq_train(&config, &options, comm, &summary));
    assert_string_equal(summary.content_hash, expected.content_hash);
    give_up(place);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scales_are_those_of_the_checkpoint_on_all_ranks),
    };
    sq_status status = argc > 1 && !strcmp(argv[1], "serial") ? sq_comm_create_serial(&comm)
                                                              : sq_comm_create_world(&comm);
    if (status != SQ_OK) return 1;
    sq_comm_set_patience(comm, 5);
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    sq_comm_destroy(&comm);
    return failures;
}
