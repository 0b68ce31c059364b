/* Configuration files, written; sq_config_read_file reads them (softeq/config.h). */
#ifndef SQ_IO_CONFIG_FILE_H
#define SQ_IO_CONFIG_FILE_H

#include "softeq/config.h"

/* Writes all keys into an INI file, atomically. Errors: SQ_ERR_IO, SQ_ERR_MEMORY. */
sq_status sq_config_write_file(const sq_config *config, const char *path);

#endif
