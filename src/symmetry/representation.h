/* Representations: direct sums of tensor types T(p,q) with multiplicities, and the way features
 * are laid out in them (type by type, copies contiguous, a tensor's indices row-major). */
#ifndef SQ_SYMMETRY_REPRESENTATION_H
#define SQ_SYMMETRY_REPRESENTATION_H

#include <stdbool.h>
#include <stddef.h>

#include "softeq/group.h"
#include "symmetry/basis.h"

enum { SQ_MAX_BLOCKS = 64 };

/* `count` copies of T(p,q), contiguous. */
typedef struct {
    int p, q;
    size_t count;  /* copies */
    size_t size;   /* of a copy: d^(p+q) */
    size_t offset; /* of the first feature */
} sq_block;

/* Open struct. */
typedef struct {
    int d;
    int n_blocks;
    sq_block blocks[SQ_MAX_BLOCKS];
    size_t size;    /* features in all, gates included */
    size_t ungated; /* features without the gate scalars, which stand last */
} sq_representation;

/* Reads "5*T(0) + 5*T(1) + T(0,2)" over R^d; order as written, neighbours of one type merged. */
sq_status sq_representation_parse(const char *text, int d, sq_representation *rep);
/* The same text back. text: (capacity) */
void sq_representation_format(const sq_representation *rep, char *text, size_t capacity);

/* `count` scalars. */
void sq_representation_scalars(int d, size_t count, sq_representation *rep);

/* How channels are shared out over the ranks: the same ranks again and again, which may go beyond
 * the channels (Kim et al. 2023, their code); or lower ranks for what is left over, which uses them
 * up exactly (Finzi et al. 2021, their code). */
typedef enum { SQ_ALLOCATION_REPEATED, SQ_ALLOCATION_FILLED } sq_allocation;

/* The hidden representation of `channels` (Finzi et al. 2021, section 6; docs/architecture.md):
 * R = the largest r with (r+1) d^r <= channels; then, until channels are used up, d^(R-r) copies of
 * every rank r <= R, which use (R+1) d^R; SQ_ALLOCATION_FILLED takes R anew for the channels left.
 * split: share the copies of rank r out over T(k,r-k) binomially, for groups in which V* is not V.
 */
sq_status sq_representation_hidden(int d, int channels, sq_allocation allocation, bool split,
                                   sq_representation *rep);

/* Appends one scalar per copy of a non-scalar type: its gate. */
sq_status sq_representation_add_gates(sq_representation *rep);

/* The factors of rho_out (x) rho_in* for a pair of blocks. in NULL: rho_out alone. */
int sq_pair_rank(const sq_block *out, const sq_block *in);
sq_duals sq_pair_duals(const sq_block *out, const sq_block *in);

/* Are there tensors with indices of V*? */
bool sq_representation_has_duals(const sq_representation *rep);

/* y = rho(g) x. element, inverse_transpose: (d,d); x, y: (rep->size). x may be y.
 * scratch: (largest copy). */
void sq_representation_act(const sq_representation *rep, const double *element,
                           const double *inverse_transpose, const double *x, double *y,
                           double *scratch);
/* Components of the copy that begins at this feature. */
size_t sq_representation_copy_size(const sq_representation *rep, size_t feature);
size_t sq_representation_largest_copy(const sq_representation *rep);

#endif
