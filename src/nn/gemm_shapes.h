/* The matrix products that a network is made of, for measuring how fast they are by themselves. */
#ifndef SQ_NN_GEMM_SHAPES_H
#define SQ_NN_GEMM_SHAPES_H

#include "linalg/linalg.h"
#include "nn/network.h"

/* C (m,n) = op(A) (m,k) op(B) (k,n), computed `times` times for each microbatch. */
typedef struct {
    const char *use; /* "linear forward"; of equal products that of the first */
    sq_op op_a, op_b;
    size_t m, n, k;
    int times;
} sq_gemm_shape;

/* The distinct products of a forward and a backward pass over ld samples. *shapes: (*count), to be
 * freed with sq_free. */
sq_status sq_network_gemm_shapes(const sq_network *network, size_t ld, sq_gemm_shape **shapes,
                                 size_t *count);

#endif
