#include "data/eth_ucy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "data/recording.h"
#include "dataset/shard_layout.h"
#include "dataset/shard_writer.h"

/* Every recording is annotated at this step, whatever its frame rate. */
static const double annotation_interval = 0.4; /* seconds */

/* What the import of all recordings shares. */
typedef struct {
    int64_t observed, predicted;
    int64_t stride; /* annotations between two steps of a window */
    int64_t scene;  /* index of the recording under way */
    sq_shard_writer *writer;
    sq_real *input, *target; /* of one window */
    sq_import_summary summary;
} import;

static sq_status find_stride(const sq_config *config, int64_t *stride) {
    double ratio = config->data.interval / annotation_interval;
    *stride = (int64_t)llround(ratio);
    if (*stride >= 1 && fabs(ratio - (double)*stride) < 1e-6) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "data.interval = %g: these recordings are annotated every %g s; use a multiple",
                   config->data.interval, annotation_interval);
}

/* ---- the shard ---- */

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The scene's number in the shard is the place in this list. */
static sq_status put_source_files(sq_nc *file, const char *const *paths, size_t count) {
    char *list = NULL;
    size_t capacity = 1;
    sq_status status;
    for (size_t i = 0; i < count; i++) capacity += strlen(name_of(paths[i])) + 1;
    SQ_TRY(sq_alloc(capacity, 1, &list));
    char *end = list;
    for (size_t i = 0; i < count; i++)
        end += snprintf(end, capacity - (size_t)(end - list), "%s%s", i ? "\n" : "",
                        name_of(paths[i]));
    SQ_TRY(sq_nc_put_text(file, NULL, "source_files", list));
cleanup:
    sq_free(list);
    return status;
}

static sq_status define(sq_nc *file, const char *name, sq_nc_type type, int rank,
                        const char *long_name, const char *units) {
    const char *dimensions[] = {SQ_SHARD_DIM_SAMPLE, "axis"};
    const size_t chunk[] = {SQ_SHARD_BLOCK_ROWS, 2};
    sq_status status;
    SQ_TRY(sq_nc_define_variable(file, name, type, rank, dimensions));
    SQ_TRY(sq_nc_define_storage(file, name, chunk, 0));
    SQ_TRY(sq_nc_put_text(file, name, "long_name", long_name));
    SQ_TRY(sq_nc_put_text(file, name, SQ_SHARD_UNITS, units));
cleanup:
    return status;
}

static sq_status define_provenance(sq_nc *file, const char *const *paths, size_t count) {
    sq_status status;
    SQ_TRY(sq_nc_define_dimension(file, "axis", 2));
    SQ_TRY(define(file, "origin", SQ_NC_DOUBLE, 2,
                  "last observed position in the world frame; add it to input and target", "m"));
    SQ_TRY(define(file, "agent", SQ_NC_INT64, 1, "pedestrian, as numbered in the recording", "1"));
    SQ_TRY(define(file, "frame", SQ_NC_INT64, 1, "video frame of the last observed step", "1"));
    SQ_TRY(define(file, SQ_SHARD_SCENE, SQ_NC_INT64, 1, "recording, by its place in source_files",
                  "1"));
    SQ_TRY(put_source_files(file, paths, count));
cleanup:
    return status;
}

static void describe(const sq_config *config, sq_dataset_info *info) {
    long long observed = config->data.observed;
    long long predicted = config->data.predicted;
    *info = (sq_dataset_info){.n_input = 2 * (int)observed,
                              .n_output = 2 * (int)predicted,
                              .units = "m",
                              .trajectory = true,
                              .observed_steps = observed,
                              .predicted_steps = predicted,
                              .interval = config->data.interval};
    snprintf(info->input_representation, sizeof info->input_representation, "%lld*T(1)", observed);
    snprintf(info->output_representation, sizeof info->output_representation, "%lld*T(1)",
             predicted);
    snprintf(info->title, sizeof info->title,
             "ETH/UCY pedestrians: %lld observed and %lld predicted steps of %g s", observed,
             predicted, config->data.interval);
}

static sq_status begin(import *job, const char *const *paths, size_t count, const sq_config *config,
                       const char *history, const char *out_path) {
    sq_dataset_info info;
    sq_status status;
    job->observed = config->data.observed;
    job->predicted = config->data.predicted;
    describe(config, &info);
    SQ_TRY(find_stride(config, &job->stride));
    SQ_TRY(sq_alloc((size_t)info.n_input, sizeof(sq_real), &job->input));
    SQ_TRY(sq_alloc((size_t)info.n_output, sizeof(sq_real), &job->target));
    SQ_TRY(sq_shard_writer_create(out_path, &info, history, &job->writer));
    SQ_TRY(define_provenance(sq_shard_writer_file(job->writer), paths, count));
cleanup:
    return status;
}

/* ---- windows ---- */

static void fill_positions(const sq_annotation *from, int64_t steps, int64_t stride,
                           const sq_annotation *origin, sq_real *positions) {
    for (int64_t i = 0; i < steps; i++) {
        positions[2 * i] = (sq_real)(from[i * stride].x - origin->x);
        positions[2 * i + 1] = (sq_real)(from[i * stride].y - origin->y);
    }
}

/* `window` begins observed + predicted steps, `stride` annotations apart. */
static sq_status write_window(import *job, const sq_annotation *window) {
    const sq_annotation *last = window + (job->observed - 1) * job->stride;
    sq_nc *file = sq_shard_writer_file(job->writer);
    const size_t start[] = {sq_shard_writer_rows(job->writer), 0};
    const size_t one[] = {1, 2};
    const double origin[] = {last->x, last->y};
    sq_status status;
    fill_positions(window, job->observed, job->stride, last, job->input);
    fill_positions(last + job->stride, job->predicted, job->stride, last, job->target);
    SQ_TRY(sq_nc_write_double(file, "origin", start, one, origin));
    SQ_TRY(sq_nc_write_int64(file, "agent", start, one, &last->agent));
    SQ_TRY(sq_nc_write_int64(file, "frame", start, one, &last->frame));
    SQ_TRY(sq_nc_write_int64(file, SQ_SHARD_SCENE, start, one, &job->scene));
    SQ_TRY(sq_shard_writer_append(job->writer, 1, job->input, job->target, NULL));
    job->summary.windows++;
cleanup:
    return status;
}

/* A track is one pedestrian's annotations without a gap; each that leaves room begins a window. */
static sq_status write_track(import *job, const sq_annotation *track, int64_t length) {
    int64_t span = (job->observed + job->predicted - 1) * job->stride + 1;
    for (int64_t first = 0; first + span <= length; first++) {
        sq_status status = write_window(job, track + first);
        if (status != SQ_OK) return status;
    }
    return SQ_OK;
}

static sq_status write_recording(import *job, const sq_recording *recording) {
    const sq_annotation *all = recording->annotations;
    int64_t windows_before = job->summary.windows;
    sq_status status;
    for (int64_t first = 0, end; first < recording->count; first = end) {
        end = first + 1;
        while (end < recording->count && sq_annotation_follows(recording, end)) end++;
        if (first == 0 || all[first].agent != all[first - 1].agent) job->summary.agents++;
        SQ_TRY(write_track(job, all + first, end - first));
    }
    if (job->summary.windows == windows_before)
        SQ_TRY(sq_fail(SQ_ERR_DATA,
                       "%s: nobody is seen for %lld steps of %g s without a gap; lower "
                       "data.observed or data.predicted, or leave this file out",
                       recording->path, (long long)(job->observed + job->predicted),
                       (double)job->stride * annotation_interval));
    return SQ_OK;
cleanup:
    return status;
}

static sq_status import_recording(import *job, const char *path) {
    sq_recording recording = {0};
    sq_status status;
    SQ_TRY(sq_recording_read(path, &recording));
    job->summary.files++;
    job->summary.records += recording.count;
    SQ_TRY(write_recording(job, &recording));
cleanup:
    sq_recording_free(&recording);
    return status;
}

sq_status sq_import_eth_ucy(const char *const *paths, size_t count, const sq_config *config,
                            const char *history, const char *out_path, sq_import_summary *summary) {
import job = {0 };
    sq_status status;
    SQ_TRY(begin(&job, paths, count, config, history, out_path));
    for (size_t i = 0; i < count; i++) {
        job.scene = (int64_t)i;
        SQ_TRY(import_recording(&job, paths[i]));
    }
    SQ_TRY(sq_shard_writer_finish(&job.writer));
    if (summary) *summary = job.summary;
cleanup:
    sq_shard_writer_abandon(&job.writer);
    sq_free(job.input);
    sq_free(job.target);
    return status;
}
