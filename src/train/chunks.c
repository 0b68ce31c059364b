#include "train/chunks.h"

#include <string.h>

#include "base/memory.h"

enum { CHUNK = 4096 }; /* rows */

sq_status sq_chunks_create(sq_dataset *dataset, const sq_extrapolation *residual,
                           const sq_alive *alive, sq_chunks *chunks) {
    sq_status status = SQ_OK;
    const sq_dataset_info *info = sq_dataset_describe(dataset);
    size_t n_in = (size_t)info->n_input, n_out = (size_t)info->n_output;
    *chunks = (sq_chunks){.dataset = dataset,
                          .residual = residual,
                          .alive = alive,
                          .count = (info->samples + CHUNK - 1) / CHUNK};
    SQ_TRY(sq_alloc(CHUNK, sizeof *chunks->row, &chunks->row));
    SQ_TRY(sq_alloc(CHUNK * n_in, sizeof(sq_real), &chunks->input));
    SQ_TRY(sq_alloc(CHUNK * n_out, sizeof(sq_real), &chunks->target));
    SQ_TRY(sq_alloc(CHUNK * n_out, sizeof(sq_real), &chunks->mask));
cleanup:
    return status;
}

void sq_chunks_clear(sq_chunks *chunks) {
    sq_free(chunks->row);
    sq_free(chunks->input);
    sq_free(chunks->target);
    sq_free(chunks->mask);
    memset(chunks, 0, sizeof *chunks);
}

sq_status sq_chunks_read(sq_chunks *chunks, int64_t number) {
    const sq_dataset_info *info = sq_dataset_describe(chunks->dataset);
    int64_t first = number * CHUNK, left = info->samples - first;
    chunks->rows = (size_t)(left < CHUNK ? left : CHUNK);
    for (size_t k = 0; k < chunks->rows; k++) chunks->row[k] = first + (int64_t)k;
    sq_status status = sq_dataset_read(chunks->dataset, chunks->row, chunks->rows, chunks->input,
                                       chunks->target, chunks->mask);
    if (status == SQ_OK)
        sq_extrapolation_add(chunks->residual, -1.0, chunks->rows, (size_t)info->n_input,
                             chunks->input, chunks->target);
    sq_alive_tell(chunks->alive);
    return status;
}
