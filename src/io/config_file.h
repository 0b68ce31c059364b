/* Configuration files: INI, read by inih. */
#ifndef SQ_IO_CONFIG_FILE_H
#define SQ_IO_CONFIG_FILE_H

#include "softeq/config.h"
#include "softeq/error.h"

/* Sets every key that the file names; the others stay as they are. Errors: SQ_ERR_IO for a file
 * that cannot be read, SQ_ERR_CONFIG with file and line. */
sq_status sq_config_read_file(sq_config *config, const char *path);

#endif
