#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "io/atomic_file.h"
#include "io/file_seal.h"
#include "train/checkpoint_internal.h"

enum { DIMENSION_NAME = 256 };

/* Each array has dimensions of its own: equal lengths mean nothing, and readers such as xarray
 * cannot take one dimension twice in a square matrix. */
static sq_status dimension_name(const sq_state_array *array, int axis, char *name) {
    static const char *const axis_names[SQ_STATE_MAX_RANK] = {"row", "column", "depth"};
    int length = snprintf(name, DIMENSION_NAME, "%s_%s", array->name, axis_names[axis]);
    if (length < DIMENSION_NAME) return SQ_OK;
    return sq_fail(SQ_ERR_ARGUMENT, "%.60s...: the name of an array is too long", array->name);
}

static sq_status define_array(sq_nc *file, const sq_state_array *array) {
    char names[SQ_STATE_MAX_RANK][DIMENSION_NAME];
    const char *dimensions[SQ_STATE_MAX_RANK];
    sq_status status;
    if (array->rank < 0 || array->rank > SQ_STATE_MAX_RANK)
        SQ_TRY(sq_fail(SQ_ERR_ARGUMENT, "%s: rank %d is not 0 to %d", array->name, array->rank,
                       SQ_STATE_MAX_RANK));
    for (int axis = 0; axis < array->rank; axis++) {
        SQ_TRY(dimension_name(array, axis, names[axis]));
        SQ_TRY(sq_nc_define_dimension(file, names[axis], array->shape[axis]));
        dimensions[axis] = names[axis];
    }
    SQ_TRY(sq_nc_define_variable(file, array->name, sq_state_nc_type(array->type), array->rank,
                                 dimensions));
    if (array->long_name) SQ_TRY(sq_nc_put_text(file, array->name, "long_name", array->long_name));
    if (array->units) SQ_TRY(sq_nc_put_text(file, array->name, "units", array->units));
cleanup:
    return status;
}

static sq_status write_array(sq_nc *file, const sq_state_array *array) {
    static const size_t start[SQ_STATE_MAX_RANK] = {0};
    size_t count;
    sq_status status = sq_state_count(array, &count);
    if (status != SQ_OK || count == 0) return status;
    switch (array->type) {
        case SQ_STATE_FLOAT:
            return sq_nc_write_float(file, array->name, start, array->shape, array->values);
        case SQ_STATE_DOUBLE:
            return sq_nc_write_double(file, array->name, start, array->shape, array->values);
        case SQ_STATE_INT64:
            return sq_nc_write_int64(file, array->name, start, array->shape, array->values);
    }
    return sq_fail(SQ_ERR_ARGUMENT, "%s: unknown type %d", array->name, (int)array->type);
}

static sq_status put_file_attributes(sq_nc *file, const char *title) {
    char history[96];
    char date[32];
    struct tm utc;
    time_t now = time(NULL);
    sq_status status;
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    snprintf(history, sizeof history, "%s: written by softeq %s", date, SOFTEQ_VERSION);
    SQ_TRY(sq_nc_put_text(file, NULL, "Conventions", "CF-1.10"));
    SQ_TRY(sq_nc_put_text(file, NULL, "title", title));
    SQ_TRY(sq_nc_put_text(file, NULL, "source", "softeq " SOFTEQ_VERSION));
    SQ_TRY(sq_nc_put_text(file, NULL, "history", history));
cleanup:
    return status;
}

/* The texts' names, parted by blanks. *list: to be freed. */
static sq_status list_names(const sq_state_text *texts, size_t count, char **list) {
    size_t size = 1;
    for (size_t k = 0; k < count; k++) {
        if (texts[k].name[0] == '\0' || strchr(texts[k].name, ' '))
            return sq_fail(SQ_ERR_ARGUMENT, "'%s': the name of a text is one word", texts[k].name);
        size += strlen(texts[k].name) + 1;
    }
    sq_status status = sq_alloc(size, 1, list);
    if (status != SQ_OK) return status;
    char *end = *list;
    for (size_t k = 0; k < count; k++) {
        if (k > 0) *end++ = ' ';
        end = stpcpy(end, texts[k].name);
    }
    return SQ_OK;
}

static sq_status put_texts(sq_nc *file, const sq_state_text *texts, size_t count,
                           const char *hash) {
    char *names = NULL;
    sq_status status;
    SQ_TRY(list_names(texts, count, &names));
    for (size_t k = 0; k < count; k++) {
        SQ_TRY(sq_nc_put_text(file, NULL, texts[k].name, texts[k].text));
    }
    SQ_TRY(sq_nc_put_text(file, NULL, SQ_STATE_HASHED_TEXTS, names));
    SQ_TRY(sq_nc_put_text(file, NULL, SQ_STATE_HASH, hash));
cleanup:
    sq_free(names);
    return status;
}

/* All definitions come before all values: NetCDF then lays the file out once. */
static sq_status write_arrays(sq_nc *file, const sq_state_array *arrays, size_t count) {
    sq_status status = SQ_OK;
    for (size_t k = 0; k < count; k++) SQ_TRY(define_array(file, &arrays[k]));
    for (size_t k = 0; k < count; k++) SQ_TRY(write_array(file, &arrays[k]));
cleanup:
    return status;
}

sq_status sq_checkpoint_write(const char *path, const char *title, const sq_state_array *arrays,
                              size_t n_arrays, const sq_state_text *texts, size_t n_texts,
                              char *content_hash) {
    sq_atomic_file *target = NULL;
    sq_nc *file = NULL;
    char hash[SQ_STATE_HASH_SIZE];
    sq_status status;
    SQ_TRY(sq_state_hash(arrays, n_arrays, texts, n_texts, hash));
    SQ_TRY(sq_atomic_file_begin(path, &target));
    SQ_TRY(sq_nc_create(sq_atomic_file_path(target), &file));
    SQ_TRY(put_file_attributes(file, title));
    SQ_TRY(put_texts(file, texts, n_texts, hash));
    SQ_TRY(write_arrays(file, arrays, n_arrays));
    SQ_TRY(sq_nc_close(&file));
    SQ_TRY(sq_file_seal(sq_atomic_file_path(target)));
    SQ_TRY(sq_atomic_file_commit(&target));
    if (content_hash) strcpy(content_hash, hash);
cleanup:
    if (file) sq_nc_close(&file);
    sq_atomic_file_abandon(&target);
    return status;
}
