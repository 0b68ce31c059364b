/* How variables lie in files, and what is kept of that in memory. */
#include <netcdf.h>

#include "io/netcdf_internal.h"

/* Of a variable's cache: primes, as HDF5 advises. */
enum { CHUNK_ENTRIES = 521, MANY_ENTRIES = 10007 };
static const float preemption = 0.75F;

/* NetCDF as a whole is told, before the file is open: to tell it of one variable afterwards opens
 * another one (NetCDF 4.9) where a dimension has the same name. */
sq_status sq_nc_open_keeping(const char *path, size_t chunk_bytes, sq_nc **file) {
    size_t bytes = 0, entries = 0;
    float usual = 0;
    nc_get_chunk_cache(&bytes, &entries, &usual);
    nc_set_chunk_cache(chunk_bytes, chunk_bytes > 0 ? MANY_ENTRIES : CHUNK_ENTRIES, usual);
    sq_status status = sq_nc_open(path, file);
    nc_set_chunk_cache(bytes, entries, usual);
    return status;
}

/* Bytes of one chunk of a variable. */
static sq_status find_chunk_bytes(const sq_nc *file, const char *name, int id, const size_t *chunk,
                                  size_t *bytes) {
    nc_type type;
    int rank;
    sq_status status;
    SQ_TRY(sq_nc_result(file, name, "has no type", nc_inq_vartype(file->id, id, &type)));
    SQ_TRY(sq_nc_result(file, name, "has no size", nc_inq_type(file->id, type, NULL, bytes)));
    SQ_TRY(sq_nc_result(file, name, "has no rank", nc_inq_varndims(file->id, id, &rank)));
    for (int i = 0; i < rank; i++) *bytes *= chunk[i];
cleanup:
    return status;
}

sq_status sq_nc_define_storage(sq_nc *file, const char *name, const size_t *chunk, int deflate) {
    int id;
    size_t bytes;
    sq_status status;
    SQ_TRY(sq_nc_find_variable(file, name, &id));
    SQ_TRY(sq_nc_result(file, name, "cannot be chunked",
                        nc_def_var_chunking(file->id, id, NC_CHUNKED, chunk)));
    if (deflate > 0)
        SQ_TRY(sq_nc_result(file, name, "cannot be compressed",
                            nc_def_var_deflate(file->id, id, 1, 1, deflate)));
    SQ_TRY(find_chunk_bytes(file, name, id, chunk, &bytes));
    SQ_TRY(
        sq_nc_result(file, name, "cannot be cached",
                     nc_set_var_chunk_cache(file->id, id, 2 * bytes, CHUNK_ENTRIES, preemption)));
cleanup:
    return status;
}

/* ---- chunks that are read again ---- */

/* Is there a filter, so that a chunk is only had as a whole? */
static bool is_filtered(const sq_nc *file, int id) {
    int shuffle = 0, deflate = 0, level = 0, checksum = NC_NOCHECKSUM;
    unsigned filter = 0;
    size_t parameters = 0;
    nc_inq_var_deflate(file->id, id, &shuffle, &deflate, &level);
    nc_inq_var_fletcher32(file->id, id, &checksum);
    nc_inq_var_filter(file->id, id, &filter, &parameters, NULL); /* the first; 0: there is none */
    return shuffle || deflate || checksum != NC_NOCHECKSUM || filter != 0;
}

static size_t ceil_ratio(size_t of, size_t by) { return of / by + (of % by > 0); }

/* Sets *layer to the number of chunks that the same rows stand in, *layers to how many such there
 * are one after another, *bytes to those of a chunk. */
static sq_status count_chunks(const sq_nc *file, const char *name, int id, const size_t *chunk,
                              size_t *layer, size_t *layers, size_t *bytes) {
    size_t shape[SQ_NC_MAX_RANK];
    int rank;
    sq_status status;
    SQ_TRY(sq_nc_variable_shape(file, name, &rank, shape));
    SQ_TRY(find_chunk_bytes(file, name, id, chunk, bytes));
    *layers = ceil_ratio(shape[0], chunk[0]);
    *layer = 1;
    for (int k = 1; k < rank; k++) *layer *= ceil_ratio(shape[k], chunk[k]);
cleanup:
    return status;
}

sq_status sq_nc_find_long_chunks(const sq_nc *file, const char *name, size_t rows,
                                 size_t most_bytes, size_t *keep_bytes, bool *all) {
    int id, storage;
    size_t chunk[SQ_NC_MAX_RANK], layer, layers, bytes;
    sq_status status;
    *keep_bytes = 0;
    *all = true;
    SQ_TRY(sq_nc_find_variable(file, name, &id));
    SQ_TRY(sq_nc_result(file, name, "has no storage",
                        nc_inq_var_chunking(file->id, id, &storage, chunk)));
    if (storage != NC_CHUNKED || chunk[0] <= rows || !is_filtered(file, id)) return SQ_OK;
    SQ_TRY(count_chunks(file, name, id, chunk, &layer, &layers, &bytes));
    size_t fit = most_bytes / bytes / layer;
    *all = fit >= layers;
    *keep_bytes = bytes * layer * (fit < layers ? fit : layers);
cleanup:
    return status;
}
