#include "dataset/shard_writer.h"

#include "base/memory.h"
#include "dataset/shard_hash.h"
#include "dataset/shard_layout.h"
#include "io/atomic_file.h"
#include "io/content_hash.h"

struct sq_shard_writer {
    sq_dataset_info info; /* of the rows: widths, and whether there is a mask */
    size_t rows;
    sq_atomic_file *place;
    sq_nc *file;
    sq_content_hash *hash; /* row by row, so that the cut into appends does not matter */
};

/* ---- the header ---- */

static sq_status define_dimensions(sq_nc *file, const sq_dataset_info *info) {
    sq_status status;
    SQ_TRY(sq_nc_define_dimension(file, SQ_SHARD_DIM_SAMPLE, 0));
    SQ_TRY(sq_nc_define_dimension(file, SQ_SHARD_DIM_INPUT, (size_t)info->n_input));
    SQ_TRY(sq_nc_define_dimension(file, SQ_SHARD_DIM_OUTPUT, (size_t)info->n_output));
cleanup:
    return status;
}

/* A block of rows, but less of very long ones: a chunk is read whole. */
static size_t chunk_rows(size_t width) {
    const size_t most_values = (size_t)1 << 20;
    size_t rows = most_values / width;
    if (rows < 1) return 1;
    return rows < SQ_SHARD_BLOCK_ROWS ? rows : SQ_SHARD_BLOCK_ROWS;
}

static sq_status define_rows(sq_nc *file, const char *name, sq_nc_type type, const char *dimension,
                             int width, const char *long_name, const char *units) {
    const char *dimensions[] = {SQ_SHARD_DIM_SAMPLE, dimension};
    size_t chunk[] = {chunk_rows((size_t)width), (size_t)width};
    sq_status status;
    SQ_TRY(sq_nc_define_variable(file, name, type, 2, dimensions));
    SQ_TRY(sq_nc_define_storage(file, name, chunk, 0));
    SQ_TRY(sq_nc_put_text(file, name, "long_name", long_name));
    SQ_TRY(sq_nc_put_text(file, name, SQ_SHARD_UNITS, units));
cleanup:
    return status;
}

static sq_status define_variables(sq_nc *file, const sq_dataset_info *info) {
    const char *units = info->units[0] ? info->units : "1";
    sq_status status;
    SQ_TRY(define_rows(file, SQ_SHARD_INPUT, SQ_NC_REAL, SQ_SHARD_DIM_INPUT, info->n_input,
                       info->trajectory ? "observed positions" : "input of the network", units));
    SQ_TRY(define_rows(file, SQ_SHARD_TARGET, SQ_NC_REAL, SQ_SHARD_DIM_OUTPUT, info->n_output,
                       info->trajectory ? "positions to predict" : "target of the network", units));
    if (info->masked)
        SQ_TRY(define_rows(file, SQ_SHARD_MASK, SQ_NC_BYTE, SQ_SHARD_DIM_OUTPUT, info->n_output,
                           "1 where the target counts, else 0", "1"));
cleanup:
    return status;
}

static sq_status put_trajectory(sq_nc *file, const sq_dataset_info *info) {
    sq_status status;
    SQ_TRY(sq_nc_put_text(file, NULL, SQ_SHARD_TASK, SQ_SHARD_TASK_MOTION));
    SQ_TRY(sq_nc_put_integer(file, NULL, SQ_SHARD_OBSERVED_STEPS, info->observed_steps));
    SQ_TRY(sq_nc_put_integer(file, NULL, SQ_SHARD_PREDICTED_STEPS, info->predicted_steps));
    SQ_TRY(sq_nc_put_number(file, NULL, SQ_SHARD_INTERVAL, info->interval));
    SQ_TRY(sq_nc_put_text(file, NULL, SQ_SHARD_INTERVAL "_units", "s"));
cleanup:
    return status;
}

static sq_status put_attributes(sq_nc *file, const sq_dataset_info *info, const char *history) {
    sq_status status;
    SQ_TRY(sq_nc_put_provenance(file, info->title, history));
    SQ_TRY(sq_nc_put_text(file, NULL, SQ_SHARD_INPUT_REPRESENTATION, info->input_representation));
    SQ_TRY(sq_nc_put_text(file, NULL, SQ_SHARD_OUTPUT_REPRESENTATION, info->output_representation));
    if (info->trajectory) SQ_TRY(put_trajectory(file, info));
cleanup:
    return status;
}

/* ---- the writer ---- */

sq_status sq_shard_writer_create(const char *path, const sq_dataset_info *info, const char *history,
                                 sq_shard_writer **writer) {
    sq_status status;
    SQ_TRY(sq_alloc(1, sizeof **writer, writer));
    sq_shard_writer *made = *writer;
    made->info = *info;
    SQ_TRY(sq_content_hash_create(&made->hash));
    SQ_TRY(sq_atomic_file_begin(path, &made->place));
    SQ_TRY(sq_nc_create(sq_atomic_file_path(made->place), &made->file));
    SQ_TRY(define_dimensions(made->file, info));
    SQ_TRY(define_variables(made->file, info));
    SQ_TRY(put_attributes(made->file, info, history));
cleanup:
    if (status != SQ_OK) sq_shard_writer_abandon(writer);
    return status;
}

sq_nc *sq_shard_writer_file(sq_shard_writer *writer) { return writer->file; }

size_t sq_shard_writer_rows(const sq_shard_writer *writer) { return writer->rows; }

static sq_status append(sq_shard_writer *writer, const char *name, size_t count, size_t width,
                        const sq_real *values) {
    size_t start[] = {writer->rows, 0};
    size_t shape[] = {count, width};
    return sq_nc_write_real(writer->file, name, start, shape, values);
}

sq_status sq_shard_writer_append(sq_shard_writer *writer, size_t count, const sq_real *input,
                                 const sq_real *target, const sq_real *mask) {
    sq_status status;
    const sq_dataset_info *info = &writer->info;
    const size_t n_output = (size_t)info->n_output;
    SQ_TRY(append(writer, SQ_SHARD_INPUT, count, (size_t)info->n_input, input));
    SQ_TRY(append(writer, SQ_SHARD_TARGET, count, n_output, target));
    if (info->masked) SQ_TRY(append(writer, SQ_SHARD_MASK, count, n_output, mask));
    sq_shard_hash_rows(writer->hash, info, sizeof *input, count, input, target,
                       info->masked ? mask : NULL);
    writer->rows += count;
cleanup:
    return status;
}

sq_status sq_shard_writer_finish(sq_shard_writer **writer) {
    sq_shard_writer *done = *writer;
    char hash[33];
    sq_status status;
    if (done->rows == 0)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: would have no rows", sq_nc_path(done->file)));
    sq_content_hash_finish(done->hash, hash);
    SQ_TRY(sq_nc_put_text(done->file, NULL, SQ_SHARD_CONTENT_HASH, hash));
    SQ_TRY(sq_nc_close(&done->file));
    SQ_TRY(sq_atomic_file_commit(&done->place));
cleanup:
    sq_shard_writer_abandon(writer);
    return status;
}

void sq_shard_writer_abandon(sq_shard_writer **writer) {
    sq_shard_writer *left = *writer;
    if (!left) return;
    if (left->file) sq_nc_close(&left->file); /* a failure is no news: the file goes */
    sq_atomic_file_abandon(&left->place);
    sq_content_hash_destroy(&left->hash);
    sq_free(left);
    *writer = NULL;
}
