/* When a run saves: beside the training, by the clock of rank 0 and by epochs. Only rank 0 writes,
 * so no other rank needs to know. */
#include <math.h>
#include <sys/statvfs.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "train/run_internal.h"

static const double first_pause = 1.0; /* seconds after a failed save; doubled from then on */
static const double longest_pause = 600.0;

void sq_run_saves_init(sq_run *run) {
    double now = sq_clock_seconds();
    run->saves.done = (sq_run_marks){.checkpoint_time = now,
                                     .log_time = now,
                                     .epochs = run->position.epoch,
                                     .log_length = sq_run_log_length(run->log),
                                     .best_epoch = -1};
    run->saves.pause = first_pause;
}

/* ---- one save -------------------------------------------------------------------------------- */

/* NetCDF calls a full disk by other names. */
static sq_status explain(const sq_run *run, sq_status status) {
    static const double little = 1 << 20; /* bytes */
    struct statvfs disk;
    if (status == SQ_OK || statvfs(run->options->folder, &disk) != 0) return status;
    double room = (double)disk.f_bavail * (double)disk.f_frsize;
    if (room >= little) return status;
    return sq_fail_within(status, "%s: the disk is full, %.0f KiB are left", run->options->folder,
                          room / 1024);
}

static sq_status write_in_background(void *context) {
    sq_run *run = context;
    return explain(run, sq_run_write_files(run, run->saves.files));
}

static sq_status begin(sq_run *run, unsigned files) {
    sq_run_saves *saves = &run->saves;
    saves->files = files;
    saves->begun = saves->done;
    saves->begin_time = sq_clock_seconds();
    saves->broken_off = false;
    if (files & SQ_RUN_LOG) {
        saves->begun.log_time = saves->begin_time;
        saves->begun.log_length = sq_run_log_length(run->log);
    }
    if (files & SQ_RUN_CHECKPOINT) {
        saves->begun.checkpoint_time = saves->begin_time;
        saves->begun.epochs = run->position.epoch;
    }
    if (files & SQ_RUN_BEST) saves->begun.best_epoch = run->position.selection.best_epoch;
    sq_problem_rest(&run->problem); /* the copy must not begin in the middle of a read */
    return sq_background_start(&saves->writer, write_in_background, run);
}

static void end(sq_run *run, sq_status outcome) {
    sq_run_saves *saves = &run->saves;
    /* A writer that was killed, or whose folder was gone for a while, leaves something behind. */
    sq_run_sweep(run);
    if (outcome != SQ_OK) return;
    saves->done = saves->begun;
    saves->pause = first_pause;
}

/* Until when the next save waits. */
static void back_off(sq_run *run) {
    sq_run_saves *saves = &run->saves;
    sq_log(SQ_LOG_WARNING, "not saved, next try in %g s: %s", saves->pause, sq_error_message());
    saves->retry_time = sq_clock_seconds() + saves->pause;
    saves->pause = fmin(2 * saves->pause, longest_pause);
}

/* A file system that does not answer holds the writer for ever, and with it all later saves. */
static void break_off_if_stalled(sq_run *run) {
    sq_run_saves *saves = &run->saves;
    double most = run->config->train.stall_seconds;
    if (most <= 0 || saves->broken_off || sq_clock_seconds() - saves->begin_time < most) return;
    sq_log(SQ_LOG_WARNING, "a save is broken off after %g s (train.stall_seconds)", most);
    saves->broken_off = true;
    sq_background_kill(&saves->writer);
}

/* Whether the writer has ended. */
static bool poll(sq_run *run, sq_status *outcome) {
    break_off_if_stalled(run);
    if (!sq_background_poll(&run->saves.writer, outcome)) return false;
    end(run, *outcome);
    return true;
}

/* ---- what is due ----------------------------------------------------------------------------- */

static bool checkpoint_is_due(const sq_run *run, double now) {
    const sq_run_marks *done = &run->saves.done;
    int64_t epochs = run->config->checkpoint.every_epochs;
    double seconds = run->config->checkpoint.every_seconds;
    if (seconds > 0 && now - done->checkpoint_time >= seconds) return true;
    return epochs > 0 && run->position.epoch / epochs > done->epochs / epochs;
}

static bool log_is_due(const sq_run *run, double now) {
    const sq_run_marks *done = &run->saves.done;
    return sq_run_log_length(run->log) > done->log_length &&
           now - done->log_time >= run->config->log.write_seconds;
}

static unsigned files_due(const sq_run *run, double now) {
    if (now < run->saves.retry_time) return 0;
    if (!checkpoint_is_due(run, now)) return log_is_due(run, now) ? SQ_RUN_LOG : 0;
    bool better = run->position.selection.best_epoch > run->saves.done.best_epoch;
    return SQ_RUN_LOG | SQ_RUN_CHECKPOINT | (better ? SQ_RUN_BEST : 0);
}

void sq_run_save_when_due(sq_run *run) {
    sq_status outcome = SQ_OK;
    if (sq_background_is_running(&run->saves.writer) && !poll(run, &outcome)) return;
    unsigned files = outcome == SQ_OK ? files_due(run, sq_clock_seconds()) : 0;
    if (files != 0) outcome = begin(run, files);
    if (outcome != SQ_OK) back_off(run);
}

/* ---- saves that are waited for --------------------------------------------------------------- */

/* Sleeps, but for a moment only: the watchdog wants to hear of this rank. */
static void rest(sq_run *run, double seconds) {
    const struct timespec span = {.tv_nsec = (long)(1e9 * fmin(seconds, 0.1))};
    if (!run->saves.broken_off) sq_run_beat(run, "saving");
    nanosleep(&span, NULL);
}

static sq_status wait_for_writer(sq_run *run) {
    sq_status outcome = SQ_OK;
    while (sq_background_is_running(&run->saves.writer) && !poll(run, &outcome)) rest(run, 1e-3);
    return outcome;
}

double sq_run_longest_save(const sq_run *run) {
    double stall = run->config->train.stall_seconds;
    /* One save that was under way, the tries, and the last of them. */
    return stall > 0 ? stall + run->config->checkpoint.retry_seconds + stall : 0;
}

sq_status sq_run_save_now(sq_run *run, unsigned files) {
    sq_run_saves *saves = &run->saves;
    if (wait_for_writer(run) != SQ_OK) back_off(run);
    double last_try = sq_clock_seconds() + run->config->checkpoint.retry_seconds;
    saves->pause = first_pause;
    for (;;) {
        sq_status outcome = begin(run, files);
        if (outcome == SQ_OK) outcome = wait_for_writer(run);
        if (outcome == SQ_OK || sq_clock_seconds() + saves->pause > last_try) return outcome;
        back_off(run);
        while (sq_clock_seconds() < saves->retry_time) rest(run, 0.1);
    }
}

sq_status sq_run_leave_what_there_is(sq_run *run, sq_status failure) {
    char message[2048]; /* as long as sq_error_message gets */
    sq_run_saves *saves = &run->saves;
    sq_copy_bounded(message, sizeof message, sq_error_message());
    (void)wait_for_writer(run); /* of a checkpoint, which it may still finish */
    int64_t best = run->position.selection.best_epoch, logged = sq_run_log_length(run->log);
    bool better = !run->doubtful && best > saves->done.best_epoch && best < logged;
    sq_status outcome = SQ_OK;
    if (logged > 0) outcome = begin(run, SQ_RUN_LOG | (better ? SQ_RUN_BEST : 0));
    if (outcome == SQ_OK) outcome = wait_for_writer(run);
    if (outcome != SQ_OK)
        sq_log(SQ_LOG_WARNING, "what the failed run has found is not saved: %s",
               sq_error_message());
    return sq_fail(failure, "%s", message);
}
