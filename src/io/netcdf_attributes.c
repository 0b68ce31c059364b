#include <netcdf.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "io/netcdf_internal.h"

/* Names the attribute in a failure: "FILE: VARIABLE:NAME: doing: reason". */
static sq_status result(const sq_nc *file, const char *variable, const char *name,
                        const char *doing, int code) {
    char label[2 * NC_MAX_NAME + 2];
    snprintf(label, sizeof label, "%s:%s", variable ? variable : "", name);
    return sq_nc_result(file, label, doing, code);
}

static sq_status find_owner(const sq_nc *file, const char *variable, int *id) {
    *id = NC_GLOBAL;
    return variable ? sq_nc_find_variable(file, variable, id) : SQ_OK;
}

sq_status sq_nc_put_text(sq_nc *file, const char *variable, const char *name, const char *text) {
    int id;
    sq_status status = find_owner(file, variable, &id);
    if (status != SQ_OK) return status;
    return result(file, variable, name, "attribute cannot be written",
                  nc_put_att_text(file->id, id, name, strlen(text), text));
}

sq_status sq_nc_put_number(sq_nc *file, const char *variable, const char *name, double value) {
    int id;
    sq_status status = find_owner(file, variable, &id);
    if (status != SQ_OK) return status;
    return result(file, variable, name, "attribute cannot be written",
                  nc_put_att_double(file->id, id, name, NC_DOUBLE, 1, &value));
}

sq_status sq_nc_put_integer(sq_nc *file, const char *variable, const char *name, int64_t value) {
    int id;
    long long wide = value;
    sq_status status = find_owner(file, variable, &id);
    if (status != SQ_OK) return status;
    return result(file, variable, name, "attribute cannot be written",
                  nc_put_att_longlong(file->id, id, name, NC_INT64, 1, &wide));
}

sq_status sq_nc_put_provenance(sq_nc *file, const char *title, const char *history) {
    char line[96];
    struct tm utc;
    time_t now = time(NULL);
    sq_status status;
    strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%SZ: written by softeq " SOFTEQ_VERSION,
             gmtime_r(&now, &utc));
    SQ_TRY(sq_nc_put_text(file, NULL, "Conventions", "CF-1.10"));
    SQ_TRY(sq_nc_put_text(file, NULL, "title", title));
    SQ_TRY(sq_nc_put_text(file, NULL, "source", "softeq " SOFTEQ_VERSION));
    SQ_TRY(sq_nc_put_text(file, NULL, "history", history ? history : line));
cleanup:
    return status;
}

bool sq_nc_has_attribute(const sq_nc *file, const char *variable, const char *name) {
    int id = NC_GLOBAL;
    int attribute;
    if (variable && nc_inq_varid(file->id, variable, &id) != NC_NOERR) return false;
    return nc_inq_attid(file->id, id, name, &attribute) == NC_NOERR;
}

bool sq_nc_has_text(const sq_nc *file, const char *variable, const char *name) {
    int id = NC_GLOBAL;
    nc_type type;
    size_t length;
    if (variable && nc_inq_varid(file->id, variable, &id) != NC_NOERR) return false;
    if (nc_inq_att(file->id, id, name, &type, &length) != NC_NOERR) return false;
    return type == NC_CHAR || (type == NC_STRING && length == 1);
}

/* Where an attribute is, what it is and how long. */
typedef struct {
    int owner;
    nc_type type;
    size_t length;
} attribute_info;

static sq_status find(const sq_nc *file, const char *variable, const char *name,
                      attribute_info *info) {
    sq_status status;
    SQ_TRY(find_owner(file, variable, &info->owner));
    int code = nc_inq_att(file->id, info->owner, name, &info->type, &info->length);
    if (code == NC_ENOTATT)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %s%shas no attribute %s", file->path,
                       variable ? variable : "", variable ? ": " : "", name));
    SQ_TRY(result(file, variable, name, "attribute cannot be read", code));
cleanup:
    return status;
}

/* FILE: VARIABLE: the attribute NAME is this; it must be that: do so. */
static sq_status fail_kind(const sq_nc *file, const char *variable, const char *name,
                           const char *is, const char *advice) {
    return sq_fail(SQ_ERR_DATA, "%s: %s%sthe attribute %s is %s; %s", file->path,
                   variable ? variable : "", variable ? ": " : "", name, is, advice);
}

static bool is_text(const attribute_info *info) {
    return info->type == NC_CHAR || info->type == NC_STRING;
}

/* What an attribute is, for people. text: (KIND_TEXT) */
enum { KIND_TEXT = 48 };
static const char *describe_kind(const attribute_info *info, char *text) {
    if (info->type == NC_CHAR || (info->type == NC_STRING && info->length == 1)) return "a text";
    if (!is_text(info) && info->length == 1) return "a number";
    snprintf(text, KIND_TEXT, "%zu %s", info->length, is_text(info) ? "texts" : "numbers");
    return text;
}

/* Text comes as characters from C and Fortran, as one string from other programs. */
sq_status sq_nc_copy_text(const sq_nc *file, const char *variable, const char *name, char **text) {
    attribute_info info;
    char *string = NULL, is[KIND_TEXT];
    sq_status status;
    *text = NULL;
    SQ_TRY(find(file, variable, name, &info));
    if (info.type == NC_STRING && info.length == 1) {
        SQ_TRY(result(file, variable, name, "attribute cannot be read",
                      nc_get_att_string(file->id, info.owner, name, &string)));
        SQ_TRY(sq_copy_text(string ? string : "", text));
    } else if (info.type == NC_CHAR) {
        SQ_TRY(sq_alloc(info.length + 1, 1, text));
        SQ_TRY(result(file, variable, name, "attribute cannot be read",
                      nc_get_att_text(file->id, info.owner, name, *text)));
    } else {
        SQ_TRY(fail_kind(file, variable, name, describe_kind(&info, is),
                         is_text(&info) ? "it must be one: write it as one text"
                                        : "it must be a text: write it in quotes"));
    }
cleanup:
    if (string) nc_free_string(1, &string);
    if (status != SQ_OK) {
        sq_free(*text);
        *text = NULL;
    }
    return status;
}

sq_status sq_nc_get_text(const sq_nc *file, const char *variable, const char *name, char *text,
                         size_t capacity) {
    char *found = NULL;
    sq_status status = sq_nc_copy_text(file, variable, name, &found);
    if (status != SQ_OK) return status;
    if (strlen(found) < capacity) {
        strcpy(text, found);
    } else {
        status = sq_fail(
            SQ_ERR_DATA, "%s: %s%sthe attribute %s is longer than %zu characters: shorten it",
            file->path, variable ? variable : "", variable ? ": " : "", name, capacity - 1);
    }
    sq_free(found);
    return status;
}

static sq_status find_single_number(const sq_nc *file, const char *variable, const char *name,
                                    attribute_info *info) {
    sq_status status = find(file, variable, name, info);
    char is[KIND_TEXT];
    if (status != SQ_OK) return status;
    if (info->length == 1 && !is_text(info)) return SQ_OK;
    return fail_kind(file, variable, name, describe_kind(info, is),
                     is_text(info) ? "it must be one number: write it without quotes"
                                   : "it must be one: write it as one number");
}

sq_status sq_nc_get_number(const sq_nc *file, const char *variable, const char *name,
                           double *value) {
    attribute_info info;
    sq_status status = find_single_number(file, variable, name, &info);
    if (status != SQ_OK) return status;
    return result(file, variable, name, "attribute cannot be read",
                  nc_get_att_double(file->id, info.owner, name, value));
}

sq_status sq_nc_get_integer(const sq_nc *file, const char *variable, const char *name,
                            int64_t *value) {
    attribute_info info;
    long long wide = 0;
    sq_status status = find_single_number(file, variable, name, &info);
    if (status != SQ_OK) return status;
    status = result(file, variable, name, "attribute cannot be read",
                    nc_get_att_longlong(file->id, info.owner, name, &wide));
    *value = wide;
    return status;
}

/* ---- missing values ---- */

static bool has_default_missing(nc_type type, double *value) {
    switch (type) {
        case NC_SHORT: *value = NC_FILL_SHORT; return true;
        case NC_USHORT: *value = NC_FILL_USHORT; return true;
        case NC_INT: *value = NC_FILL_INT; return true;
        case NC_UINT: *value = NC_FILL_UINT; return true;
        case NC_INT64: *value = (double)NC_FILL_INT64; return true;
        case NC_UINT64: *value = (double)NC_FILL_UINT64; return true;
        case NC_FLOAT: *value = NC_FILL_FLOAT; return true;
        case NC_DOUBLE: *value = NC_FILL_DOUBLE; return true;
        default: return false;
    }
}

/* Numbers of an attribute, behind those that are there. A text is no number of the variable. */
static sq_status add_numbers(const sq_nc *file, const char *variable, const char *name,
                             double **values, size_t *count) {
    attribute_info info;
    sq_status status = SQ_OK;
    if (!sq_nc_has_attribute(file, variable, name)) return SQ_OK;
    SQ_TRY(find(file, variable, name, &info));
    if (is_text(&info)) return SQ_OK;
    SQ_TRY(sq_grow(*count, *count + info.length, sizeof **values, values));
    SQ_TRY(result(file, variable, name, "attribute cannot be read",
                  nc_get_att_double(file->id, info.owner, name, *values + *count)));
    *count += info.length;
cleanup:
    return status;
}

sq_status sq_nc_copy_missing_values(const sq_nc *file, const char *name, double **values,
                                    size_t *count) {
    nc_type type;
    double usual;
    sq_status status;
    *values = NULL;
    *count = 0;
    SQ_TRY(sq_nc_find_type(file, name, &type));
    SQ_TRY(add_numbers(file, name, "_FillValue", values, count));
    if (*count == 0 && has_default_missing(type, &usual)) {
        SQ_TRY(sq_grow(0, 1, sizeof **values, values));
        (*values)[(*count)++] = usual;
    }
    SQ_TRY(add_numbers(file, name, "missing_value", values, count));
cleanup:
    if (status != SQ_OK) {
        sq_free(*values);
        *values = NULL;
    }
    return status;
}
