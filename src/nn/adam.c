#include "nn/adam.h"

#include <math.h>

#ifdef SOFTEQ_DOUBLE
#define ROOT sqrt
#else
#define ROOT sqrtf
#endif

static const sq_real epsilon = (sq_real)1e-8;
static double debias_v(int64_t step) { return sqrt(1.0 - pow(0.999, (double)step)); }

void sq_adam_step(size_t count, double lr, int64_t step, const sq_real *restrict gradient,
                  sq_real *restrict m, sq_real *restrict v, sq_real *restrict x) {
    const sq_real keep_m = (sq_real)0.9, keep_v = (sq_real)0.999;
    const sq_real take_m = (sq_real)(1.0 - 0.9), take_v = (sq_real)(1.0 - 0.999);
    const sq_real rate = (sq_real)(lr * debias_v(step) / (1.0 - pow(0.9, (double)step)));
    for (size_t e = 0; e < count; e++) {
        m[e] = keep_m * m[e] + take_m * gradient[e];
        v[e] = keep_v * v[e] + take_v * gradient[e] * gradient[e];
        x[e] -= rate * m[e] / ROOT(v[e] + epsilon);
    }
}

void sq_adam_pull(size_t count, double strength, int64_t step, const sq_real *restrict v,
                  const sq_real *restrict pull, sq_real *restrict x) {
    const sq_real rate = (sq_real)(strength * debias_v(step));
    for (size_t e = 0; e < count; e++) {
        sq_real part = rate / ROOT(v[e] + epsilon);
        x[e] -= (part < 1 ? part : 1) * pull[e];
    }
}
