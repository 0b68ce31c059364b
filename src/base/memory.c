#include "memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

sq_status sq_alloc(size_t count, size_t size, void *pointer) {
    void *memory = NULL;
    if (size == 0 || count <= (SIZE_MAX - SQ_ALIGNMENT) / size) {
        size_t bytes = (count * size + SQ_ALIGNMENT - 1) / SQ_ALIGNMENT * SQ_ALIGNMENT;
        if (bytes == 0) bytes = SQ_ALIGNMENT;
        memory = aligned_alloc(SQ_ALIGNMENT, bytes);
        if (memory) memset(memory, 0, bytes);
    }
    memcpy(pointer, &memory, sizeof memory);
    if (memory) return SQ_OK;
    return sq_fail(SQ_ERR_MEMORY, "cannot allocate %zu elements of %zu bytes", count, size);
}

void sq_free(void *pointer) { free(pointer); }

sq_status sq_grow(size_t old_count, size_t new_count, size_t size, void *pointer) {
    void *old = NULL;
    void *grown = NULL;
    memcpy(&old, pointer, sizeof old);
    sq_status status = sq_alloc(new_count, size, &grown);
    if (status != SQ_OK) return status;
    if (old) memcpy(grown, old, (old_count < new_count ? old_count : new_count) * size);
    sq_free(old);
    memcpy(pointer, &grown, sizeof grown);
    return SQ_OK;
}

sq_status sq_copy_text(const char *text, char **copy) {
    sq_status status = sq_alloc(strlen(text) + 1, 1, copy);
    if (status == SQ_OK) strcpy(*copy, text);
    return status;
}
