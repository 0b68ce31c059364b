/* Made tasks: the symmetries they keep and break, their rows and their splits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "dataset/tasks.h"
#include "scratch.h"
#include "softeq/dataset.h"

enum { MOST_VALUES = 32, ROWS = 20 };
static const double tolerance = 1e-10;

/* A rotation about the z axis, and one that turns all axes. */
static const double about_z[9] = {0.6, -0.8, 0, 0.8, 0.6, 0, 0, 0, 1};
static const double general[9] = {2 / 3.,  -1 / 3., 2 / 3., 2 / 3., 2 / 3.,
                                  -1 / 3., -1 / 3., 2 / 3., 2 / 3.};

static sq_config config_of(const char *task, const char *symmetry, double noise) {
    sq_config config;
    sq_config_init(&config);
    assert_ok(sq_config_set(&config, "data", "task", task, "test"));
    assert_ok(sq_config_set(&config, "data", "symmetry", symmetry, "test"));
    config.data.noise = noise;
    return config;
}

/* Turns `count` vectors that are `stride` values apart. */
static void turn(const double *rotation, double *vectors, int count, int stride) {
    for (int k = 0; k < count; k++) {
        double *v = vectors + k * stride;
        double old[3] = {v[0], v[1], v[2]};
        for (int a = 0; a < 3; a++)
            v[a] = rotation[3 * a] * old[0] + rotation[3 * a + 1] * old[1] +
                   rotation[3 * a + 2] * old[2];
    }
}

/* tensor <- R tensor R^T: first the columns, then the rows turn as vectors. */
static void turn_tensor(const double *rotation, double *tensor) {
    for (int pass = 0; pass < 2; pass++) {
        turn(rotation, tensor, 3, 3);
        for (int a = 0; a < 3; a++)
            for (int b = 0; b < a; b++) {
                double swap = tensor[3 * a + b];
                tensor[3 * a + b] = tensor[3 * b + a];
                tensor[3 * b + a] = swap;
            }
    }
}

static double largest_difference(const double *a, const double *b, int count) {
    double largest = 0;
    for (int i = 0; i < count; i++) largest = fmax(largest, fabs(a[i] - b[i]));
    return largest;
}

/* ---- inertia ---- */

/* max over rows of |I(R x) - R I(x) R^T| */
static double inertia_error(const sq_config *config, const double *rotation) {
    double input[MOST_VALUES], target[9], moved[9];
    double largest = 0;
    for (int row = 0; row < ROWS; row++) {
        sq_task_fill_row(&sq_task_inertia, config, row, input, target);
        turn(rotation, input + 5, 5, 3);
        turn_tensor(rotation, target);
        sq_task_inertia.evaluate(config, input, moved);
        largest = fmax(largest, largest_difference(target, moved, 9));
    }
    return largest;
}

static void inertia_turns_with_the_bodies(void **state) {
    (void)state;
    sq_config config = config_of("inertia", "so3", 0);
    assert_true(inertia_error(&config, general) < tolerance);
}

static void broken_inertia_turns_about_the_broken_axis_only(void **state) {
    (void)state;
    sq_config config = config_of("inertia", "so3", 0.3);
    config.data.axis = 2;
    assert_true(inertia_error(&config, about_z) < tolerance);
    assert_true(inertia_error(&config, general) > 0.1);
    config.data.axis = 0;
    assert_true(inertia_error(&config, about_z) > 0.1);
}

static void inertia_of_one_body_is_known(void **state) {
    double input[20] = {2, 0, 0, 0, 0, 1, 2, 3};
    double target[9];
    const double whole[9] = {26, -4, -6, -4, 20, -12, -6, -12, 10};
    double column[9];
    (void)state;
    sq_config config = config_of("inertia", "so3", 0);
    sq_task_inertia.evaluate(&config, input, target);
    assert_true(largest_difference(target, whole, 9) < tolerance);
    /* v = (J e_k) e_k^T is column k of J; for axis -1, less column 0, plus column 1 */
    config.data.noise = 0.5;
    config.data.axis = -1;
    for (int i = 0; i < 9; i++) column[i] = whole[i] * (i % 3 == 0 ? 0.5 : i % 3 == 1 ? 1.5 : 1);
    sq_task_inertia.evaluate(&config, input, target);
    assert_true(largest_difference(target, column, 9) < tolerance);
}

/* ---- scalar tasks ---- */

typedef void mover(double *input);

static void rotate(double *input) { turn(general, input, 3, 3); }

static void scale(double *input) {
    for (int i = 0; i < 9; i++) input[i] *= 2.5;
}

static void rotate_points(double *input) { turn(general, input, 3, 4); }

static void translate_points(double *input) {
    for (int i = 0; i < 3; i++) {
        input[4 * i] += 1;
        input[4 * i + 1] -= 2;
        input[4 * i + 2] += 0.5;
    }
}

/* Whether a scalar task stays as it is when its input is moved. */
static bool keeps(const char *name, const char *symmetry, mover *move) {
    double input[MOST_VALUES], target, moved;
    double largest = 0;
    const sq_task *task;
    sq_config config = config_of(name, symmetry, 1.0);
    assert_ok(sq_task_find(name, &task));
    assert_ok(sq_task_check(task, &config));
    for (int row = 0; row < ROWS; row++) {
        sq_task_fill_row(task, &config, row, input, &target);
        move(input);
        task->evaluate(&config, input, &moved);
        largest = fmax(largest, fabs(target - moved));
    }
    assert_true(largest < tolerance || largest > 1e-3); /* nothing in between */
    return largest < tolerance;
}

static void cosine_similarity_keeps_what_it_says(void **state) {
    (void)state;
    assert_true(keeps("cosine-similarity", "so3-scale", rotate));
    assert_true(keeps("cosine-similarity", "so3-scale", scale));
    assert_true(keeps("cosine-similarity", "so3", rotate));
    assert_false(keeps("cosine-similarity", "so3", scale));
    assert_false(keeps("cosine-similarity", "scale", rotate));
    assert_true(keeps("cosine-similarity", "scale", scale));
    assert_false(keeps("cosine-similarity", "none", rotate));
    assert_false(keeps("cosine-similarity", "none", scale));
}

static void radius_keeps_what_it_says(void **state) {
    (void)state;
    assert_true(keeps("radius", "so3-scale", rotate));
    assert_true(keeps("radius", "so3-scale", scale));
    assert_true(keeps("radius", "so3", rotate));
    assert_false(keeps("radius", "so3", scale));
    assert_false(keeps("radius", "scale", rotate));
    assert_true(keeps("radius", "scale", scale));
}

static void se3_keeps_what_it_says(void **state) {
    (void)state;
    assert_true(keeps("se3", "se3", rotate_points));
    assert_true(keeps("se3", "se3", translate_points));
    assert_true(keeps("se3", "so3", rotate_points));
    assert_false(keeps("se3", "so3", translate_points));
    assert_false(keeps("se3", "translations", rotate_points));
    assert_true(keeps("se3", "translations", translate_points));
    assert_false(keeps("se3", "none", rotate_points));
    assert_false(keeps("se3", "none", translate_points));
}

static void cosine_similarity_of_known_vectors(void **state) {
    const double input[9] = {1, 0, 0, 2, 2, 0, 0, 3, 0};
    const double cosine = (2 / sqrt(2) + 0) / 3;
    const double mean_length = (4 + 2 * sqrt(2)) / 3;
    double target;
    (void)state;
    sq_config config = config_of("cosine-similarity", "none", 0.5);
    sq_task_cosine_similarity.evaluate(&config, input, &target);
    assert_true(fabs(target - (cosine - 0.5 * mean_length + 0.5 / 7)) < tolerance);
}

/* A boost along x, another one along y after a rotation, of all particles. */
static void boost(double *input) {
    const double cosh_x = 1.25, sinh_x = 0.75, cosh_y = 13 / 12., sinh_y = 5 / 12.;
    for (int particle = 0; particle < 4; particle++) {
        double *p = input + 4 * particle;
        double t = cosh_x * p[0] + sinh_x * p[1], x = sinh_x * p[0] + cosh_x * p[1];
        double turned_x = 0.6 * x - 0.8 * p[2], turned_y = 0.8 * x + 0.6 * p[2];
        p[0] = cosh_y * t + sinh_y * turned_y;
        p[1] = turned_x;
        p[2] = sinh_y * t + cosh_y * turned_y;
    }
}

static void particle_interaction_keeps_boosts(void **state) {
    (void)state;
    assert_true(keeps("particle-interaction", "none", boost));
}

static void particle_interaction_of_particles_at_rest_is_known(void **state) {
    /* <p1,p3> - <p1,p1> = 2 - 1, so that L = M = 2 e_0 e_0^T - eta, the identity. */
    const double input[16] = {1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0};
    double target;
    (void)state;
    sq_config config = config_of("particle-interaction", "none", 0);
    sq_task_evaluate(&sq_task_particle_interaction, &config, input, &target);
    assert_true(fabs(target - 4 * (1 + 3)) < tolerance);
}

/* ---- points as channels ---- */

/* Exchanges two points of an input in the layout of points. */
static void exchange_points(const sq_task *task, double *input, int a, int b) {
    for (int channel = 0; channel < task->point_scalars + task->point_size; channel++) {
        double *x = input + channel * task->points;
        double swap = x[a];
        x[a] = x[b];
        x[b] = swap;
    }
}

static void points_as_channels_can_be_exchanged(void **state) {
    const char *const names[] = {"inertia", "cosine-similarity", "radius", "se3"};
    const char *const kept[] = {"none", "so3-scale", "so3-scale", "se3"};
    (void)state;
    for (int k = 0; k < 4; k++) {
        double input[MOST_VALUES], target[9], moved[9];
        const sq_task *task;
        sq_config config = config_of(names[k], kept[k], 0.3);
        assert_ok(sq_config_set(&config, "data", "layout", "points", "test"));
        assert_ok(sq_task_find(names[k], &task));
        for (int row = 0; row < ROWS; row++) {
            sq_task_fill_row(task, &config, row, input, target);
            exchange_points(task, input, 0, 2);
            sq_task_evaluate(task, &config, input, moved);
            assert_true(largest_difference(target, moved, task->n_output) < tolerance);
        }
    }
}

static void a_layout_has_its_representations(void **state) {
    char input[64], output[64];
    (void)state;
    sq_config config = config_of("inertia", "so3", 0.3);
    sq_task_representations(&sq_task_inertia, &config, input, output, sizeof input);
    assert_string_equal(input, "5*T(0) + 5*T(1)");
    assert_ok(sq_config_set(&config, "data", "layout", "points", "test"));
    sq_task_representations(&sq_task_inertia, &config, input, output, sizeof input);
    assert_string_equal(input, "4*T(1)");
    assert_string_equal(output, "9*T(0)");
}

/* ---- names, rows and splits ---- */

static void an_unknown_task_names_the_nearest(void **state) {
    sq_dataset *dataset;
    sq_config config;
    (void)state;
    sq_config_init(&config);
    strcpy(config.data.task, "intertia");
    assert_failure(sq_dataset_make(&config, SQ_SPLIT_ALL, &dataset), SQ_ERR_CONFIG, "'inertia'");
    assert_null(dataset);
}

static void a_symmetry_a_task_does_not_know_is_an_error(void **state) {
    sq_dataset *dataset;
    (void)state;
    sq_config config = config_of("radius", "none", 1);
    assert_failure(sq_dataset_make(&config, SQ_SPLIT_ALL, &dataset), SQ_ERR_CONFIG,
                   "so3-scale so3 scale");
}

static void rows_do_not_depend_on_the_split(void **state) {
    const int64_t first = 0;
    const int64_t in_all[] = {0, 4, 7}; /* ten rows are cut into 4, 3 and 3 */
    sq_real input[20], target[9], whole_input[20], whole_target[9];
    sq_dataset *whole, *part;
    (void)state;
    sq_config config = config_of("inertia", "so3", 0.3);
    config.data.samples = 10;
    assert_ok(sq_dataset_make(&config, SQ_SPLIT_ALL, &whole));
    assert_int_equal(sq_dataset_describe(whole)->samples, 10);
    for (int split = SQ_SPLIT_TRAIN; split <= SQ_SPLIT_TEST; split++) {
        assert_ok(sq_dataset_make(&config, (sq_split)split, &part));
        assert_int_equal(sq_dataset_describe(part)->samples, split == SQ_SPLIT_TRAIN ? 4 : 3);
        assert_ok(sq_dataset_read(part, &first, 1, input, target, NULL));
        assert_ok(sq_dataset_read(whole, &in_all[split], 1, whole_input, whole_target, NULL));
        assert_memory_equal(input, whole_input, sizeof input);
        assert_memory_equal(target, whole_target, sizeof target);
        assert_true(sq_dataset_describe(part)->hash != sq_dataset_describe(whole)->hash);
        sq_dataset_destroy(&part);
    }
    sq_dataset_destroy(&whole);
}

static void splits_have_the_sizes_asked_for(void **state) {
    const sq_split split[] = {SQ_SPLIT_TRAIN, SQ_SPLIT_VALID, SQ_SPLIT_TEST, SQ_SPLIT_ALL};
    const int64_t samples[] = {7, 5, 10, 22};
    (void)state;
    sq_config config = config_of("inertia", "so3", 0.3);
    config.data.samples = 30;
    config.data.train_samples = 7;
    config.data.valid_samples = 5;
    for (int k = 0; k < 4; k++) {
        sq_dataset *part;
        assert_ok(sq_dataset_make(&config, split[k], &part));
        assert_int_equal(sq_dataset_describe(part)->samples, samples[k]);
        sq_dataset_destroy(&part);
    }
}

static void only_the_shifted_split_is_shifted(void **state) {
    const int64_t first = 0;
    sq_real input[20], plain[20], shifted[20];
    sq_dataset *part;
    (void)state;
    sq_config config = config_of("inertia", "so3", 0.3);
    config.data.samples = 10;
    assert_ok(sq_dataset_make(&config, SQ_SPLIT_TEST, &part));
    assert_ok(sq_dataset_read(part, &first, 1, plain, NULL, NULL));
    sq_dataset_destroy(&part);
    config.data.shift = 100;
    assert_ok(sq_dataset_make(&config, SQ_SPLIT_TEST, &part));
    assert_ok(sq_dataset_read(part, &first, 1, input, NULL, NULL));
    sq_dataset_destroy(&part);
    assert_memory_equal(input, plain, sizeof input);
    assert_ok(sq_dataset_make(&config, SQ_SPLIT_SHIFTED, &part));
    assert_int_equal(sq_dataset_describe(part)->samples, 3);
    assert_ok(sq_dataset_read(part, &first, 1, shifted, NULL, NULL));
    sq_dataset_destroy(&part);
    for (int i = 5; i < 20; i++) assert_true(fabs((double)shifted[i] - 100) < 10);
}

static void seed_and_shift_change_the_positions(void **state) {
    double input[20], other[20], shifted[20], target[9];
    (void)state;
    sq_config config = config_of("inertia", "so3", 0);
    sq_task_fill_row(&sq_task_inertia, &config, 3, input, target);
    config.data.shift = 2;
    sq_task_fill_row(&sq_task_inertia, &config, 3, shifted, target);
    for (int i = 0; i < 20; i++)
        assert_true(fabs(shifted[i] - input[i] - (i < 5 ? 0 : 2)) < tolerance);
    config.data.shift = 0;
    config.data.seed = 2;
    sq_task_fill_row(&sq_task_inertia, &config, 3, other, target);
    assert_true(largest_difference(input, other, 20) > 0.1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inertia_turns_with_the_bodies),
        cmocka_unit_test(broken_inertia_turns_about_the_broken_axis_only),
        cmocka_unit_test(inertia_of_one_body_is_known),
        cmocka_unit_test(cosine_similarity_keeps_what_it_says),
        cmocka_unit_test(radius_keeps_what_it_says),
        cmocka_unit_test(se3_keeps_what_it_says),
        cmocka_unit_test(cosine_similarity_of_known_vectors),
        cmocka_unit_test(particle_interaction_keeps_boosts),
        cmocka_unit_test(particle_interaction_of_particles_at_rest_is_known),
        cmocka_unit_test(points_as_channels_can_be_exchanged),
        cmocka_unit_test(a_layout_has_its_representations),
        cmocka_unit_test(an_unknown_task_names_the_nearest),
        cmocka_unit_test(a_symmetry_a_task_does_not_know_is_an_error),
        cmocka_unit_test(rows_do_not_depend_on_the_split),
        cmocka_unit_test(splits_have_the_sizes_asked_for),
        cmocka_unit_test(only_the_shifted_split_is_shifted),
        cmocka_unit_test(seed_and_shift_change_the_positions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
