#include "data/window_writer.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "data/track.h"
#include "dataset/shard_layout.h"
#include "dataset/shard_writer.h"
#include "io/content_hash.h"

enum {
    BLOCK = SQ_SHARD_BLOCK_ROWS,
    SCENE_NAME = 256,
    /* Labels repeat from row to row, and training does not read them: a fifth of the bytes. */
    LABEL_DEFLATE = 1
};

/* A block of windows that are not written yet. */
typedef struct {
    size_t rows;
    sq_real *input, *target, *mask; /* (BLOCK, steps, dimensions) */
    double *origin, *heading;       /* (BLOCK, dimensions), (BLOCK) */
    int64_t *agent, *frame, *scene, *kind;
} block;

struct sq_window_writer {
    size_t n_input, n_output, dimensions;
    bool masked, aligned;
    sq_shard_writer *shard;
    block block;
    char scene_name[SCENE_NAME];
    int64_t scene;
    bool scene_is_listed;
    size_t n_scenes; /* listed */
};

/* ---- the header ---- */

/* A number per window, or one per window and axis. */
static sq_status define(sq_nc *file, const char *name, sq_nc_type type, size_t axes,
                        const char *long_name, const char *units) {
    const char *dimensions[] = {SQ_SHARD_DIM_SAMPLE, "axis"};
    const size_t chunk[] = {BLOCK, axes};
    sq_status status;
    SQ_TRY(sq_nc_define_variable(file, name, type, axes > 0 ? 2 : 1, dimensions));
    SQ_TRY(sq_nc_define_storage(file, name, chunk, LABEL_DEFLATE));
    SQ_TRY(sq_nc_put_text(file, name, "long_name", long_name));
    SQ_TRY(sq_nc_put_text(file, name, SQ_SHARD_UNITS, units));
cleanup:
    return status;
}

static sq_status define_classes(sq_nc *file) {
    char meanings[256] = "";
    size_t length = 0;
    sq_status status;
    for (int kind = 0; kind < SQ_AGENT_CLASSES; kind++)
        length +=
            (size_t)snprintf(meanings + length, sizeof meanings - length, "%s%d %s",
                             kind ? ", " : "", kind, sq_agent_class_name((sq_agent_class)kind));
    SQ_TRY(define(file, "agent_class", SQ_NC_BYTE, 0, "class of the agent", "1"));
    SQ_TRY(sq_nc_put_text(file, "agent_class", "meanings", meanings));
cleanup:
    return status;
}

/* Scenes by name, in the order of their first window. */
static sq_status define_scenes(sq_nc *file) {
    const char *dimensions[] = {SQ_SHARD_DIM_SCENE};
    sq_status status;
    SQ_TRY(sq_nc_define_dimension(file, SQ_SHARD_DIM_SCENE, 0));
    SQ_TRY(sq_nc_define_variable(file, SQ_SHARD_SCENE_ID, SQ_NC_INT64, 1, dimensions));
    SQ_TRY(sq_nc_put_text(file, SQ_SHARD_SCENE_ID, "long_name", "number of a scene in this file"));
    SQ_TRY(sq_nc_put_text(file, SQ_SHARD_SCENE_ID, SQ_SHARD_UNITS, "1"));
    SQ_TRY(sq_nc_define_variable(file, SQ_SHARD_SCENE_NAME, SQ_NC_STRING, 1, dimensions));
    SQ_TRY(sq_nc_put_text(file, SQ_SHARD_SCENE_NAME, "long_name",
                          "name of that scene in the recording"));
    SQ_TRY(sq_nc_put_text(file, SQ_SHARD_SCENE_NAME, SQ_SHARD_UNITS, "1"));
cleanup:
    return status;
}

static sq_status define_labels(sq_window_writer *writer, const sq_window_source *from) {
    sq_nc *file = sq_shard_writer_file(writer->shard);
    sq_status status;
    SQ_TRY(sq_nc_define_dimension(file, "axis", writer->dimensions));
    SQ_TRY(define(file, "origin", SQ_NC_DOUBLE, writer->dimensions,
                  "world position that was subtracted from input and target", "m"));
    if (writer->aligned)
        SQ_TRY(define(file, "heading", SQ_NC_DOUBLE, 0,
                      "angle by which input and target turn back, before origin is added", "rad"));
    SQ_TRY(define(file, "agent", SQ_NC_INT64, 0, "agent, as numbered in the recording", "1"));
    SQ_TRY(define(file, "frame", SQ_NC_INT64, 0, from->frame_meaning, from->frame_units));
    SQ_TRY(define(file, SQ_SHARD_SCENE, SQ_NC_INT64, 0, "scene, by its name in scene_name", "1"));
    SQ_TRY(define_classes(file));
    SQ_TRY(define_scenes(file));
cleanup:
    return status;
}

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static sq_status put_source_files(sq_nc *file, const sq_window_source *from) {
    char *list = NULL;
    size_t capacity = 1;
    sq_status status;
    for (size_t i = 0; i < from->count; i++) capacity += strlen(name_of(from->paths[i])) + 1;
    SQ_TRY(sq_alloc(capacity, 1, &list));
    char *end = list;
    for (size_t i = 0; i < from->count; i++)
        end += snprintf(end, capacity - (size_t)(end - list), "%s%s", i ? "\n" : "",
                        name_of(from->paths[i]));
    SQ_TRY(sq_nc_put_text(file, NULL, SQ_WINDOW_SOURCE_FILES, list));
cleanup:
    sq_free(list);
    return status;
}

static sq_status put_provenance(sq_window_writer *writer, const sq_window_rules *rules,
                                const sq_window_source *from) {
    sq_nc *file = sq_shard_writer_file(writer->shard);
    char text[SQ_WINDOW_RULES_TEXT];
    sq_status status;
    sq_window_rules_format(rules, text);
    SQ_TRY(sq_nc_put_text(file, NULL, SQ_WINDOW_RULES, text));
    SQ_TRY(put_source_files(file, from));
    SQ_TRY(sq_nc_put_integer(file, NULL, SQ_WINDOW_SOURCE_BYTES, sq_window_source_bytes(from)));
cleanup:
    return status;
}

int64_t sq_window_source_bytes(const sq_window_source *from) {
    int64_t bytes = 0;
    for (size_t i = 0; i < from->count; i++) {
        struct stat found;
        if (stat(from->paths[i], &found) == 0) bytes += (int64_t)found.st_size;
    }
    return bytes;
}

/* ---- the writer ---- */

static sq_status create_block(sq_window_writer *writer) {
    block *room = &writer->block;
    sq_status status;
    SQ_TRY(sq_alloc(BLOCK * writer->n_input, sizeof *room->input, &room->input));
    SQ_TRY(sq_alloc(BLOCK * writer->n_output, sizeof *room->target, &room->target));
    SQ_TRY(sq_alloc(BLOCK * writer->n_output, sizeof *room->mask, &room->mask));
    SQ_TRY(sq_alloc(BLOCK * writer->dimensions, sizeof *room->origin, &room->origin));
    SQ_TRY(sq_alloc(BLOCK, sizeof *room->heading, &room->heading));
    SQ_TRY(sq_alloc(BLOCK, sizeof *room->agent, &room->agent));
    SQ_TRY(sq_alloc(BLOCK, sizeof *room->frame, &room->frame));
    SQ_TRY(sq_alloc(BLOCK, sizeof *room->scene, &room->scene));
    SQ_TRY(sq_alloc(BLOCK, sizeof *room->kind, &room->kind));
cleanup:
    return status;
}

static void destroy_block(block *room) {
    sq_free(room->input);
    sq_free(room->target);
    sq_free(room->mask);
    sq_free(room->origin);
    sq_free(room->heading);
    sq_free(room->agent);
    sq_free(room->frame);
    sq_free(room->scene);
    sq_free(room->kind);
}

sq_status sq_window_writer_create(const char *path, const sq_window_rules *rules,
                                  const sq_window_source *from, sq_window_writer **writer) {
    sq_dataset_info info;
    sq_status status;
    sq_window_rules_describe(rules, from->source, &info);
    SQ_TRY(sq_alloc(1, sizeof **writer, writer));
    sq_window_writer *made = *writer;
    made->n_input = (size_t)info.n_input;
    made->n_output = (size_t)info.n_output;
    made->dimensions = (size_t)rules->dimensions;
    made->masked = rules->mask_missing;
    made->aligned = rules->align;
    SQ_TRY(create_block(made));
    SQ_TRY(sq_shard_writer_create(path, &info, from->history, &made->shard));
    SQ_TRY(define_labels(made, from));
    SQ_TRY(put_provenance(made, rules, from));
cleanup:
    if (status != SQ_OK) sq_window_writer_abandon(writer);
    return status;
}

/* A positive number, so that it reads the same in every program. */
static int64_t number_scene(const char *file, const char *name) {
    uint64_t seed = sq_hash_bytes(file, strlen(file), 0);
    return (int64_t)(sq_hash_bytes(name, strlen(name), seed) >> 1);
}

void sq_window_writer_set_scene(sq_window_writer *writer, const char *file, const char *name) {
    file = name_of(file);
    int64_t scene = number_scene(file, name);
    if (scene != writer->scene) writer->scene_is_listed = false;
    writer->scene = scene;
    snprintf(writer->scene_name, sizeof writer->scene_name, "%s%s%s", file,
             *file && *name ? ": " : "", name);
}

static sq_status list_scene(sq_window_writer *writer) {
    sq_nc *file = sq_shard_writer_file(writer->shard);
    const size_t one = 1;
    sq_status status;
    SQ_TRY(sq_nc_write_int64(file, SQ_SHARD_SCENE_ID, &writer->n_scenes, &one, &writer->scene));
    SQ_TRY(sq_nc_write_string(file, SQ_SHARD_SCENE_NAME, &writer->n_scenes, writer->scene_name));
    writer->n_scenes++;
    writer->scene_is_listed = true;
cleanup:
    return status;
}

static sq_status write_block(sq_window_writer *writer) {
    block *full = &writer->block;
    sq_nc *file = sq_shard_writer_file(writer->shard);
    const size_t start[] = {sq_shard_writer_rows(writer->shard), 0};
    const size_t shape[] = {full->rows, writer->dimensions};
    sq_status status = SQ_OK;
    if (full->rows == 0) return SQ_OK;
    SQ_TRY(sq_nc_write_double(file, "origin", start, shape, full->origin));
    if (writer->aligned) SQ_TRY(sq_nc_write_double(file, "heading", start, shape, full->heading));
    SQ_TRY(sq_nc_write_int64(file, "agent", start, shape, full->agent));
    SQ_TRY(sq_nc_write_int64(file, "frame", start, shape, full->frame));
    SQ_TRY(sq_nc_write_int64(file, SQ_SHARD_SCENE, start, shape, full->scene));
    SQ_TRY(sq_nc_write_int64(file, "agent_class", start, shape, full->kind));
    SQ_TRY(sq_shard_writer_append(writer->shard, full->rows, full->input, full->target,
                                  writer->masked ? full->mask : NULL));
    full->rows = 0;
cleanup:
    return status;
}

sq_status sq_window_writer_next(sq_window_writer *writer, sq_window_row *row) {
    block *room = &writer->block;
    sq_status status = SQ_OK;
    if (!writer->scene_is_listed) SQ_TRY(list_scene(writer));
    if (room->rows == BLOCK) SQ_TRY(write_block(writer));
    size_t i = room->rows++;
    room->scene[i] = writer->scene;
    *row = (sq_window_row){
        .input = room->input + i * writer->n_input,
        .target = room->target + i * writer->n_output,
        .mask = room->mask + i * writer->n_output,
        .origin = room->origin + i * writer->dimensions,
        .heading = room->heading + i,
        .agent = room->agent + i,
        .frame = room->frame + i,
        .kind = room->kind + i,
    };
cleanup:
    return status;
}

static sq_status put_summary(sq_nc *file, const sq_import_summary *summary) {
    sq_status status = SQ_OK;
    for (int kind = 0; kind < SQ_COUNT_KINDS; kind++) {
        char name[64];
        snprintf(name, sizeof name, SQ_WINDOW_COUNT_PREFIX "%s",
                 sq_import_count_name((sq_import_count)kind));
        SQ_TRY(sq_nc_put_integer(file, NULL, name, summary->counts[kind]));
    }
cleanup:
    return status;
}

sq_status sq_window_writer_finish(sq_window_writer **writer, const sq_import_summary *summary) {
    sq_status status;
    SQ_TRY(write_block(*writer));
    SQ_TRY(put_summary(sq_shard_writer_file((*writer)->shard), summary));
    SQ_TRY(sq_shard_writer_finish(&(*writer)->shard));
cleanup:
    sq_window_writer_abandon(writer);
    return status;
}

void sq_window_writer_abandon(sq_window_writer **writer) {
    sq_window_writer *gone = *writer;
    if (!gone) return;
    sq_shard_writer_abandon(&gone->shard);
    destroy_block(&gone->block);
    sq_free(gone);
    *writer = NULL;
}
