/* What was found out about each symmetry type: a table, the way there, and layer by layer. */
#include <math.h>

#include "cli/chart.h"
#include "cli/html.h"
#include "cli/report.h"
#include "cli/report_page.h"
#include "cli/words.h"
#include "train/tuning.h"

/* ---- the table ------------------------------------------------------------------------------- */

/* Made tasks have a function whose own error is known. */
static bool has_data_error(const sq_report_run *run) {
    return run->evaluated && !isnan(run->evaluation.data_equivariance_error[0]);
}

static void write_row(FILE *html, const sq_report_run *run, int g) {
    sq_verdict verdict = run->verdict[g];
    fputs("<tr><th scope=\"row\">", html);
    sq_chart_write_swatch(html, g);
    sq_html_text(html, run->record.type_names[g]);
    fprintf(html, "</th><td class=\"%s\">%s</td><td class=\"n\">", sq_verdict_class(verdict),
            sq_verdict_word(verdict));
    sq_html_number(html, run->error[g], 2);
    if (has_data_error(run)) {
        fputs("</td><td class=\"n\">", html);
        sq_html_number(html, run->evaluation.data_equivariance_error[g], 2);
    }
    fputs("</td><td class=\"n\">", html);
    sq_html_level(html, run->level[g]);
    if (*run->held[g]) fprintf(html, "<br>%s", run->held[g]);
    fputs("</td><td class=\"n\">", html);
    sq_html_number(html, run->lambda[g], 3);
    fputs("</td></tr>\n", html);
}

static void write_table(FILE *html, const sq_report_run *run) {
    fputs(
        "<div class=\"scroll\"><table id=\"types\"><thead><tr><th>type</th><th>verdict</th>"
        "<th class=\"n\">equivariance<br>error</th>",
        html);
    if (has_data_error(run)) fputs("<th class=\"n\">of the<br>data</th>", html);
    fputs("<th class=\"n\">level</th><th class=\"n\">&lambda;</th></tr></thead>\n<tbody>\n", html);
    for (int g = 0; g < run->record.n_types; g++) write_row(html, run, g);
    fputs("</tbody></table></div>\n", html);
    fputs(
        "<p class=\"note\">The error says how far the prediction for a moved input is from the "
        "moved prediction, relative to their size: below 0.01 a symmetry holds, below 0.1 "
        "nearly, unless what the model has not learned breaks it, the data does not test it, or "
        "the model explains too little of the targets. The level is the share of the weights "
        "(squared) that is invariant. &lambda; is "
        "the weight of the type&rsquo;s regularizer in the end.</p>\n",
        html);
}

/* ---- over the epochs ------------------------------------------------------------------------- */

/* What happened in between, as lines in the charts. marks: (2) */
static int find_marks(const sq_run_record *record, sq_chart_mark *marks) {
    int count = 0;
    int64_t tuned = sq_tuning_epoch(&record->config);
    if (record->lambda && record->n_types > 0 && tuned > 0 && tuned <= record->epochs)
        marks[count++] = (sq_chart_mark){(double)tuned, "tuned"};
    if (record->best_epoch >= 0)
        marks[count++] = (sq_chart_mark){(double)(record->best_epoch + 1), "best"};
    return count;
}

/* A value or two, or nothing but zeros, are told elsewhere. */
static bool is_worth_a_curve(const sq_run_record *record, const double *values) {
    int64_t shown = 0;
    for (int64_t k = 0; k < record->epochs; k++) shown += values[k * record->n_types] > 0;
    return shown > 2 || (shown > 0 && shown == record->epochs);
}

static void write_by_type(FILE *html, const sq_run_record *record, const char *title,
                          const char *note, sq_chart_scale scale, const double *values) {
    sq_chart_curve curves[SQ_MAX_TYPES];
    sq_chart_mark marks[2];
    int count = 0;
    for (int g = 0; g < record->n_types; g++) {
        if (!is_worth_a_curve(record, values + g)) continue;
        curves[count++] = (sq_chart_curve){.name = record->type_names[g],
                                           .style = g,
                                           .y = values + g,
                                           .stride = record->n_types,
                                           .sparse = isnan(values[g]),
                                           .dots = isnan(values[g]),
                                           .count = record->epochs};
    }
    if (count == 0) return;
    sq_chart chart = {.title = title,
                      .note = note,
                      .x_name = "epoch",
                      .scale = scale,
                      .curves = curves,
                      .n_curves = count,
                      .marks = marks,
                      .n_marks = find_marks(record, marks)};
    (void)sq_chart_write(html, &chart); /* a figure that fails says so */
}

/* ---- layer by layer -------------------------------------------------------------------------- */

/* How dark a cell is: four nines and more are darkest. */
static double depth(double level) {
    double nines = -log10(fmax(1e-4, 1.0 - level)) / 4;
    return isnan(level) ? 0.0 : nines;
}

static void write_heat_map(FILE *html, const sq_run_record *record) {
    int64_t row = sq_run_record_row(record);
    if (row < 0 || record->n_types == 0 || isnan(record->symmetry_level[0])) return;
    const double *level = record->symmetry_level + row * record->n_layers * record->n_types;
    fputs(
        "<figure><figcaption><strong>Level layer by layer</strong> <span>the stronger the colour, "
        "the more "
        "symmetric; of the selected model</span></figcaption>\n<div class=\"scroll\"><table "
        "class=\"heat\" id=\"layers\"><thead><tr><th></th>",
        html);
    for (int g = 0; g < record->n_types; g++) {
        fputs("<th scope=\"col\">", html);
        sq_html_text(html, record->type_names[g]);
        fputs("</th>", html);
    }
    fputs("</tr></thead>\n<tbody>\n", html);
    for (int k = 0; k < record->n_layers; k++) {
        fputs("<tr><th scope=\"row\">", html);
        sq_html_text(html, record->layer_names[k]);
        fputs("</th>", html);
        for (int g = 0; g < record->n_types; g++) {
            fprintf(html, "<td style=\"--v:%.3f\">", depth(level[k * record->n_types + g]));
            sq_html_level(html, level[k * record->n_types + g]);
            fputs("</td>", html);
        }
        fputs("</tr>\n", html);
    }
    fputs("</tbody></table></div></figure>\n", html);
}

void sq_report_write_symmetry(FILE *html, const sq_report_run *run) {
    const sq_run_record *record = &run->record;
    if (record->n_types == 0) return;
    sq_page_begin_section(html, "symmetry", "Symmetry");
    write_table(html, run);
    write_by_type(html, record, "Symmetry level",
                  "share of the weights that is invariant, over all layers", SQ_SCALE_LEVEL,
                  record->total_symmetry_level);
    write_by_type(html, record, "Weight of the regularizer",
                  "\xce\xbb of each type that has one; high: the data does not pull against it; "
                  "with preconditioned regularizers it falls with the error, too",
                  SQ_SCALE_LOG, record->lambda);
    write_by_type(html, record, "Samples moved",
                  "share of the training samples that elements of the type move, as far as the "
                  "data is found to have it",
                  SQ_SCALE_LINEAR, record->augment_share);
    write_by_type(html, record, "Equivariance error",
                  "on validation samples, where it was computed", SQ_SCALE_LOG,
                  record->equivariance_error);
    write_heat_map(html, record);
    sq_page_end_section(html);
}
