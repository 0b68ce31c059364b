#include "base/background.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

/* How the task ended; small enough for a pipe to take it at once. */
typedef struct {
    int32_t status;
    char message[2048];
} answer;

/* Ends by _exit: buffers, handlers and libraries belong to the original. */
static _Noreturn void run_task(int to, pid_t parent, sq_background_task *task, void *context) {
    answer outcome = {0};
    sq_log_set_sink(NULL, NULL);
    /* Must not outlive the original, which may be killed and started again any time. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(1);
    outcome.status = (int32_t)task(context);
    if (outcome.status != SQ_OK)
        sq_copy_bounded(outcome.message, sizeof outcome.message, sq_error_message());
    _exit(write(to, &outcome, sizeof outcome) == (ssize_t)sizeof outcome ? 0 : 1);
}

sq_status sq_background_start(sq_background *background, sq_background_task *task, void *context) {
    int ends[2];
    pid_t parent = getpid();
    if (background->process != 0)
        return sq_fail(SQ_ERR_ARGUMENT, "a task was begun while another is under way");
    if (pipe2(ends, O_CLOEXEC) != 0)
        return sq_fail(SQ_ERR_MEMORY, "cannot make a pipe: %s", strerror(errno));
    pid_t process = fork();
    if (process == 0) run_task(ends[1], parent, task, context);
    int reason = errno;
    close(ends[1]);
    if (process < 0) {
        close(ends[0]);
        return sq_fail(SQ_ERR_MEMORY, "cannot copy the process: %s", strerror(reason));
    }
    *background = (sq_background){.process = process, .answer = ends[0]};
    return SQ_OK;
}

bool sq_background_is_running(const sq_background *background) { return background->process != 0; }

static sq_status read_answer(int from, int how) {
    answer outcome;
    if (read(from, &outcome, sizeof outcome) == (ssize_t)sizeof outcome) {
        sq_status status = (sq_status)outcome.status;
        return status == SQ_OK ? SQ_OK : sq_fail(status, "%s", outcome.message);
    }
    if (WIFSIGNALED(how))
        return sq_fail(SQ_ERR_IO, "the process for it was ended by signal %d (%s)", WTERMSIG(how),
                       strsignal(WTERMSIG(how)));
    return sq_fail(SQ_ERR_IO, "the process for it ended without an answer");
}

/* Whether the process has ended. A caller that ignores SIGCHLD leaves nothing to wait for. */
static bool reap(const sq_background *background, int options, int *how) {
    pid_t found;
    *how = 0;
    do found = waitpid(background->process, how, options);
    while (found < 0 && errno == EINTR);
    return found != 0;
}

static sq_status end(sq_background *background, int how) {
    sq_status outcome = read_answer(background->answer, how);
    close(background->answer);
    *background = (sq_background){0};
    return outcome;
}

bool sq_background_poll(sq_background *background, sq_status *outcome) {
    int how;
    if (!reap(background, WNOHANG, &how)) return false;
    *outcome = end(background, how);
    return true;
}

void sq_background_kill(const sq_background *background) {
    if (background->process != 0) kill(background->process, SIGKILL);
}

sq_status sq_background_wait(sq_background *background) {
    int how;
    if (background->process == 0) return SQ_OK;
    reap(background, 0, &how);
    return end(background, how);
}
