/* Lanes: activations are feature-major, one row per feature and one column per sample, so that
 * whatever is not a matrix product runs along contiguous samples. Rows are padded to whole tiles of
 * SQ_TILE samples; padding columns start as zero samples and their gradients are zero. */
#ifndef SQ_NN_LANES_H
#define SQ_NN_LANES_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "softeq/real.h"

/* Samples handled at once by the elementwise loops: one vector register of the widest kind. */
enum { SQ_TILE = 64 / sizeof(sq_real) };

/* Samples rounded up to whole tiles. */
static inline size_t sq_padded(size_t samples) {
    return (samples + SQ_TILE - 1) / SQ_TILE * SQ_TILE;
}

/* One tile in registers. Arithmetic on it is element by element (vector extension of gcc and
 * clang); compilers split it where registers are narrower. Rows are aligned for it. */
typedef sq_real sq_tile __attribute__((vector_size(64), may_alias));

static inline sq_tile sq_tile_load(const sq_real *from) { return *(const sq_tile *)from; }
static inline void sq_tile_store(sq_real *to, sq_tile tile) { *(sq_tile *)to = tile; }

/* Sum of a row of whole tiles, always in the same order. */
static inline sq_real sq_row_sum(const sq_real *row, size_t ld) {
    sq_real lane[SQ_TILE] = {0};
    for (size_t at = 0; at < ld; at += SQ_TILE)
        for (int s = 0; s < SQ_TILE; s++) lane[s] += row[at + (size_t)s];
    for (int width = SQ_TILE / 2; width > 0; width /= 2)
        for (int s = 0; s < width; s++) lane[s] += lane[s + width];
    return lane[0];
}

/* Sum of squares in double, always in the same order; lanes so that it can be vector code. */
static inline double sq_sum_squares(const sq_real *values, size_t count) {
    enum { LANES = 16 };
    double lane[LANES] = {0};
    size_t whole = count / LANES * LANES;
    for (size_t at = 0; at < whole; at += LANES)
        for (size_t s = 0; s < LANES; s++)
            lane[s] += (double)values[at + s] * (double)values[at + s];
    for (size_t at = whole; at < count; at++)
        lane[at - whole] += (double)values[at] * (double)values[at];
    for (size_t width = LANES / 2; width > 0; width /= 2)
        for (size_t s = 0; s < width; s++) lane[s] += lane[s + width];
    return lane[0];
}

#ifdef SOFTEQ_DOUBLE
static inline double sq_exp(double x) { return exp(x); }
#else
/* e^x in float, in a form that compilers turn into vector code: x = n ln2 + r, a polynomial for
 * e^r on |r| <= ln2/2 (relative error below 1e-7), and 2^n by way of the exponent's bits. */
static inline float sq_exp(float x) {
    x = x < -87.0f ? -87.0f : x;
    x = x > 88.0f ? 88.0f : x;
    float n = rintf(x * 1.44269504f);
    float r = x - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    float p = 1.98412698e-4f;
    p = p * r + 1.38888889e-3f;
    p = p * r + 8.33333333e-3f;
    p = p * r + 4.16666667e-2f;
    p = p * r + 1.66666667e-1f;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    int32_t bits = ((int32_t)n + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return p * power;
}
#endif

/* 1 / (1 + e^-x). */
static inline sq_real sq_sigmoid(sq_real x) { return 1 / (1 + sq_exp(-x)); }

#endif
