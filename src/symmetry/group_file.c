#include "symmetry/group_file.h"

#include "base/memory.h"
#include "io/netcdf_file.h"
#include "symmetry/group_table.h"

static sq_status read_generators(const sq_nc *file, const char *path, const char *variable,
                                 sq_group *group, int *count, double **values) {
    sq_status status = SQ_OK;
    int rank = 0;
    size_t shape[SQ_NC_MAX_RANK];
    if (!sq_nc_has_variable(file, variable)) return SQ_OK;
    SQ_TRY(sq_nc_variable_shape(file, variable, &rank, shape));
    if (rank != 3 || shape[1] != shape[2] || shape[1] == 0 || shape[1] > 1000)
        return sq_fail(SQ_ERR_DATA, "%s: %s must have the shape (generators, d, d)", path,
                       variable);
    if (group->dimension != 0 && (size_t)group->dimension != shape[1])
        return sq_fail(SQ_ERR_DATA, "%s: lie_algebra and discrete are of different dimension",
                       path);
    if (shape[0] > SQ_GROUP_MAX_ELEMENTS / (shape[1] * shape[2]))
        return sq_fail(SQ_ERR_DATA,
                       "%s: %zu generators of %zux%zu in %s are too many: give a basis of the "
                       "algebra, and as few elements as generate the rest",
                       path, shape[0], shape[1], shape[2], variable);
    group->dimension = (int)shape[1];
    *count = (int)shape[0];
    SQ_TRY(sq_alloc(shape[0] * shape[1] * shape[2], sizeof **values, values));
    SQ_TRY(sq_nc_read_double(file, variable, NULL, NULL, *values));

cleanup:
    return status;
}

sq_status sq_group_read(const char *path, sq_group *group) {
    sq_status status = SQ_OK;
    sq_nc *file = NULL;
    SQ_TRY(sq_nc_open(path, &file));
    SQ_TRY(read_generators(file, path, "lie_algebra", group, &group->n_lie, &group->lie));
    SQ_TRY(read_generators(file, path, "discrete", group, &group->n_discrete, &group->discrete));
    if (group->dimension == 0) {
        status = sq_fail(SQ_ERR_DATA,
                         "%s: a group file holds lie_algebra(generator, row, column), "
                         "discrete(generator, row, column) or both",
                         path);
        goto cleanup;
    }
    SQ_TRY(sq_fail_within(sq_group_check(group), "%s", path));
cleanup:
    sq_nc_close(&file);
    return status;
}
