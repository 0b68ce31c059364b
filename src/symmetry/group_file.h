/* Groups that the user gives by their generators in a NetCDF file. */
#ifndef SQ_SYMMETRY_GROUP_FILE_H
#define SQ_SYMMETRY_GROUP_FILE_H

#include "softeq/group.h"

/* Reads lie_algebra(m,d,d) and discrete(k,d,d) (at least one of them; other names are refused)
 * into an empty group. Errors: SQ_ERR_IO, SQ_ERR_DATA (not square, not finite, singular). */
sq_status sq_group_read(const char *path, sq_group *group);

#endif
