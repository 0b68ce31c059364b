/* Product of the relative lengths of three vectors, less terms that break the symmetry under
 * rotations or scalings (PER, section 5). data.symmetry says what is left. */
#include <string.h>

#include "dataset/tasks.h"
#include "dataset/vectors.h"

enum { VECTORS = 3 };

static void draw(const sq_config *config, sq_rng *rng, double *input) {
    sq_task_draw_positions(config, rng, input, 3 * VECTORS);
}

static void evaluate(const sq_config *config, const double *input, double *target) {
    double noise_so3 = strcmp(config->data.symmetry, "so3") == 0 ? config->data.noise : 0.0;
    double noise_scale = strcmp(config->data.symmetry, "scale") == 0 ? config->data.noise : 0.0;
    double length[VECTORS];
    double component[3]; /* of the sum over vectors */
    for (int i = 0; i < VECTORS; i++) length[i] = sq_length3(input + 3 * i);
    for (int a = 0; a < 3; a++) component[a] = input[a] + input[3 + a] + input[6 + a];
    double sum_length = length[0] + length[1] + length[2];
    double sum_component = component[0] + component[1] + component[2];
    target[0] = 1.0;
    /* The rotation-breaking term has one value per axis, and there are as many axes as vectors:
     * vector i goes with axis i. */
    for (int i = 0; i < VECTORS; i++)
        target[0] *= length[i] / sum_length - noise_so3 * length[i] -
                     noise_scale * component[i] / sum_component;
}

static const char *const symmetries[] = {"so3-scale", "so3", "scale", NULL};

const sq_task sq_task_radius = {
    .name = "radius",
    .input_representation = "3*T(1)",
    .output_representation = "T(0)",
    .n_input = 3 * VECTORS,
    .n_output = 1,
    .points = VECTORS,
    .point_size = 3,
    .symmetries = symmetries,
    .draw = draw,
    .evaluate = evaluate,
};
