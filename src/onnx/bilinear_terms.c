#include "onnx/bilinear_terms.h"

#include "base/memory.h"
#include "nn/bilinear_internal.h"

/* What is being put together: the rows of u block by block. */
typedef struct {
    sq_onnx *graph;
    const sq_bilinear *bilinear;
    const sq_real *weights;
    sq_onnx_value z;
    sq_onnx_value u[SQ_MAX_BLOCKS]; /* (sample, copies * size) of each block so far */
    int64_t *places;                /* columns of z to be gathered */
} terms;

static void add_to_block(terms *t, int block, sq_onnx_value part) {
    t->u[block] = sq_onnx_call(t->graph, "Add", t->u[block], part);
}

/* y_a += sum over n of A[a,n] X_n, A = p z_scalars. */
static void add_from_scalars(terms *t) {
    const sq_bilinear *b = t->bilinear;
    size_t n_scalars = 0;
    for (int k = 0; k < b->n_scalar_blocks; k++) {
        const sq_block *block = &b->z.blocks[b->scalar_blocks[k]];
        for (size_t e = 0; e < block->count; e++)
            t->places[n_scalars++] = (int64_t)(block->offset + e);
    }
    sq_onnx_value scalars = sq_onnx_columns(t->graph, t->z, n_scalars, t->places);
    sq_onnx_value p = sq_onnx_matrix(t->graph, b->from_rows, b->scalars,
                                     t->weights + b->from_parameters, SQ_BILINEAR_STRENGTH);
    sq_onnx_value a = sq_onnx_linear(t->graph, scalars, p, NULL);
    for (int k = 0; k < b->z.n_blocks; k++) {
        const sq_block *block = &b->z.blocks[k];
        size_t n = (size_t)b->chosen[k].n, count = 0;
        if (n == 0) continue;
        for (size_t c = 0; c < n; c++)
            for (size_t e = 0; e < block->size; e++)
                t->places[count++] = (int64_t)(b->chosen[k].rows[c] + e);
        sq_onnx_value x = sq_onnx_columns(t->graph, t->z, count, t->places);
        sq_onnx_value mine = sq_onnx_slice(t->graph, a, b->from_row[k], block->count * n);
        sq_onnx_value product =
            sq_onnx_call(t->graph, "MatMul", sq_onnx_reshape(t->graph, mine, block->count, n),
                         sq_onnx_reshape(t->graph, x, n, block->size));
        add_to_block(t, k, sq_onnx_reshape(t->graph, product, block->count * block->size, 0));
    }
}

/* t[b,n,i] = sum over j of X_n[i,j] z_b[j] as (sample, (b,n), i). */
static sq_onnx_value contract(terms *t, const sq_contraction *c) {
    const sq_chosen *x = &t->bilinear->chosen[c->x];
    size_t n = (size_t)x->n, count = 0;
    for (size_t j = 0; j < c->in_size; j++)
        for (size_t k = 0; k < n; k++)
            for (size_t i = 0; i < c->out_size; i++)
                t->places[count++] = (int64_t)(x->rows[k] + c->component[i * c->in_size + j]);
    sq_onnx_value chosen = sq_onnx_columns(t->graph, t->z, count, t->places);
    sq_onnx_value in = sq_onnx_slice(t->graph, t->z, c->in_row, c->in_count * c->in_size);
    sq_onnx_value product =
        sq_onnx_call(t->graph, "MatMul", sq_onnx_reshape(t->graph, in, c->in_count, c->in_size),
                     sq_onnx_reshape(t->graph, chosen, c->in_size, n * c->out_size));
    return sq_onnx_reshape(t->graph, product, c->in_count * n, c->out_size);
}

/* y_a += sum over (b,n) of p[a,(b,n)] t[b,n]. */
static sq_status add_to(terms *t, const sq_bilinear_to *to) {
    sq_status status = SQ_OK;
    sq_onnx_value *parts = NULL;
    SQ_TRY(sq_alloc((size_t)to->n_contractions, sizeof *parts, &parts));
    for (int k = 0; k < to->n_contractions; k++) parts[k] = contract(t, &to->contractions[k]);
    sq_onnx_value products = sq_onnx_concat(t->graph, (size_t)to->n_contractions, parts);
    sq_onnx_value p = sq_onnx_matrix(t->graph, to->rows, to->columns, t->weights + to->parameters,
                                     SQ_BILINEAR_STRENGTH);
    sq_onnx_value y = sq_onnx_reshape(t->graph, sq_onnx_call(t->graph, "MatMul", p, products),
                                      to->rows * to->out_size, 0);
    size_t row = 0;
    for (int k = 0; k < to->n_out; k++) {
        size_t rows = t->bilinear->z.blocks[to->out[k]].count * to->out_size;
        add_to_block(t, to->out[k], sq_onnx_slice(t->graph, y, row, rows));
        row += rows;
    }
cleanup:
    sq_free(parts);
    return status;
}

/* The longest list of columns that is gathered. */
static size_t most_places(const sq_bilinear *b) {
    size_t most = b->z.size;
    for (int t = 0; t < b->n_to; t++) {
        for (int k = 0; k < b->to[t].n_contractions; k++) {
            const sq_contraction *c = &b->to[t].contractions[k];
            size_t count = (size_t)b->chosen[c->x].n * c->in_size * c->out_size;
            if (count > most) most = count;
        }
    }
    return most;
}

sq_status sq_onnx_bilinear(sq_onnx *graph, const sq_bilinear *bilinear, const sq_real *weights,
                           sq_onnx_value z, sq_onnx_value *u) {
    sq_status status = SQ_OK;
    terms t = {.graph = graph, .bilinear = bilinear, .weights = weights, .z = z};
    SQ_TRY(sq_alloc(most_places(bilinear), sizeof *t.places, &t.places));
    for (int k = 0; k < bilinear->z.n_blocks; k++) {
        const sq_block *block = &bilinear->z.blocks[k];
        t.u[k] = sq_onnx_slice(graph, z, block->offset, block->count * block->size);
    }
    if (bilinear->from_rows > 0) add_from_scalars(&t);
    for (int k = 0; k < bilinear->n_to; k++) SQ_TRY(add_to(&t, &bilinear->to[k]));
    *u = sq_onnx_concat(graph, (size_t)bilinear->z.n_blocks, t.u);
cleanup:
    sq_free(t.places);
    return status;
}
