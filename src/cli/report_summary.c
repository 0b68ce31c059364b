/* The head of a page: the verdict in words, what was trained on what, and the figures that matter.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/html.h"
#include "cli/remarks.h"
#include "cli/report.h"
#include "cli/warning_words.h"
#include "cli/words.h"
#include "train/run_log.h"

/* ---- the verdict ----------------------------------------------------------------------------- */

static void write_name(FILE *html, const char *name) {
    fputs("<span class=\"nb\">", html);
    sq_html_text(html, name);
    fputs("</span>", html);
}

static void write_levels(FILE *html, const double *levels, int count) {
    fputs(count == 1 ? " <small>(level " : " <small>(levels ", html);
    for (int k = 0; k < count; k++) {
        sq_html_level(html, levels[k]);
        if (k + 1 < count) fputs(", ", html);
    }
    fputs(")</small>", html);
}

/* ---- what was trained ------------------------------------------------------------------------ */

static void write_state(FILE *html, const sq_run_record *record) {
    int64_t epochs = record->config.train.epochs;
    if (record->state[0] == 'r')
        fprintf(html, "Still running: epoch %" PRId64 " of %" PRId64 ". ", record->epochs, epochs);
    else if (record->state[0] == 's')
        fprintf(html, "Stopped on request after epoch %" PRId64 " of %" PRId64 ". ", record->epochs,
                epochs);
    else if (strcmp(record->state, SQ_RUN_LOG_FAILED) == 0)
        fprintf(html, "Failed after epoch %" PRId64 " of %" PRId64 ". ", record->epochs, epochs);
    else if (record->epochs < epochs)
        fprintf(html, "Stopped early after epoch %" PRId64 " of %" PRId64 ". ", record->epochs,
                epochs);
    else
        fprintf(html, "Trained for %" PRId64 " epochs. ", record->epochs);
    if (record->best_epoch >= 0)
        fprintf(html, "The model of epoch %" PRId64 " was best on the validation split%s. ",
                record->best_epoch + 1, strcmp(record->state, "finished") == 0 ? "" : " so far");
}

static void write_subject(FILE *html, const sq_report_run *run) {
    const sq_run_record *record = &run->record;
    const char *favoured = sq_report_favoured(run);
    const char *kind = *record->kind ? record->kind : record->config.model.kind;
    fputs("<p>A network of kind <strong>", html);
    sq_html_text(html, kind);
    fputs("</strong>", html);
    if (record->parameters > 0) {
        fputs(" with ", html);
        sq_html_count(html, record->parameters);
        fputs(" parameters", html);
    }
    if (record->training_samples > 0) {
        fputs(" on ", html);
        sq_html_count(html, record->training_samples);
        fputs(" training samples", html);
    }
    if (*record->data) {
        fputs(" of &ldquo;", html);
        sq_html_text(html, record->data);
        fputs("&rdquo;", html);
    }
    fputs(". ", html);
    write_state(html, record);
    if (favoured) {
        fputs("The tuning of &lambda; favoured <strong class=\"nb\">", html);
        sq_html_text(html, favoured);
        fputs("</strong>.", html);
    }
    fputs("</p>\n", html);
}

static void write_warning(FILE *html, int number, const char *text) {
    fprintf(html, "<p class=\"warning\" id=\"warning-%d\">Warning: ", number + 1);
    sq_html_text(html, text);
    fputs("</p>\n", html);
}

static void write_remarks(FILE *html, const sq_report_run *run) {
    for (int k = 0; run->evaluated && k < SQ_REMARKS; k++) {
        if (!sq_remarks[k].has(&run->evaluation)) continue;
        fprintf(html, "<p id=\"%s\">", sq_remarks[k].id);
        sq_remarks[k].write(html, &run->evaluation, write_name);
        fputs("</p>\n", html);
    }
}

/* ---- figures --------------------------------------------------------------------------------- */

static void begin_figure(FILE *html, const char *name) {
    fputs("<div><dt>", html);
    sq_html_text(html, name);
    fputs("</dt><dd>", html);
}

/* yardstick: that of constant velocity; samples: that it is the mean over. NaN, 0: none is told. */
static void write_error(FILE *html, const char *name, double value, const char *units,
                        double yardstick, int64_t samples) {
    begin_figure(html, name);
    sq_html_number(html, value, 3);
    if (units && *units) {
        fputs(" ", html);
        sq_html_text(html, units);
    }
    if (!isnan(yardstick)) {
        fputs("<small>constant velocity ", html);
        sq_html_number(html, yardstick, 3);
        fputs("</small>", html);
    }
    if (samples > 0) {
        fputs("<small>over ", html);
        sq_html_count(html, samples);
        fputs(" samples</small>", html);
    }
    fputs("</dd></div>\n", html);
}

/* Beside how much of the targets that leaves to be explained. */
static void write_test_error(FILE *html, const sq_evaluation *found) {
    write_error(html, "mean squared error, test", found->mse, NULL, NAN, found->samples);
    if (isnan(found->explained_share)) return;
    begin_figure(html, "explained");
    fprintf(html, "%.4f<small>of the variance of the targets</small></dd></div>\n",
            found->explained_share);
}

static void write_test_figures(FILE *html, const sq_report_run *run) {
    const sq_evaluation *found = &run->evaluation;
    const sq_displacements *straight = sq_report_yardstick(run);
    if (found->steps > 0) {
        write_error(html, "average displacement", found->displaced.ade, run->record.metric_units,
                    straight ? straight->ade : NAN, 0);
        write_error(html, "final displacement", found->displaced.fde, run->record.metric_units,
                    straight ? straight->fde : NAN, 0);
    }
    write_test_error(html, found);
    if (!isnan(found->shifted_mse))
        write_error(html, "the same out of distribution", found->shifted_mse, NULL, NAN, 0);
}

static void write_validation_figures(FILE *html, const sq_report_run *run) {
    const sq_run_record *record = &run->record;
    int64_t row = sq_run_record_row(record);
    if (row < 0) return;
    if (*record->metric_name)
        write_error(html, record->metric_name, record->metric[row], record->metric_units, NAN, 0);
    write_error(html, "validation mean squared error", record->valid_mse[row], NULL, NAN,
                record->validation_samples);
}

static void write_speed_figures(FILE *html, const sq_run_record *record) {
    char speed[SQ_WORDS_NUMBER];
    int ranks = sq_report_ranks(record);
    begin_figure(html, "time of training");
    sq_html_duration(html, sq_report_seconds(record));
    fputs("<small>", html);
    if (ranks > 0) fprintf(html, "on %d rank%s", ranks, ranks == 1 ? "" : "s");
    sq_format_short(sq_report_speed(record), speed);
    if (!isnan(sq_report_speed(record)))
        fprintf(html, "%s%s samples/s", ranks > 0 ? ", " : "", speed);
    fputs("</small></dd></div>\n", html);
}

void sq_report_write_summary(FILE *html, const sq_report_run *run) {
    const sq_sentence_style style = {write_name, write_levels};
    fputs("<p class=\"over\">", html);
    sq_html_text(html, run->record.folder);
    fputs("</p>\n", html);
    sq_each_warning(html, run->record.warnings, write_warning);
    fputs("<h1 id=\"verdict\">", html);
    sq_report_write_verdict(html, run, &style);
    fputs("</h1>\n", html);
    write_subject(html, run);
    write_remarks(html, run);
    if (!run->evaluated) {
        fputs("<p class=\"note\">The model was not evaluated on its test data (", html);
        sq_html_text(html, run->problem);
        fputs("); what is said here is the log&rsquo;s, on the validation split.</p>\n", html);
    }
    fputs("<dl class=\"figures\">\n", html);
    if (run->evaluated)
        write_test_figures(html, run);
    else
        write_validation_figures(html, run);
    write_speed_figures(html, &run->record);
    fputs("</dl>\n", html);
}
