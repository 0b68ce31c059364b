/* Data sets over arrays in memory. */
#include <string.h>

#include "base/memory.h"
#include "dataset/source.h"
#include "io/content_hash.h"

typedef struct {
    size_t n_input, n_output;
    const sq_real *input, *target, *mask; /* mask: NULL if every output counts */
    bool owned;
} memory_source;

static void copy_rows(const int64_t *rows, size_t count, size_t width, const sq_real *from,
                      sq_real *to) {
    for (size_t i = 0; i < count; i++)
        memcpy(to + i * width, from + (size_t)rows[i] * width, width * sizeof *to);
}

static sq_status read_rows(void *source, const int64_t *rows, size_t count, sq_real *input,
                           sq_real *target, sq_real *mask) {
    const memory_source *memory = source;
    if (input) copy_rows(rows, count, memory->n_input, memory->input, input);
    if (target) copy_rows(rows, count, memory->n_output, memory->target, target);
    if (mask && memory->mask) copy_rows(rows, count, memory->n_output, memory->mask, mask);
    if (mask && !memory->mask)
        for (size_t i = 0; i < count * memory->n_output; i++) mask[i] = 1;
    return SQ_OK;
}

static void destroy(void *source) {
    memory_source *memory = source;
    if (memory->owned) {
        sq_free((void *)memory->input);
        sq_free((void *)memory->target);
        sq_free((void *)memory->mask);
    }
    sq_free(memory);
}

static const sq_source_kind memory_kind = {.read = read_rows, .destroy = destroy};

static sq_status hash_arrays(sq_dataset_info *info, const memory_source *memory) {
    char text[33];
    size_t input_shape[] = {(size_t)info->samples, memory->n_input};
    size_t target_shape[] = {(size_t)info->samples, memory->n_output};
    sq_content_hash *hash = NULL;
    sq_status status = sq_content_hash_create(&hash);
    if (status != SQ_OK) return status;
    sq_content_hash_text(hash, "input_representation", info->input_representation);
    sq_content_hash_text(hash, "output_representation", info->output_representation);
    sq_content_hash_array(hash, "input", memory->input, sizeof(sq_real), 2, input_shape);
    sq_content_hash_array(hash, "target", memory->target, sizeof(sq_real), 2, target_shape);
    if (memory->mask)
        sq_content_hash_array(hash, "mask", memory->mask, sizeof(sq_real), 2, target_shape);
    sq_content_hash_finish(hash, text);
    info->hash = sq_hash_bytes(text, sizeof text, 0);
    for (int k = 0; k < SQ_FORMER_HASHES; k++) info->former_hashes[k] = info->hash;
    sq_content_hash_destroy(&hash);
    return SQ_OK;
}

sq_status sq_dataset_create_memory(const sq_dataset_info *info, const sq_real *input,
                                   const sq_real *target, const sq_real *mask, bool owned,
                                   sq_dataset **dataset) {
    memory_source *memory = NULL;
    sq_dataset_info described = *info;
    sq_status status;
    *dataset = NULL;
    described.masked = mask != NULL;
    SQ_TRY(sq_alloc(1, sizeof *memory, &memory));
    *memory =
        (memory_source){(size_t)info->n_input, (size_t)info->n_output, input, target, mask, owned};
    SQ_TRY(hash_arrays(&described, memory));
    SQ_TRY(sq_dataset_create(&described, &memory_kind, memory, dataset));
cleanup:
    if (status != SQ_OK) sq_free(memory);
    return status;
}

sq_status sq_dataset_wrap(const sq_dataset_info *info, const sq_real *input, const sq_real *target,
                          const sq_real *mask, sq_dataset **dataset) {
    if (info->samples < 1 || info->n_input < 1 || info->n_output < 1)
        return sq_fail(SQ_ERR_ARGUMENT, "a data set of %lld rows of %d inputs and %d outputs",
                       (long long)info->samples, info->n_input, info->n_output);
    return sq_dataset_create_memory(info, input, target, mask, false, dataset);
}
