/* A temporary file without a name, for what does not fit into memory: bytes go behind those that
 * are there and are read anywhere. */
#ifndef SQ_DATA_SPILL_FILE_H
#define SQ_DATA_SPILL_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"

typedef struct sq_spill_file sq_spill_file;

/* Makes one in the folder of the file `beside`, which messages name. The caller closes. Errors, of
 * all calls: SQ_ERR_IO. */
sq_status sq_spill_file_create(const char *beside, sq_spill_file **file);
/* Closes it, which removes it. Accepts and leaves NULL. */
void sq_spill_file_close(sq_spill_file **file);

/* Writes bytes (count) behind the others. */
sq_status sq_spill_file_append(sq_spill_file *file, const void *bytes, size_t count);

/* Reads bytes (count) from `offset` on; that the file holds fewer is an error. */
sq_status sq_spill_file_read(const sq_spill_file *file, int64_t offset, size_t count, void *bytes);

#endif
