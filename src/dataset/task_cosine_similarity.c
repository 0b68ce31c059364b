/* Mean cosine of the angles between three vectors, invariant under rotations and scalings, less
 * terms that break either (PER, section 5). data.symmetry says what is left. */
#include <math.h>
#include <string.h>

#include "dataset/tasks.h"
#include "dataset/vectors.h"

enum { VECTORS = 3 };

static void draw(const sq_config *config, sq_rng *rng, double *input) {
    sq_task_draw_positions(config, rng, input, 3 * VECTORS);
}

static double mean_cosine(const double *x) {
    double sum = 0.0;
    for (int i = 0; i < VECTORS; i++) {
        const double *a = x + 3 * i;
        const double *b = x + 3 * ((i + 1) % VECTORS);
        sum += sq_dot3(a, b) / (sq_length3(a) * sq_length3(b));
    }
    return sum / VECTORS;
}

/* Rotations keep it, scalings do not. */
static double mean_length(const double *x) {
    return (sq_length3(x) + sq_length3(x + 3) + sq_length3(x + 6)) / VECTORS;
}

/* Scalings keep it, rotations do not. */
static double first_fraction(const double *x) {
    return sq_absolute3(x) / (sq_absolute3(x + 3) + sq_absolute3(x + 6));
}

static void evaluate(const sq_config *config, const double *input, double *target) {
    const char *symmetry = config->data.symmetry;
    double noise = config->data.noise;
    target[0] = mean_cosine(input);
    if (strcmp(symmetry, "so3") == 0) target[0] -= noise * mean_length(input);
    if (strcmp(symmetry, "scale") == 0) target[0] -= noise * first_fraction(input);
    if (strcmp(symmetry, "none") == 0)
        target[0] += noise * (first_fraction(input) - mean_length(input));
}

static const char *const symmetries[] = {"so3-scale", "so3", "scale", "none", NULL};

const sq_task sq_task_cosine_similarity = {
    .name = "cosine-similarity",
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
