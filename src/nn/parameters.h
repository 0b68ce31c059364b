/* The table of named arrays behind one contiguous buffer. */
#ifndef SQ_NN_PARAMETERS_H
#define SQ_NN_PARAMETERS_H

#include "softeq/model.h"

typedef struct {
    size_t rows, capacity;
    sq_parameter *row; /* (capacity) */
    size_t count;      /* elements of the buffer */
} sq_parameter_table;

/* Appends an array named layer<layer>_<name> of shape (a), (a,b) or (a,b,c): sizes of 0 end the
 * shape. *offset: where it starts. */
sq_status sq_parameter_add(sq_parameter_table *table, int layer, const char *name, size_t a,
                           size_t b, size_t c, size_t *offset);
void sq_parameter_table_clear(sq_parameter_table *table);

/* The row of that name, or NULL. */
const sq_parameter *sq_parameter_find(const sq_parameter_table *table, const char *name);
/* The row that holds an element of the buffer. */
const sq_parameter *sq_parameter_at(const sq_parameter_table *table, size_t offset);

#endif
