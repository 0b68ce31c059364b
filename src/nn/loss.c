#include "nn/loss.h"

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
