/* Several runs beside each other, as a page. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "cli/chart.h"
#include "cli/html.h"
#include "cli/report.h"
#include "cli/report_groups.h"
#include "cli/report_page.h"
#include "cli/warning_words.h"
#include "cli/words.h"

/* What the page is about. */
typedef struct {
    const sq_report_groups *groups;
    int n_runs;
    sq_report_figure *figure;
    const char *figure_name;
    double least, most; /* of the figure over all runs */
} comparison;

static const double least_deviation = 1e-7; /* that is written without an exponent */

static void write_spread(FILE *html, sq_spread spread) {
    if (spread.deviation >= least_deviation) { /* the mean to two digits of its spread */
        int decimals = (int)fmax(0.0, 1.0 - floor(log10(spread.deviation)));
        fprintf(html, "%.*f <span class=\"note\">&plusmn;&#8239;%.*f</span>", decimals, spread.mean,
                decimals, spread.deviation);
        return;
    }
    sq_html_number(html, spread.mean, 4);
    if (isnan(spread.deviation)) return;
    fputs(" <span class=\"note\">&plusmn;&#8239;", html);
    sq_html_number(html, spread.deviation, 2);
    fputs("</span>", html);
}

/* ---- the head -------------------------------------------------------------------------------- */

static void write_head(FILE *html, const comparison *c) {
    const sq_report_groups *groups = c->groups;
    int best = sq_report_best_group(groups, c->figure);
    fprintf(html, "<p class=\"over\">%d runs of %d configuration%s</p>\n<h1 id=\"verdict\">",
            c->n_runs, groups->n_groups, groups->n_groups == 1 ? "" : "s");
    if (best >= 0 && groups->n_groups > 1) {
        sq_html_text(html, groups->groups[best].label);
        fprintf(html, " has the smallest %s: ", c->figure_name);
    } else {
        fprintf(html, "%s: ", c->figure_name);
    }
    if (best >= 0) write_spread(html, sq_report_spread_of(groups, best, c->figure));
    fputs(
        "</h1>\n<p class=\"note\">Runs that differ in their seeds only are one configuration. "
        "Spreads are standard deviations over its runs.</p>\n",
        html);
}

/* ---- configurations -------------------------------------------------------------------------- */

/* Each run as a dot, their mean as a stroke. */
static void write_strip(FILE *html, const comparison *c, int g) {
    const sq_report_group *group = &c->groups->groups[g];
    double span = c->most > c->least ? c->most - c->least : 1.0;
    double mean = sq_report_spread_of(c->groups, g, c->figure).mean;
    fputs(
        "<svg class=\"strip\" viewBox=\"0 0 208 16\" "
        "aria-hidden=\"true\"><path d=\"M0 8h208\" stroke=\"var(--rule)\"/>",
        html);
    for (int k = 0; k < group->n_members; k++) {
        double value = c->figure(&c->groups->runs[group->members[k]]);
        if (!isnan(value))
            fprintf(html,
                    "<circle cx=\"%.1f\" cy=\"8\" r=\"3.5\" fill=\"var(--s%d)\" "
                    "fill-opacity=\".7\"/>",
                    4 + 200 * (value - c->least) / span, g % 8);
    }
    if (!isnan(mean))
        fprintf(html, "<path d=\"M%.1f 1v14\" stroke=\"var(--strong)\" stroke-width=\"1.5\"/>",
                4 + 200 * (mean - c->least) / span);
    fputs("</svg>", html);
}

static void write_configurations(FILE *html, const comparison *c) {
    sq_page_begin_section(html, "configurations", "Configurations");
    fputs(
        "<div class=\"scroll\"><table id=\"groups\"><thead><tr><th>configuration</th>"
        "<th class=\"n\">runs</th><th class=\"n\">",
        html);
    sq_html_text(html, c->figure_name);
    fputs("</th><th>each run, and the mean</th></tr></thead>\n<tbody>\n", html);
    for (int g = 0; g < c->groups->n_groups; g++) {
        fputs("<tr><th scope=\"row\">", html);
        sq_chart_write_swatch(html, g);
        sq_html_text(html, c->groups->groups[g].label);
        fprintf(html, "</th><td class=\"n\">%d</td><td class=\"n\">",
                c->groups->groups[g].n_members);
        write_spread(html, sq_report_spread_of(c->groups, g, c->figure));
        fputs("</td><td class=\"bars\">", html);
        write_strip(html, c, g);
        fputs("</td></tr>\n", html);
    }
    fputs("</tbody></table></div>\n", html);
    sq_page_end_section(html);
}

/* ---- symmetries ------------------------------------------------------------------------------ */

static bool is_new_type(const comparison *c, int run, int type) {
    const char *name = c->groups->runs[run].record.type_names[type];
    for (int k = 0; k < run; k++) {
        const sq_run_record *record = &c->groups->runs[k].record;
        for (int t = 0; t < record->n_types; t++)
            if (strcmp(record->type_names[t], name) == 0) return false;
    }
    return true;
}

/* In the colour of the one that was found most often. */
static void write_verdicts(FILE *html, const comparison *c, int g, const char *type) {
    int times[SQ_VERDICTS], most = 0;
    sq_report_verdicts_of_type(c->groups, g, type, times);
    for (int verdict = 0; verdict < SQ_UNKNOWN; verdict++)
        if (times[verdict] > times[most]) most = verdict;
    if (times[most] == 0) return;
    fprintf(html, " <span class=\"%s\">", sq_verdict_class((sq_verdict)most));
    sq_write_verdicts(html, times);
    fputs("</span>", html);
}

static void write_type_row(FILE *html, const comparison *c, const char *type) {
    fputs("<tr><th scope=\"row\">", html);
    sq_html_text(html, type);
    fputs("</th>", html);
    for (int g = 0; g < c->groups->n_groups; g++) {
        sq_spread spread = sq_report_spread_of_type(c->groups, g, type);
        fputs("<td class=\"n\">", html);
        write_spread(html, spread);
        write_verdicts(html, c, g, type);
        fputs("</td>", html);
    }
    fputs("</tr>\n", html);
}

static void write_symmetries(FILE *html, const comparison *c) {
    sq_page_begin_section(html, "symmetry", "Symmetry");
    fputs(
        "<p class=\"note\">Equivariance errors: below 0.01 a symmetry holds, below 0.1 "
        "nearly, unless the rest of the evaluation says otherwise. Where runs differ: how many of "
        "them say what.</p>\n<div class=\"scroll\"><table id=\"types\"><thead><tr><th>type</th>",
        html);
    for (int g = 0; g < c->groups->n_groups; g++) {
        fputs("<th class=\"n\">", html);
        sq_html_text(html, c->groups->groups[g].label);
        fputs("</th>", html);
    }
    fputs("</tr></thead>\n<tbody>\n", html);
    for (int k = 0; k < c->n_runs; k++)
        for (int t = 0; t < c->groups->runs[k].record.n_types; t++)
            if (is_new_type(c, k, t))
                write_type_row(html, c, c->groups->runs[k].record.type_names[t]);
    fputs("</tbody></table></div>\n", html);
    sq_page_end_section(html);
}

/* ---- courses --------------------------------------------------------------------------------- */

static void write_courses(FILE *html, const comparison *c) {
    sq_chart_curve *curves = NULL;
    int count = 0;
    if (sq_alloc((size_t)c->n_runs, sizeof *curves, &curves) != SQ_OK) return;
    for (int g = 0; g < c->groups->n_groups; g++) {
        const sq_report_group *group = &c->groups->groups[g];
        for (int k = 0; k < group->n_members; k++) {
            const sq_run_record *record = &c->groups->runs[group->members[k]].record;
            if (record->epochs == 0) continue;
            curves[count++] = (sq_chart_curve){.name = group->label,
                                               .style = g,
                                               .y = record->valid_mse,
                                               .stride = 1,
                                               .count = record->epochs,
                                               .thin = true,
                                               .hide_name = k > 0};
        }
    }
    const sq_chart chart = {.title = "Mean squared error on the validation split",
                            .note = "one line a run",
                            .x_name = "epoch",
                            .scale = SQ_SCALE_LOG,
                            .curves = curves,
                            .n_curves = count};
    sq_page_begin_section(html, "courses", "Courses");
    if (count > 0) (void)sq_chart_write(html, &chart); /* a figure that fails says so */
    sq_page_end_section(html);
    sq_free(curves);
}

/* ---- runs ------------------------------------------------------------------------------------ */

static void write_run(FILE *html, const comparison *c, int g, const sq_report_run *run) {
    const sq_run_record *record = &run->record;
    fputs("<tr><td class=\"wrap\">", html);
    sq_html_text(html, record->folder);
    fputs("</td><td>", html);
    sq_html_text(html, c->groups->groups[g].label);
    fprintf(html,
            "</td><td class=\"n\">%" PRId64 "</td><td class=\"n\">%" PRId64 "</td><td class=\"n\">",
            record->config.train.seed, record->epochs);
    sq_html_number(html, c->figure(run), 4);
    fputs("</td><td class=\"n\">", html);
    sq_html_duration(html, sq_report_seconds(record));
    fprintf(html, "</td><td class=\"n\">%d</td></tr>\n", sq_report_ranks(record));
}

static void write_warning(FILE *html, int number, const char *text) {
    (void)number;
    fputs("<br>", html);
    sq_html_text(html, text);
}

static void write_run_warnings(FILE *html, const sq_run_record *record) {
    if (!record->warnings) return;
    fputs("<p class=\"warning\">Warned when ", html);
    sq_html_text(html, record->folder);
    fputs(" was trained:", html);
    sq_each_warning(html, record->warnings, write_warning);
    fputs("</p>\n", html);
}

static void write_runs(FILE *html, const comparison *c) {
    sq_page_begin_section(html, "runs", "Runs");
    fputs(
        "<div class=\"scroll\"><table id=\"all\"><thead><tr><th>folder</th><th>configuration</th>"
        "<th class=\"n\">seed</th><th class=\"n\">epochs</th><th class=\"n\">error</th>"
        "<th class=\"n\">time</th><th class=\"n\">ranks</th></tr></thead>\n<tbody>\n",
        html);
    for (int g = 0; g < c->groups->n_groups; g++)
        for (int k = 0; k < c->groups->groups[g].n_members; k++)
            write_run(html, c, g, &c->groups->runs[c->groups->groups[g].members[k]]);
    fputs("</tbody></table></div>\n", html);
    for (int k = 0; k < c->n_runs; k++) {
        write_run_warnings(html, &c->groups->runs[k].record);
        if (c->groups->runs[k].evaluated) continue;
        fputs("<p class=\"note\">", html);
        sq_html_text(html, c->groups->runs[k].record.folder);
        fputs(" was not evaluated: ", html);
        sq_html_text(html, c->groups->runs[k].problem);
        fputs("</p>\n", html);
    }
    sq_page_end_section(html);
}

static comparison compare(const sq_report_groups *groups, int n_runs) {
    comparison c = {.groups = groups, .n_runs = n_runs, .least = INFINITY, .most = -INFINITY};
    c.figure = sq_report_main_figure(groups->runs, n_runs, &c.figure_name);
    for (int k = 0; k < n_runs; k++) {
        c.least = fmin(c.least, c.figure(&groups->runs[k]));
        c.most = fmax(c.most, c.figure(&groups->runs[k]));
    }
    return c;
}

sq_status sq_report_write_comparison(FILE *html, const sq_report_run *runs, int count,
                                     const char *history) {
    sq_report_groups groups;
    sq_status status = sq_report_groups_create(runs, count, &groups);
    if (status != SQ_OK) return status;
    const comparison c = compare(&groups, count);
    sq_page_begin(html, "softeq runs");
    write_head(html, &c);
    write_configurations(html, &c);
    write_symmetries(html, &c);
    write_courses(html, &c);
    write_runs(html, &c);
    sq_page_end(html, history);
    sq_report_groups_clear(&groups);
    return SQ_OK;
}

/* ---- as text --------------------------------------------------------------------------------- */

static void write_text_spread(FILE *text, sq_spread spread) {
    fprintf(text, " %11.5g", spread.mean);
    if (!isnan(spread.deviation)) fprintf(text, " +- %-9.2g", spread.deviation);
}

sq_status sq_report_write_comparison_text(FILE *text, const sq_report_run *runs, int count) {
    sq_report_groups groups;
    sq_status status = sq_report_groups_create(runs, count, &groups);
    if (status != SQ_OK) return status;
    const comparison c = compare(&groups, count);
    for (int k = 0; k < count; k++) {
        if (runs[k].record.warnings) fprintf(text, "%s:\n", runs[k].record.folder);
        sq_write_warnings(text, runs[k].record.warnings);
    }
    fprintf(text, "%-40s %4s  %s\n", "configuration", "runs", c.figure_name);
    for (int g = 0; g < groups.n_groups; g++) {
        fprintf(text, "%-40s %4d ", groups.groups[g].label, groups.groups[g].n_members);
        write_text_spread(text, sq_report_spread_of(&groups, g, c.figure));
        fputs("\n", text);
    }
    fputs("\nequivariance errors\n", text);
    for (int k = 0; k < count; k++) {
        for (int t = 0; t < runs[k].record.n_types; t++) {
            if (!is_new_type(&c, k, t)) continue;
            fprintf(text, "%s\n", runs[k].record.type_names[t]);
            for (int g = 0; g < groups.n_groups; g++) {
                sq_spread spread =
                    sq_report_spread_of_type(&groups, g, runs[k].record.type_names[t]);
                fprintf(text, "  %-43s ", groups.groups[g].label);
                write_text_spread(text, spread);
                int times[SQ_VERDICTS];
                sq_report_verdicts_of_type(&groups, g, runs[k].record.type_names[t], times);
                fputs("  ", text);
                sq_write_verdicts(text, times);
                fputs("\n", text);
            }
        }
    }
    sq_report_groups_clear(&groups);
    return SQ_OK;
}
