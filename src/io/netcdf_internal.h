/* What the parts of the NetCDF wrapper share. Nobody else includes this. */
#ifndef SQ_IO_NETCDF_INTERNAL_H
#define SQ_IO_NETCDF_INTERNAL_H

#include <netcdf.h>

#include "io/netcdf_file.h"

struct sq_nc {
    int id;
    char *path;
};

/* Records what failed (`doing`: "cannot be read") with file, variable (NULL: the file itself) and
 * NetCDF's own words for `code`; SQ_OK if code is NC_NOERR. */
sq_status sq_nc_result(const sq_nc *file, const char *variable, const char *doing, int code);

/* NetCDF's number of a variable. SQ_ERR_DATA if there is none. */
sq_status sq_nc_find_variable(const sq_nc *file, const char *name, int *id);

/* The type that a variable has in the file. SQ_ERR_DATA if there is no such variable. */
sq_status sq_nc_find_type(const sq_nc *file, const char *name, nc_type *type);

#endif
