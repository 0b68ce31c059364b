/* A task in a copy of this process: it sees the memory as it was when the task began, while the
 * caller goes on and changes it. */
#ifndef SQ_BASE_BACKGROUND_H
#define SQ_BASE_BACKGROUND_H

#include <stdbool.h>
#include <sys/types.h>

#include "softeq/error.h"

/* Runs in the copy. It may write files of its own; nothing that it changes in memory comes back.
 * Nothing is logged from there. */
typedef sq_status sq_background_task(void *context);

/* Open struct, zeros to begin with: one task at a time. */
typedef struct {
    pid_t process; /* 0: no task is under way */
    int answer;    /* end of a pipe that brings the outcome */
} sq_background;

/* Begins a task; none may be under way. It ends with this process, however that ends.
 * SQ_ERR_MEMORY: the system has no room for the copy. */
sq_status sq_background_start(sq_background *background, sq_background_task *task, void *context);

bool sq_background_is_running(const sq_background *background);

/* If the task has ended: true, and *outcome is what it returned, with its message as if it had
 * failed here. False as long as it goes on. One must have been begun. */
bool sq_background_poll(sq_background *background, sq_status *outcome);

/* Has the task end where it is, as by SIGKILL; its outcome is a failure. None may be under way. */
void sq_background_kill(const sq_background *background);

/* Waits for the end of the task and returns its outcome; SQ_OK if none is under way. */
sq_status sq_background_wait(sq_background *background);

#endif
