/* A trained model as an ONNX file. Rows stand as rows there, (sample, feature). */
#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "onnx/bilinear_terms.h"
#include "softeq/predictor.h"
#include "train/predictor.h"

/* x times a number for each column; as it is if all are 1. */
static sq_status scale_columns(sq_onnx *graph, sq_onnx_value *x, int n, const double *scale,
                               bool divide) {
    sq_status status = SQ_OK;
    sq_real *factors = NULL;
    bool any = false;
    SQ_TRY(sq_alloc((size_t)n, sizeof *factors, &factors));
    for (int k = 0; k < n; k++) {
        factors[k] = (sq_real)(divide ? 1.0 / scale[k] : scale[k]);
        any = any || factors[k] != 1;
    }
    if (any) *x = sq_onnx_call(graph, "Mul", *x, sq_onnx_matrix(graph, (size_t)n, 0, factors, 1.0));
cleanup:
    sq_free(factors);
    return status;
}

/* x plus a number for each column; as it is if none is shifted. */
static sq_status shift_columns(sq_onnx *graph, const sq_scaling *scaling, sq_onnx_value *x) {
    sq_status status = SQ_OK;
    sq_real *shift = NULL;
    size_t n = (size_t)scaling->n_output;
    if (!sq_scaling_shifts(scaling)) return SQ_OK;
    SQ_TRY(sq_alloc(n, sizeof *shift, &shift));
    for (size_t k = 0; k < n; k++) shift[k] = (sq_real)scaling->shift[k];
    *x = sq_onnx_call(graph, "Add", *x, sq_onnx_matrix(graph, n, 0, shift, 1.0));
cleanup:
    sq_free(shift);
    return status;
}

/* y_c = u_c (sigmoid(u_gate(c)) + w_c sigmoid(u_c)) */
static sq_status add_activation(sq_onnx *graph, const sq_layer *layer, const sq_real *weights,
                                sq_onnx_value u, sq_onnx_value *y) {
    sq_status status = SQ_OK;
    int64_t *gates = NULL;
    size_t features = layer->out.ungated;
    bool gated = layer->out.size > features;
    sq_onnx_value sigma = sq_onnx_call(graph, "Sigmoid", u, NULL), open = sigma, own = sigma;
    SQ_TRY(sq_alloc(features, sizeof *gates, &gates));
    for (size_t c = 0; c < features; c++) gates[c] = (int64_t)layer->gate[c];
    if (gated) {
        open = sq_onnx_columns(graph, sigma, features, gates);
        own = sq_onnx_slice(graph, sigma, 0, features);
        u = sq_onnx_slice(graph, u, 0, features);
    }
    if (layer->gate_weight != SIZE_MAX) {
        sq_onnx_value w = sq_onnx_matrix(graph, features, 0, weights + layer->gate_weight, 1.0);
        open = sq_onnx_call(graph, "Add", open, sq_onnx_call(graph, "Mul", own, w));
    }
    *y = sq_onnx_call(graph, "Mul", u, open);
cleanup:
    sq_free(gates);
    return status;
}

static sq_status add_layer(sq_onnx *graph, const sq_layer *layer, const sq_real *weights,
                           sq_onnx_value *x) {
    sq_status status = SQ_OK;
    sq_onnx_scope(graph, layer->name);
    sq_onnx_value w =
        sq_onnx_matrix(graph, layer->out.size, layer->in.size, weights + layer->weight, 1.0);
    sq_onnx_value b = sq_onnx_matrix(graph, layer->out.size, 0, weights + layer->bias, 1.0);
    sq_onnx_value u = sq_onnx_linear(graph, *x, w, b);
    if (layer->bilinear) SQ_TRY(sq_onnx_bilinear(graph, layer->bilinear, weights, u, &u));
    if (!layer->last) SQ_TRY(add_activation(graph, layer, weights, u, &u));
    *x = u;
cleanup:
    return status;
}

/* x plus the extrapolation of the input: a matrix, whose rows are those of unit vectors. */
static sq_status add_residual(sq_onnx *graph, const sq_extrapolation *residual, size_t n_in,
                              size_t n_out, sq_onnx_value input, sq_onnx_value *x) {
    sq_status status = SQ_OK;
    sq_real *units = NULL, *matrix = NULL;
    if (!residual->kind) return SQ_OK;
    SQ_TRY(sq_alloc(n_in * n_in, sizeof *units, &units));
    SQ_TRY(sq_alloc(n_in * n_out, sizeof *matrix, &matrix));
    for (size_t k = 0; k < n_in; k++) units[k * n_in + k] = 1;
    sq_extrapolation_add(residual, 1.0, n_in, n_in, units, matrix);
    sq_onnx_value ahead =
        sq_onnx_call(graph, "MatMul", input, sq_onnx_matrix(graph, n_in, n_out, matrix, 1.0));
    *x = sq_onnx_call(graph, "Add", *x, ahead);
cleanup:
    sq_free(units);
    sq_free(matrix);
    return status;
}

static sq_status build(sq_onnx *graph, const sq_problem *problem) {
    sq_status status = SQ_OK;
    const sq_model *model = problem->model;
    const sq_scaling *scaling = &problem->scaling;
    sq_onnx_value input =
        sq_onnx_input(graph, "input", model->input.size, problem->info.input_representation);
    sq_onnx_value x = input;
    SQ_TRY(scale_columns(graph, &x, scaling->n_input, scaling->input, true));
    for (int k = 0; k < model->network.n_layers; k++)
        SQ_TRY(add_layer(graph, &model->network.layers[k], model->weights, &x));
    sq_onnx_scope(graph, "");
    SQ_TRY(scale_columns(graph, &x, scaling->n_output, scaling->output, false));
    SQ_TRY(shift_columns(graph, scaling, &x));
    SQ_TRY(
        add_residual(graph, &problem->residual, model->input.size, model->output.size, input, &x));
    sq_onnx_output(graph, x, "output", model->output.size, problem->info.output_representation);
    sq_onnx_note(graph, "kind", model->kind->name);
    sq_onnx_note(graph, "symmetry_types", problem->config.symmetry.types);
    sq_onnx_note(graph, "input_representation", problem->info.input_representation);
    sq_onnx_note(graph, "output_representation", problem->info.output_representation);
cleanup:
    return status;
}

sq_status sq_predictor_export(const sq_predictor *predictor, const char *path) {
    sq_status status = SQ_OK;
    sq_onnx *graph = NULL;
    const sq_problem *problem = &predictor->problem;
    if (problem->model->network.framed)
        return sq_fail(SQ_ERR_CONFIG,
                       "a model of kind %s cannot be exported: ONNX has no eigenvectors",
                       problem->model->kind->name);
    SQ_TRY(sq_onnx_create(&graph));
    SQ_TRY(build(graph, problem));
    SQ_TRY(sq_onnx_write(graph, path));
cleanup:
    sq_onnx_destroy(&graph);
    return status;
}
