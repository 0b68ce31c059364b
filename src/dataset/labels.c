#include "dataset/labels.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "dataset/shard_layout.h"

enum { NAME = 128, TEXT = 1024 };

typedef struct {
    char name[NAME];
    char dimension[NAME]; /* the second; "" if there is none */
    sq_nc_type type;
    size_t width; /* values in a row */
    bool left_out;
} label;

struct sq_labels {
    label *list; /* (count) */
    int count;
    bool names_scenes;
    void *values; /* of a block of rows: int64 or double */
    size_t capacity;
};

static int rank_of(const label *one) { return *one->dimension ? 2 : 1; }

/* ---- finding them ---- */

static bool is_row(const char *name) {
    return !strcmp(name, SQ_SHARD_INPUT) || !strcmp(name, SQ_SHARD_TARGET) ||
           !strcmp(name, SQ_SHARD_MASK);
}

static sq_status is_over_samples(const sq_nc *file, const char *name, bool *yes) {
    size_t shape[SQ_NC_MAX_RANK];
    char dimension[NAME];
    int rank;
    sq_status status;
    *yes = false;
    SQ_TRY(sq_nc_variable_shape(file, name, &rank, shape));
    if (rank < 1 || rank > 2) return SQ_OK;
    SQ_TRY(sq_nc_variable_dimension(file, name, 0, dimension, sizeof dimension));
    *yes = !strcmp(dimension, SQ_SHARD_DIM_SAMPLE);
cleanup:
    return status;
}

/* Why a variable over samples is not copied; NULL: it is. */
static const char *why_left_out(const sq_nc *file, const char *name, sq_nc_kind kind) {
    if (kind == SQ_NC_TEXTS) return "is text";
    if (kind == SQ_NC_OTHERS) return "is of a type that is not known here";
    return sq_nc_is_packed(file, name) ? "is packed (scale_factor, add_offset)" : NULL;
}

/* Integers of any type keep their values, but may get more room. */
static sq_nc_type type_of_copy(const sq_nc *file, const char *name) {
    sq_nc_type type;
    return sq_nc_variable_type(file, name, &type) == SQ_OK ? type : SQ_NC_INT64;
}

static sq_status add(sq_labels *labels, const sq_nc *file, const char *name) {
    size_t shape[SQ_NC_MAX_RANK], count = (size_t)labels->count;
    int rank;
    sq_nc_kind kind;
    sq_status status;
    SQ_TRY(sq_nc_variable_kind(file, name, &kind));
    const char *reason = why_left_out(file, name, kind);
    if (reason) {
        sq_log(SQ_LOG_WARNING, "%s: %s: %s and is not copied", sq_nc_path(file), name, reason);
        return SQ_OK;
    }
    SQ_TRY(sq_grow(count, count + 1, sizeof *labels->list, &labels->list));
    label *added = &labels->list[count];
    sq_copy_bounded(added->name, sizeof added->name, name);
    added->type = type_of_copy(file, name);
    SQ_TRY(sq_nc_variable_shape(file, name, &rank, shape));
    added->width = rank == 2 ? shape[1] : 1;
    if (rank == 2)
        SQ_TRY(sq_nc_variable_dimension(file, name, 1, added->dimension, sizeof added->dimension));
    labels->count++;
cleanup:
    return status;
}

sq_status sq_labels_create(const sq_nc *file, sq_labels **labels) {
    char name[NAME];
    bool wanted;
    sq_status status;
    SQ_TRY(sq_alloc(1, sizeof **labels, labels));
    (*labels)->names_scenes = sq_nc_has_variable(file, SQ_SHARD_SCENE_ID) &&
                              sq_nc_has_variable(file, SQ_SHARD_SCENE_NAME);
    for (int i = 0; i < sq_nc_variable_count(file); i++) {
        SQ_TRY(sq_nc_variable_name(file, i, name, sizeof name));
        if (is_row(name)) continue;
        SQ_TRY(is_over_samples(file, name, &wanted));
        if (wanted) SQ_TRY(add(*labels, file, name));
    }
cleanup:
    if (status != SQ_OK) sq_labels_destroy(labels);
    return status;
}

void sq_labels_destroy(sq_labels **labels) {
    if (!*labels) return;
    sq_free((*labels)->list);
    sq_free((*labels)->values);
    sq_free(*labels);
    *labels = NULL;
}

/* ---- defining them ---- */

static sq_status copy_text(const sq_nc *from, sq_nc *to, const char *variable,
                           const char *attribute) {
    char *text = NULL;
    sq_status status = SQ_OK;
    if (!sq_nc_has_attribute(from, variable, attribute)) return SQ_OK;
    SQ_TRY(sq_nc_copy_text(from, variable, attribute, &text));
    SQ_TRY(sq_nc_put_text(to, variable, attribute, text));
cleanup:
    sq_free(text);
    return status;
}

static sq_status copy_texts(const sq_nc *from, sq_nc *to, const char *variable) {
    sq_status status;
    SQ_TRY(copy_text(from, to, variable, "long_name"));
    SQ_TRY(copy_text(from, to, variable, SQ_SHARD_UNITS));
    SQ_TRY(copy_text(from, to, variable, "meanings"));
cleanup:
    return status;
}

/* The second dimension in the other file: of the same name, unless that has another length there or
 * is that of a variable, which some programs cannot read. name: (capacity) */
static sq_status define_dimension(const label *one, sq_nc *to, char *name, size_t capacity) {
    size_t length;
    bool is_there = sq_nc_has_dimension(to, one->dimension);
    sq_status status = SQ_OK;
    snprintf(name, capacity, "%s", one->dimension);
    if (is_there) SQ_TRY(sq_nc_dimension_length(to, name, &length));
    if (is_there && length == one->width) return SQ_OK;
    if (is_there || sq_nc_has_variable(to, name))
        snprintf(name, capacity, "%s_%s", one->name, one->dimension);
    SQ_TRY(sq_nc_define_dimension(to, name, one->width));
cleanup:
    return status;
}

static sq_status define(label *one, const sq_nc *from, sq_nc *to) {
    char second[2 * NAME];
    const char *dimensions[] = {SQ_SHARD_DIM_SAMPLE, second};
    const size_t chunk[] = {SQ_SHARD_BLOCK_ROWS, one->width};
    int rank = rank_of(one);
    sq_status status = SQ_OK;
    one->left_out = sq_nc_has_variable(to, one->name);
    if (one->left_out) {
        sq_log(SQ_LOG_WARNING, "%s: %s: is not copied: the file that is written has its own",
               sq_nc_path(from), one->name);
        return SQ_OK;
    }
    if (rank == 2) SQ_TRY(define_dimension(one, to, second, sizeof second));
    SQ_TRY(sq_nc_define_variable(to, one->name, one->type, rank, dimensions));
    SQ_TRY(sq_nc_define_storage(to, one->name, chunk, 0));
    SQ_TRY(copy_texts(from, to, one->name));
cleanup:
    return status;
}

static sq_status define_scenes(const sq_nc *from, sq_nc *to) {
    const char *dimensions[] = {SQ_SHARD_DIM_SCENE};
    sq_status status;
    SQ_TRY(sq_nc_define_dimension(to, SQ_SHARD_DIM_SCENE, 0));
    SQ_TRY(sq_nc_define_variable(to, SQ_SHARD_SCENE_ID, SQ_NC_INT64, 1, dimensions));
    SQ_TRY(sq_nc_define_variable(to, SQ_SHARD_SCENE_NAME, SQ_NC_STRING, 1, dimensions));
    SQ_TRY(copy_texts(from, to, SQ_SHARD_SCENE_ID));
    SQ_TRY(copy_texts(from, to, SQ_SHARD_SCENE_NAME));
cleanup:
    return status;
}

sq_status sq_labels_define(sq_labels *labels, const sq_nc *from, sq_nc *to) {
    sq_status status = SQ_OK;
    for (int i = 0; i < labels->count; i++) SQ_TRY(define(&labels->list[i], from, to));
    if (labels->names_scenes) SQ_TRY(define_scenes(from, to));
cleanup:
    return status;
}

/* ---- copying them ---- */

/* Moves the chosen rows, of `size` bytes each, to the front; returns how many they are. */
static size_t gather(const bool *chosen, size_t count, size_t size, unsigned char *values) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!chosen[i]) continue;
        if (kept != i) memcpy(values + kept * size, values + i * size, size);
        kept++;
    }
    return kept;
}

/* Of several files the first says what labels there are. */
static sq_status check_shape(const label *one, const sq_nc *from) {
    size_t shape[SQ_NC_MAX_RANK];
    bool over_samples = false;
    int rank;
    sq_status status;
    SQ_TRY(sq_nc_variable_shape(from, one->name, &rank, shape));
    SQ_TRY(is_over_samples(from, one->name, &over_samples));
    if (!over_samples || rank != rank_of(one) || (rank == 2 && shape[1] != one->width))
        status =
            sq_fail(SQ_ERR_DATA, "%s: %s: has not the shape that it has in the first of the files",
                    sq_nc_path(from), one->name);
cleanup:
    return status;
}

static sq_status copy(const label *one, void *values, const sq_nc *from, size_t first, size_t count,
                      const bool *chosen, sq_nc *to, size_t row) {
    const size_t start[] = {first, 0};
    const size_t shape[] = {count, one->width};
    const size_t to_start[] = {row, 0};
    size_t to_shape[] = {0, one->width};
    bool real = one->type == SQ_NC_FLOAT || one->type == SQ_NC_DOUBLE;
    _Static_assert(sizeof(double) == sizeof(int64_t), "one buffer holds either");
    sq_status status;
    SQ_TRY(check_shape(one, from));
    SQ_TRY(real ? sq_nc_read_double(from, one->name, start, shape, values)
                : sq_nc_read_int64(from, one->name, start, shape, values));
    to_shape[0] = chosen ? gather(chosen, count, one->width * sizeof(double), values) : count;
    if (to_shape[0] == 0) return SQ_OK;
    SQ_TRY(real ? sq_nc_write_double(to, one->name, to_start, to_shape, values)
                : sq_nc_write_int64(to, one->name, to_start, to_shape, values));
cleanup:
    return status;
}

static sq_status reserve(sq_labels *labels, size_t values) {
    if (values <= labels->capacity) return SQ_OK;
    sq_status status = sq_grow(labels->capacity, values, sizeof(double), &labels->values);
    if (status == SQ_OK) labels->capacity = values;
    return status;
}

sq_status sq_labels_copy(sq_labels *labels, const sq_nc *from, size_t first, size_t count,
                         const bool *chosen, sq_nc *to, size_t row) {
    sq_status status = SQ_OK;
    for (int i = 0; i < labels->count; i++) {
        const label *one = &labels->list[i];
        if (one->left_out) continue;
        SQ_TRY(reserve(labels, count * one->width));
        SQ_TRY(copy(one, labels->values, from, first, count, chosen, to, row));
    }
cleanup:
    return status;
}

sq_status sq_labels_copy_scenes(const sq_nc *from, const sq_scene_parts *parts, int part, sq_nc *to,
                                size_t *entries) {
    const size_t one = 1;
    size_t count;
    int64_t scene;
    char name[TEXT];
    sq_status status;
    if (!sq_nc_has_variable(to, SQ_SHARD_SCENE_ID)) return SQ_OK;
    SQ_TRY(sq_nc_dimension_length(from, SQ_SHARD_DIM_SCENE, &count));
    SQ_TRY(sq_nc_check_shape(from, SQ_SHARD_SCENE_ID, 1, &count, "a list of scenes"));
    for (size_t i = 0; i < count; i++) {
        SQ_TRY(sq_nc_read_int64(from, SQ_SHARD_SCENE_ID, &i, &one, &scene));
        if (parts && sq_scene_parts_find(parts, scene) != part) continue;
        SQ_TRY(sq_nc_read_string(from, SQ_SHARD_SCENE_NAME, &i, name, sizeof name));
        SQ_TRY(sq_nc_write_int64(to, SQ_SHARD_SCENE_ID, entries, &one, &scene));
        SQ_TRY(sq_nc_write_string(to, SQ_SHARD_SCENE_NAME, entries, name));
        ++*entries;
    }
cleanup:
    return status;
}
