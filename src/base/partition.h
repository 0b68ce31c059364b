/* Sharing out work: which of `parts` contiguous, nearly equal ranges. */
#ifndef SQ_BASE_PARTITION_H
#define SQ_BASE_PARTITION_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    int64_t first, end; /* half open */
} sq_range;

/* Part `part` of 0 .. total-1; the first total % parts parts have one more. */
sq_range sq_partition(int64_t total, int parts, int part);

/* Gives items with a cost each to `parts` owners, the dearest first and always to the least
 * loaded (lowest part on a tie). Deterministic. owner: (count). order: (count) and load: (parts)
 * are left as the order in which items were given, and what each part has. */
void sq_partition_by_cost(const double *cost, size_t count, int parts, int *owner, size_t *order,
                          double *load);

#endif
