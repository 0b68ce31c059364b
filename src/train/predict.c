/* Predictions of a trained model, as a file. */
#include <string.h>

#include "base/memory.h"
#include "dataset/shard_writer.h"
#include "softeq/run.h"
#include "train/load.h"

enum { CHUNK = 8 * SQ_PREDICT_CHUNK };

/* Buffers for one chunk of rows. */
typedef struct {
    int64_t *rows;
    sq_real *input, *scaled, *target, *mask, *prediction;
} buffers;

static sq_status buffers_create(const sq_dataset_info *info, buffers *b) {
    sq_status status = SQ_OK;
    size_t n_in = (size_t)info->n_input, n_out = (size_t)info->n_output;
    memset(b, 0, sizeof *b);
    SQ_TRY(sq_alloc(CHUNK, sizeof *b->rows, &b->rows));
    SQ_TRY(sq_alloc(CHUNK * n_in, sizeof *b->input, &b->input));
    SQ_TRY(sq_alloc(CHUNK * n_in, sizeof *b->scaled, &b->scaled));
    SQ_TRY(sq_alloc(CHUNK * n_out, sizeof *b->target, &b->target));
    SQ_TRY(sq_alloc(CHUNK * n_out, sizeof *b->mask, &b->mask));
    SQ_TRY(sq_alloc(CHUNK * n_out, sizeof *b->prediction, &b->prediction));
cleanup:
    return status;
}

static void buffers_clear(buffers *b) {
    sq_free(b->rows);
    sq_free(b->input);
    sq_free(b->scaled);
    sq_free(b->target);
    sq_free(b->mask);
    sq_free(b->prediction);
}

static sq_status predict_chunk(sq_problem *problem, sq_dataset *dataset, int64_t first,
                               size_t count, buffers *b) {
    sq_status status = SQ_OK;
    const sq_scaling *scaling = &problem->scaling;
    size_t n_in = (size_t)scaling->n_input, n_out = (size_t)scaling->n_output;
    for (size_t k = 0; k < count; k++) b->rows[k] = first + (int64_t)k;
    SQ_TRY(sq_dataset_read(dataset, b->rows, count, b->input, b->target, b->mask));
    for (size_t e = 0; e < count * n_in; e++)
        b->scaled[e] = b->input[e] * (sq_real)(1.0 / scaling->input[e % n_in]);
    SQ_TRY(sq_model_predict(problem->model, b->scaled, count, b->prediction));
    for (size_t e = 0; e < count * n_out; e++)
        b->prediction[e] *= (sq_real)scaling->output[e % n_out];
cleanup:
    return status;
}

static sq_status define_prediction(sq_nc *file, const sq_dataset_info *info) {
    static const char *const dimensions[] = {"sample", "output"};
    sq_status status = SQ_OK;
    SQ_TRY(sq_nc_define_variable(file, "prediction", SQ_NC_REAL, 2, dimensions));
    SQ_TRY(sq_nc_put_text(file, "prediction", "long_name", "prediction of the model"));
    SQ_TRY(sq_nc_put_text(file, "prediction", "units", info->units[0] ? info->units : "1"));
cleanup:
    return status;
}

/* Rank 0: one chunk after another, in memory that does not grow with the data. */
static sq_status write_predictions(sq_problem *problem, sq_dataset *dataset, const char *out,
                                   const char *history) {
    sq_status status = SQ_OK;
    sq_dataset_info info = *sq_dataset_describe(dataset);
    sq_shard_writer *writer = NULL;
    buffers b = {0};
    SQ_TRY(buffers_create(&info, &b));
    SQ_TRY(sq_shard_writer_create(out, &info, history, &writer));
    SQ_TRY(define_prediction(sq_shard_writer_file(writer), &info));
    for (int64_t first = 0; first < info.samples; first += CHUNK) {
        size_t count = (size_t)(info.samples - first < CHUNK ? info.samples - first : CHUNK);
        const size_t start[] = {sq_shard_writer_rows(writer), 0};
        const size_t shape[] = {count, (size_t)info.n_output};
        SQ_TRY(predict_chunk(problem, dataset, first, count, &b));
        SQ_TRY(
            sq_shard_writer_append(writer, count, b.input, b.target, info.masked ? b.mask : NULL));
        SQ_TRY(sq_nc_write_real(sq_shard_writer_file(writer), "prediction", start, shape,
                                b.prediction));
    }
    SQ_TRY(sq_shard_writer_finish(&writer));
cleanup:
    sq_shard_writer_abandon(&writer);
    buffers_clear(&b);
    return status;
}

sq_status sq_predict(const char *folder, const char *data, const char *out, const char *history,
                     const char *cache, sq_comm *comm) {
    sq_status status = SQ_OK;
    sq_problem problem = {0};
    sq_dataset *dataset = NULL;
    double lambda[SQ_MAX_TYPES] = {0};
    SQ_TRY(sq_load_model(folder, NULL, data, cache, comm, &problem, &dataset, lambda));
    if (sq_comm_rank(comm) == 0) status = write_predictions(&problem, dataset, out, history);
    SQ_TRY(sq_comm_agree(comm, status));
cleanup:
    sq_dataset_destroy(&dataset);
    sq_problem_clear(&problem);
    return status;
}
