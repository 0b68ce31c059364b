/* Squared matrix element of the scattering of two particles, a function of four four-momenta that
 * is invariant under the Lorentz group (E-MLP, Finzi et al. 2021, section 7.1): y = 4 sum_mn L_mn
 * M_mn L_mn = p1_m p3_n - (<p1,p3> - <p1,p1>) eta_mn M_mn = p2_m p4_n - (<p2,p4> - <p2,p2>) eta_mn,
 * with lowered indices of p2 and p4, where <a,b> = a^T eta b and eta = diag(1,-1,-1,-1). */
#include "dataset/tasks.h"

enum { PARTICLES = 4, D = 4 };

static const double eta[D] = {1, -1, -1, -1};

/* The width of 1/4 keeps the products of four momenta of order one. */
static void draw(const sq_config *config, sq_rng *rng, double *input) {
    sq_task_draw_positions(config, rng, input, PARTICLES * D);
    for (int i = 0; i < PARTICLES * D; i++) input[i] /= 4;
}

static double product(const double *a, const double *b) {
    double sum = 0.0;
    for (int m = 0; m < D; m++) sum += eta[m] * a[m] * b[m];
    return sum;
}

static void evaluate(const sq_config *config, const double *input, double *target) {
    const double *p1 = input, *p2 = input + D, *p3 = input + 2 * D, *p4 = input + 3 * D;
    double l_trace = product(p1, p3) - product(p1, p1);
    double m_trace = product(p2, p4) - product(p2, p2);
    (void)config;
    target[0] = 0.0;
    for (int m = 0; m < D; m++)
        for (int n = 0; n < D; n++) {
            double on_diagonal = m == n ? eta[m] : 0.0;
            double l = p1[m] * p3[n] - l_trace * on_diagonal;
            double lowered = eta[m] * p2[m] * eta[n] * p4[n] - m_trace * on_diagonal;
            target[0] += 4 * l * lowered;
        }
}

const sq_task sq_task_particle_interaction = {
    .name = "particle-interaction",
    .input_representation = "4*T(1)",
    .output_representation = "T(0)",
    .n_input = PARTICLES * D,
    .n_output = 1,
    .points = PARTICLES,
    .point_size = D,
    .draw = draw,
    .evaluate = evaluate,
};
