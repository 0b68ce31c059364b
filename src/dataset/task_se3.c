/* Mean distance between three points in homogeneous coordinates (x,y,z,1), invariant under SE(3),
 * less terms that break it (PER, section 5). data.symmetry says what is left: se3 (nothing is
 * broken; the paper's program calls it distance), so3 (rotations about the origin; ball),
 * translations (l1distance), or none. */
#include <math.h>
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

static double mean_distance(const double *x) {
    double sum = 0.0;
    for (int i = 0; i < POINTS; i++) {
        const double *a = x + 4 * i;
        const double *b = x + 4 * ((i + 1) % POINTS);
        sum += sq_length3((double[3]){a[0] - b[0], a[1] - b[1], a[2] - b[2]});
    }
    return sum / POINTS;
}

static void evaluate(const sq_config *config, const double *input, double *target) {
    const char *symmetry = config->data.symmetry;
    double noise = config->data.noise;
    int none = strcmp(symmetry, "none") == 0;
    target[0] = mean_distance(input);
    /* Distance of the first point from the origin, which translations move. */
    if (none || strcmp(symmetry, "so3") == 0) target[0] -= noise * sq_length3(input);
    /* Distance of the first two points along x, which rotations change. */
    if (none || strcmp(symmetry, "translations") == 0)
        target[0] -= noise * fabs(input[0] - input[4]);
}

static const char *const symmetries[] = {"se3", "so3", "translations", "none", NULL};

const sq_task sq_task_se3 = {
    .name = "se3",
    .input_representation = "3*T(1)",
    .output_representation = "T(0)",
    .n_input = 4 * POINTS,
    .n_output = 1,
    .points = POINTS,
    .point_size = 4,
    .symmetries = symmetries,
    .draw = draw,
    .evaluate = evaluate,
};
