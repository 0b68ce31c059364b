#include "dataset/shared_scenes.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "dataset/scene_parts.h"
#include "dataset/shard_file.h"
#include "dataset/shard_layout.h"
#include "io/glob_files.h"
#include "io/netcdf_file.h"

enum { BLOCK = SQ_SHARD_BLOCK_ROWS };

/* Takes some scenes of a file. names: the file names them, the first of these at `first`. */
typedef sq_status take_scenes(void *context, const sq_nc *file, const int64_t *scenes, size_t count,
                              bool names, size_t first);

static sq_status visit_file(const sq_nc *file, take_scenes *take, void *context) {
    int64_t scenes[BLOCK];
    size_t total;
    bool names = sq_nc_has_variable(file, SQ_SHARD_SCENE_ID) &&
                 sq_nc_has_variable(file, SQ_SHARD_SCENE_NAME);
    const char *variable = names ? SQ_SHARD_SCENE_ID : SQ_SHARD_SCENE;
    sq_status status = SQ_OK;
    if (!sq_nc_has_variable(file, variable)) return SQ_OK;
    SQ_TRY(sq_nc_dimension_length(file, names ? SQ_SHARD_DIM_SCENE : SQ_SHARD_DIM_SAMPLE, &total));
    SQ_TRY(sq_nc_check_shape(file, variable, 1, &total, "a list of scenes"));
    for (size_t first = 0; first < total; first += BLOCK) {
        size_t count = total - first < BLOCK ? total - first : BLOCK;
        SQ_TRY(names ? sq_nc_read_int64(file, variable, &first, &count, scenes)
                     : sq_shard_read_scenes(file, first, count, scenes));
        SQ_TRY(take(context, file, scenes, count, names, first));
    }
cleanup:
    return status;
}

static sq_status visit(const char *patterns, take_scenes *take, void *context) {
    char **paths = NULL;
    size_t n_paths = 0;
    sq_nc *file = NULL;
    sq_status status;
    SQ_TRY(sq_glob(patterns, &paths, &n_paths));
    for (size_t i = 0; i < n_paths; i++) {
        SQ_TRY(sq_nc_open(paths[i], &file));
        SQ_TRY(visit_file(file, take, context));
        SQ_TRY(sq_nc_close(&file));
    }
cleanup:
    sq_nc_close(&file);
    sq_glob_free(&paths, n_paths);
    return status;
}

static sq_status collect(void *context, const sq_nc *file, const int64_t *scenes, size_t count,
                         bool names, size_t first) {
    (void)file, (void)names, (void)first;
    return sq_scene_parts_count(context, scenes, count);
}

/* What the scenes of the second are held against. */
typedef struct {
    sq_scene_parts *first, *shared;
    char *name;
    size_t capacity;
} comparison;

static void name_scene(comparison *with, const sq_nc *file, int64_t scene, bool names, size_t at) {
    if (with->name[0]) return;
    if (!names ||
        sq_nc_read_string(file, SQ_SHARD_SCENE_NAME, &at, with->name, with->capacity) != SQ_OK)
        snprintf(with->name, with->capacity, "number %lld", (long long)scene);
}

static sq_status compare(void *context, const sq_nc *file, const int64_t *scenes, size_t count,
                         bool names, size_t first) {
    comparison *with = context;
    for (size_t i = 0; i < count; i++) {
        if (!sq_scene_parts_holds(with->first, scenes[i])) continue;
        name_scene(with, file, scenes[i], names, first + i);
        sq_status status = sq_scene_parts_count(with->shared, &scenes[i], 1);
        if (status != SQ_OK) return status;
    }
    return SQ_OK;
}

sq_status sq_shared_scenes(const char *first, const char *second, size_t *count, char *name,
                           size_t capacity) {
    comparison with = {.name = name, .capacity = capacity};
    sq_status status;
    *count = 0;
    name[0] = '\0';
    SQ_TRY(sq_scene_parts_create(&with.first));
    SQ_TRY(sq_scene_parts_create(&with.shared));
    SQ_TRY(visit(first, collect, with.first));
    if (sq_scene_parts_total(with.first) > 0) SQ_TRY(visit(second, compare, &with));
    *count = sq_scene_parts_total(with.shared);
cleanup:
    sq_scene_parts_destroy(&with.first);
    sq_scene_parts_destroy(&with.shared);
    return status;
}
