/* The named groups: one row each. A new group is one builder and one row. */
#ifndef SQ_SYMMETRY_GROUP_TABLE_H
#define SQ_SYMMETRY_GROUP_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "softeq/group.h"

/* Most elements of a group's generators of one kind, so that an int counts them: GL(76) has about
 * as many. */
enum { SQ_GROUP_MAX_ARGUMENTS = 2, SQ_GROUP_MAX_ELEMENTS = 1 << 25 };

/* Fills dimension and generators of an empty group from the numbers in brackets. */
typedef sq_status sq_group_builder(const int *arguments, sq_group *group);

typedef struct {
    const char *name;
    int n_arguments;
    sq_group_builder *build;
    const char *help;
} sq_group_entry;

/* The entry of that name and number of arguments; SQ_ERR_CONFIG names the nearest. */
sq_status sq_group_find(const char *name, int n_arguments, const sq_group_entry **entry);

/* Appends a zero (lie) or identity (discrete) generator and returns it in *matrix: (d,d). */
sq_status sq_group_add_lie(sq_group *group, double **matrix);
sq_status sq_group_add_discrete(sq_group *group, double **matrix);

/* SQ_ERR_DATA if a generator is not finite or, a discrete one, singular. */
sq_status sq_group_check(const sq_group *group);

/* A hash of all generators, going on from `hash`. */
uint64_t sq_group_hash_generators(const sq_group *group, uint64_t hash);

/* Whether a generator of a Lie algebra is antisymmetric: exp(z a) turns vectors for every z and
 * leaves their lengths alone. a: (d,d), row-major. */
bool sq_group_is_rotation(const double *a, int d);

#endif
