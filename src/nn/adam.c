#include "nn/adam.h"

#include <math.h>

void sq_adam_step(size_t count, double lr, int64_t step, const sq_real *restrict gradient,
                  sq_real *restrict m, sq_real *restrict v, sq_real *restrict x) {
    const sq_real keep_m = (sq_real)0.9, keep_v = (sq_real)0.999, epsilon = (sq_real)1e-8;
    const sq_real take_m = (sq_real)(1.0 - 0.9), take_v = (sq_real)(1.0 - 0.999);
    const sq_real rate =
        (sq_real)(lr * sqrt(1.0 - pow(0.999, (double)step)) / (1.0 - pow(0.9, (double)step)));
    for (size_t e = 0; e < count; e++) {
        m[e] = keep_m * m[e] + take_m * gradient[e];
        v[e] = keep_v * v[e] + take_v * gradient[e] * gradient[e];
#ifdef SOFTEQ_DOUBLE
        x[e] -= rate * m[e] / sqrt(v[e] + epsilon);
#else
        x[e] -= rate * m[e] / sqrtf(v[e] + epsilon);
#endif
    }
}
