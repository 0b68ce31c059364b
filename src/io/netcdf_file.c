#include "io/netcdf_file.h"

#include <netcdf.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/netcdf_internal.h"

static sq_status status_of(int code) {
    switch (code) {
        case NC_NOERR: return SQ_OK;
        case NC_ENOMEM: return SQ_ERR_MEMORY;
        case NC_ENOTATT:
        case NC_ENOTVAR:
        case NC_EBADDIM:
        case NC_ECHAR:
        case NC_ERANGE: return SQ_ERR_DATA;
        default: return SQ_ERR_IO;
    }
}

sq_status sq_nc_result(const sq_nc *file, const char *variable, const char *doing, int code) {
    if (code == NC_NOERR) return SQ_OK;
    const char *reason = nc_strerror(code);
    if (!variable) return sq_fail(status_of(code), "%s: %s: %s", file->path, doing, reason);
    return sq_fail(status_of(code), "%s: %s: %s: %s", file->path, variable, doing, reason);
}

sq_status sq_nc_find_variable(const sq_nc *file, const char *name, int *id) {
    if (nc_inq_varid(file->id, name, id) == NC_NOERR) return SQ_OK;
    return sq_fail(SQ_ERR_DATA, "%s: has no variable %s", file->path, name);
}

static sq_status create_handle(const char *path, sq_nc **file) {
    *file = NULL;
    sq_status status = sq_alloc(1, sizeof **file, file);
    if (status == SQ_OK) status = sq_copy_text(path, &(*file)->path);
    return status;
}

static void destroy_handle(sq_nc **file) {
    if (!*file) return;
    sq_free((*file)->path);
    sq_free(*file);
    *file = NULL;
}

sq_status sq_nc_create(const char *path, sq_nc **file) {
    sq_status status;
    SQ_TRY(create_handle(path, file));
    SQ_TRY(sq_nc_result(*file, NULL, "cannot be created",
                        nc_create(path, NC_NETCDF4 | NC_CLOBBER, &(*file)->id)));
cleanup:
    if (status != SQ_OK) destroy_handle(file);
    return status;
}

/* The classic formats read as zeros where they are cut off; HDF5 notices. */
static sq_status check_format(const sq_nc *file) {
    int format;
    sq_status status = sq_nc_result(file, NULL, "has no format", nc_inq_format(file->id, &format));
    if (status != SQ_OK) return status;
    if (format == NC_FORMAT_NETCDF4 || format == NC_FORMAT_NETCDF4_CLASSIC) return SQ_OK;
    return sq_fail(SQ_ERR_DATA, "%s: is a classic NetCDF file; convert it: nccopy -k nc4 OLD NEW",
                   file->path);
}

sq_status sq_nc_open(const char *path, sq_nc **file) {
    bool opened = false;
    sq_status status;
    SQ_TRY(create_handle(path, file));
    int code = nc_open(path, NC_NOWRITE, &(*file)->id);
    if (code == NC_EHDFERR || code == NC_ENOTNC)
        SQ_TRY(sq_fail(SQ_ERR_IO, "%s: is no NetCDF-4 file, or one that is cut off or damaged (%s)",
                       path, nc_strerror(code)));
    SQ_TRY(sq_nc_result(*file, NULL, "cannot be opened", code));
    opened = true;
    SQ_TRY(check_format(*file));
cleanup:
    if (status != SQ_OK && opened) nc_close((*file)->id);
    if (status != SQ_OK) destroy_handle(file);
    return status;
}

sq_status sq_nc_close(sq_nc **file) {
    if (!*file) return SQ_OK;
    sq_status status = sq_nc_result(*file, NULL, "cannot be written", nc_close((*file)->id));
    destroy_handle(file);
    return status;
}

const char *sq_nc_path(const sq_nc *file) { return file->path; }

const char *sq_nc_library_version(void) { return nc_inq_libvers(); }

/* ---- definitions ---- */

sq_status sq_nc_define_dimension(sq_nc *file, const char *name, size_t length) {
    int id;
    return sq_nc_result(file, name, "dimension cannot be defined",
                        nc_def_dim(file->id, name, length ? length : NC_UNLIMITED, &id));
}

static nc_type external_type(sq_nc_type type) {
    switch (type) {
        case SQ_NC_FLOAT: return NC_FLOAT;
        case SQ_NC_DOUBLE: return NC_DOUBLE;
        case SQ_NC_INT32: return NC_INT;
        case SQ_NC_INT64: return NC_INT64;
        case SQ_NC_BYTE: return NC_BYTE;
        case SQ_NC_STRING: return NC_STRING;
    }
    return NC_NAT;
}

sq_status sq_nc_define_variable(sq_nc *file, const char *name, sq_nc_type type, int rank,
                                const char *const *dimensions) {
    int ids[SQ_NC_MAX_RANK];
    int id;
    sq_status status = SQ_OK;
    if (rank > SQ_NC_MAX_RANK)
        return sq_fail(SQ_ERR_ARGUMENT, "%s: %s: rank %d is above %d", file->path, name, rank,
                       SQ_NC_MAX_RANK);
    for (int i = 0; i < rank; i++)
        SQ_TRY(sq_nc_result(file, dimensions[i], "no such dimension",
                            nc_inq_dimid(file->id, dimensions[i], &ids[i])));
    SQ_TRY(sq_nc_result(file, name, "cannot be defined",
                        nc_def_var(file->id, name, external_type(type), rank, ids, &id)));
cleanup:
    return status;
}

static int define_fill(const sq_nc *file, int id, nc_type type, double value) {
    switch (type) {
        case NC_FLOAT: return nc_def_var_fill(file->id, id, NC_FILL, &(float){(float)value});
        case NC_DOUBLE: return nc_def_var_fill(file->id, id, NC_FILL, &value);
        case NC_INT: return nc_def_var_fill(file->id, id, NC_FILL, &(int32_t){(int32_t)value});
        case NC_INT64: return nc_def_var_fill(file->id, id, NC_FILL, &(int64_t){(int64_t)value});
        case NC_BYTE: return nc_def_var_fill(file->id, id, NC_FILL, &(int8_t){(int8_t)value});
        default: return NC_EBADTYPE;
    }
}

sq_status sq_nc_define_missing(sq_nc *file, const char *name, double value) {
    int id;
    nc_type type;
    sq_status status;
    SQ_TRY(sq_nc_find_variable(file, name, &id));
    SQ_TRY(sq_nc_find_type(file, name, &type));
    SQ_TRY(sq_nc_result(file, name, "missing value cannot be defined",
                        define_fill(file, id, type, value)));
cleanup:
    return status;
}

/* ---- dimensions and variables ---- */

bool sq_nc_has_variable(const sq_nc *file, const char *name) {
    int id;
    return nc_inq_varid(file->id, name, &id) == NC_NOERR;
}

bool sq_nc_has_dimension(const sq_nc *file, const char *name) {
    int id;
    return nc_inq_dimid(file->id, name, &id) == NC_NOERR;
}

sq_status sq_nc_dimension_length(const sq_nc *file, const char *name, size_t *length) {
    int id;
    if (nc_inq_dimid(file->id, name, &id) != NC_NOERR)
        return sq_fail(SQ_ERR_DATA, "%s: has no dimension %s", file->path, name);
    return sq_nc_result(file, name, "dimension cannot be read",
                        nc_inq_dimlen(file->id, id, length));
}

/* Numbers of a variable's dimensions. ids: (SQ_NC_MAX_RANK) */
static sq_status dimension_ids(const sq_nc *file, const char *name, int *rank, int *ids) {
    int id;
    sq_status status;
    SQ_TRY(sq_nc_find_variable(file, name, &id));
    SQ_TRY(sq_nc_result(file, name, "has no rank", nc_inq_varndims(file->id, id, rank)));
    if (*rank > SQ_NC_MAX_RANK)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %s: has %d dimensions, more than %d", file->path, name,
                       *rank, SQ_NC_MAX_RANK));
    SQ_TRY(sq_nc_result(file, name, "has no dimensions", nc_inq_vardimid(file->id, id, ids)));
cleanup:
    return status;
}

sq_status sq_nc_variable_shape(const sq_nc *file, const char *name, int *rank, size_t *shape) {
    int ids[SQ_NC_MAX_RANK];
    sq_status status;
    SQ_TRY(dimension_ids(file, name, rank, ids));
    for (int i = 0; i < *rank; i++)
        SQ_TRY(sq_nc_result(file, name, "shape cannot be read",
                            nc_inq_dimlen(file->id, ids[i], &shape[i])));
cleanup:
    return status;
}

sq_status sq_nc_check_shape(const sq_nc *file, const char *name, int rank, const size_t *shape,
                            const char *of) {
    size_t found[SQ_NC_MAX_RANK];
    int found_rank;
    sq_status status = sq_nc_variable_shape(file, name, &found_rank, found);
    if (status != SQ_OK) return status;
    bool fits = found_rank == rank;
    for (int axis = 0; fits && axis < rank; axis++) fits = found[axis] == shape[axis];
    if (fits) return SQ_OK;
    return sq_fail(SQ_ERR_DATA, "%s: %s: has not the shape of %s", file->path, name, of);
}

sq_status sq_nc_find_type(const sq_nc *file, const char *name, nc_type *type) {
    int id;
    sq_status status = sq_nc_find_variable(file, name, &id);
    if (status != SQ_OK) return status;
    return sq_nc_result(file, name, "has no type", nc_inq_vartype(file->id, id, type));
}

sq_status sq_nc_variable_type(const sq_nc *file, const char *name, sq_nc_type *type) {
    nc_type found;
    sq_status status;
    SQ_TRY(sq_nc_find_type(file, name, &found));
    for (int known = SQ_NC_FLOAT; known <= SQ_NC_STRING; known++) {
        *type = (sq_nc_type)known;
        if (external_type(*type) == found) return SQ_OK;
    }
    status = sq_fail(SQ_ERR_DATA, "%s: %s: is of a type that is not known here", file->path, name);
cleanup:
    return status;
}

static sq_nc_kind kind_of(nc_type type) {
    switch (type) {
        case NC_BYTE:
        case NC_UBYTE:
        case NC_SHORT:
        case NC_USHORT:
        case NC_INT:
        case NC_UINT:
        case NC_INT64:
        case NC_UINT64: return SQ_NC_INTEGERS;
        case NC_FLOAT:
        case NC_DOUBLE: return SQ_NC_REALS;
        case NC_CHAR:
        case NC_STRING: return SQ_NC_TEXTS;
        default: return SQ_NC_OTHERS;
    }
}

sq_status sq_nc_variable_kind(const sq_nc *file, const char *name, sq_nc_kind *kind) {
    nc_type type;
    sq_status status = sq_nc_find_type(file, name, &type);
    if (status == SQ_OK) *kind = kind_of(type);
    return status;
}

bool sq_nc_is_packed(const sq_nc *file, const char *name) {
    return sq_nc_has_attribute(file, name, "scale_factor") ||
           sq_nc_has_attribute(file, name, "add_offset");
}

sq_status sq_nc_variable_dimension(const sq_nc *file, const char *name, int axis, char *dimension,
                                   size_t capacity) {
    int ids[SQ_NC_MAX_RANK];
    int rank;
    char found[NC_MAX_NAME + 1];
    sq_status status;
    SQ_TRY(dimension_ids(file, name, &rank, ids));
    if (axis < 0 || axis >= rank)
        SQ_TRY(sq_fail(SQ_ERR_ARGUMENT, "%s: %s: has no axis %d", file->path, name, axis));
    SQ_TRY(sq_nc_result(file, name, "dimension has no name",
                        nc_inq_dimname(file->id, ids[axis], found)));
    sq_copy_bounded(dimension, capacity, found);
cleanup:
    return status;
}

int sq_nc_variable_count(const sq_nc *file) {
    int count = 0;
    return nc_inq_nvars(file->id, &count) == NC_NOERR ? count : 0;
}

sq_status sq_nc_variable_name(const sq_nc *file, int index, char *name, size_t capacity) {
    char found[NC_MAX_NAME + 1];
    if (index < 0 || index >= sq_nc_variable_count(file))
        return sq_fail(SQ_ERR_ARGUMENT, "%s: has no variable number %d", file->path, index);
    sq_status status =
        sq_nc_result(file, NULL, "variable has no name", nc_inq_varname(file->id, index, found));
    if (status == SQ_OK) sq_copy_bounded(name, capacity, found);
    return status;
}
