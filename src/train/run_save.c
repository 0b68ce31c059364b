/* When a run saves: beside the training, by the clock of rank 0 and by epochs. Only rank 0 writes,
 * so no other rank needs to know. */
#include <math.h>
#include <sys/statvfs.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/atomic_file.h"
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
    if (files & SQ_RUN_LOG) {
        saves->begun.log_time = sq_clock_seconds();
        saves->begun.log_length = sq_run_log_length(run->log);
    }
    if (files & SQ_RUN_CHECKPOINT) {
        saves->begun.checkpoint_time = sq_clock_seconds();
        saves->begun.epochs = run->position.epoch;
    }
    if (files & SQ_RUN_BEST) saves->begun.best_epoch = run->position.tuning.best_epoch;
    return sq_background_start(&saves->writer, write_in_background, run);
}

static void end(sq_run *run, sq_status outcome) {
    sq_run_saves *saves = &run->saves;
    if (outcome == SQ_OK) {
        saves->done = saves->begun;
        saves->pause = first_pause;
        return;
    }
    sq_log(SQ_LOG_WARNING, "not saved, next try in %g s: %s", saves->pause, sq_error_message());
    sq_atomic_file_sweep(run->options->folder); /* of a writer that was killed */
    saves->retry_time = sq_clock_seconds() + saves->pause;
    saves->pause = fmin(2 * saves->pause, longest_pause);
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
    bool better = run->position.tuning.best_epoch > run->saves.done.best_epoch;
    return SQ_RUN_LOG | SQ_RUN_CHECKPOINT | (better ? SQ_RUN_BEST : 0);
}

void sq_run_save_when_due(sq_run *run) {
    sq_background *writer = &run->saves.writer;
    sq_status outcome;
    if (sq_background_is_running(writer)) {
        if (!sq_background_poll(writer, &outcome)) return;
        end(run, outcome);
    }
    unsigned files = files_due(run, sq_clock_seconds());
    if (files == 0) return;
    outcome = begin(run, files);
    if (outcome != SQ_OK) end(run, outcome);
}

/* ---- saves that are waited for --------------------------------------------------------------- */

static void pause_for(double seconds) {
    double whole = floor(seconds);
    const struct timespec span = {.tv_sec = (time_t)whole,
                                  .tv_nsec = (long)(1e9 * (seconds - whole))};
    nanosleep(&span, NULL);
}

sq_status sq_run_save_now(sq_run *run, unsigned files) {
    sq_run_saves *saves = &run->saves;
    double last_try = sq_clock_seconds() + run->config->checkpoint.retry_seconds;
    sq_run_beat(run, "saving");
    if (sq_background_is_running(&saves->writer)) end(run, sq_background_wait(&saves->writer));
    saves->pause = first_pause;
    for (;;) {
        sq_run_beat(run, "saving");
        sq_status outcome = begin(run, files);
        if (outcome == SQ_OK) outcome = sq_background_wait(&saves->writer);
        if (outcome != SQ_OK && sq_clock_seconds() + saves->pause > last_try) return outcome;
        double pause = saves->pause;
        end(run, outcome);
        if (outcome == SQ_OK) return SQ_OK;
        pause_for(pause);
    }
}
