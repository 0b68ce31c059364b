/* Blocks of something large, read where they are asked for, and ahead of that by a thread of its
 * own.
 *
 * Libraries that read files are not made for two threads: a block is read either by the caller or
 * by the thread, never at once. Who reads by the same library elsewhere, or copies the process,
 * lets the thread rest before. */
#ifndef SQ_DATASET_BLOCK_READER_H
#define SQ_DATASET_BLOCK_READER_H

#include <stddef.h>

#include "base/trace.h"
#include "softeq/error.h"
#include "softeq/real.h"

typedef struct sq_block_reader sq_block_reader;

/* Reads one block. values: (block_values). */
typedef sq_status sq_block_load(void *context, size_t block, sq_real *values);

/* For blocks 0 .. n_blocks-1, kept in at most cache_bytes of memory. context is borrowed. */
sq_status sq_block_reader_create(size_t n_blocks, size_t block_values, size_t cache_bytes,
                                 sq_block_load *load, void *context, sq_block_reader **reader);
/* Accepts and leaves NULL. */
void sq_block_reader_destroy(sq_block_reader **reader);

/* Blocks are got between an open and a close, which do not fail. */
void sq_block_reader_open(sq_block_reader *reader);
void sq_block_reader_close(sq_block_reader *reader);

/* The values of a block, valid until the next get or the close. Errors: those of load; one that the
 * thread met comes up here, when the block is asked for. */
sq_status sq_block_reader_get(sq_block_reader *reader, size_t block, const sq_real **values);

/* These blocks will be asked for, roughly in this order: the thread reads them ahead as long as
 * there is room beside them, and they stay, in place of those told before. Ends a rest. */
sq_status sq_block_reader_expect(sq_block_reader *reader, const size_t *blocks, size_t count);

/* Returns when the thread reads nothing. It rests until the next open or expect. */
void sq_block_reader_rest(sq_block_reader *reader);

/* Where the thread records what it reads; borrowed. Before the first expect. */
void sq_block_reader_set_trace(sq_block_reader *reader, sq_trace *trace);

#endif
