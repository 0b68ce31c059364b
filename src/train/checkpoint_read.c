#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "io/file_seal.h"
#include "train/checkpoint_internal.h"

/* The whole file in memory: what was verified is what is used, whatever becomes of the file. */
struct sq_checkpoint {
    char *path;
    sq_state_array *arrays; /* names, units and values owned, long_name not kept */
    size_t n_arrays;
    sq_state_text *texts; /* names and texts owned */
    size_t n_texts;
    char hash[SQ_STATE_HASH_SIZE];
    size_t most_bytes; /* no array of this file can have more */
};

/* ---- what the file says it holds ---- */

/* A damaged or foreign header may claim any length; nothing is allocated that cannot be there.
 * Deflate packs 1032 to 1 at the very best. */
static sq_status bound_sizes(sq_checkpoint *checkpoint) {
    enum { DEFLATE_LIMIT = 1032 };
    struct stat found;
    if (stat(checkpoint->path, &found) != 0)
        return sq_fail(SQ_ERR_IO, "%s: cannot be read: %s", checkpoint->path, strerror(errno));
    checkpoint->most_bytes = (size_t)found.st_size * DEFLATE_LIMIT;
    return SQ_OK;
}

static sq_status read_hash(sq_checkpoint *checkpoint, const sq_nc *file) {
    if (!sq_nc_has_attribute(file, NULL, SQ_STATE_HASH))
        return sq_fail(SQ_ERR_DATA,
                       "%s: is no model or checkpoint: it has no attribute " SQ_STATE_HASH,
                       checkpoint->path);
    return sq_nc_get_text(file, NULL, SQ_STATE_HASH, checkpoint->hash, sizeof checkpoint->hash);
}

static sq_status read_text(sq_checkpoint *checkpoint, const sq_nc *file, const char *name) {
    sq_state_text *text = &checkpoint->texts[checkpoint->n_texts++];
    char *copy = NULL;
    sq_status status;
    SQ_TRY(sq_copy_text(name, &copy));
    text->name = copy;
    SQ_TRY(sq_nc_copy_text(file, NULL, name, &copy));
    text->text = copy;
cleanup:
    return status;
}

static sq_status read_texts(sq_checkpoint *checkpoint, const sq_nc *file) {
    char *names = NULL;
    char *rest = NULL;
    sq_status status;
    SQ_TRY(sq_nc_copy_text(file, NULL, SQ_STATE_HASHED_TEXTS, &names));
    SQ_TRY(sq_alloc(strlen(names) / 2 + 1, sizeof *checkpoint->texts, &checkpoint->texts));
    for (char *name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
        SQ_TRY(read_text(checkpoint, file, name));
    }
cleanup:
    sq_free(names);
    return status;
}

static sq_status read_form(const sq_checkpoint *checkpoint, const sq_nc *file,
                           sq_state_array *array) {
    sq_nc_type nc_type;
    size_t shape[SQ_NC_MAX_RANK];
    sq_status status;
    SQ_TRY(sq_nc_variable_type(file, array->name, &nc_type));
    SQ_TRY(sq_nc_variable_shape(file, array->name, &array->rank, shape));
    if (!sq_state_type_of(nc_type, &array->type) || array->rank > SQ_STATE_MAX_RANK)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %s: is no array of float, double or int64 of rank 0 to %d",
                       checkpoint->path, array->name, SQ_STATE_MAX_RANK));
    memcpy(array->shape, shape, (size_t)array->rank * sizeof *shape);
cleanup:
    return status;
}

static sq_status read_values(const sq_nc *file, const sq_state_array *array) {
    switch (array->type) {
        case SQ_STATE_FLOAT: return sq_nc_read_float(file, array->name, NULL, NULL, array->values);
        case SQ_STATE_DOUBLE:
            return sq_nc_read_double(file, array->name, NULL, NULL, array->values);
        case SQ_STATE_INT64: return sq_nc_read_int64(file, array->name, NULL, NULL, array->values);
    }
    return SQ_ERR_ARGUMENT;
}

static sq_status read_array(const sq_checkpoint *checkpoint, const sq_nc *file, int index,
                            sq_state_array *array) {
    char name[256];
    char *copy = NULL;
    size_t count;
    sq_status status;
    SQ_TRY(sq_nc_variable_name(file, index, name, sizeof name));
    SQ_TRY(sq_copy_text(name, &copy));
    array->name = copy;
    if (sq_nc_has_text(file, name, "units")) {
        SQ_TRY(sq_nc_copy_text(file, name, "units", &copy));
        array->units = copy;
    }
    SQ_TRY(read_form(checkpoint, file, array));
    SQ_TRY(sq_fail_within(sq_state_count(array, &count), "%s", checkpoint->path));
    if (count > checkpoint->most_bytes / sq_state_element_size(array->type))
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %s: %zu values cannot be in a file of this size",
                       checkpoint->path, name, count));
    SQ_TRY(sq_alloc(count, sq_state_element_size(array->type), &array->values));
    if (count > 0) SQ_TRY(read_values(file, array));
cleanup:
    return status;
}

static sq_status read_arrays(sq_checkpoint *checkpoint, const sq_nc *file) {
    int count = sq_nc_variable_count(file);
    sq_status status;
    SQ_TRY(sq_alloc((size_t)count, sizeof *checkpoint->arrays, &checkpoint->arrays));
    for (int k = 0; k < count; k++) {
        SQ_TRY(read_array(checkpoint, file, k, &checkpoint->arrays[checkpoint->n_arrays++]));
    }
cleanup:
    return status;
}

static sq_status verify(const sq_checkpoint *checkpoint) {
    char hash[SQ_STATE_HASH_SIZE];
    sq_status status = sq_state_hash(checkpoint->arrays, checkpoint->n_arrays, checkpoint->texts,
                                     checkpoint->n_texts, hash);
    if (status != SQ_OK || strcmp(hash, checkpoint->hash) == 0) return status;
    return sq_fail(SQ_ERR_DATA,
                   "%s: is damaged: its content has hash %s, and was written with %s; use another "
                   "checkpoint",
                   checkpoint->path, hash, checkpoint->hash);
}

/* ---- the handle ---- */

sq_status sq_checkpoint_open(const char *path, sq_checkpoint **checkpoint) {
    sq_nc *file = NULL;
    sq_status status;
    SQ_TRY(sq_alloc(1, sizeof **checkpoint, checkpoint));
    SQ_TRY(sq_copy_text(path, &(*checkpoint)->path));
    SQ_TRY(bound_sizes(*checkpoint));
    SQ_TRY(sq_file_check_seal(path));
    SQ_TRY(sq_nc_open(path, &file));
    SQ_TRY(read_hash(*checkpoint, file));
    SQ_TRY(read_texts(*checkpoint, file));
    SQ_TRY(read_arrays(*checkpoint, file));
    SQ_TRY(verify(*checkpoint));
cleanup:
    if (file) sq_nc_close(&file);
    if (status != SQ_OK) sq_checkpoint_close(checkpoint);
    return status;
}

void sq_checkpoint_close(sq_checkpoint **checkpoint) {
    sq_checkpoint *closed = *checkpoint;
    if (!closed) return;
    for (size_t k = 0; k < closed->n_arrays; k++) {
        sq_free((char *)closed->arrays[k].name);
        sq_free((char *)closed->arrays[k].units);
        sq_free(closed->arrays[k].values);
    }
    for (size_t k = 0; k < closed->n_texts; k++) {
        sq_free((char *)closed->texts[k].name);
        sq_free((char *)closed->texts[k].text);
    }
    sq_free(closed->arrays);
    sq_free(closed->texts);
    sq_free(closed->path);
    sq_free(closed);
    *checkpoint = NULL;
}

/* ---- what the caller asks for ---- */

/* NULL: there is none. */
static const sq_state_array *find_array(const sq_checkpoint *checkpoint, const char *name) {
    for (size_t k = 0; k < checkpoint->n_arrays; k++)
        if (strcmp(checkpoint->arrays[k].name, name) == 0) return &checkpoint->arrays[k];
    return NULL;
}

bool sq_checkpoint_has(const sq_checkpoint *checkpoint, const char *name) {
    return find_array(checkpoint, name) != NULL;
}

const char *sq_checkpoint_units(const sq_checkpoint *checkpoint, const char *name) {
    const sq_state_array *kept = find_array(checkpoint, name);
    return kept && kept->units ? kept->units : "";
}

/* "float (242, 30)". text: (FORM_TEXT) */
enum { FORM_TEXT = 96 };
static void describe_form(const sq_state_array *array, char *text) {
    static const char *const names[] = {
        [SQ_STATE_FLOAT] = "float", [SQ_STATE_DOUBLE] = "double", [SQ_STATE_INT64] = "int64"};
    int end = snprintf(text, FORM_TEXT, "%s (", names[array->type]);
    for (int axis = 0; axis < array->rank; axis++) {
        end += snprintf(text + end, (size_t)(FORM_TEXT - end), axis ? ", %zu" : "%zu",
                        array->shape[axis]);
    }
    snprintf(text + end, (size_t)(FORM_TEXT - end), ")");
}

static bool same_form(const sq_state_array *a, const sq_state_array *b) {
    return a->type == b->type && a->rank == b->rank &&
           memcmp(a->shape, b->shape, (size_t)a->rank * sizeof *a->shape) == 0;
}

sq_status sq_checkpoint_read(const sq_checkpoint *checkpoint, const sq_state_array *array) {
    const sq_state_array *kept = find_array(checkpoint, array->name);
    size_t count;
    sq_status status;
    if (!kept) return sq_fail(SQ_ERR_DATA, "%s: has no variable %s", checkpoint->path, array->name);
    if (!same_form(kept, array)) {
        char found[FORM_TEXT], expected[FORM_TEXT];
        describe_form(kept, found);
        describe_form(array, expected);
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %s: is %s, expected %s", checkpoint->path, array->name,
                       found, expected));
    }
    SQ_TRY(sq_state_count(kept, &count));
    memcpy(array->values, kept->values, count * sq_state_element_size(kept->type));
cleanup:
    return status;
}

sq_status sq_checkpoint_text(const sq_checkpoint *checkpoint, const char *name, const char **text) {
    for (size_t k = 0; k < checkpoint->n_texts; k++) {
        if (strcmp(checkpoint->texts[k].name, name) != 0) continue;
        *text = checkpoint->texts[k].text;
        return SQ_OK;
    }
    return sq_fail(SQ_ERR_DATA, "%s: has no attribute %s", checkpoint->path, name);
}

const char *sq_checkpoint_hash(const sq_checkpoint *checkpoint) { return checkpoint->hash; }

const char *sq_checkpoint_path(const sq_checkpoint *checkpoint) { return checkpoint->path; }
