/* Predictions of a trained model, as a file. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "io/atomic_file.h"
#include "io/glob_files.h"
#include "io/netcdf_file.h"
#include "softeq/run.h"
#include "train/load.h"
#include "train/predictor.h"

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
    for (size_t k = 0; k < count; k++) b->rows[k] = first + (int64_t)k;
    SQ_TRY(sq_dataset_read(dataset, b->rows, count, b->input, b->target, b->mask));
    SQ_TRY(sq_problem_predict(problem, b->input, count, b->scaled, b->prediction));
cleanup:
    return status;
}

/* Variables of the file. The inputs' dimension is not named like the variable `input`, as it is in
 * a data shard: older versions of xarray refuse such files. */
static sq_status define_rows(sq_nc *file, const char *name, const char *dimension,
                             const char *long_name, const char *units) {
    sq_status status = SQ_OK;
    const char *const dimensions[] = {"sample", dimension};
    SQ_TRY(sq_nc_define_variable(file, name, SQ_NC_REAL, 2, dimensions));
    SQ_TRY(sq_nc_put_text(file, name, "long_name", long_name));
    SQ_TRY(sq_nc_put_text(file, name, "units", units[0] ? units : "1"));
cleanup:
    return status;
}

static sq_status define_file(sq_nc *file, const sq_dataset_info *info, const char *history) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_nc_put_provenance(file, "predictions of a softeq model", history));
    SQ_TRY(sq_nc_put_text(file, NULL, "input_representation", info->input_representation));
    SQ_TRY(sq_nc_put_text(file, NULL, "output_representation", info->output_representation));
    SQ_TRY(sq_nc_define_dimension(file, "sample", (size_t)info->samples));
    SQ_TRY(sq_nc_define_dimension(file, "feature", (size_t)info->n_input));
    SQ_TRY(sq_nc_define_dimension(file, "output", (size_t)info->n_output));
    SQ_TRY(define_rows(file, "input", "feature", "input of the model", info->units));
    SQ_TRY(define_rows(file, "target", "output", "what the data says", info->units));
    SQ_TRY(define_rows(file, "prediction", "output", "what the model says", info->units));
    if (info->masked) SQ_TRY(define_rows(file, "mask", "output", "1: the target counts", "1"));
cleanup:
    return status;
}

static sq_status write_chunk(sq_nc *file, const sq_dataset_info *info, int64_t first, size_t count,
                             const buffers *b) {
    sq_status status = SQ_OK;
    const size_t start[] = {(size_t)first, 0};
    const size_t inputs[] = {count, (size_t)info->n_input};
    const size_t outputs[] = {count, (size_t)info->n_output};
    SQ_TRY(sq_nc_write_real(file, "input", start, inputs, b->input));
    SQ_TRY(sq_nc_write_real(file, "target", start, outputs, b->target));
    SQ_TRY(sq_nc_write_real(file, "prediction", start, outputs, b->prediction));
    if (info->masked) SQ_TRY(sq_nc_write_real(file, "mask", start, outputs, b->mask));
cleanup:
    return status;
}

static bool is_same_file(const char *a, const char *b) {
    struct stat of_a, of_b;
    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

/* The data and the model are never what is replaced. */
static sq_status check_output(const char *folder, const char *data, const char *out) {
    sq_status status = SQ_OK;
    char **paths = NULL;
    char best[4096];
    size_t count = 0;
    SQ_TRY(sq_glob(data, &paths, &count));
    snprintf(best, sizeof best, "%s/best.nc", folder);
    bool taken = is_same_file(best, out);
    for (size_t k = 0; k < count; k++) taken = taken || is_same_file(paths[k], out);
    if (taken)
        status =
            sq_fail(SQ_ERR_ARGUMENT, "%s is what is read: name another file for the output", out);
cleanup:
    sq_glob_free(&paths, count);
    return status;
}

/* Rank 0: one chunk after another, in memory that does not grow with the data. */
static sq_status write_predictions(sq_problem *problem, sq_dataset *dataset, const char *out,
                                   const char *history) {
    sq_status status = SQ_OK;
    const sq_dataset_info *info = sq_dataset_describe(dataset);
    sq_atomic_file *atomic = NULL;
    sq_nc *file = NULL;
    buffers b = {0};
    SQ_TRY(buffers_create(info, &b));
    SQ_TRY(sq_atomic_file_begin(out, &atomic));
    SQ_TRY(sq_nc_create(sq_atomic_file_path(atomic), &file));
    SQ_TRY(define_file(file, info, history));
    for (int64_t first = 0; first < info->samples; first += CHUNK) {
        int64_t left = info->samples - first;
        size_t count = (size_t)(left < CHUNK ? left : CHUNK);
        SQ_TRY(predict_chunk(problem, dataset, first, count, &b));
        SQ_TRY(write_chunk(file, info, first, count, &b));
    }
    SQ_TRY(sq_nc_close(&file));
    SQ_TRY(sq_atomic_file_commit(&atomic));
cleanup:
    sq_nc_close(&file);
    sq_atomic_file_abandon(&atomic);
    buffers_clear(&b);
    return status;
}

sq_status sq_predict(const char *folder, const char *data, const char *out, const char *history,
                     const char *cache, sq_comm *comm) {
    sq_status status = SQ_OK;
    sq_problem problem = {0};
    sq_dataset *dataset = NULL;
    double lambda[SQ_MAX_TYPES] = {0};
    if (sq_comm_rank(comm) == 0) status = check_output(folder, data, out);
    SQ_TRY(sq_comm_agree(comm, status));
    SQ_TRY(sq_load_model_and_data(folder, NULL, data, cache, comm, &problem, &dataset, lambda));
    if (sq_comm_rank(comm) == 0) status = write_predictions(&problem, dataset, out, history);
    SQ_TRY(sq_comm_agree(comm, status));
cleanup:
    sq_dataset_destroy(&dataset);
    sq_problem_clear(&problem);
    return status;
}
