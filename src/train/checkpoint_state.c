#include "io/content_hash.h"
#include "train/checkpoint_internal.h"

/* Indexed by sq_state_type. */
static const struct {
    size_t element_size;
    sq_nc_type nc_type;
} types[] = {
    [SQ_STATE_FLOAT] = {sizeof(float), SQ_NC_FLOAT},
    [SQ_STATE_DOUBLE] = {sizeof(double), SQ_NC_DOUBLE},
    [SQ_STATE_INT64] = {sizeof(int64_t), SQ_NC_INT64},
};

size_t sq_state_element_size(sq_state_type type) { return types[type].element_size; }

sq_nc_type sq_state_nc_type(sq_state_type type) { return types[type].nc_type; }

bool sq_state_type_of(sq_nc_type nc_type, sq_state_type *type) {
    for (size_t k = 0; k < sizeof types / sizeof types[0]; k++) {
        if (types[k].nc_type != nc_type) continue;
        *type = (sq_state_type)k;
        return true;
    }
    return false;
}

sq_status sq_state_count(const sq_state_array *array, size_t *count) {
    size_t limit = SIZE_MAX / sq_state_element_size(array->type);
    *count = 1;
    for (int axis = 0; axis < array->rank; axis++) {
        size_t length = array->shape[axis];
        if (length > 0 && *count > limit / length)
            return sq_fail(SQ_ERR_DATA, "%s: has more elements than memory can hold", array->name);
        *count *= length;
    }
    return SQ_OK;
}

sq_status sq_state_hash(const sq_state_array *arrays, size_t n_arrays, const sq_state_text *texts,
                        size_t n_texts, char *hash) {
    sq_content_hash *content = NULL;
    sq_status status = sq_content_hash_create(&content);
    if (status != SQ_OK) return status;
    for (size_t k = 0; k < n_arrays; k++) {
        const sq_state_array *array = &arrays[k];
        sq_content_hash_array(content, array->name, array->values,
                              sq_state_element_size(array->type), array->rank, array->shape);
    }
    for (size_t k = 0; k < n_texts; k++) {
        sq_content_hash_text(content, texts[k].name, texts[k].text);
    }
    sq_content_hash_finish(content, hash);
    sq_content_hash_destroy(&content);
    return SQ_OK;
}
