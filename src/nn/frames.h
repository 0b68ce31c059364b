/* Frame averaging (Puny et al. 2022): a plain network made exactly equivariant under O(d) by a mean
 * over the frames of each sample,
 *     f(x) = mean over U in F(x) of rho_out(U) h(rho_in(U)^-1 x).
 * The frames are the eigenvectors of sum_k x_k x_k^T over the vectors x_k of the sample, with all
 * 2^d choices of their signs. Where eigenvalues coincide (d - 2 vectors or fewer span too little)
 * the frame is not unique, and f is not equivariant there. */
#ifndef SQ_NN_FRAMES_H
#define SQ_NN_FRAMES_H

#include "softeq/error.h"
#include "softeq/real.h"
#include "symmetry/representation.h"

typedef struct sq_frames sq_frames;

/* most_lanes: samples at once, padded. The representations must outlive it. SQ_ERR_CONFIG beyond 6
 * dimensions or without a vector in the input. */
sq_status sq_frames_create(const sq_representation *input, const sq_representation *output,
                           size_t most_lanes, sq_frames **frames);
void sq_frames_destroy(sq_frames **frames);

/* Frames of one sample: 2^d. */
size_t sq_frames_count(int d);

/* Finds the frames of the samples and turns each sample into each of its frames.
 * input: (n_input, ld); framed: (n_input, count ld), frame by frame. */
void sq_frames_expand(sq_frames *frames, size_t ld, const sq_real *input, sq_real *framed);

/* Turns the outputs back and takes their mean. framed: (n_output, count ld); output: (n_output, ld)
 */
void sq_frames_average(sq_frames *frames, size_t ld, const sq_real *framed, sq_real *output);

/* The gradient of the framed outputs from that of the mean. gradient: (n_output, ld) */
void sq_frames_spread(sq_frames *frames, size_t ld, const sq_real *gradient, sq_real *framed);

#endif
