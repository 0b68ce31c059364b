/* Mean distance between three points in homogeneous coordinates (x,y,z,1), invariant under SE(3),
 * plus terms that break it (PER, section 5). data.symmetry says what is left: se3 (nothing is
 * broken), so3 (rotations about the origin), translations, or none. */
#include <string.h>

#include "dataset/tasks.h"
#include "dataset/vectors.h"

enum { POINTS = 3 };

static void draw(const sq_config *config, sq_rng *rng, double *input) {
    for (int i = 0; i < POINTS; i++) {
        sq_task_draw_positions(config, rng, input + 4 * i, 3);
        input[4 * i + 3] = 1.0;
    }
}

/* Mean over the three pairs. */
static double mean_distance(const double *x, double (*measure)(const double *)) {
    double sum = 0.0;
    for (int i = 0; i < POINTS; i++) {
        const double *a = x + 4 * i;
        const double *b = x + 4 * ((i + 1) % POINTS);
        sum += measure((double[3]){a[0] - b[0], a[1] - b[1], a[2] - b[2]});
    }
    return sum / POINTS;
}

/* Mean distance from the origin, which translations move. */
static double mean_radius(const double *x) {
    return (sq_length3(x) + sq_length3(x + 4) + sq_length3(x + 8)) / POINTS;
}

static void evaluate(const sq_config *config, const double *input, double *target) {
    const char *symmetry = config->data.symmetry;
    double noise = config->data.noise;
    int none = strcmp(symmetry, "none") == 0;
    target[0] = mean_distance(input, sq_length3);
    if (none || strcmp(symmetry, "so3") == 0) target[0] += noise * mean_radius(input);
    /* The taxicab distance changes under rotations. */
    if (none || strcmp(symmetry, "translations") == 0)
        target[0] += noise * mean_distance(input, sq_absolute3);
}

static const char *const symmetries[] = {"se3", "so3", "translations", "none", NULL};

const sq_task sq_task_se3 = {
    .name = "se3",
    .input_representation = "3*T(1)",
    .output_representation = "T(0)",
    .n_input = 4 * POINTS,
    .n_output = 1,
    .symmetries = symmetries,
    .draw = draw,
    .evaluate = evaluate,
};
