/* Tasks in a copy of the process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/background.h"
#include "scratch.h"

typedef struct {
    const char *path;
    char text[32];
} letter;

/* Writes the text as it was when the task began, after the caller has had time to change it. */
static sq_status write_late(void *context) {
    const letter *sent = context;
    const struct timespec pause = {.tv_nsec = 100000000};
    nanosleep(&pause, NULL);
    FILE *file = fopen(sent->path, "w");
    if (!file) return sq_fail(SQ_ERR_IO, "%s: cannot be written", sent->path);
    fputs(sent->text, file);
    return fclose(file) == 0 ? SQ_OK : SQ_ERR_IO;
}

static sq_status end_by_signal(void *context) {
    raise(*(int *)context);
    return SQ_OK;
}

static void a_task_sees_memory_as_it_was(void **state) {
    letter sent = {.path = scratch_path(state, "letter"), .text = "before"};
    sq_background background = {0};
    sq_status outcome;
    assert_ok(sq_background_start(&background, write_late, &sent));
    strcpy(sent.text, "after");
    assert_true(sq_background_is_running(&background));
    assert_false(sq_background_poll(&background, &outcome));
    assert_ok(sq_background_wait(&background));
    assert_false(sq_background_is_running(&background));
    scratch_assert_content(sent.path, "before");
}

static void a_failure_comes_back_with_its_message(void **state) {
    letter sent = {.path = scratch_path(state, "no/such/folder")};
    sq_background background = {0};
    assert_ok(sq_background_start(&background, write_late, &sent));
    assert_failure(sq_background_wait(&background), SQ_ERR_IO, "folder: cannot be written");
}

static void a_task_that_is_killed_has_failed(void **state) {
    (void)state;
    sq_background background = {0};
    sq_status outcome = SQ_OK;
    int number = SIGKILL;
    assert_ok(sq_background_start(&background, end_by_signal, &number));
    while (!sq_background_poll(&background, &outcome)) usleep(1000);
    assert_failure(outcome, SQ_ERR_IO, "signal 9");
}

static void a_task_can_be_broken_off(void **state) {
    letter sent = {.path = scratch_path(state, "letter"), .text = "too late"};
    sq_background background = {0};
    assert_ok(sq_background_start(&background, write_late, &sent));
    sq_background_kill(&background);
    assert_failure(sq_background_wait(&background), SQ_ERR_IO, "signal 9");
    assert_int_equal(access(sent.path, F_OK), -1);
    sq_background_kill(&background); /* none is under way */
}

static void one_task_at_a_time(void **state) {
    letter sent = {.path = scratch_path(state, "letter")};
    sq_background background = {0};
    assert_ok(sq_background_start(&background, write_late, &sent));
    assert_failure(sq_background_start(&background, write_late, &sent), SQ_ERR_ARGUMENT,
                   "under way");
    assert_ok(sq_background_wait(&background));
    assert_ok(sq_background_wait(&background));
}

/* A process that is killed and started again must not meet the writer of the one before. */
static void a_task_ends_with_its_process(void **state) {
    letter sent = {.path = scratch_path(state, "letter"), .text = "too late"};
    pid_t process = fork();
    if (process == 0) {
        sq_background background = {0};
        sq_background_start(&background, write_late, &sent);
        raise(SIGKILL);
    }
    usleep(300000);
    assert_int_equal(access(sent.path, F_OK), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(a_task_sees_memory_as_it_was),
        in_scratch(a_failure_comes_back_with_its_message),
        in_scratch(a_task_that_is_killed_has_failed),
        in_scratch(a_task_can_be_broken_off),
        in_scratch(one_task_at_a_time),
        in_scratch(a_task_ends_with_its_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
