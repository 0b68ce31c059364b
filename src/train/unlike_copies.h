/* Copies of tensors among the targets that are unlike in size though they share a scale: the loss
 * and the errors hardly see the smaller one. */
#ifndef SQ_TRAIN_UNLIKE_COPIES_H
#define SQ_TRAIN_UNLIKE_COPIES_H

#include <stdbool.h>

#include "symmetry/representation.h"
#include "train/target_moments.h"

typedef struct {
    int block;
    size_t first, end; /* its columns, `end` not among them */
    double size;       /* root mean square over the scale; of a scalar about its mean */
} sq_copy_size;

typedef struct {
    sq_copy_size smaller, larger;
    double ratio; /* of their sizes; 0: no two copies share a scale */
} sq_unlike_copies;

/* The two that are the most unlike. Copies that are zero, or do not vary, are passed over: they
 * have no part in any type. by_block: does each block of the representation have a scale of its
 * own? moments, scale: (output->size), those of tensors, too */
void sq_unlike_copies_find(const sq_representation *output, const sq_moments *moments,
                           const double *scale, bool by_block, sq_unlike_copies *worst);

/* "columns 2 to 3, T(1)". text: (capacity) */
void sq_copy_format(const sq_representation *output, const sq_copy_size *copy, char *text,
                    size_t capacity);

#endif
