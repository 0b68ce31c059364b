/* Predictions of a trained model, as a file. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/units.h"
#include "dataset/labels.h"
#include "dataset/shard_file.h"
#include "dataset/shard_layout.h"
#include "io/atomic_file.h"
#include "io/glob_files.h"
#include "io/netcdf_file.h"
#include "softeq/run.h"
#include "train/load.h"
#include "train/predictor.h"
#include "train/world_tracks.h"

enum { CHUNK = 8 * SQ_PREDICT_CHUNK };

/* Buffers for one chunk of rows. */
typedef struct {
    int64_t *rows;
    sq_real *input, *scaled, *target, *mask, *prediction;
} buffers;

/* What writing predictions needs. */
typedef struct {
    sq_problem *problem;
    sq_dataset *dataset;
    const sq_dataset_info *info; /* n_output 0: the data has no targets */
    size_t n_output;             /* of the model */
    char units[64];              /* of the predictions; "": not known */
    sq_nc *file;                 /* the output */
    sq_labels *labels;
    sq_world_tracks tracks;
    size_t scene_entries;
    buffers b;
} prediction_job;

static sq_status buffers_create(const sq_dataset_info *info, size_t n_out, buffers *b) {
    sq_status status = SQ_OK;
    size_t n_in = (size_t)info->n_input;
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

static sq_status predict_chunk(prediction_job *job, int64_t first, size_t count) {
    sq_status status = SQ_OK;
    buffers *b = &job->b;
    for (size_t k = 0; k < count; k++) b->rows[k] = first + (int64_t)k;
    SQ_TRY(sq_dataset_read(job->dataset, b->rows, count, b->input, b->target, b->mask));
    SQ_TRY(sq_problem_predict(job->problem, b->input, count, b->scaled, b->prediction));
cleanup:
    return status;
}

/* Variables of the file. The inputs' dimension is not named like the variable `input`, as it is in
 * a data shard: older versions of xarray refuse such files. */
static sq_status define_rows(sq_nc *file, const char *name, const char *dimension, size_t width,
                             const char *long_name, const char *units) {
    sq_status status = SQ_OK;
    const char *const dimensions[] = {SQ_SHARD_DIM_SAMPLE, dimension};
    const size_t chunk[] = {SQ_SHARD_BLOCK_ROWS, width};
    SQ_TRY(sq_nc_define_variable(file, name, SQ_NC_REAL, 2, dimensions));
    SQ_TRY(sq_nc_define_storage(file, name, chunk, 0));
    SQ_TRY(sq_nc_put_text(file, name, "long_name", long_name));
    SQ_TRY(sq_nc_put_text(file, name, "units", units[0] ? units : "1"));
cleanup:
    return status;
}

static sq_status define_file(prediction_job *job, const char *history) {
    sq_status status = SQ_OK;
    sq_nc *file = job->file;
    const sq_dataset_info *info = job->info;
    char output[512];
    sq_representation_format(&job->problem->model->output, output, sizeof output);
    SQ_TRY(sq_nc_put_provenance(file, "predictions of a softeq model", history));
    SQ_TRY(sq_nc_put_text(file, NULL, "input_representation", info->input_representation));
    SQ_TRY(sq_nc_put_text(file, NULL, "output_representation", output));
    SQ_TRY(sq_nc_define_dimension(file, SQ_SHARD_DIM_SAMPLE, 0)); /* as in a shard */
    SQ_TRY(sq_nc_define_dimension(file, "feature", (size_t)info->n_input));
    SQ_TRY(sq_nc_define_dimension(file, "output", job->n_output));
    SQ_TRY(define_rows(file, "input", "feature", (size_t)info->n_input, "input of the model",
                       info->input_units));
    if (info->n_output > 0)
        SQ_TRY(define_rows(file, "target", "output", job->n_output, "what the data says",
                           info->units));
    SQ_TRY(define_rows(file, "prediction", "output", job->n_output, "what the model says",
                       job->units));
    if (info->masked)
        SQ_TRY(define_rows(file, "mask", "output", job->n_output, "1: the target counts", "1"));
cleanup:
    return status;
}

/* What the first shard tells of its rows besides, and their tracks. */
static sq_status define_shard(prediction_job *job, const sq_nc *shard) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_labels_create(shard, &job->labels));
    SQ_TRY(sq_labels_define(job->labels, shard, job->file));
    SQ_TRY(sq_world_tracks_create(shard, job->info, job->n_output, CHUNK, &job->tracks));
    SQ_TRY(sq_world_tracks_define(&job->tracks, job->info, job->units, job->file));
cleanup:
    return status;
}

/* Rows of `shard` from `first` on, to rows of the output from `row` on. */
static sq_status write_chunk(prediction_job *job, const sq_nc *shard, size_t first, size_t count,
                             size_t row) {
    sq_status status = SQ_OK;
    const buffers *b = &job->b;
    const size_t start[] = {row, 0};
    const size_t inputs[] = {count, (size_t)job->info->n_input};
    const size_t outputs[] = {count, job->n_output};
    const sq_real *mask = job->info->masked ? b->mask : NULL;
    SQ_TRY(sq_nc_write_real(job->file, "input", start, inputs, b->input));
    if (job->info->n_output > 0)
        SQ_TRY(sq_nc_write_real(job->file, "target", start, outputs, b->target));
    SQ_TRY(sq_nc_write_real(job->file, "prediction", start, outputs, b->prediction));
    if (mask) SQ_TRY(sq_nc_write_real(job->file, "mask", start, outputs, mask));
    SQ_TRY(sq_labels_copy(job->labels, shard, first, count, NULL, job->file, row));
    SQ_TRY(sq_world_tracks_write(&job->tracks, shard, first, count, b->input, b->target, mask,
                                 b->prediction, job->file, row));
cleanup:
    return status;
}

/* One shard, whose first row is row `row` of the data set; leaves the row after its last one. */
static sq_status predict_shard(prediction_job *job, const char *path, size_t *row) {
    sq_status status = SQ_OK;
    sq_nc *shard = NULL;
    sq_dataset_info info;
    SQ_TRY(sq_nc_open(path, &shard));
    SQ_TRY(sq_shard_describe_inputs(shard, &info));
    if (!job->labels) SQ_TRY(define_shard(job, shard));
    for (size_t first = 0; first < (size_t)info.samples; first += CHUNK) {
        size_t left = (size_t)info.samples - first;
        size_t count = left < CHUNK ? left : CHUNK;
        SQ_TRY(predict_chunk(job, (int64_t)*row, count));
        SQ_TRY(write_chunk(job, shard, first, count, *row));
        *row += count;
    }
    SQ_TRY(sq_labels_copy_scenes(shard, NULL, 0, job->file, &job->scene_entries));
cleanup:
    sq_nc_close(&shard);
    return status;
}

/* The data and the model are never what is replaced. */
static sq_status check_output(const char *folder, const char *data, const char *out) {
    sq_status status = SQ_OK;
    char **paths = NULL;
    char best[4096];
    const char *const model[] = {best};
    size_t count = 0;
    SQ_TRY(sq_glob(data, &paths, &count));
    snprintf(best, sizeof best, "%s/best.nc", folder);
    if (sq_glob_holds(model, 1, out) || sq_glob_holds((const char *const *)paths, count, out))
        status =
            sq_fail(SQ_ERR_ARGUMENT, "%s is what is read: name another file for the output", out);
cleanup:
    sq_glob_free(&paths, count);
    return status;
}

/* Rank 0: one chunk after another, in memory that does not grow with the data. data: the patterns
 * that the data set was opened by. */
static sq_status write_predictions(prediction_job *job, const char *data, const char *out,
                                   const char *history) {
    sq_status status = SQ_OK;
    sq_atomic_file *atomic = NULL;
    char **paths = NULL;
    size_t count = 0, row = 0;
    SQ_TRY(sq_glob(data, &paths, &count));
    SQ_TRY(buffers_create(job->info, job->n_output, &job->b));
    SQ_TRY(sq_atomic_file_begin(out, &atomic));
    SQ_TRY(sq_nc_create(sq_atomic_file_path(atomic), &job->file));
    SQ_TRY(define_file(job, history));
    for (size_t k = 0; k < count; k++) SQ_TRY(predict_shard(job, paths[k], &row));
    SQ_TRY(sq_nc_close(&job->file));
    SQ_TRY(sq_atomic_file_commit(&atomic));
cleanup:
    sq_nc_close(&job->file);
    sq_atomic_file_abandon(&atomic);
    sq_labels_destroy(&job->labels);
    sq_world_tracks_clear(&job->tracks);
    buffers_clear(&job->b);
    sq_glob_free(&paths, count);
    return status;
}

/* Those of the model or, if it does not know, of what it is to predict. */
static void find_units(prediction_job *job) {
    sq_problem_find_units(job->problem, job->units, sizeof job->units);
    if (sq_units_are_none(job->units))
        sq_copy_bounded(job->units, sizeof job->units, job->info->units);
}

static sq_status open_inputs(sq_problem *problem, const char *data, sq_dataset **dataset) {
    sq_status status = SQ_OK;
    size_t cache = (size_t)problem->config.data.cache_mb << 20;
    SQ_TRY(sq_dataset_open_inputs(data, cache, dataset));
    SQ_TRY(sq_problem_check_data(problem, *dataset));
    SQ_TRY(sq_problem_check_kind(&problem->config, data, *dataset));
cleanup:
    return status;
}

sq_status sq_predict(const char *folder, const char *data, const char *out, const char *history,
                     const char *cache, sq_comm *comm) {
    sq_status status = SQ_OK;
    sq_problem problem = {0};
    sq_dataset *dataset = NULL;
    double lambda[SQ_MAX_TYPES] = {0};
    bool root = sq_comm_rank(comm) == 0;
    if (root) status = check_output(folder, data, out);
    SQ_TRY(sq_comm_agree(comm, status));
    SQ_TRY(sq_load_model(folder, NULL, cache, comm, &problem, lambda));
    if (root) status = open_inputs(&problem, data, &dataset);
    SQ_TRY(sq_comm_agree(comm, status));
    if (root) {
        prediction_job job = {.problem = &problem,
                              .dataset = dataset,
                              .info = sq_dataset_describe(dataset),
                              .n_output = problem.model->output.size};
        find_units(&job);
        status = write_predictions(&job, data, out, history);
    }
    SQ_TRY(sq_comm_agree(comm, status));
cleanup:
    sq_dataset_destroy(&dataset);
    sq_problem_clear(&problem);
    return status;
}
