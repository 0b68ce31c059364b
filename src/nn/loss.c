#include "nn/loss.h"

#include <math.h>
#include <string.h>

void sq_squared_error(size_t outputs, size_t samples, size_t ld, const sq_real *y,
                      const sq_real *target, const sq_real *mask, double scale, sq_real *dy,
                      double *sum) {
    sq_real twice = (sq_real)(2.0 * scale);
    for (size_t c = 0; c < outputs; c++) {
        double squares = 0.0;
        for (size_t s = 0; s < samples; s++) {
            size_t at = c * ld + s;
            sq_real weight = mask ? mask[at] : 1;
            sq_real error = weight != 0 ? weight * (y[at] - target[at]) : 0;
            squares += (double)error * error;
            if (dy) dy[at] = twice * error;
        }
        for (size_t s = samples; dy && s < ld; s++) dy[c * ld + s] = 0;
        sum[c] = squares;
    }
}

/* Of one tensor of one sample; `at` is its first component. */
static double one_distance(size_t size, size_t ld, size_t at, const sq_real *y,
                           const sq_real *target, const sq_real *mask, double scale, sq_real *dy) {
    double squares = 0.0;
    for (size_t e = at; e < at + size * ld; e += ld) {
        dy[e] = mask && mask[e] == 0 ? 0 : y[e] - target[e];
        squares += (double)dy[e] * dy[e];
    }
    double length = sqrt(squares);
    sq_real factor = length > 0.0 ? (sq_real)(scale / length) : 0;
    for (size_t e = at; e < at + size * ld; e += ld) dy[e] *= factor;
    return length;
}

double sq_distance_error(size_t size, size_t outputs, size_t samples, size_t ld, const sq_real *y,
                         const sq_real *target, const sq_real *mask, double scale, sq_real *dy) {
    double sum = 0.0;
    memset(dy, 0, outputs * ld * sizeof *dy);
    for (size_t c = 0; c < outputs; c += size)
        for (size_t s = 0; s < samples; s++)
            sum += one_distance(size, ld, c * ld + s, y, target, mask, scale, dy);
    return sum;
}
