/* A checksum over a whole file, as a line after its end: shows damage before anybody interprets the
 * bytes. HDF5 can crash or loop on a damaged header, and ignores what follows the end it knows. */
#ifndef SQ_IO_FILE_SEAL_H
#define SQ_IO_FILE_SEAL_H

#include "softeq/error.h"

/* Appends the seal to a finished, closed file. */
sq_status sq_file_seal(const char *path);

/* SQ_ERR_DATA if the file has a seal that does not fit its bytes. A file without a seal passes:
 * another program may have rewritten it. SQ_ERR_IO if it cannot be read. */
sq_status sq_file_check_seal(const char *path);

#endif
