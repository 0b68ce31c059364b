/* Memory: aligned, zeroed, counted. */
#ifndef SQ_BASE_MEMORY_H
#define SQ_BASE_MEMORY_H

#include <stddef.h>

#include "softeq/error.h"

enum { SQ_ALIGNMENT = 64 }; /* bytes: a cache line, an AVX-512 register */

/* Allocates count elements of `size` bytes, zeroed, aligned to SQ_ALIGNMENT, into *pointer (a
 * pointer to a pointer). count 0 gives a valid pointer. Errors: SQ_ERR_MEMORY, *pointer NULL. */
sq_status sq_alloc(size_t count, size_t size, void *pointer);

/* The size of an array that serves for either. */
static inline size_t sq_larger(size_t a, size_t b) { return a > b ? a : b; }

/* Frees what sq_alloc gave; NULL is fine. */
void sq_free(void *pointer);

/* Grows an array allocated by sq_alloc from old_count to new_count elements, zeroing the rest. */
sq_status sq_grow(size_t old_count, size_t new_count, size_t size, void *pointer);

/* A copy of a text, freed by sq_free. */
sq_status sq_copy_text(const char *text, char **copy);

#endif
