/* The regularizers R_g = sum over layers of 1/2 |W - P_g W|^2 + 1/2 |b - P_g b|^2 (Kim et al.
 * 2023, eq. 7), cut into items: one block of one layer under one type. Blocks are shared out over
 * ranks by cost; a block is computed under all types on one rank only, so that its bits do not
 * depend on how many ranks there are. */
#ifndef SQ_NN_REGULARIZER_H
#define SQ_NN_REGULARIZER_H

#include "nn/model_internal.h"

typedef struct sq_regularizer sq_regularizer;

/* Lists the items of the model and gives part `part` of `parts` its share. The model must outlive
 * it. A kind without representations has no items. */
sq_status sq_regularizer_create(const sq_model *model, int parts, int part,
                                sq_regularizer **regularizer);
void sq_regularizer_destroy(sq_regularizer **regularizer);

/* Number of items in all: blocks times types. */
size_t sq_regularizer_items(const sq_regularizer *regularizer);

/* Computes this part's items: values[item] = 1/2 |x - P x|^2 (others are left alone), and gives
 * the sum over types of lambda_g (x - P_g x) to the sink, block by block. lambda: (n_types); items
 * of types with lambda 0 are skipped. lambda NULL: all values, no gradients. values: (items).
 * What was computed last is kept: after all values, the gradient of the same parameters with the
 * lambda of the gradient before costs little. */
void sq_regularizer_compute(sq_regularizer *regularizer, const double *lambda,
                            sq_gradient_sink *sink, void *context, double *values);

/* Adds up values by layer and type, in item order. by, weight_part (without biases; may be NULL):
 * (n_layers, n_types). */
void sq_regularizer_sum(const sq_regularizer *regularizer, const double *values, double *by,
                        double *weight_part);

/* Level of symmetry 1 - |W - P_g W|^2 / |W|^2 from weight_part, by layer and type, and over all
 * layers. level: (n_layers, n_types); total: (n_types); NaN for a kind without representations. */
void sq_regularizer_levels(const sq_regularizer *regularizer, const double *weight_part,
                           double *level, double *total);

/* What the regularizers would be for random weights of the same size in every block: half the
 * squared norm, times the share of dimensions that are not invariant. A type with many invariants
 * has a small R_g for any weights; R_g over this has the same scale for all. expected: (n_types).
 */
void sq_regularizer_expected(const sq_regularizer *regularizer, double *expected);

#endif
