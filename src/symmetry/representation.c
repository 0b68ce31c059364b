#include "symmetry/representation.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symmetry/action.h"

static const size_t max_size = (size_t)1 << 24; /* features: far beyond any use */

static sq_status append(sq_representation *rep, int p, int q, size_t count) {
    if (count == 0) return SQ_OK;
    size_t size = sq_tensor_size(rep->d, p + q);
    if (size > max_size || count > max_size / size || rep->size + count * size > max_size)
        return sq_fail(SQ_ERR_CONFIG, "%zu copies of T(%d,%d) over R^%d are too many features",
                       count, p, q, rep->d);
    sq_block *last = rep->n_blocks > 0 ? &rep->blocks[rep->n_blocks - 1] : NULL;
    if (last && last->p == p && last->q == q) {
        last->count += count;
    } else {
        if (rep->n_blocks == SQ_MAX_BLOCKS)
            return sq_fail(SQ_ERR_CONFIG, "a representation of more than %d blocks", SQ_MAX_BLOCKS);
        rep->blocks[rep->n_blocks++] =
            (sq_block){.p = p, .q = q, .count = count, .size = size, .offset = rep->size};
    }
    rep->size += count * size;
    rep->ungated = rep->size;
    return SQ_OK;
}

static void skip_space(const char **text) {
    while (isspace((unsigned char)**text)) (*text)++;
}

/* Reads a number 0 .. most; false if there is none. */
static bool read_number(const char **text, long most, long *value) {
    char *end = NULL;
    skip_space(text);
    if (!isdigit((unsigned char)**text)) return false;
    *value = strtol(*text, &end, 10);
    *text = end;
    skip_space(text);
    return *value <= most;
}

/* Takes a character if it stands there. */
static bool take(const char **text, char wanted) {
    skip_space(text);
    if (**text != wanted) return false;
    (*text)++;
    skip_space(text);
    return true;
}

static bool parse_term(const char **text, long *count, long *p, long *q) {
    *count = 1;
    *q = 0;
    skip_space(text);
    if (isdigit((unsigned char)**text) && !(read_number(text, 1 << 20, count) && take(text, '*')))
        return false;
    if (!take(text, 'T') || !take(text, '(')) return false;
    if (!read_number(text, SQ_MAX_TENSOR_RANK, p)) return false;
    if (take(text, ',') && !read_number(text, SQ_MAX_TENSOR_RANK - *p, q)) return false;
    return take(text, ')');
}

sq_status sq_representation_parse(const char *text, int d, sq_representation *rep) {
    sq_status status = SQ_OK;
    const char *place = text;
    memset(rep, 0, sizeof *rep);
    rep->d = d;
    do {
        long count, p, q;
        if (!parse_term(&place, &count, &p, &q)) {
            status =
                sq_fail(SQ_ERR_CONFIG,
                        "'%s' is not a representation (example: 5*T(0) + 5*T(1) + T(0,2))", text);
            goto cleanup;
        }
        SQ_TRY(append(rep, (int)p, (int)q, (size_t)count));
    } while (take(&place, '+'));
    if (*place != '\0' || rep->size == 0)
        status =
            sq_fail(SQ_ERR_CONFIG, "'%s' is not a representation: terms are joined by '+'", text);
cleanup:
    return status;
}

void sq_representation_format(const sq_representation *rep, char *text, size_t capacity) {
    size_t used = 0;
    text[0] = '\0';
    for (int k = 0; k < rep->n_blocks && used < capacity; k++) {
        const sq_block *block = &rep->blocks[k];
        int length = snprintf(text + used, capacity - used, "%s%zu*T(%d", k ? " + " : "",
                              block->count, block->p);
        used += (size_t)length;
        if (used >= capacity) return;
        length = block->q ? snprintf(text + used, capacity - used, ",%d)", block->q)
                          : snprintf(text + used, capacity - used, ")");
        used += (size_t)length;
    }
}

void sq_representation_scalars(int d, size_t count, sq_representation *rep) {
    memset(rep, 0, sizeof *rep);
    rep->d = d;
    append(rep, 0, 0, count); /* cannot fail: a channel count is small */
}

static double binomial(int n, int k) {
    double value = 1.0;
    for (int i = 0; i < k; i++) value = value * (n - i) / (i + 1);
    return value;
}

/* Shares `count` copies of rank r out over T(k,r-k): whole multiples of 2^r binomially, and the
 * rest to the types that are furthest below their share. */
static sq_status append_split(sq_representation *rep, int rank, size_t count) {
    sq_status status = SQ_OK;
    size_t share[SQ_MAX_TENSOR_RANK + 1];
    size_t given = 0;
    for (int k = 0; k <= rank; k++) {
        share[k] = (size_t)floor((double)count * ldexp(binomial(rank, k), -rank));
        given += share[k];
    }
    for (; given < count; given++) {
        int neediest = 0;
        double largest = -1.0;
        for (int k = rank; k >= 0; k--) {
            double missing = (double)count * ldexp(binomial(rank, k), -rank) - (double)share[k];
            if (missing > largest + 1e-9) {
                largest = missing;
                neediest = k;
            }
        }
        share[neediest]++;
    }
    for (int k = rank; k >= 0; k--) SQ_TRY(append(rep, k, rank - k, share[k]));
cleanup:
    return status;
}

/* The largest r with (r+1) d^r <= channels. */
static int highest_rank(int d, long channels) {
    int highest = 0;
    while (highest < SQ_MAX_TENSOR_RANK / 2 &&
           (size_t)(highest + 2) * sq_tensor_size(d, highest + 1) <= (size_t)channels)
        highest++;
    return highest;
}

sq_status sq_representation_hidden(int d, int channels, sq_allocation allocation, bool split,
                                   sq_representation *rep) {
    sq_status status = SQ_OK;
    size_t copies[SQ_MAX_TENSOR_RANK + 1] = {0};
    int highest = highest_rank(d, channels);
    memset(rep, 0, sizeof *rep);
    rep->d = d;
    for (long left = channels; left > 0;) {
        int rank = allocation == SQ_ALLOCATION_FILLED ? highest_rank(d, left) : highest;
        for (int r = 0; r <= rank; r++) copies[r] += sq_tensor_size(d, rank - r);
        left -= (long)(rank + 1) * (long)sq_tensor_size(d, rank);
    }
    for (int r = 0; r <= highest; r++)
        SQ_TRY(split ? append_split(rep, r, copies[r]) : append(rep, r, 0, copies[r]));
cleanup:
    return status;
}

sq_status sq_representation_add_gates(sq_representation *rep) {
    size_t gates = 0;
    size_t ungated = rep->size;
    for (int k = 0; k < rep->n_blocks; k++)
        if (rep->blocks[k].p + rep->blocks[k].q > 0) gates += rep->blocks[k].count;
    sq_status status = append(rep, 0, 0, gates);
    rep->ungated = ungated;
    return status;
}

int sq_pair_rank(const sq_block *out, const sq_block *in) {
    return out->p + out->q + (in ? in->p + in->q : 0);
}

sq_duals sq_pair_duals(const sq_block *out, const sq_block *in) {
    sq_duals duals = ((1u << out->q) - 1u) << out->p;
    if (in) duals |= ((1u << in->p) - 1u) << (out->p + out->q);
    return duals;
}

void sq_representation_act(const sq_representation *rep, const double *element,
                           const double *inverse_transpose, const double *x, double *y,
                           double *scratch) {
    for (int k = 0; k < rep->n_blocks; k++) {
        const sq_block *block = &rep->blocks[k];
        for (size_t copy = 0; copy < block->count; copy++) {
            size_t at = block->offset + copy * block->size;
            sq_apply_everywhere(rep->d, block->p + block->q, sq_pair_duals(block, NULL), element,
                                inverse_transpose, x + at, y + at, scratch);
        }
    }
}

bool sq_representation_has_duals(const sq_representation *rep) {
    for (int k = 0; k < rep->n_blocks; k++)
        if (rep->blocks[k].q > 0) return true;
    return false;
}

size_t sq_representation_largest_copy(const sq_representation *rep) {
    size_t largest = 1;
    for (int k = 0; k < rep->n_blocks; k++)
        if (rep->blocks[k].size > largest) largest = rep->blocks[k].size;
    return largest;
}

size_t sq_representation_copy_size(const sq_representation *rep, size_t feature) {
    int k = 0;
    while (k + 1 < rep->n_blocks && feature >= rep->blocks[k + 1].offset) k++;
    return rep->blocks[k].size;
}
