/* Training samples that are moved by random group elements: all of them by those of one group
 * (data.augment = GROUP), or parts of them by those of the candidate types, as far as the data was
 * found to have each (data.augment = found; train/tuning.h says how large the parts are). */
#ifndef SQ_TRAIN_AUGMENTATION_H
#define SQ_TRAIN_AUGMENTATION_H

#include "train/problem.h"

/* Open struct, owned by its creator. */
typedef struct {
    int count;         /* groups; 0: there is no augmentation */
    sq_group *created; /* the group of data.augment; NULL: the groups are the problem's */
    const sq_group *group[SQ_MAX_TYPES];
    double scale[SQ_MAX_TYPES]; /* standard deviation of Lie algebra coordinates */
    double share[SQ_MAX_TYPES]; /* part of the samples that it moves; the rest stay */
    bool duals;                 /* the data has tensors with indices of V* */
    uint64_t seed;
} sq_augmentation;

/* The standard deviation of the Lie algebra coordinates that samples are moved with to find out
 * whether a symmetry holds, or because it was found: elements of groups that are not orthogonal
 * are drawn near the identity, so that moved samples resemble the others. */
double sq_moved_scale(const sq_group *group);

/* Does data.augment ask for the types that are found? */
bool sq_augmentation_is_found(const sq_config *config);

/* As the configuration says, with data.augment_stretch in the generators of a named group. Found
 * types begin with a share of 0. SQ_ERR_CONFIG for a group that does not act on the data. problem
 * must outlive it; the creator clears, also on failure. */
sq_status sq_augmentation_create(const sq_problem *problem, sq_augmentation *augmentation);
void sq_augmentation_clear(sq_augmentation *augmentation);

/* The element that moves a sample in an epoch, whatever rank asks: a function of data.seed, epoch
 * and row. *moved: false for a sample that stays as it is. element, inverse_transpose: (d, d); the
 * second is left alone where neither the data nor the group asks for it.
 * SQ_ERR_NUMERIC, with what to do, for an element that cannot be inverted. */
sq_status sq_augmentation_draw(const sq_augmentation *augmentation, int64_t row, int64_t epoch,
                               double *element, double *inverse_transpose, bool *moved);

#endif
