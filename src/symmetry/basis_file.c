/* A solved basis as a NetCDF file of the cache. */
#include <string.h>

#include "base/memory.h"
#include "io/atomic_file.h"
#include "io/content_hash.h"
#include "io/netcdf_file.h"
#include "symmetry/bases.h"

static sq_status hash_basis(const sq_basis *basis, char text[33]) {
    sq_content_hash *hash = NULL;
    const size_t shape[] = {basis->count, basis->dimension};
    sq_status status = sq_content_hash_create(&hash);
    if (status != SQ_OK) return status;
    sq_content_hash_array(hash, "vectors", basis->vectors, sizeof(double), 2, shape);
    sq_content_hash_finish(hash, text);
    sq_content_hash_destroy(&hash);
    return SQ_OK;
}

static sq_status write_basis(sq_nc *file, const sq_group *group, int rank, sq_duals duals,
                             const sq_basis *basis) {
    static const char *const dimensions[] = {"invariant", "component"};
    sq_status status = SQ_OK;
    char hash[33];
    SQ_TRY(hash_basis(basis, hash));
    SQ_TRY(sq_nc_put_text(file, NULL, "title", "orthonormal basis of invariant tensors"));
    SQ_TRY(sq_nc_put_text(file, NULL, "group", group->name));
    SQ_TRY(sq_nc_put_integer(file, NULL, "rank", rank));
    SQ_TRY(sq_nc_put_integer(file, NULL, "dual_factors", duals));
    SQ_TRY(sq_nc_put_integer(file, NULL, "count", (int64_t)basis->count));
    SQ_TRY(sq_nc_put_integer(file, NULL, "dimension", (int64_t)basis->dimension));
    SQ_TRY(sq_nc_put_number(file, NULL, "residual", basis->residual));
    SQ_TRY(sq_nc_put_text(file, NULL, "content_hash", hash));
    if (basis->count == 0) goto cleanup; /* a dimension of length 0 would be unlimited */
    SQ_TRY(sq_nc_define_dimension(file, "invariant", basis->count));
    SQ_TRY(sq_nc_define_dimension(file, "component", basis->dimension));
    SQ_TRY(sq_nc_define_variable(file, "vectors", SQ_NC_DOUBLE, 2, dimensions));
    SQ_TRY(sq_nc_put_text(file, "vectors", "long_name", "orthonormal invariant tensors"));
    SQ_TRY(sq_nc_put_text(file, "vectors", "units", "1"));
    SQ_TRY(sq_nc_write_double(file, "vectors", NULL, NULL, basis->vectors));
cleanup:
    return status;
}

sq_status sq_basis_save(const char *path, const sq_group *group, int rank, sq_duals duals,
                        const sq_basis *basis) {
    sq_status status = SQ_OK;
    sq_atomic_file *atomic = NULL;
    sq_nc *file = NULL;
    SQ_TRY(sq_atomic_file_begin(path, &atomic));
    SQ_TRY(sq_nc_create(sq_atomic_file_path(atomic), &file));
    SQ_TRY(write_basis(file, group, rank, duals, basis));
    SQ_TRY(sq_nc_close(&file));
    SQ_TRY(sq_atomic_file_commit(&atomic));
cleanup:
    sq_nc_close(&file);
    sq_atomic_file_abandon(&atomic);
    return status;
}

static sq_status read_vectors(const sq_nc *file, sq_basis *basis) {
    sq_status status = SQ_OK;
    int rank = 0;
    size_t shape[SQ_NC_MAX_RANK] = {0};
    if (basis->count > 0) {
        SQ_TRY(sq_nc_variable_shape(file, "vectors", &rank, shape));
        if (rank != 2 || shape[0] != basis->count || shape[1] != basis->dimension) {
            status = sq_fail(SQ_ERR_DATA, "%s: vectors has another shape than its attributes say",
                             sq_nc_path(file));
            goto cleanup;
        }
    }
    SQ_TRY(sq_alloc(basis->count * basis->dimension, sizeof *basis->vectors, &basis->vectors));
    if (basis->count > 0) SQ_TRY(sq_nc_read_double(file, "vectors", NULL, NULL, basis->vectors));
cleanup:
    return status;
}

sq_status sq_basis_load(const char *path, sq_basis **basis) {
    sq_status status = SQ_OK;
    sq_nc *file = NULL;
    int64_t count = 0, dimension = 0;
    char expected[64], found[33];
    SQ_TRY(sq_alloc(1, sizeof **basis, basis));
    SQ_TRY(sq_nc_open(path, &file));
    SQ_TRY(sq_nc_get_integer(file, NULL, "count", &count));
    SQ_TRY(sq_nc_get_integer(file, NULL, "dimension", &dimension));
    SQ_TRY(sq_nc_get_text(file, NULL, "content_hash", expected, sizeof expected));
    if (count < 0 || dimension < 1 || count > dimension) {
        status = sq_fail(SQ_ERR_DATA, "%s: not a basis", path);
        goto cleanup;
    }
    (*basis)->count = (size_t)count;
    (*basis)->dimension = (size_t)dimension;
    SQ_TRY(read_vectors(file, *basis));
    SQ_TRY(hash_basis(*basis, found));
    if (strcmp(expected, found) != 0)
        status = sq_fail(SQ_ERR_DATA, "%s: the content hash does not fit", path);
cleanup:
    sq_nc_close(&file);
    if (status != SQ_OK) sq_basis_destroy(basis);
    return status;
}
