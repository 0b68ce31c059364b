/* Keeps a second program out of a folder that one writes into. */
#ifndef SQ_IO_FOLDER_LOCK_H
#define SQ_IO_FOLDER_LOCK_H

#include "softeq/error.h"

/* Open struct, zeros to begin with. The lock ends with the process that has it, and its copies. */
typedef struct {
    int descriptor;
    int held; /* 0: descriptor means nothing */
} sq_folder_lock;

/* Takes the lock, waiting `seconds` at most: one who was killed a moment ago may not be gone yet.
 * SQ_ERR_CONFIG if somebody else keeps it. A file system that knows no locks passes; most do not
 * tell other hosts of them. */
sq_status sq_folder_lock_take(const char *folder, double seconds, sq_folder_lock *lock);
void sq_folder_lock_release(sq_folder_lock *lock);

#endif
