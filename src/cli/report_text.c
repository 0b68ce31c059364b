/* The report of one run for a terminal. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/displacements.h"
#include "cli/explained_words.h"
#include "cli/remarks.h"
#include "cli/report.h"
#include "cli/warning_words.h"
#include "cli/words.h"

enum { BAR_WIDTH = 24, SPARK_WIDTH = 48 };

/* Eighths of a cell. */
static const char *const blocks[] = {" ",
                                     "\xe2\x96\x8f",
                                     "\xe2\x96\x8e",
                                     "\xe2\x96\x8d",
                                     "\xe2\x96\x8c",
                                     "\xe2\x96\x8b",
                                     "\xe2\x96\x8a",
                                     "\xe2\x96\x89",
                                     "\xe2\x96\x88"};
static const char *const heights[] = {"\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83",
                                      "\xe2\x96\x84", "\xe2\x96\x85", "\xe2\x96\x86",
                                      "\xe2\x96\x87", "\xe2\x96\x88"};

/* A bar for a part of 1, padded to its width. */
static void write_bar(FILE *text, double part, int width) {
    int eighths = isnan(part) ? 0 : (int)lround(fmax(0.0, fmin(1.0, part)) * 8 * width);
    for (int k = 0; k < width; k++, eighths -= 8)
        fputs(blocks[eighths >= 8 ? 8 : eighths > 0 ? eighths : 0], text);
}

/* As is, or levels by the number of their nines. */
static double plain(double value) { return value; }
static double nines(double level) { return -log10(fmax(1e-9, 1.0 - level)); }

/* Values over the epochs, between their least and their largest. */
static void write_spark(FILE *text, const double *values, int64_t count, int stride,
                        double (*scale)(double)) {
    double least = INFINITY, most = -INFINITY;
    int width = count < SPARK_WIDTH ? (int)count : SPARK_WIDTH;
    for (int64_t k = 0; k < count; k++) {
        double value = scale(values[k * stride]);
        if (!isfinite(value)) continue;
        least = fmin(least, value);
        most = fmax(most, value);
    }
    for (int k = 0; k < width; k++) {
        double value = scale(values[(width > 1 ? k * (count - 1) / (width - 1) : 0) * stride]);
        double part = most > least ? (value - least) / (most - least) : 0.5;
        fputs(!isfinite(value) ? " " : heights[(int)lround(7 * part)], text);
    }
}

/* ---- head ------------------------------------------------------------------------------------ */

static void write_levels(FILE *text, const double *levels, int count) {
    char number[SQ_WORDS_NUMBER];
    fputs(count == 1 ? " (level " : " (levels ", text);
    for (int k = 0; k < count; k++) {
        sq_format_level(levels[k], number);
        fprintf(text, "%s%s", number, k + 1 < count ? ", " : ")");
    }
}

static void write_head(FILE *text, const sq_run_record *r) {
    char time[SQ_WORDS_NUMBER], speed[SQ_WORDS_NUMBER];
    sq_format_duration(sq_report_seconds(r), time);
    sq_format_short(sq_report_speed(r), speed);
    fprintf(text, "%s: %s", r->folder, *r->kind ? r->kind : r->config.model.kind);
    if (r->parameters > 0) fprintf(text, ", %" PRId64 " parameters", r->parameters);
    if (r->training_samples > 0)
        fprintf(text, ", %" PRId64 " training samples", r->training_samples);
    if (*r->data) fprintf(text, " of \"%s\"", r->data);
    fprintf(text, "\n%s: %" PRId64 " of %" PRId64 " epochs in %s", *r->state ? r->state : "trained",
            r->epochs, r->config.train.epochs, time);
    if (sq_report_ranks(r) > 0)
        fprintf(text, " on %d rank%s", sq_report_ranks(r), sq_report_ranks(r) == 1 ? "" : "s");
    if (!isnan(sq_report_speed(r))) fprintf(text, ", %s samples/s", speed);
    if (r->best_epoch >= 0) fprintf(text, ", best: epoch %" PRId64, r->best_epoch + 1);
    fputs("\n\n", text);
}

/* ---- parts ----------------------------------------------------------------------------------- */

static void write_errors(FILE *text, const sq_report_run *run) {
    const sq_evaluation *found = &run->evaluation;
    if (!run->evaluated) {
        fprintf(text, "not evaluated: %s\n", run->problem);
        return;
    }
    fprintf(text, "%" PRId64 " test samples, mse %.6g", found->samples, found->mse);
    sq_write_explained(text, found);
    fputs("\n", text);
    sq_write_remarks(text, found);
    if (found->steps > 0) sq_write_displacements(text, found);
}

static int widest_verdict(const sq_report_run *run) {
    size_t width = strlen("verdict");
    for (int g = 0; g < run->record.n_types; g++) {
        size_t length = strlen(sq_verdict_word(run->verdict[g]));
        if (length > width) width = length;
    }
    return (int)width;
}

static void write_types(FILE *text, const sq_report_run *run) {
    char level[SQ_WORDS_NUMBER];
    if (run->record.n_types == 0) return;
    int width = widest_verdict(run);
    fprintf(text, "\n%-20s %-*s %10s %10s  %s\n", "type", width, "verdict", "error", "lambda",
            "level");
    for (int g = 0; g < run->record.n_types; g++) {
        sq_format_level(run->level[g], level);
        fprintf(text, "%-20s %-*s %10.2g %10.3g  ", run->record.type_names[g], width,
                sq_verdict_word(run->verdict[g]), run->error[g], run->lambda[g]);
        write_bar(text, nines(run->level[g]) / 6, BAR_WIDTH);
        fprintf(text, " %s%s%s\n", level, *run->held[g] ? ", " : "", run->held[g]);
    }
}

/* The darker, the more symmetric. */
static void write_layers(FILE *text, const sq_run_record *r) {
    static const char *const shades[] = {"\xe2\x96\x91", "\xe2\x96\x92", "\xe2\x96\x93",
                                         "\xe2\x96\x88"};
    int64_t row = sq_run_record_row(r);
    char level[SQ_WORDS_NUMBER];
    if (row < 0 || r->n_types == 0) return;
    fprintf(text, "\n%-10s", "layer");
    for (int g = 0; g < r->n_types; g++) fprintf(text, "  %-14.14s", r->type_names[g]);
    fputs("\n", text);
    for (int k = 0; k < r->n_layers; k++) {
        fprintf(text, "%-10s", r->layer_names[k]);
        for (int g = 0; g < r->n_types; g++) {
            double value = r->symmetry_level[(row * r->n_layers + k) * r->n_types + g];
            int shade = (int)fmin(3, fmax(0, nines(value) - 0.5));
            sq_format_level(value, level);
            fprintf(text, "  %s%s %-11s", shades[shade], shades[shade], level);
        }
        fputs("\n", text);
    }
}

static void write_course(FILE *text, const sq_run_record *r) {
    if (r->epochs == 0) return;
    fprintf(text, "\n%-20s epoch 1 to %" PRId64 "\n", "course", r->epochs);
    for (int g = 0; g < r->n_types; g++) {
        fprintf(text, "%-20s ", r->type_names[g]);
        write_spark(text, r->total_symmetry_level + g, r->epochs, r->n_types, nines);
        fputs(" level\n", text);
    }
    fprintf(text, "%-20s ", "valid_mse");
    write_spark(text, r->valid_mse, r->epochs, 1, plain);
    fprintf(text, " %.4g\n", r->valid_mse[r->epochs - 1]);
    if (!*r->metric_name) return;
    fprintf(text, "%-20s ", r->metric_name);
    write_spark(text, r->metric, r->epochs, 1, plain);
    fprintf(text, " %.4g\n", r->metric[r->epochs - 1]);
}

static void write_time(FILE *text, const sq_run_record *r) {
    double all = sq_report_seconds(r);
    if (all <= 0 || r->n_parts == 0 || isnan(sq_report_part_seconds(r, 0))) return;
    fputs("\ntime, on rank 0\n", text);
    for (int part = 0; part < r->n_parts; part++) {
        double share = sq_report_part_seconds(r, part) / all;
        fprintf(text, "%-32s ", sq_report_part_words(r->part_names[part]));
        write_bar(text, share, BAR_WIDTH);
        fprintf(text, " %4.1f %%\n", 100 * share);
    }
}

void sq_report_write_text(FILE *text, const sq_report_run *run) {
    const sq_sentence_style style = {sq_write_name, write_levels};
    write_head(text, &run->record);
    sq_write_warnings(text, run->record.warnings);
    sq_report_write_verdict(text, run, &style);
    if (sq_report_favoured(run))
        fprintf(text, "\nThe tuning of lambda favoured %s.", sq_report_favoured(run));
    fputs("\n\n", text);
    write_errors(text, run);
    write_types(text, run);
    write_layers(text, &run->record);
    write_course(text, &run->record);
    write_time(text, &run->record);
}
