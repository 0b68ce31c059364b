/* The gated non-linearity: y_c = sigmoid(u_gate(c)) u_c + w_c swish(u_c). A scalar is its own gate.
 * Plain swish is the case in which every feature is its own gate and there is no w. */
#ifndef SQ_NN_ACTIVATION_H
#define SQ_NN_ACTIVATION_H

#include <stddef.h>

#include "softeq/real.h"
#include "symmetry/representation.h"

/* Row of the gate of each ungated feature. gate: (rep->ungated). */
void sq_activation_gates(const sq_representation *rep, size_t *gate);

/* u: (rows, ld), the gates among its rows; sigma: (rows, ld), receives sigmoid(u) for backward;
 * y: (features, ld). gate: (features). weight: (features), or NULL for no swish term. */
void sq_activation_forward(size_t rows, size_t features, size_t ld, const size_t *gate,
                           const sq_real *weight, const sq_real *u, sq_real *sigma, sq_real *y);

/* du: (rows, ld) is overwritten; dweight: (features), or NULL. */
void sq_activation_backward(size_t rows, size_t features, size_t ld, const size_t *gate,
                            const sq_real *weight, const sq_real *u, const sq_real *sigma,
                            const sq_real *dy, sq_real *du, sq_real *dweight);

#endif
