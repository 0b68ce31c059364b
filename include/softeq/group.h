/* Symmetry types: matrix groups given by generators, named by an expression.
 *
 * An expression is a product of factors, `SO(3)*Scaling(3)`: the union of their generators.
 * A factor is NAME(n) or NAME(n)@axes, the group embedded in some axes of R^d (identity elsewhere;
 * axes are letters of xyzw or numbers joined by '-', `O(2)@xy`, `SO(2)@0-3`), or `file:PATH`, a
 * NetCDF file with lie_algebra(m,d,d) and/or discrete(k,d,d). docs/groups.md lists the names. */
#ifndef SOFTEQ_GROUP_H
#define SOFTEQ_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"

/* Lie algebra basis and discrete generators of one symmetry type, as d x d row-major matrices. */
typedef struct {
    char name[256];
    int dimension;    /* d: the group acts on R^d */
    int n_lie;        /* number of Lie algebra generators */
    int n_discrete;   /* number of discrete generators */
    double *lie;      /* (n_lie, d, d) */
    double *discrete; /* (n_discrete, d, d) */
    bool orthogonal;  /* every A antisymmetric and every h orthogonal: V* = V */
    bool permutation; /* no Lie algebra, and every h a permutation matrix */
    int *order;       /* (n_discrete) of each discrete generator; 0: infinite, or above 1000 */
    int words;        /* a random element is a product of so many products of powers of them */
} sq_group;

/* Builds the group that `expression` names, acting on R^dimension; dimension 0 takes it from the
 * expression (an embedding alone acts on R^3 if its letters lie in xyz).
 * Errors: SQ_ERR_CONFIG for an unknown name (the nearest is given), a wrong size or a wrong axis;
 * SQ_ERR_DATA for a file's generators that are not square, not finite or (discrete) singular.
 * The caller destroys the group. */
sq_status sq_group_create(const char *expression, int dimension, sq_group **group);
/* The same; relative paths of file: are in `folder`; "": the current one. */
sq_status sq_group_create_within(const char *folder, const char *expression, int dimension,
                                 sq_group **group);
void sq_group_destroy(sq_group **group);

/* The group that these generators make: row-major matrices, copied. lie: (n_lie, d, d); discrete:
 * (n_discrete, d, d); either may be NULL if there is none of it. name: for messages.
 * Errors: SQ_ERR_DATA for a generator that is not finite or (discrete) singular, SQ_ERR_ARGUMENT
 * without any generator. The caller destroys the group. */
sq_status sq_group_create_from(const char *name, int dimension, int n_lie, const double *lie,
                               int n_discrete, const double *discrete, sq_group **group);

/* Whether a file gives generators of it, as its name says. */
bool sq_group_is_of_file(const sq_group *group);

/* Of the generators, in their order. */
uint64_t sq_group_hash(const sq_group *group);

/* A copy of its own. The caller destroys it. */
sq_status sq_group_copy(const sq_group *group, sq_group **copy);

/* The group that all of them generate together: the union of their generators. groups: (count) of
 * one dimension. The caller destroys it. */
sq_status sq_group_join(const sq_group *const *groups, int count, sq_group **joint);

/* Splits a list of expressions at white space and commas outside of brackets; builds each over the
 * common dimension (or `dimension` if not 0). groups: (*count), owned by the caller. */
sq_status sq_group_list_create(const char *expressions, int dimension, sq_group ***groups,
                               int *count);
/* The same; relative paths of file: are in `folder`; "": the current one. */
sq_status sq_group_list_create_within(const char *folder, const char *expressions, int dimension,
                                      sq_group ***groups, int *count);
void sq_group_list_destroy(sq_group ***groups, int count);

#endif
