#include "dataset/split.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "dataset/labels.h"
#include "dataset/shard_file.h"
#include "dataset/shard_layout.h"
#include "dataset/shard_writer.h"
#include "io/glob_files.h"

enum { BLOCK = SQ_SHARD_BLOCK_ROWS, PATH_CAPACITY = 4096 };

/* A split under way. */
typedef struct {
    char **paths; /* (n_paths) */
    size_t n_paths;
    sq_dataset_info info; /* of all shards together */
    sq_scene_parts *parts;
    sq_labels *labels;
    sq_shard_writer *writers[SQ_SPLIT_PARTS]; /* NULL: a part without a share */
    size_t scene_entries[SQ_SPLIT_PARTS];
    int64_t *scenes;                /* (BLOCK) */
    int *part;                      /* (BLOCK) */
    bool *chosen;                   /* (BLOCK) */
    sq_real *input, *target, *mask; /* (BLOCK, n) */
    sq_real *some_input, *some_target, *some_mask;
} split;

const char *sq_split_part_name(int part) {
    static const char *const names[SQ_SPLIT_PARTS] = {"train", "valid", "test"};
    return names[part];
}

/* ---- scenes ---- */

static size_t block_at(const sq_dataset_info *info, size_t first) {
    size_t left = (size_t)info->samples - first;
    return left < BLOCK ? left : BLOCK;
}

static sq_status count_file(split *job, const sq_nc *file, const sq_dataset_info *info) {
    sq_status status = SQ_OK;
    if (!sq_nc_has_variable(file, SQ_SHARD_SCENE))
        SQ_TRY(sq_fail(SQ_ERR_DATA,
                       "%s: has no variable scene(sample), so rows that belong together cannot be "
                       "kept together; add it",
                       sq_nc_path(file)));
    for (size_t first = 0; first < (size_t)info->samples; first += BLOCK) {
        size_t count = block_at(info, first);
        SQ_TRY(sq_shard_read_scenes(file, first, count, job->scenes));
        SQ_TRY(sq_scene_parts_count(job->parts, job->scenes, count));
    }
cleanup:
    return status;
}

/* Reads headers and scenes of all shards; the first says which labels there are. */
static sq_status survey(split *job) {
    sq_nc *file = NULL;
    sq_dataset_info info;
    sq_status status = SQ_OK;
    for (size_t i = 0; i < job->n_paths; i++) {
        SQ_TRY(sq_nc_open(job->paths[i], &file));
        SQ_TRY(sq_shard_describe(file, &info));
        if (i == 0) {
            job->info = info;
            SQ_TRY(sq_labels_create(file, &job->labels));
        }
        SQ_TRY(sq_shard_check_alike(job->paths[0], &job->info, job->paths[i], &info));
        job->info.masked |= info.masked;
        SQ_TRY(count_file(job, file, &info));
        SQ_TRY(sq_nc_close(&file));
    }
cleanup:
    sq_nc_close(&file);
    return status;
}

/* ---- rows ---- */

static sq_status reserve_rows(split *job) {
    size_t inputs = (size_t)job->info.n_input * BLOCK;
    size_t outputs = (size_t)job->info.n_output * BLOCK;
    sq_status status;
    SQ_TRY(sq_alloc(inputs, sizeof(sq_real), &job->input));
    SQ_TRY(sq_alloc(outputs, sizeof(sq_real), &job->target));
    SQ_TRY(sq_alloc(outputs, sizeof(sq_real), &job->mask));
    SQ_TRY(sq_alloc(inputs, sizeof(sq_real), &job->some_input));
    SQ_TRY(sq_alloc(outputs, sizeof(sq_real), &job->some_target));
    SQ_TRY(sq_alloc(outputs, sizeof(sq_real), &job->some_mask));
cleanup:
    return status;
}

static sq_status begin_part(split *job, int part, const char *prefix, const char *history) {
    char path[PATH_CAPACITY];
    sq_nc *first = NULL;
    sq_status status;
    if (snprintf(path, sizeof path, "%s-%s.nc", prefix, sq_split_part_name(part)) >=
        (int)sizeof path)
        return sq_fail(SQ_ERR_ARGUMENT, "%s: is too long for the name of a file", prefix);
    if (sq_glob_holds((const char *const *)job->paths, job->n_paths, path))
        return sq_fail(SQ_ERR_ARGUMENT, "%s is what is read: choose another prefix", path);
    SQ_TRY(sq_shard_writer_create(path, &job->info, history, &job->writers[part]));
    SQ_TRY(sq_nc_open(job->paths[0], &first));
    SQ_TRY(sq_labels_define(job->labels, first, sq_shard_writer_file(job->writers[part])));
cleanup:
    sq_nc_close(&first);
    return status;
}

static void copy_row(const sq_real *from, size_t row, size_t width, sq_real *to, size_t to_row) {
    memcpy(to + to_row * width, from + row * width, width * sizeof *to);
}

/* The rows of a block that belong to a part, to that part's shard. */
static sq_status write_rows(split *job, int part, const sq_nc *from, size_t first, size_t count) {
    sq_shard_writer *writer = job->writers[part];
    size_t kept = 0;
    sq_status status;
    for (size_t i = 0; i < count; i++) {
        job->chosen[i] = job->part[i] == part;
        if (!job->chosen[i]) continue;
        copy_row(job->input, i, (size_t)job->info.n_input, job->some_input, kept);
        copy_row(job->target, i, (size_t)job->info.n_output, job->some_target, kept);
        copy_row(job->mask, i, (size_t)job->info.n_output, job->some_mask, kept);
        kept++;
    }
    if (kept == 0) return SQ_OK;
    SQ_TRY(sq_labels_copy(job->labels, from, first, count, job->chosen,
                          sq_shard_writer_file(writer), sq_shard_writer_rows(writer)));
    SQ_TRY(sq_shard_writer_append(writer, kept, job->some_input, job->some_target,
                                  job->info.masked ? job->some_mask : NULL));
cleanup:
    return status;
}

static sq_status write_block(split *job, const sq_nc *from, const sq_dataset_info *info,
                             size_t first, size_t count) {
    sq_status status;
    SQ_TRY(sq_shard_read_scenes(from, first, count, job->scenes));
    SQ_TRY(sq_shard_read(from, info, (int64_t)first, count, job->input, job->target, job->mask));
    for (size_t i = 0; i < count; i++)
        job->part[i] = sq_scene_parts_find(job->parts, job->scenes[i]);
    for (int part = 0; part < SQ_SPLIT_PARTS; part++)
        if (job->writers[part]) SQ_TRY(write_rows(job, part, from, first, count));
cleanup:
    return status;
}

static sq_status write_file(split *job, const char *path) {
    sq_nc *file = NULL;
    sq_dataset_info info;
    sq_status status;
    SQ_TRY(sq_nc_open(path, &file));
    SQ_TRY(sq_shard_describe(file, &info));
    for (size_t first = 0; first < (size_t)info.samples; first += BLOCK)
        SQ_TRY(write_block(job, file, &info, first, block_at(&info, first)));
    for (int part = 0; part < SQ_SPLIT_PARTS; part++)
        if (job->writers[part])
            SQ_TRY(sq_labels_copy_scenes(file, job->parts, part,
                                         sq_shard_writer_file(job->writers[part]),
                                         &job->scene_entries[part]));
cleanup:
    sq_nc_close(&file);
    return status;
}

/* ---- all of it ---- */

static sq_status create(split *job, const char *patterns) {
    sq_status status;
    SQ_TRY(sq_glob(patterns, &job->paths, &job->n_paths));
    SQ_TRY(sq_scene_parts_create(&job->parts));
    SQ_TRY(sq_alloc(BLOCK, sizeof *job->scenes, &job->scenes));
    SQ_TRY(sq_alloc(BLOCK, sizeof *job->part, &job->part));
    SQ_TRY(sq_alloc(BLOCK, sizeof *job->chosen, &job->chosen));
cleanup:
    return status;
}

static void clear(split *job) {
    for (int part = 0; part < SQ_SPLIT_PARTS; part++) sq_shard_writer_abandon(&job->writers[part]);
    sq_labels_destroy(&job->labels);
    sq_scene_parts_destroy(&job->parts);
    sq_glob_free(&job->paths, job->n_paths);
    sq_free(job->scenes);
    sq_free(job->part);
    sq_free(job->chosen);
    sq_free(job->input);
    sq_free(job->target);
    sq_free(job->mask);
    sq_free(job->some_input);
    sq_free(job->some_target);
    sq_free(job->some_mask);
}

static sq_status finish(split *job, sq_split_summary *summary) {
    sq_status status = SQ_OK;
    for (int part = 0; part < SQ_SPLIT_PARTS; part++) {
        if (!job->writers[part]) continue;
        summary->rows[part] = (int64_t)sq_shard_writer_rows(job->writers[part]);
        summary->scenes[part] = sq_scene_parts_scenes(job->parts, part);
        SQ_TRY(sq_shard_writer_finish(&job->writers[part]));
    }
cleanup:
    return status;
}

sq_status sq_split_by_scene(const char *patterns, const double *shares, uint64_t seed,
                            const char *prefix, const char *history, sq_split_summary *summary) {
    split job = {0};
    sq_status status;
    memset(summary, 0, sizeof *summary);
    SQ_TRY(create(&job, patterns));
    SQ_TRY(survey(&job));
    SQ_TRY(sq_scene_parts_assign(job.parts, shares, seed));
    SQ_TRY(reserve_rows(&job));
    for (int part = 0; part < SQ_SPLIT_PARTS; part++)
        if (shares[part] > 0) SQ_TRY(begin_part(&job, part, prefix, history));
    for (size_t i = 0; i < job.n_paths; i++) SQ_TRY(write_file(&job, job.paths[i]));
    SQ_TRY(finish(&job, summary));
cleanup:
    clear(&job);
    return status;
}
