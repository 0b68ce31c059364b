/* Moment of inertia of five point masses, its symmetry broken along data.axis (PER, section 5). */
#include <math.h>

#include "dataset/tasks.h"

enum { BODIES = 5, X = 0, Y = 1 };

static double softplus(double x) { return fmax(x, 0.0) + log1p(exp(-fabs(x))); }

/* input: masses (BODIES), then positions (BODIES, 3) */
static void draw(const sq_config *config, sq_rng *rng, double *input) {
    for (int i = 0; i < BODIES; i++) input[i] = softplus(sq_rng_normal(rng));
    sq_task_draw_positions(config, rng, input + BODIES, 3 * BODIES);
}

/* tensor += m (|r|^2 1 - r r^T) */
static void add_body(double mass, const double *r, double *tensor) {
    double square = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    for (int a = 0; a < 3; a++) {
        tensor[3 * a + a] += mass * square;
        for (int b = 0; b < 3; b++) tensor[3 * a + b] -= mass * r[a] * r[b];
    }
}

/* tensor += strength (J e_k) e_k^T, which scales column k: the term is linear in J, so a column may
 * be changed in place. */
static void break_axis(double strength, int axis, double *tensor) {
    for (int a = 0; a < 3; a++) tensor[3 * a + axis] *= 1.0 + strength;
}

static void evaluate(const sq_config *config, const double *input, double *target) {
    for (int i = 0; i < 9; i++) target[i] = 0.0;
    for (int i = 0; i < BODIES; i++) add_body(input[i], input + BODIES + 3 * i, target);
    if (config->data.axis >= 0) {
        break_axis(config->data.noise, (int)config->data.axis, target);
    } else {
        break_axis(-config->data.noise, X, target);
        break_axis(config->data.noise, Y, target);
    }
}

const sq_task sq_task_inertia = {
    .name = "inertia",
    .input_representation = "5*T(0) + 5*T(1)",
    .output_representation = "T(2)",
    .n_input = 4 * BODIES,
    .n_output = 9,
    .points = BODIES,
    .point_scalars = 1,
    .point_size = 3,
    .draw = draw,
    .evaluate = evaluate,
};
