#include "dataset/scene_parts.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/order.h"
#include "base/rng.h"
#include "base/text.h"

typedef struct {
    int64_t scene, rows;
    int part;
} entry;

struct sq_scene_parts {
    entry *entries; /* (count), by scene once they are merged */
    size_t count, capacity;
};

sq_status sq_scene_parts_create(sq_scene_parts **parts) {
    return sq_alloc(1, sizeof **parts, parts);
}

void sq_scene_parts_destroy(sq_scene_parts **parts) {
    if (!*parts) return;
    sq_free((*parts)->entries);
    sq_free(*parts);
    *parts = NULL;
}

/* ---- counting ---- */

static int compare_scenes(const void *left, const void *right) {
    return sq_order(((const entry *)left)->scene, ((const entry *)right)->scene);
}

/* One entry for each scene. */
static void merge(sq_scene_parts *parts) {
    entry *all = parts->entries;
    size_t kept = 0;
    qsort(all, parts->count, sizeof *all, compare_scenes);
    for (size_t i = 0; i < parts->count; i++) {
        if (kept > 0 && all[kept - 1].scene == all[i].scene)
            all[kept - 1].rows += all[i].rows;
        else
            all[kept++] = all[i];
    }
    parts->count = kept;
}

/* Rows of a scene mostly stand together; where they do not, entries are merged before more room is
 * taken. */
static sq_status make_room(sq_scene_parts *parts) {
    if (parts->count > 0) merge(parts);
    if (2 * parts->count < parts->capacity) return SQ_OK;
    size_t grown = 2 * parts->capacity + 1024;
    sq_status status = sq_grow(parts->capacity, grown, sizeof *parts->entries, &parts->entries);
    if (status == SQ_OK) parts->capacity = grown;
    return status;
}

static sq_status add(sq_scene_parts *parts, int64_t scene, int64_t rows) {
    if (parts->count == parts->capacity) {
        sq_status status = make_room(parts);
        if (status != SQ_OK) return status;
    }
    parts->entries[parts->count++] = (entry){scene, rows, -1};
    return SQ_OK;
}

sq_status sq_scene_parts_count(sq_scene_parts *parts, const int64_t *scenes, size_t count) {
    for (size_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count && scenes[end] == scenes[first]) end++;
        sq_status status = add(parts, scenes[first], (int64_t)(end - first));
        if (status != SQ_OK) return status;
    }
    return SQ_OK;
}

size_t sq_scene_parts_total(sq_scene_parts *parts) {
    if (parts->count > 0) merge(parts);
    return parts->count;
}

/* NULL if it is not there. Entries are merged. */
static const entry *find(const sq_scene_parts *parts, int64_t scene) {
    const entry wanted = {.scene = scene};
    if (parts->count == 0) return NULL;
    return bsearch(&wanted, parts->entries, parts->count, sizeof wanted, compare_scenes);
}

bool sq_scene_parts_holds(const sq_scene_parts *parts, int64_t scene) {
    return find(parts, scene) != NULL;
}

/* ---- giving away ---- */

/* The part that lacks most rows; given: (SQ_SPLIT_PARTS). A part without a share gets none. */
static int neediest(const double *shares, const double *given) {
    int needy = 0;
    for (int part = 1; part < SQ_SPLIT_PARTS; part++)
        if (shares[needy] <= 0 ||
            (shares[part] > 0 && shares[part] - given[part] > shares[needy] - given[needy]))
            needy = part;
    return needy;
}

static void give(sq_scene_parts *parts, const int64_t *order, const double *shares, double sum) {
    double given[SQ_SPLIT_PARTS] = {0};
    double rows = 0;
    size_t next = 0;
    for (size_t i = 0; i < parts->count; i++) rows += (double)parts->entries[i].rows;
    for (int part = 0; part < SQ_SPLIT_PARTS; part++) {
        if (shares[part] <= 0) continue;
        entry *one = &parts->entries[order[next++]];
        one->part = part;
        given[part] += (double)one->rows / rows * sum;
    }
    for (; next < parts->count; next++) {
        entry *one = &parts->entries[order[next]];
        one->part = neediest(shares, given);
        given[one->part] += (double)one->rows / rows * sum;
    }
}

sq_status sq_scene_parts_assign(sq_scene_parts *parts, const double *shares, uint64_t seed) {
    sq_rng rng = sq_rng_create(seed, SQ_RNG_SHUFFLE, 0, 0);
    int64_t *order = NULL;
    size_t wanted = 0;
    double sum = 0;
    sq_status status;
    for (int part = 0; part < SQ_SPLIT_PARTS; part++) {
        wanted += shares[part] > 0;
        sum += shares[part];
    }
    if (sq_scene_parts_total(parts) < wanted)
        return sq_fail(SQ_ERR_DATA,
                       "%zu %s cannot be split into %zu parts, since no scene is cut: import more "
                       "recordings, or name the parts of this one in a column `scene` of its table",
                       parts->count, sq_number_word((int64_t)parts->count, "scene", "scenes"),
                       wanted);
    SQ_TRY(sq_alloc(parts->count, sizeof *order, &order));
    sq_rng_permutation(&rng, order, (int64_t)parts->count);
    give(parts, order, shares, sum);
cleanup:
    sq_free(order);
    return status;
}

int sq_scene_parts_find(const sq_scene_parts *parts, int64_t scene) {
    const entry *found = find(parts, scene);
    return found ? found->part : -1;
}

int64_t sq_scene_parts_scenes(const sq_scene_parts *parts, int part) {
    int64_t count = 0;
    for (size_t i = 0; i < parts->count; i++) count += parts->entries[i].part == part;
    return count;
}
