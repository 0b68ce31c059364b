/* INI files, read by inih: the one place that knows ini.h. */
#ifndef SQ_IO_INI_READER_H
#define SQ_IO_INI_READER_H

#include "softeq/error.h"

enum { SQ_INI_LONGEST_LINE = 2048 };

/* Takes one `name = value` of a section; a failure ends the reading. The texts are the reader's. */
typedef sq_status sq_ini_handler(void *context, const char *path, int line, const char *section,
                                 const char *name, const char *value);

/* Gives every key of the file to the handler, in order. Errors: SQ_ERR_IO if it cannot be read,
 * SQ_ERR_CONFIG with file and line for what is no INI, and whatever the handler returns. */
sq_status sq_ini_read(const char *path, sq_ini_handler *handler, void *context);

#endif
