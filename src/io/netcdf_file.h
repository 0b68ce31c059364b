/* NetCDF-4 files: the one place that knows netcdf.h. Every failure names file and variable.
 * Not thread safe: one thread of a process at a time. */
#ifndef SQ_IO_NETCDF_FILE_H
#define SQ_IO_NETCDF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"
#include "softeq/real.h"

typedef struct sq_nc sq_nc;

typedef enum {
    SQ_NC_FLOAT,
    SQ_NC_DOUBLE,
    SQ_NC_INT32,
    SQ_NC_INT64,
    SQ_NC_BYTE,
    SQ_NC_STRING
} sq_nc_type;
#ifdef SOFTEQ_DOUBLE
#define SQ_NC_REAL SQ_NC_DOUBLE
#else
#define SQ_NC_REAL SQ_NC_FLOAT
#endif

/* What a variable of any type holds. */
typedef enum { SQ_NC_INTEGERS, SQ_NC_REALS, SQ_NC_TEXTS, SQ_NC_OTHERS } sq_nc_kind;

enum { SQ_NC_MAX_RANK = 8 };

/* Creates (truncates) / opens for reading. The caller closes. Errors of opening: SQ_ERR_IO for a
 * file that is missing, cut off or no NetCDF-4, SQ_ERR_DATA for a classic NetCDF file. */
sq_status sq_nc_create(const char *path, sq_nc **file);
sq_status sq_nc_open(const char *path, sq_nc **file);
/* The same with memory for chunks of so many bytes a variable. 0 is for those who read whole
 * chunks: otherwise NetCDF keeps some MB for each variable of each file. */
sq_status sq_nc_open_keeping(const char *path, size_t chunk_bytes, sq_nc **file);
/* What to keep of a variable whose chunks are compressed and longer than the `rows` rows that are
 * read at a time. *keep_bytes: of as many of its chunks as most_bytes take, but of those that the
 * same rows stand in all or none; 0 if they are not like that. *all: whether those are all chunks;
 * else some are decompressed again and again. */
sq_status sq_nc_find_long_chunks(const sq_nc *file, const char *name, size_t rows,
                                 size_t most_bytes, size_t *keep_bytes, bool *all);
/* Accepts and leaves NULL. A failure to flush is reported. */
sq_status sq_nc_close(sq_nc **file);
const char *sq_nc_path(const sq_nc *file);

/* Definitions; length 0 is unlimited. dimensions: (rank) names. */
sq_status sq_nc_define_dimension(sq_nc *file, const char *name, size_t length);
sq_status sq_nc_define_variable(sq_nc *file, const char *name, sq_nc_type type, int rank,
                                const char *const *dimensions);
/* Chunk shape (rank) and deflate level (0: none) of a variable just defined. Two chunks are kept in
 * memory. */
sq_status sq_nc_define_storage(sq_nc *file, const char *name, const size_t *chunk, int deflate);
/* The value that stands for "not computed" (attribute _FillValue). */
sq_status sq_nc_define_missing(sq_nc *file, const char *name, double value);

/* Attributes; variable NULL: of the file. */
sq_status sq_nc_put_text(sq_nc *file, const char *variable, const char *name, const char *text);
sq_status sq_nc_put_number(sq_nc *file, const char *variable, const char *name, double value);
sq_status sq_nc_put_integer(sq_nc *file, const char *variable, const char *name, int64_t value);
/* The global attributes that say where a file comes from: Conventions, title, source (this program)
 * and history ("DATE: COMMAND"; NULL: now, written by this program). */
sq_status sq_nc_put_provenance(sq_nc *file, const char *title, const char *history);
/* Failure if absent or of another kind. text: (capacity), truncation is an error. */
bool sq_nc_has_attribute(const sq_nc *file, const char *variable, const char *name);
/* Whether there is such an attribute, and it is a text. */
bool sq_nc_has_text(const sq_nc *file, const char *variable, const char *name);
sq_status sq_nc_get_text(const sq_nc *file, const char *variable, const char *name, char *text,
                         size_t capacity);
/* The same for a text of any length, to be freed with sq_free. */
sq_status sq_nc_copy_text(const sq_nc *file, const char *variable, const char *name, char **text);
sq_status sq_nc_get_number(const sq_nc *file, const char *variable, const char *name,
                           double *value);
sq_status sq_nc_get_integer(const sq_nc *file, const char *variable, const char *name,
                            int64_t *value);

/* Numbers of a variable that stand for no value: those of its attributes _FillValue and
 * missing_value and, without the first, NetCDF's own mark for what was never written. Of bytes
 * there is none of these, since all of their values are in use. values: (count), to be freed with
 * sq_free. */
sq_status sq_nc_copy_missing_values(const sq_nc *file, const char *name, double **values,
                                    size_t *count);

/* Dimensions and variables. shape: (SQ_NC_MAX_RANK). */
bool sq_nc_has_dimension(const sq_nc *file, const char *name);
bool sq_nc_has_variable(const sq_nc *file, const char *name);
sq_status sq_nc_dimension_length(const sq_nc *file, const char *name, size_t *length);
sq_status sq_nc_variable_shape(const sq_nc *file, const char *name, int *rank, size_t *shape);
/* SQ_ERR_DATA unless the variable has this shape (rank); of: what such a file is, "a run log". */
sq_status sq_nc_check_shape(const sq_nc *file, const char *name, int rank, const size_t *shape,
                            const char *of);
/* SQ_ERR_DATA if it is none of sq_nc_type. */
sq_status sq_nc_variable_type(const sq_nc *file, const char *name, sq_nc_type *type);
sq_status sq_nc_variable_kind(const sq_nc *file, const char *name, sq_nc_kind *kind);
/* Whether it is kept as scaled numbers (attributes scale_factor, add_offset), which are read as
 * they are. */
bool sq_nc_is_packed(const sq_nc *file, const char *name);
/* Names of all variables, in file order. name: (capacity). SQ_ERR_ARGUMENT past the last. */
int sq_nc_variable_count(const sq_nc *file);
sq_status sq_nc_variable_name(const sq_nc *file, int index, char *name, size_t capacity);
/* Name of dimension `axis` of a variable. */
sq_status sq_nc_variable_dimension(const sq_nc *file, const char *name, int axis, char *dimension,
                                   size_t capacity);

/* Values of a hyperslab, converted to the caller's type by NetCDF; start and count: (rank), or
 * both NULL for the whole variable as long as it is now. `values` has room for the slab, row-major.
 * A value too large for the caller's floating-point type reads as infinity. */
sq_status sq_nc_read_double(const sq_nc *file, const char *name, const size_t *start,
                            const size_t *count, double *values);
sq_status sq_nc_read_float(const sq_nc *file, const char *name, const size_t *start,
                           const size_t *count, float *values);
sq_status sq_nc_read_real(const sq_nc *file, const char *name, const size_t *start,
                          const size_t *count, sq_real *values);
sq_status sq_nc_read_int64(const sq_nc *file, const char *name, const size_t *start,
                           const size_t *count, int64_t *values);
sq_status sq_nc_write_double(sq_nc *file, const char *name, const size_t *start,
                             const size_t *count, const double *values);
sq_status sq_nc_write_float(sq_nc *file, const char *name, const size_t *start, const size_t *count,
                            const float *values);
sq_status sq_nc_write_real(sq_nc *file, const char *name, const size_t *start, const size_t *count,
                           const sq_real *values);
sq_status sq_nc_write_int64(sq_nc *file, const char *name, const size_t *start, const size_t *count,
                            const int64_t *values);
/* One string of a list of them. text: (capacity) when read. SQ_ERR_DATA if it is no such list. */
sq_status sq_nc_write_string(sq_nc *file, const char *name, const size_t *index, const char *text);
sq_status sq_nc_read_string(const sq_nc *file, const char *name, const size_t *index, char *text,
                            size_t capacity);

/* "4.9.0 of ..." */
const char *sq_nc_library_version(void);

#endif
