/* The bilinear part of a layer as operators. */
#ifndef SQ_ONNX_BILINEAR_TERMS_H
#define SQ_ONNX_BILINEAR_TERMS_H

#include "nn/bilinear.h"
#include "onnx/graph.h"

/* u = z + 0.1 B(z,z). z: (sample, features with gates); weights: the network's buffer. */
sq_status sq_onnx_bilinear(sq_onnx *graph, const sq_bilinear *bilinear, const sq_real *weights,
                           sq_onnx_value z, sq_onnx_value *u);

#endif
