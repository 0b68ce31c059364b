/* Says what a file is that is not what it should be. */
#ifndef SQ_DATA_FILE_KIND_H
#define SQ_DATA_FILE_KIND_H

#include <stddef.h>

/* A name such as "a NetCDF-4 (HDF5) file" for a file that begins with these bytes; NULL: unknown.
 */
const char *sq_file_kind(const unsigned char *bytes, size_t count);

/* The same where text is wanted: NULL for text and for an empty file, too. */
const char *sq_binary_kind(const unsigned char *bytes, size_t count);

#endif
