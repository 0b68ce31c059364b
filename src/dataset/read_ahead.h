/* Reading ahead: what a data set is told so that rows are there when they are asked for. Data sets
 * in memory do nothing of it. */
#ifndef SQ_DATASET_READ_AHEAD_H
#define SQ_DATASET_READ_AHEAD_H

#include "base/trace.h"
#include "softeq/dataset.h"

enum { SQ_READ_BLOCK = 1024 }; /* rows k*1024 .. are read together */

/* Tells which blocks will be asked for, roughly in this order, in place of what was told before: a
 * thread reads them beside the caller. first_rows: (count) any row of each block; repeats are fine.
 * Rows are the same with and without. From here on nobody else in the process may use NetCDF, and
 * the process may not be copied, but after a rest. */
sq_status sq_dataset_expect(sq_dataset *dataset, const int64_t *first_rows, size_t count);

/* Returns when the thread reads nothing; it goes on with the next read or expect. */
void sq_dataset_rest(sq_dataset *dataset);

/* Where the thread records its reading; borrowed. Before the first expect. */
void sq_dataset_set_trace(sq_dataset *dataset, sq_trace *trace);

#endif
