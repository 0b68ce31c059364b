/* Text files of lines, of which the first names the columns: what tables keep of their runs, under
 * version control. A file of no other lines is none. */
#ifndef SQ_CLI_LINE_FILE_H
#define SQ_CLI_LINE_FILE_H

#include <stdio.h>

#include "softeq/error.h"

/* Takes a line, without its end; number: in the file, 1 for that of the names. */
typedef sq_status sq_line_taker(const char *path, int number, char *line, void *context);

/* Gives each line to `take`; none if the file is not there. SQ_ERR_DATA with file and line if the
 * file is empty or a line is cut off, which what follows would not show. */
sq_status sq_line_file_read(const char *path, sq_line_taker *take, void *context);

/* Prints all lines, the names among them. */
typedef void sq_line_printer(const void *context, FILE *stream);

/* Atomically. Its folder is there, or SQ_ERR_IO. count: lines without the names; 0: removes it. */
sq_status sq_line_file_write(const char *path, size_t count, sq_line_printer *print,
                             const void *context);

#endif
