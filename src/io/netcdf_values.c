#include <netcdf.h>
#include <string.h>

#include "io/netcdf_internal.h"

/* A variable's number and the part of it that is meant. */
typedef struct {
    int variable;
    size_t start[SQ_NC_MAX_RANK], count[SQ_NC_MAX_RANK];
} slab;

static sq_status find_slab(const sq_nc *file, const char *name, const size_t *start,
                           const size_t *count, slab *found) {
    int rank;
    sq_status status;
    memset(found, 0, sizeof *found);
    SQ_TRY(sq_nc_find_variable(file, name, &found->variable));
    SQ_TRY(sq_nc_variable_shape(file, name, &rank, found->count));
    if (start) memcpy(found->start, start, (size_t)rank * sizeof *start);
    if (count) memcpy(found->count, count, (size_t)rank * sizeof *count);
cleanup:
    return status;
}

/* A double too large for a float reads as infinity: the caller, who knows rows, looks for those. */
static sq_status read_result(const sq_nc *file, const char *name, int code) {
    return sq_nc_result(file, name, "cannot be read", code == NC_ERANGE ? NC_NOERR : code);
}

sq_status sq_nc_read_double(const sq_nc *file, const char *name, const size_t *start,
                            const size_t *count, double *values) {
    slab part;
    sq_status status = find_slab(file, name, start, count, &part);
    if (status != SQ_OK) return status;
    return read_result(file, name,
                       nc_get_vara_double(file->id, part.variable, part.start, part.count, values));
}

sq_status sq_nc_read_float(const sq_nc *file, const char *name, const size_t *start,
                           const size_t *count, float *values) {
    slab part;
    sq_status status = find_slab(file, name, start, count, &part);
    if (status != SQ_OK) return status;
    return read_result(file, name,
                       nc_get_vara_float(file->id, part.variable, part.start, part.count, values));
}

sq_status sq_nc_read_real(const sq_nc *file, const char *name, const size_t *start,
                          const size_t *count, sq_real *values) {
#ifdef SOFTEQ_DOUBLE
    return sq_nc_read_double(file, name, start, count, values);
#else
    return sq_nc_read_float(file, name, start, count, values);
#endif
}

sq_status sq_nc_read_int64(const sq_nc *file, const char *name, const size_t *start,
                           const size_t *count, int64_t *values) {
    _Static_assert(sizeof(long long) == sizeof(int64_t), "NetCDF speaks of long long");
    slab part;
    sq_status status = find_slab(file, name, start, count, &part);
    if (status != SQ_OK) return status;
    return sq_nc_result(
        file, name, "cannot be read",
        nc_get_vara_longlong(file->id, part.variable, part.start, part.count, (long long *)values));
}

static sq_status write_result(const sq_nc *file, const char *name, int code) {
    return sq_nc_result(file, name, "cannot be written", code);
}

sq_status sq_nc_write_double(sq_nc *file, const char *name, const size_t *start,
                             const size_t *count, const double *values) {
    slab part;
    sq_status status = find_slab(file, name, start, count, &part);
    if (status != SQ_OK) return status;
    return write_result(
        file, name, nc_put_vara_double(file->id, part.variable, part.start, part.count, values));
}

sq_status sq_nc_write_float(sq_nc *file, const char *name, const size_t *start, const size_t *count,
                            const float *values) {
    slab part;
    sq_status status = find_slab(file, name, start, count, &part);
    if (status != SQ_OK) return status;
    return write_result(file, name,
                        nc_put_vara_float(file->id, part.variable, part.start, part.count, values));
}

sq_status sq_nc_write_real(sq_nc *file, const char *name, const size_t *start, const size_t *count,
                           const sq_real *values) {
#ifdef SOFTEQ_DOUBLE
    return sq_nc_write_double(file, name, start, count, values);
#else
    return sq_nc_write_float(file, name, start, count, values);
#endif
}

sq_status sq_nc_write_int64(sq_nc *file, const char *name, const size_t *start, const size_t *count,
                            const int64_t *values) {
    slab part;
    sq_status status = find_slab(file, name, start, count, &part);
    if (status != SQ_OK) return status;
    return write_result(file, name,
                        nc_put_vara_longlong(file->id, part.variable, part.start, part.count,
                                             (const long long *)values));
}

sq_status sq_nc_write_string(sq_nc *file, const char *name, const size_t *index, const char *text) {
    int id;
    sq_status status = sq_nc_find_variable(file, name, &id);
    if (status != SQ_OK) return status;
    return write_result(file, name, nc_put_var1_string(file->id, id, index, &text));
}

/* The library would take any other variable for pointers to text. */
static sq_status check_texts(const sq_nc *file, const char *name) {
    size_t shape[SQ_NC_MAX_RANK];
    sq_nc_type type;
    int rank;
    sq_status status;
    SQ_TRY(sq_nc_variable_type(file, name, &type));
    SQ_TRY(sq_nc_variable_shape(file, name, &rank, shape));
    if (type != SQ_NC_STRING || rank != 1)
        status = sq_fail(SQ_ERR_DATA, "%s: %s: is no list of texts", file->path, name);
cleanup:
    return status;
}

sq_status sq_nc_read_string(const sq_nc *file, const char *name, const size_t *index, char *text,
                            size_t capacity) {
    int id;
    char *string = NULL;
    sq_status status;
    SQ_TRY(sq_nc_find_variable(file, name, &id));
    SQ_TRY(check_texts(file, name));
    SQ_TRY(sq_nc_result(file, name, "cannot be read",
                        nc_get_var1_string(file->id, id, index, &string)));
    const char *found = string ? string : "";
    if (strlen(found) >= capacity)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %s: text is longer than %zu characters", file->path, name,
                       capacity - 1));
    strcpy(text, found);
cleanup:
    if (string) nc_free_string(1, &string);
    return status;
}
