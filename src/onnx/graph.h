/* An ONNX graph that is being put together, and its file.
 *
 * The first failure is kept: all further calls do nothing and give the value "", so that what
 * builds a graph need not ask each time. sq_onnx_write returns the failure. */
#ifndef SQ_ONNX_GRAPH_H
#define SQ_ONNX_GRAPH_H

#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"
#include "softeq/real.h"

typedef struct sq_onnx sq_onnx;

/* The name of a value; owned by the graph. */
typedef const char *sq_onnx_value;

sq_status sq_onnx_create(sq_onnx **graph);
void sq_onnx_destroy(sq_onnx **graph);

/* What names begin with from now on: a layer's name. scope lives as long as the graph is built. */
void sq_onnx_scope(sq_onnx *graph, const char *scope);

/* Constants. values: (rows, columns), or (rows) with columns = 0, times `factor`, as 32-bit floats;
 * integers: (count). Copied. */
sq_onnx_value sq_onnx_matrix(sq_onnx *graph, size_t rows, size_t columns, const sq_real *values,
                             double factor);
sq_onnx_value sq_onnx_integers(sq_onnx *graph, size_t count, const int64_t *integers);

/* An operator of one or two inputs (b may be NULL), and the value it gives. */
sq_onnx_value sq_onnx_call(sq_onnx *graph, const char *operator_name, sq_onnx_value a,
                           sq_onnx_value b);
/* x W^T + bias for rows x. */
sq_onnx_value sq_onnx_linear(sq_onnx *graph, sq_onnx_value x, sq_onnx_value w, sq_onnx_value bias);
/* Columns at these places. */
sq_onnx_value sq_onnx_columns(sq_onnx *graph, sq_onnx_value x, size_t count, const int64_t *places);
/* Columns first .. first+count-1. */
sq_onnx_value sq_onnx_slice(sq_onnx *graph, sq_onnx_value x, size_t first, size_t count);
/* Values (sample, ...) side by side along the first dimension behind the sample. */
sq_onnx_value sq_onnx_concat(sq_onnx *graph, size_t count, const sq_onnx_value *values);
/* (sample, a, b), or (sample, a) with b = 0. */
sq_onnx_value sq_onnx_reshape(sq_onnx *graph, sq_onnx_value x, size_t a, size_t b);

/* The graph's one input and one output: (sample, width). About the value: what it is made of. */
sq_onnx_value sq_onnx_input(sq_onnx *graph, const char *name, size_t width, const char *about);
void sq_onnx_output(sq_onnx *graph, sq_onnx_value value, const char *name, size_t width,
                    const char *about);

/* A line of the file's metadata; the texts are copied. */
void sq_onnx_note(sq_onnx *graph, const char *key, const char *text);

/* Writes the model atomically. Errors: the graph's own first failure, SQ_ERR_IO. */
sq_status sq_onnx_write(sq_onnx *graph, const char *path);

#endif
