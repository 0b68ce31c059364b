/* Random group elements. */
#ifndef SQ_SYMMETRY_GROUP_SAMPLE_H
#define SQ_SYMMETRY_GROUP_SAMPLE_H

#include "base/rng.h"
#include "softeq/group.h"

/* Multiplies the generators of the Lie algebra other than rotations by a factor: boosts, scalings
 * and their like, whose elements are unbounded, are drawn as much nearer to the identity or
 * farther. */
void sq_group_stretch(sq_group *group, double factor);

/* exp(sum_i z_i A_i) prod_j h_j^{k_j}, a function of (seed, purpose, epoch, index). z_i ~ scale
 * N(0,1); k_j uniform in 0..7 (as in the paper's code), or of generators of a higher order below
 * that; of one without an order 0 or 1 if scale < 1, which asks for elements near the identity. Of
 * a finite group that such products are not all of, as S(4), several are multiplied (group->words).
 * element: (d,d), inverse_transpose: (d,d), the action on V*; both row-major. inverse_transpose may
 * be NULL for orthogonal groups: finding it takes most of the time. SQ_ERR_NUMERIC for an element
 * too far from the identity to be inverted. */
sq_status sq_group_sample(const sq_group *group, double scale, uint64_t seed,
                          sq_rng_purpose purpose, uint32_t epoch, uint64_t index, double *element,
                          double *inverse_transpose);

/* An element other than the identity, which a small finite group draws often: it moves nothing, and
 * would hide the error under the others. It is drawn again, up to 64 times: a trivial group has
 * nothing else. */
sq_status sq_group_sample_moving(const sq_group *group, double scale, uint64_t seed,
                                 sq_rng_purpose purpose, uint64_t index, double *element,
                                 double *inverse_transpose);

/* The element that moves nothing. element: (d, d) */
void sq_set_identity(int d, double *element);

#endif
