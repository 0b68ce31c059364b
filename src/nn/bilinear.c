#include "nn/bilinear.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/rng.h"
#include "linalg/linalg.h"
#include "nn/bilinear_internal.h"

static bool is_scalar(const sq_block *block) { return block->p + block->q == 0; }

/* ---- set-up ---------------------------------------------------------------------------------- */

static sq_status choose_copies(const sq_block *block, uint64_t seed, int layer, int index,
                               sq_chosen *chosen) {
    sq_status status = SQ_OK;
    int64_t *order = NULL;
    if (is_scalar(block)) return SQ_OK;
    size_t n = block->count < block->size ? block->count : block->size;
    SQ_TRY(sq_alloc(n, sizeof *chosen->copies, &chosen->copies));
    SQ_TRY(sq_alloc(n, sizeof *chosen->rows, &chosen->rows));
    SQ_TRY(sq_alloc(block->count, sizeof *order, &order));
    sq_rng rng = sq_rng_create(seed, SQ_RNG_SELECT, (uint32_t)layer, (uint64_t)index);
    sq_rng_permutation(&rng, order, (int64_t)block->count);
    chosen->n = (int)n;
    for (size_t k = 0; k < n; k++) chosen->copies[k] = (int)order[k];
    for (size_t k = 0; k < n; k++) chosen->rows[k] = block->offset + (size_t)order[k] * block->size;
cleanup:
    sq_free(order);
    return status;
}

/* The block whose type is that of out (x) in*; -1 if there is none. */
static int find_pair_type(const sq_bilinear *bilinear, const sq_block *out, const sq_block *in) {
    int p = out->p + in->q, q = out->q + in->p;
    for (int k = 0; k < bilinear->z.n_blocks; k++) {
        const sq_block *block = &bilinear->z.blocks[k];
        bool same =
            bilinear->orthogonal ? block->p + block->q == p + q : block->p == p && block->q == q;
        if (same && !is_scalar(block)) return k;
    }
    return -1;
}

/* The factors of out (x) in* stand as V^p V*^q V*^p' V^q', those of X with all V first. This is
 * the place in X of factor k of the pair. */
static int factor_place(const sq_block *out, const sq_block *in, bool orthogonal, int k) {
    if (orthogonal || k < out->p) return k; /* V* = V: nothing to sort */
    k -= out->p;
    if (k < out->q) return out->p + in->q + k;
    k -= out->q;
    if (k < in->p) return out->p + in->q + out->q + k;
    return out->p + k - in->p;
}

static sq_status fill_components(const sq_bilinear *bilinear, const sq_block *out,
                                 const sq_block *in, sq_contraction *c) {
    sq_status status = sq_alloc(c->out_size * c->in_size, sizeof *c->component, &c->component);
    int rank = sq_pair_rank(out, in), d = bilinear->z.d;
    for (size_t e = 0; status == SQ_OK && e < c->out_size * c->in_size; e++) {
        int digit[SQ_MAX_TENSOR_RANK] = {0};
        size_t rest = e;
        for (int k = rank - 1; k >= 0; k--) {
            digit[factor_place(out, in, bilinear->orthogonal, k)] = (int)(rest % (size_t)d);
            rest /= (size_t)d;
        }
        uint32_t component = 0;
        for (int k = 0; k < rank; k++) component = component * (uint32_t)d + (uint32_t)digit[k];
        c->component[e] = component;
    }
    return status;
}

/* Appends the contraction with in_block if some chosen copies fit the pair. */
static sq_status add_contraction(const sq_bilinear *bilinear, int out_block, int in_block,
                                 sq_bilinear_to *to) {
    const sq_block *out = &bilinear->z.blocks[out_block];
    const sq_block *in = &bilinear->z.blocks[in_block];
    int x = find_pair_type(bilinear, out, in);
    if (x < 0) return SQ_OK;
    sq_contraction *c = &to->contractions[to->n_contractions++];
    *c = (sq_contraction){
        .in_block = in_block,
        .in_row = in->offset,
        .in_count = in->count,
        .in_size = in->size,
        .out_size = out->size,
        .x = x,
        .column = to->columns,
    };
    to->columns += in->count * (size_t)bilinear->chosen[x].n;
    return fill_components(bilinear, out, in, c);
}

static void type_name(const sq_block *block, const char *prefix, char *name, size_t capacity) {
    if (block->q == 0)
        snprintf(name, capacity, "%sT%d", prefix, block->p);
    else
        snprintf(name, capacity, "%sT%d_%d", prefix, block->p, block->q);
}

/* The term of output rows `out[0..n_out-1]`; dropped again if nothing contracts to it. */
static sq_status add_to_term(sq_bilinear *bilinear, const int *out, int n_out, int layer,
                             sq_parameter_table *table) {
    sq_status status = SQ_OK;
    char name[64];
    sq_bilinear_to *to = &bilinear->to[bilinear->n_to];
    const sq_block *first = &bilinear->z.blocks[out[0]];
    to->n_out = n_out;
    to->out_size = first->size;
    memcpy(to->out, out, (size_t)n_out * sizeof *out);
    for (int k = 0; k < n_out; k++) to->rows += bilinear->z.blocks[out[k]].count;
    SQ_TRY(sq_alloc((size_t)bilinear->z.n_blocks, sizeof *to->contractions, &to->contractions));
    bilinear->n_to++;
    for (int in = 0; in < bilinear->z.n_blocks; in++)
        if (!is_scalar(&bilinear->z.blocks[in])) SQ_TRY(add_contraction(bilinear, out[0], in, to));
    if (to->columns == 0) {
        sq_free(to->contractions);
        memset(to, 0, sizeof *to);
        bilinear->n_to--;
        goto cleanup;
    }
    to->kept_row = bilinear->kept_rows;
    size_t rows = to->columns * to->out_size;
    bilinear->kept_rows += rows;
    if (rows > bilinear->scratch_rows) bilinear->scratch_rows = rows;
    type_name(first, "bilinear_to_", name, sizeof name);
    SQ_TRY(sq_parameter_add(table, layer, name, to->rows, to->columns, 0, &to->parameters));
cleanup:
    return status;
}

static sq_status add_from_term(sq_bilinear *bilinear, int layer, sq_parameter_table *table) {
    for (int k = 0; k < bilinear->z.n_blocks; k++) {
        bilinear->from_row[k] = bilinear->from_rows;
        bilinear->from_rows += (size_t)bilinear->chosen[k].n *
                               (bilinear->chosen[k].n ? bilinear->z.blocks[k].count : 0);
    }
    if (bilinear->scalars == 0) bilinear->from_rows = 0;
    bilinear->kept_rows = bilinear->scratch_rows = bilinear->from_rows;
    if (bilinear->from_rows == 0) return SQ_OK;
    return sq_parameter_add(table, layer, "bilinear_from_scalars", bilinear->from_rows,
                            bilinear->scalars, 0, &bilinear->from_parameters);
}

static sq_status add_terms(sq_bilinear *bilinear, int layer, sq_parameter_table *table) {
    sq_status status = SQ_OK;
    SQ_TRY(add_from_term(bilinear, layer, table));
    if (bilinear->n_scalar_blocks > 0)
        SQ_TRY(add_to_term(bilinear, bilinear->scalar_blocks, bilinear->n_scalar_blocks, layer,
                           table));
    for (int k = 0; k < bilinear->z.n_blocks; k++)
        if (!is_scalar(&bilinear->z.blocks[k])) SQ_TRY(add_to_term(bilinear, &k, 1, layer, table));
cleanup:
    return status;
}

sq_status sq_bilinear_create(const sq_representation *z, bool orthogonal, int layer, uint64_t seed,
                             sq_parameter_table *table, sq_bilinear **out) {
    sq_status status = SQ_OK;
    sq_bilinear *bilinear = NULL;
    size_t blocks = (size_t)z->n_blocks;
    SQ_TRY(sq_alloc(1, sizeof *bilinear, &bilinear));
    bilinear->z = *z;
    bilinear->orthogonal = orthogonal;
    SQ_TRY(sq_alloc(blocks, sizeof *bilinear->chosen, &bilinear->chosen));
    SQ_TRY(sq_alloc(blocks, sizeof *bilinear->from_row, &bilinear->from_row));
    SQ_TRY(sq_alloc(blocks + 1, sizeof *bilinear->to, &bilinear->to));
    for (int k = 0; k < z->n_blocks; k++) {
        SQ_TRY(choose_copies(&z->blocks[k], seed, layer, k, &bilinear->chosen[k]));
        if (!is_scalar(&z->blocks[k])) continue;
        bilinear->scalar_blocks[bilinear->n_scalar_blocks++] = k;
        bilinear->scalars += z->blocks[k].count;
    }
    SQ_TRY(add_terms(bilinear, layer, table));
cleanup:
    if (status != SQ_OK) sq_bilinear_destroy(&bilinear);
    *out = bilinear;
    return status;
}

void sq_bilinear_destroy(sq_bilinear **bilinear) {
    if (!*bilinear) return;
    for (int k = 0; k < (*bilinear)->z.n_blocks && (*bilinear)->chosen; k++) {
        sq_free((*bilinear)->chosen[k].copies);
        sq_free((*bilinear)->chosen[k].rows);
    }
    for (int t = 0; t < (*bilinear)->n_to; t++) {
        for (int k = 0; k < (*bilinear)->to[t].n_contractions; k++)
            sq_free((*bilinear)->to[t].contractions[k].component);
        sq_free((*bilinear)->to[t].contractions);
    }
    sq_free((*bilinear)->chosen);
    sq_free((*bilinear)->from_row);
    sq_free((*bilinear)->to);
    sq_free(*bilinear);
    *bilinear = NULL;
}

/* ---- what is asked of it --------------------------------------------------------------------- */

const int *sq_bilinear_selection(const sq_bilinear *bilinear, int block, int *count) {
    *count = bilinear->chosen[block].n;
    return bilinear->chosen[block].copies;
}

sq_status sq_bilinear_set_selection(sq_bilinear *bilinear, int block, const int *copies,
                                    int count) {
    sq_chosen *chosen = &bilinear->chosen[block];
    const sq_block *of = &bilinear->z.blocks[block];
    if (count != chosen->n)
        return sq_fail(SQ_ERR_DATA, "%d chosen copies where the layer has %d", count, chosen->n);
    for (int k = 0; k < count; k++) {
        if (copies[k] < 0 || (size_t)copies[k] >= of->count)
            return sq_fail(SQ_ERR_DATA, "chosen copy %d of a block of %zu", copies[k], of->count);
        chosen->copies[k] = copies[k];
        chosen->rows[k] = of->offset + (size_t)copies[k] * of->size;
    }
    return SQ_OK;
}

size_t sq_bilinear_scalar_column(const sq_bilinear *bilinear, int block) {
    size_t column = 0;
    for (int k = 0; k < bilinear->n_scalar_blocks && bilinear->scalar_blocks[k] != block; k++)
        column += bilinear->z.blocks[bilinear->scalar_blocks[k]].count;
    return column;
}

static size_t from_parameter(const sq_bilinear *bilinear, int out_block, size_t a, int in_block,
                             size_t b, int n) {
    size_t row =
        bilinear->from_row[out_block] + a * (size_t)bilinear->chosen[out_block].n + (size_t)n;
    return bilinear->from_parameters + row * bilinear->scalars +
           sq_bilinear_scalar_column(bilinear, in_block) + b;
}

/* Row of p of copy 0 of a block, SIZE_MAX if the term has another output. */
static size_t to_row(const sq_bilinear *bilinear, const sq_bilinear_to *to, int out_block) {
    size_t row = 0;
    for (int k = 0; k < to->n_out; k++) {
        if (to->out[k] == out_block) return row;
        row += bilinear->z.blocks[to->out[k]].count;
    }
    return SIZE_MAX;
}

size_t sq_bilinear_parameter(const sq_bilinear *bilinear, int out_block, size_t a, int in_block,
                             size_t b, int n, int *chosen_block) {
    bool from_scalar = is_scalar(&bilinear->z.blocks[in_block]);
    if (from_scalar && is_scalar(&bilinear->z.blocks[out_block])) return SIZE_MAX;
    *chosen_block = out_block;
    if (from_scalar) return from_parameter(bilinear, out_block, a, in_block, b, n);
    for (int t = 0; t < bilinear->n_to; t++) {
        const sq_bilinear_to *to = &bilinear->to[t];
        size_t row = to_row(bilinear, to, out_block);
        for (int k = 0; k < to->n_contractions && row != SIZE_MAX; k++) {
            const sq_contraction *c = &to->contractions[k];
            if (c->in_block != in_block) continue;
            *chosen_block = c->x;
            return to->parameters + (row + a) * to->columns + c->column +
                   b * (size_t)bilinear->chosen[c->x].n + (size_t)n;
        }
    }
    return SIZE_MAX;
}

size_t sq_bilinear_kept_rows(const sq_bilinear *bilinear) { return bilinear->kept_rows; }
size_t sq_bilinear_scratch_rows(const sq_bilinear *bilinear) { return bilinear->scratch_rows; }

double sq_bilinear_cost(const sq_bilinear *bilinear) {
    double cost = (double)bilinear->from_rows * (double)bilinear->scalars;
    for (int k = 0; k < bilinear->z.n_blocks; k++)
        cost += (double)bilinear->chosen[k].n * (double)bilinear->z.blocks[k].count *
                (double)bilinear->z.blocks[k].size;
    for (int t = 0; t < bilinear->n_to; t++) {
        const sq_bilinear_to *to = &bilinear->to[t];
        cost += (double)to->rows * (double)to->columns * (double)to->out_size;
        for (int k = 0; k < to->n_contractions; k++) {
            const sq_contraction *c = &to->contractions[k];
            cost += (double)c->in_count * bilinear->chosen[c->x].n * (double)c->out_size *
                    (double)c->in_size;
        }
    }
    return cost;
}

/* ---- forward and backward -------------------------------------------------------------------- */

static void from_forward(const sq_bilinear *bilinear, const sq_real *network, size_t ld,
                         const sq_real *z, sq_real *a) {
    size_t column = 0;
    for (int k = 0; k < bilinear->n_scalar_blocks; k++) {
        const sq_block *block = &bilinear->z.blocks[bilinear->scalar_blocks[k]];
        sq_gemm(SQ_KEEP, SQ_KEEP, bilinear->from_rows, ld, block->count, SQ_BILINEAR_STRENGTH,
                network + bilinear->from_parameters + column, bilinear->scalars,
                z + block->offset * ld, ld, column ? 1 : 0, a, ld);
        column += block->count;
    }
}

/* u = z + what comes from scalars, which is nothing for the scalars themselves. */
static void start_output(const sq_bilinear *bilinear, size_t ld, const sq_real *z, const sq_real *a,
                         sq_real *u) {
    for (int k = 0; k < bilinear->z.n_blocks; k++) {
        const sq_block *block = &bilinear->z.blocks[k];
        size_t at = block->offset * ld;
        if (bilinear->from_rows > 0 && bilinear->chosen[k].n)
            sq_combine_forward(block, &bilinear->chosen[k], ld, z, a + bilinear->from_row[k] * ld,
                               u);
        else
            memcpy(u + at, z + at, block->count * block->size * ld * sizeof *u);
    }
}

static void from_backward(const sq_bilinear *bilinear, const sq_real *network, size_t ld,
                          const sq_real *z, const sq_real *a, const sq_real *du, sq_real *dz,
                          sq_real *gradient, sq_real *da) {
    size_t column = 0;
    for (int k = 0; k < bilinear->z.n_blocks; k++)
        if (bilinear->chosen[k].n)
            sq_combine_backward(&bilinear->z.blocks[k], &bilinear->chosen[k], ld, z,
                                a + bilinear->from_row[k] * ld, du, da + bilinear->from_row[k] * ld,
                                dz);
    for (int k = 0; k < bilinear->n_scalar_blocks; k++) {
        const sq_block *block = &bilinear->z.blocks[bilinear->scalar_blocks[k]];
        size_t p = bilinear->from_parameters + column;
        sq_gemm(SQ_KEEP, SQ_TRANSPOSE, bilinear->from_rows, block->count, ld, SQ_BILINEAR_STRENGTH,
                da, ld, z + block->offset * ld, ld, 0, gradient + p, bilinear->scalars);
        sq_gemm(SQ_TRANSPOSE, SQ_KEEP, block->count, ld, bilinear->from_rows, SQ_BILINEAR_STRENGTH,
                network + p, bilinear->scalars, da, ld, 1, dz + block->offset * ld, ld);
        column += block->count;
    }
}

static void to_forward(const sq_bilinear *bilinear, const sq_bilinear_to *to,
                       const sq_real *network, size_t ld, const sq_real *z, sq_real *u,
                       sq_real *t) {
    size_t width = to->out_size * ld;
    const sq_real *p = network + to->parameters;
    for (int k = 0; k < to->n_contractions; k++) {
        const sq_contraction *c = &to->contractions[k];
        sq_contract_forward(c, &bilinear->chosen[c->x], ld, z, t + c->column * width);
    }
    for (int k = 0; k < to->n_out; k++) {
        const sq_block *block = &bilinear->z.blocks[to->out[k]];
        sq_gemm(SQ_KEEP, SQ_KEEP, block->count, width, to->columns, SQ_BILINEAR_STRENGTH, p,
                to->columns, t, width, 1, u + block->offset * ld, width);
        p += block->count * to->columns;
    }
}

static void to_backward(const sq_bilinear *bilinear, const sq_bilinear_to *to,
                        const sq_real *network, size_t ld, const sq_real *z, const sq_real *t,
                        const sq_real *du, sq_real *dz, sq_real *gradient, sq_real *dt) {
    size_t width = to->out_size * ld;
    size_t p = to->parameters;
    for (int k = 0; k < to->n_out; k++) {
        const sq_block *block = &bilinear->z.blocks[to->out[k]];
        const sq_real *dout = du + block->offset * ld;
        sq_gemm(SQ_KEEP, SQ_TRANSPOSE, block->count, to->columns, width, SQ_BILINEAR_STRENGTH, dout,
                width, t, width, 0, gradient + p, to->columns);
        sq_gemm(SQ_TRANSPOSE, SQ_KEEP, to->columns, width, block->count, SQ_BILINEAR_STRENGTH,
                network + p, to->columns, dout, width, k ? 1 : 0, dt, width);
        p += block->count * to->columns;
    }
    for (int k = 0; k < to->n_contractions; k++) {
        const sq_contraction *c = &to->contractions[k];
        sq_contract_backward(c, &bilinear->chosen[c->x], ld, z, dt + c->column * width, dz);
    }
}

void sq_bilinear_forward(const sq_bilinear *bilinear, const sq_real *network, size_t ld,
                         const sq_real *z, sq_real *u, sq_real *kept) {
    if (bilinear->from_rows > 0) from_forward(bilinear, network, ld, z, kept);
    start_output(bilinear, ld, z, kept, u);
    for (int t = 0; t < bilinear->n_to; t++)
        to_forward(bilinear, &bilinear->to[t], network, ld, z, u,
                   kept + bilinear->to[t].kept_row * ld);
}

void sq_bilinear_backward(const sq_bilinear *bilinear, const sq_real *network, size_t ld,
                          const sq_real *z, const sq_real *kept, const sq_real *du, sq_real *dz,
                          sq_real *gradient, sq_real *scratch) {
    if (bilinear->from_rows > 0)
        from_backward(bilinear, network, ld, z, kept, du, dz, gradient, scratch);
    for (int t = 0; t < bilinear->n_to; t++)
        to_backward(bilinear, &bilinear->to[t], network, ld, z,
                    kept + bilinear->to[t].kept_row * ld, du, dz, gradient, scratch);
}
