/* Files that appear whole or not at all: temporary name, fsync, rename, fsync of the folder. */
#ifndef SQ_IO_ATOMIC_FILE_H
#define SQ_IO_ATOMIC_FILE_H

#include <stddef.h>

#include "softeq/error.h"

typedef struct sq_atomic_file sq_atomic_file;

/* Prepares to replace `path`. Write to sq_atomic_file_path (same folder, "<name>.<pid>.tmp"),
 * close it, then commit. Errors: SQ_ERR_IO if the folder does not exist or cannot be written. */
sq_status sq_atomic_file_begin(const char *path, sq_atomic_file **file);
const char *sq_atomic_file_path(const sq_atomic_file *file);

/* fsync, rename over the final name, fsync of the folder; destroys *file in any case. On failure
 * the temporary file is removed and the old file is still there. */
sq_status sq_atomic_file_commit(sq_atomic_file **file);

/* Removes the temporary file; accepts NULL. */
void sq_atomic_file_abandon(sq_atomic_file **file);

/* Removes the temporary files that killed programs left in a folder, of files whose names begin
 * with one of `names` (NULL behind the last). Nobody else may be writing those. What cannot be
 * removed stays. */
void sq_atomic_file_sweep(const char *folder, const char *const *names);

/* Makes a folder and its parents; an existing one is fine. */
sq_status sq_make_folder(const char *path);

/* Writes a file atomically. */
sq_status sq_write_file(const char *path, const void *bytes, size_t size);
sq_status sq_write_text_file(const char *path, const char *text);

#endif
