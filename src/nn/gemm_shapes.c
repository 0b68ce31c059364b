#include "nn/gemm_shapes.h"

#include "base/memory.h"
#include "nn/bilinear_internal.h"

typedef struct {
    sq_gemm_shape *shapes; /* (capacity) */
    size_t count, capacity;
} shape_list;

static bool same_product(const sq_gemm_shape *a, const sq_gemm_shape *b) {
    return a->op_a == b->op_a && a->op_b == b->op_b && a->m == b->m && a->n == b->n && a->k == b->k;
}

static sq_status add_shape(shape_list *list, sq_gemm_shape shape) {
    sq_status status = SQ_OK;
    for (size_t s = 0; s < list->count; s++) {
        if (!same_product(&list->shapes[s], &shape)) continue;
        list->shapes[s].times++;
        return SQ_OK;
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 16;
        SQ_TRY(sq_grow(list->capacity, capacity, sizeof *list->shapes, &list->shapes));
        list->capacity = capacity;
    }
    shape.times = 1;
    list->shapes[list->count++] = shape;
cleanup:
    return status;
}

/* y = W x with W (m,k), x (k,n): the product itself, and those for dx and for dW. */
static sq_status add_products(shape_list *list, const char *const use[3], size_t m, size_t n,
                              size_t k, bool wants_dx) {
    sq_status status = SQ_OK;
    SQ_TRY(add_shape(list, (sq_gemm_shape){use[0], SQ_KEEP, SQ_KEEP, m, n, k, 0}));
    if (wants_dx)
        SQ_TRY(add_shape(list, (sq_gemm_shape){use[1], SQ_TRANSPOSE, SQ_KEEP, k, n, m, 0}));
    SQ_TRY(add_shape(list, (sq_gemm_shape){use[2], SQ_KEEP, SQ_TRANSPOSE, m, k, n, 0}));
cleanup:
    return status;
}

static sq_status add_bilinear(shape_list *list, const sq_bilinear *bilinear, size_t ld) {
    static const char *const use[3] = {"bilinear forward", "bilinear input gradient",
                                       "bilinear weight gradient"};
    sq_status status = SQ_OK;
    const sq_block *blocks = bilinear->z.blocks;
    for (int s = 0; s < bilinear->n_scalar_blocks && bilinear->from_rows > 0; s++)
        SQ_TRY(add_products(list, use, bilinear->from_rows, ld,
                            blocks[bilinear->scalar_blocks[s]].count, true));
    for (int t = 0; t < bilinear->n_to; t++) {
        const sq_bilinear_to *to = &bilinear->to[t];
        for (int b = 0; b < to->n_out; b++)
            SQ_TRY(add_products(list, use, blocks[to->out[b]].count, to->out_size * ld, to->columns,
                                true));
    }
cleanup:
    return status;
}

sq_status sq_network_gemm_shapes(const sq_network *network, size_t ld, sq_gemm_shape **shapes,
                                 size_t *count) {
    static const char *const use[3] = {"linear forward", "linear input gradient",
                                       "linear weight gradient"};
    sq_status status = SQ_OK;
    shape_list list = {0};
    for (int k = 0; k < network->n_layers; k++) {
        const sq_layer *layer = &network->layers[k];
        SQ_TRY(add_products(&list, use, layer->out.size, ld, layer->in.size, k > 0));
        if (layer->bilinear) SQ_TRY(add_bilinear(&list, layer->bilinear, ld));
    }
cleanup:
    if (status != SQ_OK) sq_free(list.shapes);
    *shapes = status == SQ_OK ? list.shapes : NULL;
    *count = status == SQ_OK ? list.count : 0;
    return status;
}
