#include "cli/progress.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "train/run_record.h"

static const double terminal_interval = 0.2; /* seconds between lines */
static const double file_interval = 2.0;

sq_progress_line sq_progress_line_create(sq_verbosity verbosity) {
    return (sq_progress_line){.verbosity = verbosity,
                              .width = verbosity == SQ_NORMAL ? sq_terminal_width() : 0};
}

/* ---- the text -------------------------------------------------------------------------------- */

static void write_metric(FILE *text, const sq_run_progress *progress) {
    if (progress->metric_name && isfinite(progress->metric))
        fprintf(text, "  %s %.4g", progress->metric_name, progress->metric);
}

/* The type that is kept so far, and its level. */
static void write_leading(FILE *text, const sq_run_progress *progress) {
    char level[SQ_WORDS_NUMBER];
    int leading = sq_leading_type(progress->n_types, progress->lambda, progress->symmetry_level);
    if (leading < 0 || isnan(progress->symmetry_level[leading])) return;
    sq_format_level(progress->symmetry_level[leading], level);
    fprintf(text, "  %s %s", progress->type_names[leading], level);
}

static void write_all(FILE *text, const sq_run_progress *progress) {
    fprintf(text, "epoch %" PRId64 "/%" PRId64 "  loss %.4g  mse %.4g  valid %.4g", progress->epoch,
            progress->epochs, progress->train_loss, progress->train_mse, progress->valid_mse);
    write_metric(text, progress);
    if (progress->n_types > 0) fputs("  lambda", text);
    for (int type = 0; type < progress->n_types; type++)
        fprintf(text, " %.3g", progress->lambda[type]);
    write_leading(text, progress);
    if (isfinite(progress->samples_per_second))
        fprintf(text, "  %.3g samples/s  %.0f s left", progress->samples_per_second,
                progress->seconds_left);
}

static void write_short(FILE *text, const sq_run_progress *progress) {
    char speed[SQ_WORDS_NUMBER], left[SQ_WORDS_NUMBER];
    sq_format_short(progress->samples_per_second, speed);
    sq_format_duration(progress->seconds_left, left);
    fprintf(text, "epoch %" PRId64 "/%" PRId64 "  %s left  loss %.4g  valid %.4g", progress->epoch,
            progress->epochs, left, progress->train_loss, progress->valid_mse);
    write_metric(text, progress);
    write_leading(text, progress);
    if (isfinite(progress->samples_per_second)) fprintf(text, "  %s samples/s", speed);
}

void sq_progress_format(const sq_run_progress *progress, int width, char *text) {
    text[0] = '\0';
    FILE *stream = fmemopen(text, SQ_PROGRESS_TEXT, "w");
    if (!stream) return;
    if (width > 0)
        write_short(stream, progress);
    else
        write_all(stream, progress);
    fclose(stream);
    if (width > 0 && width < SQ_PROGRESS_TEXT) text[width - 1] = '\0';
    text[SQ_PROGRESS_TEXT - 1] = '\0';
}

/* ---- showing it ------------------------------------------------------------------------------ */

static void print_types(const sq_run_progress *progress) {
    for (int g = 0; g < progress->n_types; g++)
        printf("    %-20s lambda %-10.4g level %.6f\n", progress->type_names[g],
               progress->lambda[g], progress->symmetry_level[g]);
}

void sq_progress_line_show(const sq_run_progress *progress, void *context) {
    sq_progress_line *line = context;
    double time = sq_clock_seconds();
    bool last = progress->epoch == progress->epochs;
    sq_progress_format(progress, line->width, line->last);
    if (line->verbosity == SQ_QUIET) return;
    if (line->verbosity == SQ_NORMAL && time < line->next_time && !last) return;
    line->next_time = time + (line->width > 0 ? terminal_interval : file_interval);
    if (line->width > 0) printf("\r\033[K");
    printf("%s%s", line->last, line->width > 0 && !last ? "" : "\n");
    if (line->verbosity == SQ_VERBOSE) print_types(progress);
    fflush(stdout);
}

void sq_progress_line_tell(const sq_progress_line *line, const char *operation, int64_t step) {
    fprintf(stderr, "%ssofteq: %s after step %" PRId64 "; %s\n", line->width > 0 ? "\n" : "",
            operation, step, *line->last ? line->last : "no epoch is done yet");
}
