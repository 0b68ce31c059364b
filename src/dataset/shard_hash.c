#include "dataset/shard_hash.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "dataset/shard_layout.h"

enum { BLOCK = SQ_SHARD_BLOCK_ROWS };

/* ---- all rows ---- */

static const void *row_at(const void *rows, size_t row, size_t width, size_t element_size) {
    return (const char *)rows + row * width * element_size;
}

void sq_shard_hash_rows(sq_content_hash *hash, const sq_dataset_info *info, size_t element_size,
                        size_t count, const void *input, const void *target, const void *mask) {
    const size_t n_input = (size_t)info->n_input, n_output = (size_t)info->n_output;
    const size_t size = element_size;
    for (size_t i = 0; i < count; i++) {
        sq_content_hash_array(hash, "input", row_at(input, i, n_input, size), size, 1, &n_input);
        sq_content_hash_array(hash, "target", row_at(target, i, n_output, size), size, 1,
                              &n_output);
        if (mask)
            sq_content_hash_array(hash, "mask", row_at(mask, i, n_output, size), size, 1,
                                  &n_output);
    }
}

/* Rows of a variable in the precision that they were written in. */
static sq_status read_rows(const sq_nc *file, const char *name, size_t element_size, size_t first,
                           size_t count, size_t width, void *values) {
    const size_t start[] = {first, 0}, shape[] = {count, width};
    return element_size == sizeof(float) ? sq_nc_read_float(file, name, start, shape, values)
                                         : sq_nc_read_double(file, name, start, shape, values);
}

/* Of an element. Other types are not what this program writes. */
static size_t find_precision(const sq_nc *file) {
    sq_nc_type type;
    bool is_double =
        sq_nc_variable_type(file, SQ_SHARD_INPUT, &type) == SQ_OK && type == SQ_NC_DOUBLE;
    return is_double ? sizeof(double) : sizeof(float);
}

sq_status sq_shard_hash_content(const sq_nc *file, const sq_dataset_info *info, char *text) {
    const size_t n_input = (size_t)info->n_input, n_output = (size_t)info->n_output;
    const size_t samples = (size_t)info->samples;
    sq_content_hash *hash = NULL;
    void *input = NULL, *target = NULL, *mask = NULL;
    const size_t size = find_precision(file);
    sq_status status;
    SQ_TRY(sq_content_hash_create(&hash));
    SQ_TRY(sq_alloc(BLOCK * n_input, size, &input));
    SQ_TRY(sq_alloc(BLOCK * n_output, size, &target));
    if (info->masked) SQ_TRY(sq_alloc(BLOCK * n_output, size, &mask));
    for (size_t first = 0; first < samples; first += BLOCK) {
        size_t count = samples - first < BLOCK ? samples - first : BLOCK;
        SQ_TRY(read_rows(file, SQ_SHARD_INPUT, size, first, count, n_input, input));
        SQ_TRY(read_rows(file, SQ_SHARD_TARGET, size, first, count, n_output, target));
        if (mask) SQ_TRY(read_rows(file, SQ_SHARD_MASK, size, first, count, n_output, mask));
        sq_shard_hash_rows(hash, info, size, count, input, target, mask);
    }
    sq_content_hash_finish(hash, text);
cleanup:
    sq_content_hash_destroy(&hash);
    sq_free(input);
    sq_free(target);
    sq_free(mask);
    return status;
}

bool sq_shard_hash_is_ours(const char *text) {
    return strlen(text) == SQ_SHARD_HASH_SIZE - 1 &&
           strspn(text, "0123456789abcdef") == SQ_SHARD_HASH_SIZE - 1;
}

/* ---- a sample of them ---- */

/* Room for one piece. */
typedef struct {
    sq_real *input, *target, *mask; /* mask: NULL if there is none */
} piece;

static sq_status hash_piece(const sq_nc *file, const sq_dataset_info *info, size_t first,
                            size_t count, const piece *p, sq_content_hash *hash) {
    const size_t start[] = {first, 0};
    const size_t inputs[] = {count, (size_t)info->n_input};
    const size_t outputs[] = {count, (size_t)info->n_output};
    sq_status status;
    SQ_TRY(sq_nc_read_real(file, SQ_SHARD_INPUT, start, inputs, p->input));
    sq_content_hash_array(hash, "input", p->input, sizeof(sq_real), 2, inputs);
    if (info->n_output == 0) goto cleanup;
    SQ_TRY(sq_nc_read_real(file, SQ_SHARD_TARGET, start, outputs, p->target));
    if (p->mask) {
        SQ_TRY(sq_nc_read_real(file, SQ_SHARD_MASK, start, outputs, p->mask));
        for (size_t i = 0; i < count * outputs[1]; i++)
            if (p->mask[i] == 0) p->target[i] = 0;
        sq_content_hash_array(hash, "mask", p->mask, sizeof(sq_real), 2, outputs);
    }
    sq_content_hash_array(hash, "target", p->target, sizeof(sq_real), 2, outputs);
cleanup:
    return status;
}

static sq_status hash_attribute(const sq_nc *file, sq_content_hash *hash) {
    char *text = NULL;
    sq_status status = SQ_OK;
    if (!sq_nc_has_text(file, NULL, SQ_SHARD_CONTENT_HASH)) return SQ_OK;
    SQ_TRY(sq_nc_copy_text(file, NULL, SQ_SHARD_CONTENT_HASH, &text));
    sq_content_hash_text(hash, SQ_SHARD_CONTENT_HASH, text);
cleanup:
    sq_free(text);
    return status;
}

sq_status sq_shard_hash_sample(const sq_nc *file, const sq_dataset_info *info, sq_shard_runs runs,
                               sq_content_hash *hash) {
    const size_t samples = (size_t)info->samples;
    const size_t count = samples < runs.rows ? samples : runs.rows;
    piece p = {0};
    sq_status status;
    sq_content_hash_array(hash, "samples", &info->samples, sizeof info->samples, 0, NULL);
    SQ_TRY(hash_attribute(file, hash));
    if (samples == 0) goto cleanup;
    SQ_TRY(sq_alloc(count * (size_t)info->n_input, sizeof *p.input, &p.input));
    SQ_TRY(sq_alloc(count * (size_t)info->n_output, sizeof *p.target, &p.target));
    if (info->masked) SQ_TRY(sq_alloc(count * (size_t)info->n_output, sizeof *p.mask, &p.mask));
    if (samples == count) runs.count = 1;
    for (size_t k = 0; k < runs.count; k++) {
        size_t first = k == 0 ? 0 : (samples - count) * k / (runs.count - 1);
        SQ_TRY(hash_piece(file, info, first, count, &p, hash));
    }
cleanup:
    sq_free(p.input);
    sq_free(p.target);
    sq_free(p.mask);
    return status;
}
