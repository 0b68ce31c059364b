#include "nn/parameters.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

sq_status sq_parameter_add(sq_parameter_table *table, int layer, const char *name, size_t a,
                           size_t b, size_t c, size_t *offset) {
    if (table->rows == table->capacity) {
        size_t capacity = 2 * table->capacity + 16;
        sq_status status = sq_grow(table->capacity, capacity, sizeof *table->row, &table->row);
        if (status != SQ_OK) return status;
        table->capacity = capacity;
    }
    sq_parameter *row = &table->row[table->rows++];
    snprintf(row->name, sizeof row->name, "layer%d_%s", layer, name);
    row->layer = layer;
    row->rank = c ? 3 : b ? 2 : 1;
    row->shape[0] = (int)a;
    row->shape[1] = (int)b;
    row->shape[2] = (int)c;
    row->offset = table->count;
    row->count = a * (b ? b : 1) * (c ? c : 1);
    *offset = row->offset;
    table->count += row->count;
    return SQ_OK;
}

void sq_parameter_table_clear(sq_parameter_table *table) {
    sq_free(table->row);
    memset(table, 0, sizeof *table);
}

const sq_parameter *sq_parameter_find(const sq_parameter_table *table, const char *name) {
    for (size_t k = 0; k < table->rows; k++)
        if (strcmp(table->row[k].name, name) == 0) return &table->row[k];
    return NULL;
}

const sq_parameter *sq_parameter_at(const sq_parameter_table *table, size_t offset) {
    for (size_t k = 0; k < table->rows; k++)
        if (offset < table->row[k].offset + table->row[k].count) return &table->row[k];
    return NULL;
}
