#include "onnx/graph.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "io/atomic_file.h"
#include "onnx.pb-c.h"

enum { IR_VERSION = 8, OPERATOR_SET = 13, NAME_CAPACITY = 96 };

/* Messages of this size and more can be written, but not read, by protocol buffers. */
#define LARGEST_FILE (((size_t)1 << 31) - 1)

struct sq_onnx {
    Onnx__ModelProto model;
    Onnx__GraphProto graph;
    Onnx__OperatorSetIdProto operators, *operator_list[1];
    sq_status status;
    const char *scope;
    int values; /* named so far */
    void **owned;
    size_t n_owned, owned_capacity;
};

/* ---- memory and failures --------------------------------------------------------------------- */

/* Memory that lives as long as the graph; NULL after a failure. */
static void *own(sq_onnx *g, size_t count, size_t size) {
    void *memory = NULL;
    if (g->status == SQ_OK && g->n_owned == g->owned_capacity) {
        size_t capacity = 2 * g->owned_capacity + 64;
        g->status = sq_grow(g->owned_capacity, capacity, sizeof *g->owned, &g->owned);
        if (g->status == SQ_OK) g->owned_capacity = capacity;
    }
    if (g->status == SQ_OK) g->status = sq_alloc(count, size, &memory);
    if (g->status == SQ_OK) g->owned[g->n_owned++] = memory;
    return memory;
}

static char *own_text(sq_onnx *g, const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = own(g, size, 1);
    if (copy) memcpy(copy, text, size);
    return copy;
}

/* "layer0_MatMul_7" */
static char *own_name(sq_onnx *g, const char *what) {
    char name[NAME_CAPACITY];
    snprintf(name, sizeof name, "%s%s%s_%d", g->scope, *g->scope ? "_" : "", what, g->values++);
    return own_text(g, name);
}

/* Appends to one of the lists of pointers of a message. The list doubles; what it was stays owned.
 */
static void append(sq_onnx *g, size_t *count, void *list_pointer, void *item) {
    void **list, **grown;
    memcpy(&list, list_pointer, sizeof list);
    bool is_full = (*count & (*count - 1)) == 0; /* 0, 1, 2, 4, 8 ... */
    if (is_full) {
        grown = own(g, *count ? 2 * *count : 1, sizeof *grown);
        if (grown && *count) memcpy(grown, list, *count * sizeof *grown);
        if (grown) memcpy(list_pointer, &grown, sizeof grown);
        list = grown;
    }
    if (g->status == SQ_OK) list[(*count)++] = item;
}

sq_status sq_onnx_create(sq_onnx **graph) {
    sq_status status = sq_alloc(1, sizeof **graph, graph);
    if (status != SQ_OK) return status;
    sq_onnx *g = *graph;
    onnx__model_proto__init(&g->model);
    onnx__graph_proto__init(&g->graph);
    onnx__operator_set_id_proto__init(&g->operators);
    g->operators.has_version = 1;
    g->operators.version = OPERATOR_SET;
    g->operators.domain = "";
    g->operator_list[0] = &g->operators;
    g->model.has_ir_version = 1;
    g->model.ir_version = IR_VERSION;
    g->model.producer_name = "softeq";
    g->model.producer_version = SOFTEQ_VERSION;
    g->model.graph = &g->graph;
    g->model.n_opset_import = 1;
    g->model.opset_import = g->operator_list;
    g->graph.name = "softeq_model";
    g->scope = "";
    return SQ_OK;
}

void sq_onnx_destroy(sq_onnx **graph) {
    if (!*graph) return;
    for (size_t k = 0; k < (*graph)->n_owned; k++) sq_free((*graph)->owned[k]);
    sq_free((*graph)->owned);
    sq_free(*graph);
    *graph = NULL;
}

void sq_onnx_scope(sq_onnx *graph, const char *scope) { graph->scope = scope; }

/* ---- constants ------------------------------------------------------------------------------- */

static sq_onnx_value add_constant(sq_onnx *g, int type, size_t n_dims, const size_t *dims,
                                  size_t bytes, void *data) {
    Onnx__TensorProto *tensor = own(g, 1, sizeof *tensor);
    int64_t *shape = own(g, n_dims, sizeof *shape);
    char *name = own_name(g, "constant");
    if (g->status != SQ_OK) return "";
    onnx__tensor_proto__init(tensor);
    for (size_t k = 0; k < n_dims; k++) shape[k] = (int64_t)dims[k];
    tensor->n_dims = n_dims;
    tensor->dims = shape;
    tensor->has_data_type = 1;
    tensor->data_type = type;
    tensor->name = name;
    tensor->has_raw_data = 1;
    tensor->raw_data = (ProtobufCBinaryData){.len = bytes, .data = data};
    append(g, &g->graph.n_initializer, &g->graph.initializer, tensor);
    return name;
}

sq_onnx_value sq_onnx_matrix(sq_onnx *graph, size_t rows, size_t columns, const sq_real *values,
                             double factor) {
    const size_t dims[] = {rows, columns};
    size_t count = rows * (columns ? columns : 1);
    float *data = own(graph, count, sizeof *data);
    for (size_t k = 0; data && k < count; k++) data[k] = (float)(factor * (double)values[k]);
    return add_constant(graph, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, columns ? 2 : 1, dims,
                        count * sizeof *data, data);
}

sq_onnx_value sq_onnx_integers(sq_onnx *graph, size_t count, const int64_t *integers) {
    int64_t *data = own(graph, count, sizeof *data);
    if (data) memcpy(data, integers, count * sizeof *data);
    return add_constant(graph, ONNX__TENSOR_PROTO__DATA_TYPE__INT64, 1, &count,
                        count * sizeof *data, data);
}

/* ---- operators ------------------------------------------------------------------------------- */

static Onnx__NodeProto *add_node(sq_onnx *g, const char *operator_name, size_t n_inputs,
                                 const sq_onnx_value *inputs) {
    Onnx__NodeProto *node = own(g, 1, sizeof *node);
    char **names = own(g, n_inputs, sizeof *names), **outputs = own(g, 1, sizeof *outputs);
    char *name = own_name(g, operator_name), *type = own_text(g, operator_name);
    if (g->status != SQ_OK) return NULL;
    onnx__node_proto__init(node);
    for (size_t k = 0; k < n_inputs; k++) names[k] = (char *)inputs[k];
    outputs[0] = name;
    node->name = name;
    node->op_type = type;
    node->n_input = n_inputs;
    node->input = names;
    node->n_output = 1;
    node->output = outputs;
    append(g, &g->graph.n_node, &g->graph.node, node);
    return node;
}

static sq_onnx_value output_of(const Onnx__NodeProto *node) { return node ? node->output[0] : ""; }

static void add_attribute(sq_onnx *g, Onnx__NodeProto *node, const char *name, int64_t value) {
    Onnx__AttributeProto *attribute = own(g, 1, sizeof *attribute);
    char *text = own_text(g, name);
    if (g->status != SQ_OK) return;
    onnx__attribute_proto__init(attribute);
    attribute->name = text;
    attribute->has_i = 1;
    attribute->i = value;
    attribute->has_type = 1;
    attribute->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
    append(g, &node->n_attribute, &node->attribute, attribute);
}

sq_onnx_value sq_onnx_call(sq_onnx *graph, const char *operator_name, sq_onnx_value a,
                           sq_onnx_value b) {
    const sq_onnx_value inputs[] = {a, b};
    return output_of(add_node(graph, operator_name, b ? 2 : 1, inputs));
}

sq_onnx_value sq_onnx_linear(sq_onnx *graph, sq_onnx_value x, sq_onnx_value w, sq_onnx_value bias) {
    const sq_onnx_value inputs[] = {x, w, bias};
    Onnx__NodeProto *node = add_node(graph, "Gemm", bias ? 3 : 2, inputs);
    if (node) add_attribute(graph, node, "transB", 1);
    return output_of(node);
}

sq_onnx_value sq_onnx_columns(sq_onnx *graph, sq_onnx_value x, size_t count,
                              const int64_t *places) {
    const sq_onnx_value inputs[] = {x, sq_onnx_integers(graph, count, places)};
    Onnx__NodeProto *node = add_node(graph, "Gather", 2, inputs);
    if (node) add_attribute(graph, node, "axis", 1);
    return output_of(node);
}

sq_onnx_value sq_onnx_slice(sq_onnx *graph, sq_onnx_value x, size_t first, size_t count) {
    const int64_t start = (int64_t)first, end = (int64_t)(first + count), axis = 1;
    const sq_onnx_value inputs[] = {x, sq_onnx_integers(graph, 1, &start),
                                    sq_onnx_integers(graph, 1, &end),
                                    sq_onnx_integers(graph, 1, &axis)};
    return output_of(add_node(graph, "Slice", 4, inputs));
}

sq_onnx_value sq_onnx_concat(sq_onnx *graph, size_t count, const sq_onnx_value *values) {
    if (count == 1) return values[0];
    Onnx__NodeProto *node = add_node(graph, "Concat", count, values);
    if (node) add_attribute(graph, node, "axis", 1);
    return output_of(node);
}

sq_onnx_value sq_onnx_reshape(sq_onnx *graph, sq_onnx_value x, size_t a, size_t b) {
    const int64_t shape[] = {0, (int64_t)a, (int64_t)b}; /* 0: as many samples as there are */
    return sq_onnx_call(graph, "Reshape", x, sq_onnx_integers(graph, b ? 3 : 2, shape));
}

/* ---- input, output, file --------------------------------------------------------------------- */

/* A list of rows of so many floats. */
static Onnx__ValueInfoProto *describe(sq_onnx *g, const char *name, size_t width,
                                      const char *about) {
    Onnx__ValueInfoProto *info = own(g, 1, sizeof *info);
    Onnx__TypeProto *type = own(g, 1, sizeof *type);
    Onnx__TypeProto__Tensor *tensor = own(g, 1, sizeof *tensor);
    Onnx__TensorShapeProto *shape = own(g, 1, sizeof *shape);
    Onnx__TensorShapeProto__Dimension *dims = own(g, 2, sizeof *dims);
    Onnx__TensorShapeProto__Dimension **list = own(g, 2, sizeof *list);
    char *own_about = own_text(g, about), *own_title = own_text(g, name);
    if (g->status != SQ_OK) return NULL;
    onnx__value_info_proto__init(info);
    onnx__type_proto__init(type);
    onnx__type_proto__tensor__init(tensor);
    onnx__tensor_shape_proto__init(shape);
    for (int k = 0; k < 2; k++) {
        onnx__tensor_shape_proto__dimension__init(&dims[k]);
        list[k] = &dims[k];
    }
    dims[0].dim_param = "sample";
    dims[1].has_dim_value = 1;
    dims[1].dim_value = (int64_t)width;
    shape->n_dim = 2;
    shape->dim = list;
    tensor->has_elem_type = 1;
    tensor->elem_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    tensor->shape = shape;
    type->tensor_type = tensor;
    info->name = own_title;
    info->type = type;
    info->doc_string = own_about;
    return info;
}

sq_onnx_value sq_onnx_input(sq_onnx *graph, const char *name, size_t width, const char *about) {
    Onnx__ValueInfoProto *info = describe(graph, name, width, about);
    append(graph, &graph->graph.n_input, &graph->graph.input, info);
    return info ? info->name : "";
}

void sq_onnx_output(sq_onnx *graph, sq_onnx_value value, const char *name, size_t width,
                    const char *about) {
    Onnx__ValueInfoProto *info = describe(graph, name, width, about);
    Onnx__NodeProto *node = add_node(graph, "Identity", 1, &value);
    append(graph, &graph->graph.n_output, &graph->graph.output, info);
    if (graph->status == SQ_OK) node->output[0] = info->name;
}

void sq_onnx_note(sq_onnx *graph, const char *key, const char *text) {
    Onnx__StringStringEntryProto *entry = own(graph, 1, sizeof *entry);
    char *own_key = own_text(graph, key), *own_value = own_text(graph, text);
    if (graph->status != SQ_OK) return;
    onnx__string_string_entry_proto__init(entry);
    entry->key = own_key;
    entry->value = own_value;
    append(graph, &graph->model.n_metadata_props, &graph->model.metadata_props, entry);
}

sq_status sq_onnx_write(sq_onnx *graph, const char *path) {
    sq_status status = graph->status;
    uint8_t *bytes = NULL;
    if (status != SQ_OK) return status;
    size_t size = onnx__model_proto__get_packed_size(&graph->model);
    if (size > LARGEST_FILE)
        return sq_fail(SQ_ERR_CONFIG, "%s: the model has %zu bytes; ONNX files have at most %zu",
                       path, size, LARGEST_FILE);
    SQ_TRY(sq_alloc(size, 1, &bytes));
    onnx__model_proto__pack(&graph->model, bytes);
    SQ_TRY(sq_write_file(path, bytes, size));
cleanup:
    sq_free(bytes);
    return status;
}
