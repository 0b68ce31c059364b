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

/* Trains on the rows that it is validated on. mask: NULL: all count. */
static small_problem *create(const char *kind, const sq_dataset_info *info, const char *types,
                             const sq_real *mask) {
    small_problem *p = small_problem_create(kind, types, 2, 1000000, info, input, target, mask);
    p->problem.train = p->problem.valid = p->dataset;
    p->problem.borrowed_data = true;
    return p;
}

static void outputs_that_are_no_positions_have_no_distances(void **state) {
    small_problem *p = create("mlp", &motion, "O(3)", NULL);
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
    small_problem *p = create("mlp", &motion, "O(3)", NULL);
    sq_pass pass;
    (void)state;
    assert_ok(sq_pass_create(&p->problem, p->dataset, false, &pass));
    assert_int_equal(pass.feed.most, SAMPLES);
    sq_pass_clear(&pass);
    small_problem_destroy(p);
}

/* Everything that a step may change. */
typedef struct {
    sq_real *arrays[3]; /* (count): parameters and moments */
    size_t count;
    int64_t steps;
} snapshot;

static snapshot take_snapshot(sq_trainer *trainer, sq_model *model) {
    snapshot s = {.count = sq_model_parameter_count(model), .steps = *sq_trainer_steps(trainer)};
    const sq_real *const from[] = {sq_model_parameters(model), sq_trainer_moment(trainer, 0),
                                   sq_trainer_moment(trainer, 1)};
    for (int k = 0; k < 3; k++) {
        s.arrays[k] = allocate(s.count, sizeof(sq_real));
        memcpy(s.arrays[k], from[k], s.count * sizeof(sq_real));
    }
    return s;
}

/* Frees both. */
static bool same_snapshots(snapshot *a, snapshot *b) {
    bool same = a->steps == b->steps;
    for (int k = 0; k < 3; k++) {
        same = same && memcmp(a->arrays[k], b->arrays[k], a->count * sizeof(sq_real)) == 0;
        sq_free(a->arrays[k]);
        sq_free(b->arrays[k]);
    }
    return same;
}

/* Whatever Adam remembers of other batches, and whatever the penalties are. */
static void a_batch_of_which_nothing_counts_is_no_step(void **state) {
    const sq_real mask[SAMPLES * N_OUT] = {1, 1, 1, 1}; /* of one of the two samples */
    small_problem *p = create("per", &motion, "O(3)", mask);
    sq_trainer *trainer = NULL;
    (void)state;
    p->problem.config.train.batch = 1;
    assert_ok(sq_trainer_create(&p->problem, &trainer));
    assert_int_equal(sq_trainer_batches(trainer), 2);
    for (int64_t turn = 0; turn < 6; turn++) {
        sq_step_result result = {.stop = turn == 4};
        snapshot before = take_snapshot(trainer, p->problem.model);
        assert_ok(sq_trainer_step(trainer, turn / 2, turn % 2, p->problem.lambda, 1e-3, &result));
        snapshot after = take_snapshot(trainer, p->problem.model);
        assert_int_equal(same_snapshots(&before, &after), result.passed_over);
        assert_int_equal(result.mse == 0.0 && result.loss == 0.0, result.passed_over);
        assert_int_equal(result.stop, turn == 4);
        assert_int_equal(*sq_trainer_steps(trainer), before.steps + !result.passed_over);
    }
    assert_int_equal(*sq_trainer_steps(trainer), 3); /* one of two in each epoch */
    sq_trainer_destroy(&trainer);
    small_problem_destroy(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_of_which_nothing_counts_is_no_step),
        cmocka_unit_test(few_rows_need_no_room_for_a_whole_microbatch),
        cmocka_unit_test(outputs_that_are_no_positions_have_no_distances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
