#include "symmetry/group_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* Room doubles when it is full, which is when the count is a power of two. */
static sq_status add_generator(double **array, int *count, int d, double **matrix) {
    sq_status status = SQ_OK;
    size_t size = (size_t)d * (size_t)d, used = (size_t)*count;
    if ((used + 1) * size > SQ_GROUP_MAX_ELEMENTS)
        return sq_fail(SQ_ERR_CONFIG,
                       "more than %d generators of %dx%d are too many: use a smaller group", *count,
                       d, d);
    if ((used & (used - 1)) == 0)
        SQ_TRY(sq_grow(used * size, (used ? 2 * used : 1) * size, sizeof(double), array));
    *matrix = *array + used * size;
    (*count)++;
cleanup:
    return status;
}

sq_status sq_group_add_lie(sq_group *group, double **matrix) {
    return add_generator(&group->lie, &group->n_lie, group->dimension, matrix);
}

sq_status sq_group_add_discrete(sq_group *group, double **matrix) {
    sq_status status =
        add_generator(&group->discrete, &group->n_discrete, group->dimension, matrix);
    for (int i = 0; status == SQ_OK && i < group->dimension; i++)
        (*matrix)[i * group->dimension + i] = 1.0;
    return status;
}

/* Entry (i,j) of the algebra generator added. */
static sq_status add_elementary(sq_group *group, int i, int j, double value) {
    double *a = NULL;
    sq_status status = sq_group_add_lie(group, &a);
    if (status == SQ_OK) a[i * group->dimension + j] = value;
    return status;
}

/* The generator with a_ij = 1, a_ji = -eta_j/eta_i for the form of signature (p,q). */
static sq_status add_rotations(sq_group *group, int n, int p) {
    sq_status status = SQ_OK;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
            double *a = NULL;
            SQ_TRY(sq_group_add_lie(group, &a));
            a[i * group->dimension + j] = 1.0;
            a[j * group->dimension + i] = (i < p) == (j < p) ? -1.0 : 1.0;
        }
    }
cleanup:
    return status;
}

static sq_status add_reflection(sq_group *group, int axis) {
    double *h = NULL;
    sq_status status = sq_group_add_discrete(group, &h);
    if (status == SQ_OK) h[axis * group->dimension + axis] = -1.0;
    return status;
}

/* The permutation that moves coordinate i to (i+1) mod n, over the first n coordinates. */
static sq_status add_cycle(sq_group *group, int n) {
    double *h = NULL;
    sq_status status = sq_group_add_discrete(group, &h);
    if (status != SQ_OK) return status;
    memset(h, 0, (size_t)(group->dimension * group->dimension) * sizeof *h);
    for (int i = 0; i < n; i++) h[(i + 1) % n * group->dimension + i] = 1.0;
    return SQ_OK;
}

static sq_status build_trivial(const int *arguments, sq_group *group) {
    group->dimension = arguments[0];
    return SQ_OK;
}

static sq_status build_so(const int *arguments, sq_group *group) {
    group->dimension = arguments[0];
    return add_rotations(group, arguments[0], arguments[0]);
}

static sq_status build_o(const int *arguments, sq_group *group) {
    sq_status status = build_so(arguments, group);
    return status == SQ_OK ? add_reflection(group, 0) : status;
}

static sq_status build_so_plus_pq(const int *arguments, sq_group *group) {
    group->dimension = arguments[0] + arguments[1];
    return add_rotations(group, group->dimension, arguments[0]);
}

/* The second component of SO(p,q): one axis of each sign reversed. */
static sq_status build_so_pq(const int *arguments, sq_group *group) {
    sq_status status = build_so_plus_pq(arguments, group);
    if (status != SQ_OK) return status;
    double *h = NULL;
    status = sq_group_add_discrete(group, &h);
    if (status != SQ_OK) return status;
    h[0] = -1.0;
    h[group->dimension * group->dimension - 1] = -1.0;
    return SQ_OK;
}

static sq_status build_o_pq(const int *arguments, sq_group *group) {
    sq_status status = build_so_plus_pq(arguments, group);
    if (status == SQ_OK) status = add_reflection(group, 0);
    return status == SQ_OK ? add_reflection(group, group->dimension - 1) : status;
}

static sq_status build_gl(const int *arguments, sq_group *group) {
    sq_status status = SQ_OK;
    group->dimension = arguments[0];
    for (int i = 0; i < arguments[0]; i++)
        for (int j = 0; j < arguments[0]; j++) SQ_TRY(add_elementary(group, i, j, 1.0));
cleanup:
    return status;
}

static sq_status build_sl(const int *arguments, sq_group *group) {
    sq_status status = SQ_OK;
    int n = group->dimension = arguments[0];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            if (i != j) SQ_TRY(add_elementary(group, i, j, 1.0));
    for (int i = 0; i + 1 < n; i++) {
        SQ_TRY(add_elementary(group, i, i, 1.0));
        group->lie[((size_t)group->n_lie * (size_t)n - (size_t)n + (size_t)i + 1) * (size_t)n +
                   (size_t)i + 1] = -1.0;
    }
cleanup:
    return status;
}

/* Sp(2n) keeps the form ((0,1),(-1,0)): the algebra is ((X,Y),(Z,-X^T)), Y and Z symmetric. */
static sq_status build_sp(const int *arguments, sq_group *group) {
    sq_status status = SQ_OK;
    int d = group->dimension = arguments[0];
    int n = d / 2;
    if (d % 2 != 0)
        return sq_fail(SQ_ERR_CONFIG, "Sp(%d): the dimension of a symplectic group is even", d);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            double *a = NULL;
            SQ_TRY(sq_group_add_lie(group, &a));
            a[i * d + j] = 1.0;
            a[(n + j) * d + n + i] = -1.0;
        }
        for (int j = 0; j <= i; j++) {
            double *y = NULL;
            double *z = NULL;
            SQ_TRY(sq_group_add_lie(group, &y));
            y[i * d + n + j] = y[j * d + n + i] = 1.0;
            SQ_TRY(sq_group_add_lie(group, &z));
            z[(n + i) * d + j] = z[(n + j) * d + i] = 1.0;
        }
    }
cleanup:
    return status;
}

static sq_status build_scaling(const int *arguments, sq_group *group) {
    group->dimension = arguments[0];
    double *a = NULL;
    sq_status status = sq_group_add_lie(group, &a);
    for (int i = 0; status == SQ_OK && i < arguments[0]; i++) a[i * arguments[0] + i] = 1.0;
    return status;
}

static sq_status build_reflection(const int *arguments, sq_group *group) {
    sq_status status = SQ_OK;
    group->dimension = arguments[0];
    for (int axis = 0; axis < arguments[0]; axis++) SQ_TRY(add_reflection(group, axis));
cleanup:
    return status;
}

static sq_status build_z(const int *arguments, sq_group *group) {
    group->dimension = arguments[0];
    return add_cycle(group, arguments[0]);
}

/* A transposition and a cycle generate all permutations. */
static sq_status build_s(const int *arguments, sq_group *group) {
    group->dimension = arguments[0];
    if (arguments[0] == 1) return build_z(arguments, group);
    sq_status status = add_cycle(group, 2);
    if (status != SQ_OK || arguments[0] == 2) return status;
    for (int i = 2; i < arguments[0]; i++) group->discrete[i * arguments[0] + i] = 1.0;
    return add_cycle(group, arguments[0]);
}

/* Rotations of the plane by 1/k of a turn. */
static sq_status build_c(const int *arguments, sq_group *group) {
    group->dimension = 2;
    double *h = NULL;
    sq_status status = sq_group_add_discrete(group, &h);
    if (status != SQ_OK) return status;
    const double turn = 6.283185307179586476925;
    double cosine = cos(turn / arguments[0]), sine = sin(turn / arguments[0]);
    if (4 % arguments[0] == 0) { /* quarter turns without rounding */
        cosine = round(cosine);
        sine = round(sine);
    }
    h[0] = h[3] = cosine;
    h[1] = -sine;
    h[2] = sine;
    return SQ_OK;
}

static sq_status build_d(const int *arguments, sq_group *group) {
    sq_status status = build_c(arguments, group);
    return status == SQ_OK ? add_reflection(group, 1) : status;
}

/* Homogeneous coordinates: R^n with a last coordinate of 1. */
static sq_status build_rotation(const int *arguments, sq_group *group) {
    group->dimension = arguments[0] + 1;
    return add_rotations(group, arguments[0], arguments[0]);
}

static sq_status add_translations(sq_group *group) {
    sq_status status = SQ_OK;
    int n = group->dimension - 1;
    for (int i = 0; i < n; i++) SQ_TRY(add_elementary(group, i, n, 1.0));
cleanup:
    return status;
}

static sq_status build_translation(const int *arguments, sq_group *group) {
    group->dimension = arguments[0] + 1;
    return add_translations(group);
}

static sq_status build_se(const int *arguments, sq_group *group) {
    sq_status status = build_rotation(arguments, group);
    return status == SQ_OK ? add_translations(group) : status;
}

static const sq_group_entry entries[] = {
    {"O", 1, build_o, "rotations and reflections of R^n"},
    {"O", 2, build_o_pq, "everything that keeps a form of signature (p,q)"},
    {"SO", 1, build_so, "rotations of R^n"},
    {"SO", 2, build_so_pq, "determinant 1, keeps a form of signature (p,q)"},
    {"SO+", 2, build_so_plus_pq, "the identity component of SO(p,q)"},
    {"SL", 1, build_sl, "determinant 1"},
    {"GL", 1, build_gl, "all invertible matrices (identity component)"},
    {"Sp", 1, build_sp, "symplectic group of R^n, n even"},
    {"Scaling", 1, build_scaling, "multiplication of R^n by positive numbers"},
    {"Reflection", 1, build_reflection, "change of sign of each axis of R^n"},
    {"S", 1, build_s, "permutations of the coordinates of R^n"},
    {"Z", 1, build_z, "cyclic permutations of the coordinates of R^n"},
    {"C", 1, build_c, "rotations of R^2 by 1/n of a turn"},
    {"D", 1, build_d, "C(n) and a reflection of R^2"},
    {"SE", 1, build_se, "rotations and translations of R^n, homogeneous coordinates R^(n+1)"},
    {"Rotation", 1, build_rotation, "rotations of R^n in homogeneous coordinates R^(n+1)"},
    {"Translation", 1, build_translation, "translations of R^n in homogeneous coordinates R^(n+1)"},
    {"Trivial", 1, build_trivial, "nothing but the identity of R^n"},
};
enum { ENTRY_COUNT = sizeof entries / sizeof *entries };

sq_status sq_group_find(const char *name, int n_arguments, const sq_group_entry **entry) {
    const char *names[ENTRY_COUNT];
    const sq_group_entry *other = NULL;
    for (int i = 0; i < ENTRY_COUNT; i++) {
        names[i] = entries[i].name;
        if (strcmp(name, entries[i].name) != 0) continue;
        other = &entries[i];
        *entry = &entries[i];
        if (entries[i].n_arguments == n_arguments) return SQ_OK;
    }
    if (other)
        return sq_fail(SQ_ERR_CONFIG, "the group %s takes %d number%s in brackets, not %d", name,
                       other->n_arguments, other->n_arguments == 1 ? "" : "s", n_arguments);
    const char *nearest = sq_nearest_word(name, names, ENTRY_COUNT);
    return sq_fail(SQ_ERR_CONFIG, "there is no group named '%s'%s%s%s", name,
                   nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}
