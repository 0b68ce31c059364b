#include "nn/projection.h"

#include <string.h>

#include "base/memory.h"
#include "linalg/linalg.h"

static sq_status create_block(const sq_group *group, const sq_block *out, const sq_block *in,
                              size_t ld, sq_bases *bases, sq_projection_block *block) {
    const sq_bases_entry *entry = NULL;
    sq_status status =
        sq_bases_get(bases, group, sq_pair_rank(out, in), sq_pair_duals(out, in), &entry);
    if (status != SQ_OK) return status;
    *block = (sq_projection_block){
        .offset = out->offset * ld + (in ? in->offset : 0),
        .ld = ld,
        .out_count = out->count,
        .out_size = out->size,
        .in_count = in ? in->count : 1,
        .in_size = in ? in->size : 1,
        .n_invariants = entry->basis->count,
        .vectors = entry->vectors,
    };
    return SQ_OK;
}

sq_status sq_projection_create(const sq_group *group, const sq_representation *out,
                               const sq_representation *in, sq_bases *bases,
                               sq_projection *projection) {
    sq_status status = SQ_OK;
    size_t pairs = (size_t)out->n_blocks * (size_t)in->n_blocks;
    memset(projection, 0, sizeof *projection);
    SQ_TRY(sq_alloc(pairs, sizeof *projection->weight, &projection->weight));
    SQ_TRY(sq_alloc((size_t)out->n_blocks, sizeof *projection->bias, &projection->bias));
    for (int i = 0; i < out->n_blocks; i++) {
        for (int j = 0; j < in->n_blocks; j++)
            SQ_TRY(create_block(group, &out->blocks[i], &in->blocks[j], in->size, bases,
                                &projection->weight[projection->n_weight++]));
        SQ_TRY(create_block(group, &out->blocks[i], NULL, 1, bases,
                            &projection->bias[projection->n_bias++]));
    }
cleanup:
    if (status != SQ_OK) sq_projection_clear(projection);
    return status;
}

void sq_projection_clear(sq_projection *projection) {
    sq_free(projection->weight);
    sq_free(projection->bias);
    memset(projection, 0, sizeof *projection);
}

static size_t pairs_of(const sq_projection_block *block) {
    return block->out_count * block->in_count;
}

static size_t tensor_size(const sq_projection_block *block) {
    return block->out_size * block->in_size;
}

size_t sq_projection_block_size(const sq_projection_block *block) {
    return pairs_of(block) * tensor_size(block);
}

static size_t block_scratch(const sq_projection_block *block) {
    return 2 * sq_projection_block_size(block) + pairs_of(block) * block->n_invariants;
}

size_t sq_projection_scratch(const sq_projection *projection) {
    size_t most = 0;
    for (size_t k = 0; k < projection->n_weight; k++)
        if (block_scratch(&projection->weight[k]) > most)
            most = block_scratch(&projection->weight[k]);
    for (size_t k = 0; k < projection->n_bias; k++)
        if (block_scratch(&projection->bias[k]) > most) most = block_scratch(&projection->bias[k]);
    return most;
}

bool sq_projection_block_is_identity(const sq_projection_block *block) {
    return block->n_invariants == tensor_size(block);
}

double sq_projection_block_cost(const sq_projection_block *block) {
    /* Two products, and the moves between layouts, which cost like some ten more invariants. */
    return (double)sq_projection_block_size(block) * (2.0 * (double)block->n_invariants + 10.0);
}

void sq_projection_gather(const sq_projection_block *block, const sq_real *from,
                          sq_real *gathered) {
    size_t bytes = block->in_size * sizeof *gathered;
    for (size_t a = 0; a < block->out_count; a++) {
        for (size_t b = 0; b < block->in_count; b++) {
            const sq_real *copy =
                from + block->offset + a * block->out_size * block->ld + b * block->in_size;
            for (size_t e = 0; e < block->out_size; e++) {
                memcpy(gathered, copy + e * block->ld, bytes);
                gathered += block->in_size;
            }
        }
    }
}

void sq_projection_apply(const sq_projection_block *block, const sq_real *gathered,
                         sq_real *projected, sq_real *scratch) {
    size_t pairs = pairs_of(block), size = tensor_size(block), r = block->n_invariants;
    if (r == 0 || r == size) {
        if (r == 0) memset(projected, 0, pairs * size * sizeof *projected);
        if (r == size) memmove(projected, gathered, pairs * size * sizeof *projected);
        return;
    }
    sq_gemm(SQ_KEEP, SQ_TRANSPOSE, pairs, r, size, 1, gathered, size, block->vectors, size, 0,
            scratch, r);
    sq_gemm(SQ_KEEP, SQ_KEEP, pairs, size, r, 1, scratch, r, block->vectors, size, 0, projected,
            size);
}

void sq_projection_scatter(const sq_projection_block *block, const sq_real *gathered, int beta,
                           sq_real *to, size_t ld) {
    for (size_t a = 0; a < block->out_count; a++) {
        for (size_t b = 0; b < block->in_count; b++) {
            sq_real *copy = to + a * block->out_size * ld + b * block->in_size;
            for (size_t e = 0; e < block->out_size; e++) {
                sq_real *row = copy + e * ld;
                for (size_t f = 0; f < block->in_size; f++)
                    row[f] = beta ? row[f] + gathered[f] : gathered[f];
                gathered += block->in_size;
            }
        }
    }
}

static void project_blocks(const sq_projection_block *blocks, size_t count, const sq_real *from,
                           int beta, sq_real *to, sq_real *scratch) {
    for (size_t k = 0; k < count; k++) {
        const sq_projection_block *block = &blocks[k];
        size_t size = sq_projection_block_size(block);
        sq_real *gathered = scratch, *projected = scratch + size;
        sq_projection_gather(block, from, gathered);
        sq_projection_apply(block, gathered, projected, scratch + 2 * size);
        sq_projection_scatter(block, projected, beta, to + block->offset, block->ld);
    }
}

void sq_projection_weight(const sq_projection *projection, const sq_real *from, int beta,
                          sq_real *to, sq_real *scratch) {
    project_blocks(projection->weight, projection->n_weight, from, beta, to, scratch);
}

void sq_projection_bias(const sq_projection *projection, const sq_real *from, int beta, sq_real *to,
                        sq_real *scratch) {
    project_blocks(projection->bias, projection->n_bias, from, beta, to, scratch);
}
