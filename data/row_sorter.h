/* Sorts more rows than fit into memory: sorted runs in a temporary file, merged as they are read.
 */
#ifndef SQ_DATA_ROW_SORTER_H
#define SQ_DATA_ROW_SORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"

typedef struct sq_row_sorter sq_row_sorter;

/* Order of two rows, as for qsort. */
typedef int sq_row_compare(const void *left, const void *right);

/* For rows of `size` bytes. `most` rows are kept in memory, twice while they are sorted. The
 * temporary file, if one is needed, stands in the folder of the file `beside` and has no name. */
sq_status sq_row_sorter_create(size_t size, size_t most, sq_row_compare *compare,
                               const char *beside, sq_row_sorter **sorter);
/* Accepts and leaves NULL. */
void sq_row_sorter_destroy(sq_row_sorter **sorter);

sq_status sq_row_sorter_add(sq_row_sorter *sorter, const void *row);

/* No more rows come: sorts. */
sq_status sq_row_sorter_finish(sq_row_sorter *sorter);

/* The rows in order; *row NULL at the end. Valid until the next call. */
sq_status sq_row_sorter_next(sq_row_sorter *sorter, const void **row);

#endif
