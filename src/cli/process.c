#include "cli/process.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text_stream.h"

/* Its streams are files without names: whatever is written, nobody waits for anybody. */
enum { IN, OUT, ERR, STREAMS };

static sq_status open_streams(const char *input, FILE *streams[STREAMS]) {
    for (int k = 0; k < STREAMS; k++) {
        streams[k] = tmpfile();
        if (!streams[k])
            return sq_fail(SQ_ERR_IO, "no temporary file can be made: %s", strerror(errno));
    }
    if (input && fputs(input, streams[IN]) == EOF)
        return sq_fail(SQ_ERR_IO, "a temporary file cannot be written: %s", strerror(errno));
    fflush(streams[IN]);
    rewind(streams[IN]);
    return SQ_OK;
}

static sq_status read_all(FILE *stream, char **text) {
    sq_text_stream copy;
    char part[4096];
    size_t length;
    sq_status status = sq_text_stream_open(&copy, "what a program printed");
    if (status != SQ_OK) return status;
    rewind(stream);
    while ((length = fread(part, 1, sizeof part, stream)) > 0) fwrite(part, 1, length, copy.stream);
    return sq_text_stream_take(&copy, text);
}

static sq_status start(const char *const *argv, FILE *streams[STREAMS], pid_t *child) {
    extern char **environ;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int k = 0; k < STREAMS; k++)
        posix_spawn_file_actions_adddup2(&actions, fileno(streams[k]), k);
    int code = posix_spawnp(child, argv[0], &actions, NULL, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (code == 0) return SQ_OK;
    return sq_fail(SQ_ERR_IO, "%s cannot be started: %s", argv[0], strerror(code));
}

static int wait_for(pid_t child, double seconds) {
    const struct timespec pause = {.tv_nsec = 2000000};
    double end = sq_clock_seconds() + seconds;
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (sq_clock_seconds() > end) kill(child, SIGKILL);
        nanosleep(&pause, NULL);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

sq_status sq_process_run(const char *const *argv, const char *input, double seconds,
                         sq_process *process) {
    sq_status status;
    FILE *streams[STREAMS] = {NULL};
    pid_t child;
    memset(process, 0, sizeof *process);
    SQ_TRY(open_streams(input, streams));
    SQ_TRY(start(argv, streams, &child));
    process->exit_status = wait_for(child, seconds);
    SQ_TRY(read_all(streams[OUT], &process->output));
    SQ_TRY(read_all(streams[ERR], &process->errors));
cleanup:
    for (int k = 0; k < STREAMS; k++)
        if (streams[k]) fclose(streams[k]);
    if (status != SQ_OK) sq_process_clear(process);
    return status;
}

void sq_process_clear(sq_process *process) {
    sq_free(process->output);
    sq_free(process->errors);
    memset(process, 0, sizeof *process);
}
