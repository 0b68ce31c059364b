#include "softeq/dataset.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/memory.h"
#include "dataset/shard_writer.h"
#include "dataset/source.h"

enum { ROWS_AT_ONCE = 1024 };

struct sq_dataset {
    sq_dataset_info info;
    const sq_source_kind *kind;
    void *source;
};

sq_status sq_dataset_create(const sq_dataset_info *info, const sq_source_kind *kind, void *source,
                            sq_dataset **dataset) {
    sq_status status = sq_alloc(1, sizeof **dataset, dataset);
    if (status != SQ_OK) return status;
    (*dataset)->info = *info;
    (*dataset)->kind = kind;
    (*dataset)->source = source;
    return SQ_OK;
}

void sq_dataset_destroy(sq_dataset **dataset) {
    if (!*dataset) return;
    (*dataset)->kind->destroy((*dataset)->source);
    sq_free(*dataset);
    *dataset = NULL;
}

const sq_dataset_info *sq_dataset_describe(const sq_dataset *dataset) { return &dataset->info; }

void sq_dataset_format_hash(const sq_dataset_info *info, char text[SQ_DATA_HASH]) {
    snprintf(text, SQ_DATA_HASH, "%016" PRIx64, info->hash);
}

static sq_status check_rows(const sq_dataset *dataset, const int64_t *rows, size_t count) {
    int64_t samples = dataset->info.samples;
    for (size_t i = 0; i < count; i++)
        if (rows[i] < 0 || rows[i] >= samples)
            return sq_fail(SQ_ERR_ARGUMENT, "row %lld is asked of a data set of %lld rows",
                           (long long)rows[i], (long long)samples);
    return SQ_OK;
}

sq_status sq_dataset_read(sq_dataset *dataset, const int64_t *rows, size_t count, sq_real *input,
                          sq_real *target, sq_real *mask) {
    sq_status status = check_rows(dataset, rows, count);
    if (status != SQ_OK) return status;
    return dataset->kind->read(dataset->source, rows, count, input, target, mask);
}

/* ---- reading ahead ---- */

sq_status sq_dataset_expect(sq_dataset *dataset, const int64_t *first_rows, size_t count) {
    sq_status status = check_rows(dataset, first_rows, count);
    if (status != SQ_OK || !dataset->kind->expect) return status;
    return dataset->kind->expect(dataset->source, first_rows, count);
}

void sq_dataset_rest(sq_dataset *dataset) {
    if (dataset->kind->rest) dataset->kind->rest(dataset->source);
}

void sq_dataset_set_trace(sq_dataset *dataset, sq_trace *trace) {
    if (dataset->kind->set_trace) dataset->kind->set_trace(dataset->source, trace);
}

/* ---- writing ---- */

/* Room for some rows of a data set. */
typedef struct {
    int64_t rows[ROWS_AT_ONCE];
    sq_real *input, *target, *mask;
} row_buffer;

static sq_status create_buffer(const sq_dataset_info *info, row_buffer *buffer) {
    size_t outputs = (size_t)ROWS_AT_ONCE * (size_t)info->n_output;
    sq_status status;
    SQ_TRY(sq_alloc((size_t)ROWS_AT_ONCE * (size_t)info->n_input, sizeof(sq_real), &buffer->input));
    SQ_TRY(sq_alloc(outputs, sizeof(sq_real), &buffer->target));
    SQ_TRY(sq_alloc(outputs, sizeof(sq_real), &buffer->mask));
cleanup:
    return status;
}

static void destroy_buffer(row_buffer *buffer) {
    sq_free(buffer->input);
    sq_free(buffer->target);
    sq_free(buffer->mask);
}

sq_status sq_dataset_write(sq_dataset *dataset, const char *path, const char *history) {
    const sq_dataset_info *info = &dataset->info;
    sq_shard_writer *writer = NULL;
    row_buffer buffer = {0};
    sq_status status;
    SQ_TRY(create_buffer(info, &buffer));
    SQ_TRY(sq_shard_writer_create(path, info, history, &writer));
    for (int64_t first = 0; first < info->samples; first += ROWS_AT_ONCE) {
        size_t count = 0;
        while (count < ROWS_AT_ONCE && first + (int64_t)count < info->samples) {
            buffer.rows[count] = first + (int64_t)count;
            count++;
        }
        SQ_TRY(
            sq_dataset_read(dataset, buffer.rows, count, buffer.input, buffer.target, buffer.mask));
        SQ_TRY(sq_shard_writer_append(writer, count, buffer.input, buffer.target, buffer.mask));
    }
    SQ_TRY(sq_shard_writer_finish(&writer));
cleanup:
    sq_shard_writer_abandon(&writer);
    destroy_buffer(&buffer);
    return status;
}
