#include "nn/adam.h"

#include <math.h>

static const sq_real epsilon = (sq_real)1e-8; /* beside v, which is not corrected yet */

/* v begins at zero: what its root has to be divided by. */
static double correction_of_v(int64_t step) { return sqrt(1.0 - pow(0.999, (double)step)); }

static inline sq_real root(sq_real x) {
#ifdef SOFTEQ_DOUBLE
    return sqrt(x);
#else
    return sqrtf(x);
#endif
}

void sq_adam_clip(size_t count, double clip, int64_t step, const sq_real *restrict v,
                  sq_real *restrict gradient) {
    static const int64_t settled = 100;
    if (step <= settled) return;
    const sq_real factor = (sq_real)clip;
    const sq_real corrected = (sq_real)(1.0 / (1.0 - pow(0.999, (double)(step - 1))));
    for (size_t e = 0; e < count; e++) {
        sq_real most = factor * root(v[e] * corrected + epsilon);
        sq_real g = gradient[e] > most ? most : gradient[e]; /* what is no number stays none */
        gradient[e] = g < -most ? -most : g;
    }
}

void sq_adam_step(size_t count, double lr, int64_t step, const sq_real *restrict gradient,
                  sq_real *restrict m, sq_real *restrict v, sq_real *restrict x) {
    const sq_real keep_m = (sq_real)0.9, keep_v = (sq_real)0.999;
    const sq_real take_m = (sq_real)(1.0 - 0.9), take_v = (sq_real)(1.0 - 0.999);
    const sq_real rate = (sq_real)(lr * correction_of_v(step) / (1.0 - pow(0.9, (double)step)));
    for (size_t e = 0; e < count; e++) {
        m[e] = keep_m * m[e] + take_m * gradient[e];
        v[e] = keep_v * v[e] + take_v * gradient[e] * gradient[e];
        x[e] -= rate * m[e] / root(v[e] + epsilon);
    }
}

void sq_adam_pull(size_t count, double strength, int64_t step, const sq_real *restrict v,
                  const sq_real *restrict pull, sq_real *restrict x) {
    const sq_real rate = (sq_real)fmin(strength * correction_of_v(step), 1e30);
    for (size_t e = 0; e < count; e++) {
        sq_real part = rate / root(v[e] + epsilon);
        x[e] -= (part < 1 ? part : 1) * pull[e];
    }
}
