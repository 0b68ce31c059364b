#include "symmetry/action.h"

#include <stdint.h>
#include <string.h>

size_t sq_tensor_size(int d, int rank) {
    size_t size = 1;
    for (int k = 0; k < rank; k++) {
        if (d > 0 && size > SIZE_MAX / (size_t)d) return SIZE_MAX;
        size *= (size_t)d;
    }
    return size;
}

/* out[l,i,r] += factor m[i,j] in[l,j,r] over left, d, right; zeros of m are skipped, since
 * generators are mostly zeros. */
static void add_on_middle(size_t left, size_t d, size_t right, double sign, const double *m,
                          int transposed, const double *in, double *out) {
    for (size_t i = 0; i < d; i++) {
        for (size_t j = 0; j < d; j++) {
            double entry = sign * (transposed ? m[j * d + i] : m[i * d + j]);
            if (entry == 0.0) continue;
            for (size_t l = 0; l < left; l++) {
                const double *from = in + (l * d + j) * right;
                double *to = out + (l * d + i) * right;
                for (size_t r = 0; r < right; r++) to[r] += entry * from[r];
            }
        }
    }
}

void sq_apply_on_factor(int d, int rank, int factor, const double *m, const double *in,
                        double *out) {
    add_on_middle(sq_tensor_size(d, factor), (size_t)d, sq_tensor_size(d, rank - factor - 1), 1.0,
                  m, 0, in, out);
}

void sq_apply_everywhere(int d, int rank, sq_duals duals, const double *m, const double *dual,
                         const double *in, double *out, double *scratch) {
    size_t bytes = sq_tensor_size(d, rank) * sizeof *out;
    memmove(out, in, bytes);
    for (int factor = 0; factor < rank; factor++) {
        memcpy(scratch, out, bytes);
        memset(out, 0, bytes);
        sq_apply_on_factor(d, rank, factor, (duals >> factor & 1) ? dual : m, scratch, out);
    }
}

void sq_apply_derivation(int d, int rank, sq_duals duals, const double *m, const double *in,
                         double *out) {
    memset(out, 0, sq_tensor_size(d, rank) * sizeof *out);
    for (int factor = 0; factor < rank; factor++) {
        int dual = (int)(duals >> factor & 1);
        add_on_middle(sq_tensor_size(d, factor), (size_t)d, sq_tensor_size(d, rank - factor - 1),
                      dual ? -1.0 : 1.0, m, dual, in, out);
    }
}
