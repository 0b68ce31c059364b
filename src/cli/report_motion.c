/* Motion: how far forecasts are off, step by step, and a few true and predicted tracks. */
#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "cli/chart.h"
#include "cli/displacements.h"
#include "cli/html.h"
#include "cli/report.h"
#include "cli/report_page.h"

enum { yardstick_style = 4 }; /* of the first; constant velocity in the tracks, too */

static void widen(double *span, const double *positions, int count) {
    for (int k = 0; k < 2 * count; k++) *span = fmax(*span, fabs(positions[k]));
}

/* A round number not below this one. */
static double round_up(double value) {
    double power = pow(10, floor(log10(value)));
    static const double steps[] = {1, 2, 4, 6, 8, 10};
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++)
        if (value <= steps[k] * power) return steps[k] * power;
    return 10 * power;
}

/* Moves positions so that the last observed one is the origin, into `moved`. */
static void move(const double *from, int count, const double *origin, double *moved) {
    for (int k = 0; k < 2 * count; k++) moved[k] = from[k] - origin[k % 2];
}

static sq_chart_curve curve(const char *name, int style, const double *xy, int count) {
    return (sq_chart_curve){.name = name,
                            .style = style,
                            .x = xy,
                            .x_stride = 2,
                            .y = xy + 1,
                            .stride = 2,
                            .count = count,
                            .dots = true,
                            .hide_name = true};
}

static void write_track(FILE *html, const sq_tracks *tracks, const sq_track *track) {
    int seen = tracks->observed, ahead = tracks->predicted;
    const double *origin = track->observed + 2 * (size_t)(seen - 1);
    double *xy = malloc(2 * sizeof *xy * (size_t)(seen + 3 * ahead));
    if (!xy) return;
    double *truth = xy + 2 * seen, *model = truth + 2 * ahead, *straight = model + 2 * ahead;
    char title[400], note[400];
    double span = 0.1;
    move(track->observed, seen, origin, xy);
    move(track->truth, ahead, origin, truth);
    move(track->prediction, ahead, origin, model);
    move(track->constant_velocity, ahead, origin, straight);
    widen(&span, xy, seen + 3 * ahead);
    const sq_chart_curve curves[] = {curve("observed", SQ_STYLE_MUTED, xy, seen),
                                     curve("constant velocity", yardstick_style, straight, ahead),
                                     curve("truth", SQ_STYLE_STRONG, truth, ahead),
                                     curve("this model", 0, model, ahead)};
    snprintf(title, sizeof title, "%.2f %s", track->ade, tracks->units);
    snprintf(note, sizeof note, "vs %.2f %s", track->constant_velocity_ade, tracks->units);
    const sq_chart chart = {.title = title,
                            .note = note,
                            .small = true,
                            .span = round_up(span),
                            .curves = curves,
                            .n_curves = 4};
    (void)sq_chart_write(html, &chart); /* a figure that fails says so */
    free(xy);
}

static void write_legend(FILE *html) {
    static const struct {
        const char *name;
        int style;
    } rows[] = {{"observed", SQ_STYLE_MUTED},
                {"truth", SQ_STYLE_STRONG},
                {"this model", 0},
                {"constant velocity", yardstick_style}};
    fputs("<ul class=\"legend\">", html);
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        fputs("<li>", html);
        sq_chart_write_swatch(html, rows[k].style);
        fprintf(html, "%s</li>", rows[k].name);
    }
    fputs("</ul>\n", html);
}

static void write_tracks(FILE *html, const sq_tracks *tracks) {
    if (tracks->n_tracks == 0) return;
    fputs("<p class=\"note\"><strong>Tracks.</strong> Six of ", html);
    sq_html_count(html, tracks->looked_at);
    fputs(
        " windows that were looked at, from nearly the best to nearly the worst prediction: with "
        "their average displacement error, and that of constant velocity. The last observed "
        "position is the origin; windows of those who hardly move are left out.</p>\n",
        html);
    write_legend(html);
    fputs("<div class=\"row\" id=\"tracks\">\n", html);
    for (int k = 0; k < tracks->n_tracks; k++) write_track(html, tracks, &tracks->tracks[k]);
    fputs("</div>\n", html);
}

/* ---- how far they are off -------------------------------------------------------------------- */

static void write_row(FILE *html, const sq_displacements *displaced, bool missed, int style) {
    if (!displaced->displacement) return;
    fputs("<tr><th scope=\"row\">", html);
    sq_chart_write_swatch(html, style);
    sq_html_text(html, displaced->title);
    const double values[] = {displaced->ade, displaced->fde, displaced->miss_rate};
    for (int k = 0; k < (missed ? 3 : 2); k++) {
        fputs(k ? "</td><td class=\"n\">" : "</th><td class=\"n\">", html);
        sq_html_number(html, values[k], 3);
    }
    fputs("</td></tr>\n", html);
}

static void write_table(FILE *html, const sq_evaluation *found) {
    bool missed = sq_units_are_metres(found->units);
    fputs("<div class=\"scroll\"><table id=\"displacements\"><thead><tr><th>", html);
    sq_html_text(html, sq_displacement_unit(found));
    fputs("</th><th class=\"n\">average</th><th class=\"n\">final</th>", html);
    if (missed) fputs("<th class=\"n\">miss rate, 2 m</th>", html);
    fputs("</tr></thead>\n<tbody>\n", html);
    write_row(html, &found->displaced, missed, 0);
    for (int k = 0; k < found->n_yardsticks; k++)
        write_row(html, &found->yardsticks[k], missed, yardstick_style + k);
    fputs("</tbody></table></div>\n", html);
}

static sq_chart_curve step_curve(const sq_evaluation *found, const sq_displacements *displaced,
                                 const double *x, int style) {
    return (sq_chart_curve){.name = displaced->title,
                            .style = style,
                            .x = x,
                            .x_stride = 1,
                            .y = displaced->displacement,
                            .stride = 1,
                            .count = found->steps,
                            .dots = true,
                            .hide_name = true};
}

static void write_steps(FILE *html, const sq_evaluation *found) {
    sq_chart_curve curves[1 + SQ_RUN_MAX_YARDSTICKS];
    bool timed = found->interval > 0;
    int count = 0;
    char note[128];
    double *x = malloc((size_t)found->steps * sizeof *x);
    if (!x) return;
    for (int k = 0; k < found->steps; k++) x[k] = timed ? sq_evaluation_seconds(found, k) : k + 1;
    for (int k = 0; k < found->n_yardsticks; k++)
        if (found->yardsticks[k].displacement)
            curves[count++] = step_curve(found, &found->yardsticks[k], x, yardstick_style + k);
    curves[count++] = step_curve(found, &found->displaced, x, 0);
    snprintf(note, sizeof note, "%s, average over all windows", sq_displacement_unit(found));
    const sq_chart chart = {.title = "Displacement by horizon",
                            .note = note,
                            .x_name = timed ? "seconds ahead" : "steps ahead",
                            .from_zero = true,
                            .curves = curves,
                            .n_curves = count};
    (void)sq_chart_write(html, &chart); /* a figure that fails says so */
    free(x);
}

void sq_report_write_motion(FILE *html, const sq_report_run *run) {
    if (!run->evaluated || run->evaluation.steps == 0) return;
    sq_page_begin_section(html, "motion", "Motion");
    write_table(html, &run->evaluation);
    write_steps(html, &run->evaluation);
    write_tracks(html, &run->tracks);
    sq_page_end_section(html);
}
