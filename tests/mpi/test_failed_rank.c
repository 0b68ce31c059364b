/* A rank that cannot even begin what all do fails with all others: none of them waits for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../unit/near.h"
#include "../unit/small_problem.h"
#include "mpi/world.h"
#include "train/equivariance.h"
#include "train/trainer.h"

static sq_comm *comm;

enum { SAMPLES = 2, N_IN = 3 };
static const sq_real input[SAMPLES * N_IN] = {1, 2, 3, 3, 2, 1};
static const sq_real target[SAMPLES] = {1, 2}, all[SAMPLES] = {1, 1};
static const sq_dataset_info info = {.samples = SAMPLES,
                                     .n_input = N_IN,
                                     .n_output = 1,
                                     .input_representation = "T(1)",
                                     .output_representation = "T(0)"};

/* One that trains on all ranks. */
static small_problem *create(const sq_real *mask) {
    small_problem *p = small_problem_create("per", "O(3)", 2, 1, &info, input, target, mask);
    p->problem.comm = comm;
    p->problem.train = p->problem.valid = p->dataset;
    p->problem.borrowed_data = true;
    return p;
}

static bool is_last(void) { return sq_comm_rank(comm) == sq_comm_size(comm) - 1; }

/* The last rank asks for a batch that there is not. */
static void fail_alone(const sq_real *mask) {
    small_problem *p = create(mask);
    sq_trainer *trainer = NULL;
    sq_step_result result = {0};
    assert_ok(sq_trainer_create(&p->problem, &trainer));
    assert_ok(sq_trainer_step(trainer, 0, 0, p->problem.lambda, 1e-3, &result));
    assert_failure(sq_trainer_step(trainer, 1, is_last() ? 7 : 0, p->problem.lambda, 1e-3, &result),
                   SQ_ERR_ARGUMENT, "of 2 samples");
    assert_ok(sq_trainer_step(trainer, 1, 0, p->problem.lambda, 1e-3, &result));
    sq_trainer_destroy(&trainer);
    small_problem_destroy(p);
}

static void no_rank_waits_for_one_that_fails(void **state) {
    (void)state;
    fail_alone(NULL);
}

static void nor_where_outputs_are_counted_first(void **state) {
    (void)state;
    fail_alone(all);
}

static void nor_for_one_without_memory(void **state) {
    small_problem *p = create(NULL);
    double error[SQ_MAX_TYPES];
    (void)state;
    p->problem.config.log.equivariance_elements = is_last() ? INT64_MAX / 8 : 2;
    assert_failure(sq_equivariance_error(&p->problem, p->dataset, error), SQ_ERR_MEMORY,
                   "cannot allocate");
    small_problem_destroy(p);
}

/* The sum that tells of it is the step's, which is not made there. */
static void all_hear_of_a_request_to_stop_where_nothing_counts(void **state) {
    const sq_real none[SAMPLES] = {0};
    small_problem *p = create(none);
    sq_trainer *trainer = NULL;
    sq_step_result result = {.stop = is_last()};
    (void)state;
    assert_ok(sq_trainer_create(&p->problem, &trainer));
    assert_ok(sq_trainer_step(trainer, 0, 0, p->problem.lambda, 1e-3, &result));
    assert_true(result.passed_over && result.stop);
    sq_trainer_destroy(&trainer);
    small_problem_destroy(p);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_rank_waits_for_one_that_fails),
        cmocka_unit_test(nor_where_outputs_are_counted_first),
        cmocka_unit_test(nor_for_one_without_memory),
        cmocka_unit_test(all_hear_of_a_request_to_stop_where_nothing_counts),
    };
    sq_status status = argc > 1 && !strcmp(argv[1], "serial") ? sq_comm_create_serial(&comm)
                                                              : sq_comm_create_world(&comm);
    if (status != SQ_OK) return 1;
    sq_comm_set_patience(comm, 5);
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    sq_comm_destroy(&comm);
    return failures;
}
