#include "io/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

/* Whether somebody else has kept the lock all the time. */
static bool is_taken(int descriptor, double seconds) {
    const struct timespec pause = {.tv_nsec = 50000000};
    for (double end = sq_clock_seconds() + seconds;; nanosleep(&pause, NULL)) {
        if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return false;
        if (sq_clock_seconds() >= end) return true;
    }
}

sq_status sq_folder_lock_take(const char *folder, double seconds, sq_folder_lock *lock) {
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return sq_fail(SQ_ERR_IO, "%s: cannot be opened: %s", folder, strerror(errno));
    if (is_taken(descriptor, seconds)) {
        close(descriptor);
        return sq_fail(SQ_ERR_CONFIG,
                       "%s: another run is writing there; wait for its end, or give another folder",
                       folder);
    }
    *lock = (sq_folder_lock){.descriptor = descriptor, .held = 1};
    return SQ_OK;
}

void sq_folder_lock_release(sq_folder_lock *lock) {
    if (lock->held) close(lock->descriptor);
    *lock = (sq_folder_lock){0};
}
