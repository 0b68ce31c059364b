/* What generators are, and whether they can be those of a group. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "linalg/linalg.h"
#include "symmetry/group_table.h"

static sq_status check_finite(const char *what, int count, int d, const double *values) {
    for (int k = 0; k < count * d * d; k++)
        if (!isfinite(values[k]))
            return sq_fail(SQ_ERR_DATA, "%s: generator %d has an entry that is not finite", what,
                           k / (d * d));
    return SQ_OK;
}

static sq_status check_invertible(const char *what, int count, int d, const double *values) {
    sq_status status = SQ_OK;
    double *copy = NULL;
    size_t size = (size_t)(d * d);
    SQ_TRY(sq_alloc(size, sizeof *copy, &copy));
    for (int k = 0; k < count; k++) {
        memcpy(copy, values + (size_t)k * size, size * sizeof *copy);
        if (sq_invert((size_t)d, copy) != SQ_OK) {
            status = sq_fail(SQ_ERR_DATA, "%s: generator %d is singular", what, k);
            goto cleanup;
        }
    }
cleanup:
    sq_free(copy);
    return status;
}

sq_status sq_group_check(const sq_group *group) {
    sq_status status = SQ_OK;
    int d = group->dimension;
    SQ_TRY(check_finite("lie_algebra", group->n_lie, d, group->lie));
    SQ_TRY(check_finite("discrete", group->n_discrete, d, group->discrete));
    SQ_TRY(check_invertible("discrete", group->n_discrete, d, group->discrete));
cleanup:
    return status;
}

bool sq_group_is_rotation(const double *a, int d) {
    for (int i = 0; i < d; i++)
        for (int j = 0; j <= i; j++)
            if (fabs(a[i * d + j] + a[j * d + i]) > 1e-14) return false;
    return true;
}
