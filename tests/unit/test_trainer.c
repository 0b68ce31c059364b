/* The trainer's own limits: what it refuses, and that odd sizes are trained on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "small_problem.h"
#include "train/trainer.h"

enum { SAMPLES = 2, N_IN = 6, N_OUT = 4 };
static const sq_real input[SAMPLES * N_IN] = {1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1};
static const sq_real target[SAMPLES * N_OUT] = {1, 2, 3, 4, 4, 3, 2, 1};
static const sq_dataset_info motion = {.samples = SAMPLES,
                                       .n_input = N_IN,
                                       .n_output = N_OUT,
                                       .input_representation = "2*T(1)",
                                       .output_representation = "T(1) + T(0)",
                                       .trajectory = true,
                                       .observed_steps = 2,
                                       .predicted_steps = 1};

/* Trains on the rows that it is validated on. */
static small_problem *create(const sq_dataset_info *info, const char *types) {
    small_problem *p = small_problem_create("mlp", types, 2, 1000000, info, input, target, NULL);
    p->problem.train = p->problem.valid = p->dataset;
    p->problem.borrowed_data = true;
    return p;
}

static void outputs_that_are_no_positions_have_no_distances(void **state) {
    small_problem *p = create(&motion, "O(3)");
    sq_trainer *trainer = NULL;
    (void)state;
    strcpy(p->problem.config.train.loss, "distances");
    assert_failure(sq_trainer_create(&p->problem, &trainer), SQ_ERR_CONFIG,
                   "4 outputs are not positions in R^3");
    assert_null(trainer);
    small_problem_destroy(p);
}

/* The buffers of a million rows of a real model do not fit into memory. */
static void few_rows_need_no_room_for_a_whole_microbatch(void **state) {
    small_problem *p = create(&motion, "O(3)");
    sq_pass pass;
    (void)state;
    assert_ok(sq_pass_create(&p->problem, p->dataset, false, &pass));
    assert_int_equal(pass.feed.most, SAMPLES);
    sq_pass_clear(&pass);
    small_problem_destroy(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_rows_need_no_room_for_a_whole_microbatch),
        cmocka_unit_test(outputs_that_are_no_positions_have_no_distances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
