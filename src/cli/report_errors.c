/* The curves of the errors over the epochs. */
#include <math.h>
#include <string.h>

#include "cli/chart.h"
#include "cli/report.h"
#include "cli/report_page.h"

static void write_chart(FILE *html, const sq_run_record *record, const char *title,
                        const char *note, const sq_chart_curve *curves, int n_curves) {
    const sq_chart_mark best = {(double)(record->best_epoch + 1), "best"};
    const sq_chart chart = {.title = title,
                            .note = note,
                            .x_name = "epoch",
                            .scale = SQ_SCALE_LOG,
                            .curves = curves,
                            .n_curves = n_curves,
                            .marks = &best,
                            .n_marks = record->best_epoch >= 0};
    (void)sq_chart_write(html, &chart); /* a figure that fails says so */
}

/* "raw units" for data that names none, else what squares of them are. */
static const char *units_note(const char *units) {
    if (strcmp(units, "m2") == 0) return "m\xc2\xb2";
    return *units && strcmp(units, "1") != 0 ? units : "in the data's units";
}

void sq_report_write_errors(FILE *html, const sq_report_run *run) {
    const sq_run_record *r = &run->record;
    const sq_chart_curve squares[] = {
        {.name = "training", .style = 0, .y = r->train_mse, .stride = 1, .count = r->epochs},
        {.name = "validation", .style = 1, .y = r->valid_mse, .stride = 1, .count = r->epochs},
    };
    const sq_chart_curve metric = {.name = r->metric_name,
                                   .style = 0,
                                   .y = r->metric,
                                   .stride = 1,
                                   .count = r->epochs,
                                   .hide_name = true};
    const sq_chart_curve loss = {.name = "loss",
                                 .style = 0,
                                 .y = r->train_loss,
                                 .stride = 1,
                                 .count = r->epochs,
                                 .hide_name = true};
    if (r->epochs == 0) return;
    sq_page_begin_section(html, "errors", "Errors");
    if (*r->metric_name)
        write_chart(html, r,
                    strcmp(r->metric_name, "valid_ade") == 0
                        ? "Average displacement error on the validation split"
                        : r->metric_name,
                    units_note(r->metric_units), &metric, 1);
    write_chart(html, r, "Mean squared error", units_note(r->mse_units), squares, 2);
    write_chart(html, r, "Training loss",
                "with the penalties that are part of it, in the "
                "network's units",
                &loss, 1);
    sq_page_end_section(html);
}
