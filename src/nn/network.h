/* The network that computes: blocks of linear, bilinear and gated layers, and a last linear layer,
 * over one buffer of weights. Activations are feature-major (nn/lanes.h). */
#ifndef SQ_NN_NETWORK_H
#define SQ_NN_NETWORK_H

#include <stdbool.h>

#include "nn/bilinear.h"
#include "nn/parameters.h"
#include "symmetry/representation.h"

/* One block z = W x + b; u = z + 0.1 B(z,z); y = gate(u), or a linear layer alone. */
typedef struct {
    char name[16];
    sq_representation in, out; /* out with its gates */
    bool last;                 /* linear alone: no bilinear part, no activation */
    size_t weight, bias;       /* offsets into the network's buffer */
    size_t gate_weight;        /* of w; SIZE_MAX: there is none */
    sq_bilinear *bilinear;     /* NULL: there is none */
    size_t *gate;              /* (out.ungated): sq_activation_gates; NULL in the last layer */
} sq_layer;

typedef struct {
    int n_layers;
    sq_layer *layers; /* (n_layers) */
    bool framed;      /* averaged over the frames of each sample */
    sq_parameter_table table;
} sq_network;

/* What the layers between input and output look like. */
typedef struct {
    sq_representation input, hidden, output; /* hidden without gates */
    int layers;
    bool gated;                /* representations, gates and a bilinear part; else plain swish */
    bool gate_scalar_per_copy; /* permutation groups need no gates: each feature is its own */
    bool swish_term;           /* the term w swish(u) of the gates */
    bool orthogonal;           /* tensor types match by rank alone */
    bool framed;               /* averaged over the frames of each sample (nn/frames.h) */
    uint64_t seed;             /* of the chosen copies */
} sq_network_plan;

sq_status sq_network_create(const sq_network_plan *plan, sq_network *network);
void sq_network_clear(sq_network *network);

/* Multiply-adds per sample of a forward pass. */
double sq_network_cost(const sq_network *network);

/* Activations of one microbatch, kept for the backward pass. Owns its memory. */
typedef struct sq_workspace sq_workspace;
sq_status sq_workspace_create(const sq_network *network, size_t most_samples,
                              sq_workspace **workspace);
void sq_workspace_destroy(sq_workspace **workspace);

/* Where to put the input (n_input, ld) and find the output (n_output, ld). ld: the samples at hand,
 * padded to whole tiles. */
sq_real *sq_workspace_input(sq_workspace *workspace);
sq_real *sq_workspace_output(sq_workspace *workspace);
/* Where to put d loss / d output before the backward pass. */
sq_real *sq_workspace_output_gradient(sq_workspace *workspace);

/* weights: the network's buffer. ld: samples, padded to whole tiles. */
void sq_network_forward(const sq_network *network, const sq_real *weights, size_t ld,
                        sq_workspace *workspace);

/* Takes a part of a gradient: values (rows, columns), row distance ld, for the array elements at
 * offset + i * parameter_ld + j. */
typedef void sq_gradient_sink(void *context, size_t offset, size_t parameter_ld, size_t rows,
                              size_t columns, const sq_real *values, size_t ld);

/* Gives the gradient of each array to the sink, the last layer's first. */
void sq_network_backward(const sq_network *network, const sq_real *weights, size_t ld,
                         sq_workspace *workspace, sq_gradient_sink *sink, void *context);

/* (samples, features) row-major <-> (features, ld) with zero padding. */
void sq_to_lanes(size_t samples, size_t features, const sq_real *rows, size_t ld, sq_real *lanes);
void sq_from_lanes(size_t samples, size_t features, const sq_real *lanes, size_t ld, sq_real *rows);

#endif
