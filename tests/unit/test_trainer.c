/* The trainer's own limits: what it refuses, that odd sizes are trained on, and what a step does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "small_problem.h"
#include "train/trainer.h"

enum { SAMPLES = 2, N_IN = 6, N_OUT = 4, MOST_BY = 16 };
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

/* One step from the same weights as any other call's, for O(3) and O(2)@xy. lambda, held: (2).
 * regularizer: (2), of those weights; may be NULL. */
static snapshot step_held(const char *penalty, const double *lambda, double lr, const bool *held,
                          double *regularizer) {
    small_problem *p = create("per", &motion, "O(3) O(2)@xy", NULL);
    sq_trainer *trainer = NULL;
    sq_step_result result = {0};
    sq_metrics metrics;
    double by[MOST_BY], level[MOST_BY], total_level[2];
    strcpy(p->problem.config.symmetry.penalty, penalty);
    assert_ok(sq_trainer_create(&p->problem, &trainer));
    assert_ok(sq_trainer_validate(trainer, &metrics, by, level, total_level));
    assert_ok(sq_trainer_hold(trainer, held));
    assert_ok(sq_trainer_step(trainer, 0, 0, lambda, lr, &result));
    snapshot after = take_snapshot(trainer, p->problem.model);
    for (int g = 0; regularizer && g < 2; g++) regularizer[g] = 0.0;
    for (int k = 0; regularizer && k < 2 * sq_model_n_layers(p->problem.model); k++)
        regularizer[k % 2] += by[k];
    sq_trainer_destroy(&trainer);
    small_problem_destroy(p);
    return after;
}

static snapshot step_beside_adam(const char *penalty, const double *lambda, double lr,
                                 double *regularizer) {
    return step_held(penalty, lambda, lr, (bool[]){false, false}, regularizer);
}

static snapshot step_decoupled(const double *lambda, double lr, double *regularizer) {
    return step_beside_adam("decoupled", lambda, lr, regularizer);
}

static void clear_snapshot(snapshot *s) {
    for (int k = 0; k < 3; k++) sq_free(s->arrays[k]);
}

/* Half the squared difference of the parameters. */
static double half_distance(const snapshot *a, const snapshot *b) {
    double sum = 0.0;
    for (size_t e = 0; e < a->count; e++) {
        double difference = (double)a->arrays[0][e] - (double)b->arrays[0][e];
        sum += difference * difference / 2.0;
    }
    return sum;
}

/* Half the squared length of what the pull of these weights takes away in a step. */
static double pulled(double first, double second, double lr) {
    snapshot without = step_decoupled((double[]){0, 0}, lr, NULL);
    snapshot with = step_decoupled((double[]){first, second}, lr, NULL);
    double distance = half_distance(&without, &with);
    clear_snapshot(&without);
    clear_snapshot(&with);
    return distance;
}

static void a_decoupled_pull_takes_away_what_breaks_the_symmetry_and_no_more(void **state) {
    const double lr = 1e-3;
    double of[2];
    (void)state;
    snapshot any = step_decoupled((double[]){0, 0}, lr, of);
    clear_snapshot(&any);
    assert_true(of[0] > 1.1 * of[1] && of[1] > 0.01);
    assert_near(pulled(0.5 / lr, 0, lr) / of[0], 0.25, 1e-4);
    assert_near(pulled(1 / lr, 0, lr) / of[0], 1, 1e-4);
    assert_near(pulled(7 / lr, 0, lr) / of[0], 1, 1e-4);
    assert_near(pulled(0, 1 / lr, lr) / of[1], 1, 1e-4);
    /* O(3) contains O(2)@xy: at what breaks that, both pull; of the rest, half is left. */
    double of_both = of[1] + (of[0] - of[1]) / 4;
    assert_near(pulled(1 / lr, 1 / lr, lr) / of_both, 1, 1e-4);
    assert_near(pulled(1e308, 1e308, lr) / of_both, 1, 1e-4);
}

static void adam_sees_nothing_of_a_pull(void **state) {
    const char *penalties[] = {"decoupled", "preconditioned"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        snapshot without = step_beside_adam(penalties[k], (double[]){0, 0}, 1e-3, NULL);
        snapshot with = step_beside_adam(penalties[k], (double[]){300, 20}, 1e-3, NULL);
        assert_true(half_distance(&without, &with) > 0.0);
        memcpy(with.arrays[0], without.arrays[0], with.count * sizeof(sq_real));
        assert_true(same_snapshots(&without, &with)); /* the moments */
    }
}

/* In the first step Adam divides each component by its own size: v = 0.001 g^2 there. */
static void a_preconditioned_pull_is_strong_where_gradients_are_small(void **state) {
    const double lr = 1e-3, lambda = 30;
    (void)state;
    snapshot without = step_beside_adam("preconditioned", (double[]){0, 0}, lr, NULL);
    snapshot with = step_beside_adam("preconditioned", (double[]){lambda, 0}, lr, NULL);
    snapshot all = step_beside_adam("decoupled", (double[]){1 / lr, 0}, lr, NULL);
    int pulled_wholly = 0, pulled_partly = 0;
    for (size_t e = 0; e < with.count; e++) {
        double whole = (double)(without.arrays[0][e] - all.arrays[0][e]);
        double size = sqrt((double)with.arrays[2][e] / 0.001 + 1e-5);
        double part = fmin(lr * lambda / size, 1.0);
        double seen = (double)(without.arrays[0][e] - with.arrays[0][e]);
        assert_near(seen, part * whole, 1e-3 * fabs(part * whole) + 3e-7);
        pulled_wholly += fabs(whole) > 1e-3 && part == 1;
        pulled_partly += fabs(whole) > 1e-3 && part < 0.5;
    }
    assert_true(pulled_wholly > 0 && pulled_partly > 0);
    clear_snapshot(&without);
    clear_snapshot(&with);
    clear_snapshot(&all);
}

/* |x - P_g x|^2 over |x|^2; x: as the parameters are. */
static double broken_part(sq_model *model, int type, const sq_real *x) {
    size_t count = sq_model_parameter_count(model);
    double broken = 0.0, all = 0.0;
    sq_real *projected = allocate(count, sizeof *projected);
    memcpy(projected, x, count * sizeof *x);
    sq_model_project_vector(model, type, projected);
    for (size_t e = 0; e < count; e++) {
        broken += pow((double)x[e] - (double)projected[e], 2);
        all += pow((double)x[e], 2);
    }
    sq_free(projected);
    return broken / all;
}

/* What breaks each type in the weights and in what Adam remembers of gradients, after a few steps.
 */
typedef struct {
    double weights[2], gradients[2];
    double regularizer[2]; /* of the weights, biases included */
} broken_parts;

static broken_parts train_held(const char *penalty, const char *types, const bool *held) {
    const double lambda[] = {1, 1};
    broken_parts broken = {0};
    double by[MOST_BY], level[MOST_BY], total_level[2];
    sq_metrics metrics;
    small_problem *p = create("per", &motion, types, NULL);
    sq_model *model = p->problem.model;
    sq_trainer *trainer = NULL;
    strcpy(p->problem.config.symmetry.penalty, penalty);
    assert_ok(sq_trainer_create(&p->problem, &trainer));
    assert_ok(sq_trainer_hold(trainer, held));
    for (int64_t step = 0; step < 3; step++)
        assert_ok(sq_trainer_step(trainer, step, 0, lambda, 1e-3, &(sq_step_result){0}));
    assert_ok(sq_trainer_validate(trainer, &metrics, by, level, total_level));
    for (int k = 0; k < 2 * sq_model_n_layers(model); k++) broken.regularizer[k % 2] += by[k];
    for (int g = 0; g < 2; g++) {
        broken.weights[g] = broken_part(model, g, sq_model_parameters(model));
        broken.gradients[g] = broken_part(model, g, sq_trainer_moment(trainer, 0));
    }
    sq_trainer_destroy(&trainer);
    small_problem_destroy(p);
    return broken;
}

static void a_type_that_is_held_is_broken_neither_by_weights_nor_by_gradients(void **state) {
    const char *penalties[] = {"loss", "decoupled", "preconditioned"};
    (void)state;
    for (int k = 0; k < 3; k++) {
        broken_parts found = train_held(penalties[k], "O(3) O(2)@xy", (bool[]){false, true});
        assert_true(found.weights[1] < 1e-10 && found.gradients[1] < 1e-10);
        assert_true(found.regularizer[1] < 1e-10 && found.regularizer[0] > 1e-3);
        assert_true(found.weights[0] > 1e-3 && found.gradients[0] > 1e-3); /* it is not held */
    }
}

/* Their projections do not commute: one after the other breaks the first again. */
static void two_planes_are_held_at_once(void **state) {
    (void)state;
    broken_parts found = train_held("preconditioned", "O(2)@xy O(2)@yz", (bool[]){true, true});
    for (int g = 0; g < 2; g++) assert_true(found.weights[g] < 1e-10 && found.gradients[g] < 1e-10);
}

/* A pull is never more than what it pulls at: the weight of a type that has nothing to do must not
 * take from the others. */
static void the_weight_of_a_type_that_is_held_does_not_count(void **state) {
    const bool held[] = {false, true};
    (void)state;
    snapshot without = step_held("preconditioned", (double[]){1e-3, 0}, 1e-3, held, NULL);
    snapshot with = step_held("preconditioned", (double[]){1e-3, 1e9}, 1e-3, held, NULL);
    assert_true(same_snapshots(&without, &with));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_of_which_nothing_counts_is_no_step),
        cmocka_unit_test(a_decoupled_pull_takes_away_what_breaks_the_symmetry_and_no_more),
        cmocka_unit_test(a_preconditioned_pull_is_strong_where_gradients_are_small),
        cmocka_unit_test(a_type_that_is_held_is_broken_neither_by_weights_nor_by_gradients),
        cmocka_unit_test(the_weight_of_a_type_that_is_held_does_not_count),
        cmocka_unit_test(two_planes_are_held_at_once),
        cmocka_unit_test(adam_sees_nothing_of_a_pull),
        cmocka_unit_test(few_rows_need_no_room_for_a_whole_microbatch),
        cmocka_unit_test(outputs_that_are_no_positions_have_no_distances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
