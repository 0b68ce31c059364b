#include "train/unlike_copies.h"

#include <math.h>
#include <stdio.h>

static sq_copy_size measure(const sq_representation *output, int k, size_t copy,
                            const sq_moments *moments, const double *scale) {
    const sq_block *block = &output->blocks[k];
    sq_copy_size found = {.block = k, .first = block->offset + copy * block->size};
    found.end = found.first + block->size;
    double squares = 0.0, counted = 0.0;
    for (size_t c = found.first; c < found.end; c++) {
        const sq_moments *m = &moments[c];
        double about_zero = sq_block_is_scalar(block) ? 0.0 : m->counted * m->mean * m->mean;
        squares += (m->squares + about_zero) / (scale[c] * scale[c]);
        counted += m->counted;
    }
    if (counted > 0.0) found.size = sqrt(squares / counted);
    return found;
}

/* Takes a copy of those that share a scale. */
static void take(const sq_copy_size *copy, sq_unlike_copies *sharing) {
    if (!(copy->size > 0.0)) return;
    bool is_first = sharing->ratio == 0.0;
    if (is_first || copy->size < sharing->smaller.size) sharing->smaller = *copy;
    if (is_first || copy->size > sharing->larger.size) sharing->larger = *copy;
    sharing->ratio = sharing->larger.size / sharing->smaller.size;
}

void sq_unlike_copies_find(const sq_representation *output, const sq_moments *moments,
                           const double *scale, bool by_block, sq_unlike_copies *worst) {
    sq_unlike_copies sharing = {0};
    *worst = sharing;
    for (int k = 0; k < output->n_blocks; k++) {
        if (by_block) sharing = (sq_unlike_copies){0};
        for (size_t copy = 0; copy < output->blocks[k].count; copy++) {
            sq_copy_size one = measure(output, k, copy, moments, scale);
            take(&one, &sharing);
        }
        if (sharing.ratio > worst->ratio) *worst = sharing;
    }
}

void sq_copy_format(const sq_representation *output, const sq_copy_size *copy, char *text,
                    size_t capacity) {
    const sq_block *block = &output->blocks[copy->block];
    char type[32], last[32] = "";
    if (block->q == 0)
        snprintf(type, sizeof type, "T(%d)", block->p);
    else
        snprintf(type, sizeof type, "T(%d,%d)", block->p, block->q);
    if (block->size > 1) snprintf(last, sizeof last, " to %zu", copy->end - 1);
    snprintf(text, capacity, "column%s %zu%s, %s", last[0] ? "s" : "", copy->first, last, type);
}
