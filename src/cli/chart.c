#include "cli/chart.h"

#include <inttypes.h>
#include <math.h>

#include "base/memory.h"
#include "base/text_stream.h"
#include "cli/gnuplot.h"
#include "cli/html.h"
#include "cli/svg_inline.h"

/* A drawing's size in its own units, which are pixels where there is room, and the most points that
 * can be seen in a curve of it. */
typedef struct {
    const char *name;
    int width, height, points;
} drawing;

static const drawing wide = {"wide", 704, 280, 300};
static const drawing narrow = {"narrow", 350, 240, 150};
static const drawing small_size = {"all", 224, 224, 100};

static const double level_floor = 1e-7; /* nearer to 1 than this is 1 */

/* ---- styles ---------------------------------------------------------------------------------- */

/* Lines that differ by more than their colour. Dashes as gnuplot and as SVG write them. */
typedef struct {
    const char *dash, *svg_dash;
    int mark; /* gnuplot's number */
} style_row;

static const style_row styles[SQ_SERIES_STYLES] = {
    {"1", "none", 7},
    {"(9,4)", "9 4", 5},
    {"(2,3)", "2 3", 9},
    {"(10,3,2,3)", "10 3 2 3", 13},
    {"(5,2)", "5 2", 11},
    {"(14,3)", "14 3", 6},
    {"(6,2,1,2)", "6 2 1 2", 4},
    {"(1,1)", "1 1", 8},
};
static const style_row strong = {"1", "none", 7}, muted = {"(3,3)", "3 3", 6};

static const style_row *style_of(int style) {
    if (style == SQ_STYLE_STRONG) return &strong;
    if (style == SQ_STYLE_MUTED) return &muted;
    /* The second series of a colour has another line and mark than the first. */
    return &styles[(style + style / SQ_SERIES_STYLES) % SQ_SERIES_STYLES];
}

static int ink_of(int style) {
    if (style == SQ_STYLE_STRONG) return SQ_INK_STRONG;
    if (style == SQ_STYLE_MUTED) return SQ_INK_MUTED;
    return SQ_INK_SERIES + style % SQ_SERIES_STYLES;
}

void sq_chart_write_swatch(FILE *html, int style) {
    char colour[32];
    if (style >= 0)
        snprintf(colour, sizeof colour, "var(--s%d)", style % SQ_SERIES_STYLES);
    else
        snprintf(colour, sizeof colour, "var(--%s)", style == SQ_STYLE_STRONG ? "strong" : "muted");
    fprintf(html,
            "<svg class=\"swatch\" viewBox=\"0 0 34 10\" aria-hidden=\"true\"><path d=\"M0 5h26\" "
            "stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/><use href=\"#gpPt%d\" "
            "transform=\"translate(29 5) scale(3.6)\" color=\"%s\"/></svg>",
            colour, style_of(style)->svg_dash, style_of(style)->mark - 1, colour);
}

/* ---- the script ------------------------------------------------------------------------------ */

static double scaled(const sq_chart *chart, double y) {
    if (chart->scale == SQ_SCALE_LOG && !(y > 0)) return NAN;
    if (chart->scale == SQ_SCALE_LEVEL) return -log10(fmin(1.0, fmax(level_floor, 1.0 - y)));
    return y;
}

static int64_t points_of(const sq_chart_curve *curve, const drawing *size) {
    return curve->sparse || curve->count < size->points ? curve->count : size->points;
}

/* The curves as gnuplot's own blocks of data; *least, *most: of all finite values. */
static void write_data(FILE *script, const sq_chart *chart, const drawing *size, double *least,
                       double *most) {
    *least = INFINITY;
    *most = -INFINITY;
    for (int c = 0; c < chart->n_curves; c++) {
        const sq_chart_curve *curve = &chart->curves[c];
        int64_t points = points_of(curve, size);
        fprintf(script, "$d%d << EOD\n", c);
        for (int64_t k = 0; k < points; k++) {
            int64_t at = points > 1 ? k * (curve->count - 1) / (points - 1) : 0;
            double x = curve->x ? curve->x[at * curve->x_stride] : (double)(at + 1);
            double y = curve->y[at * curve->stride];
            y = isnan(y) ? y : scaled(chart, y);
            if (curve->sparse && !isfinite(y)) continue;
            fprintf(script, isfinite(y) ? "%.9g %.6g\n" : "%.9g NaN\n", x, y);
            if (!isfinite(y)) continue;
            *least = fmin(*least, y);
            *most = fmax(*most, y);
        }
        fprintf(script, "EOD\n");
    }
}

static void write_look(FILE *script, const sq_chart *chart, const drawing *size) {
    fprintf(script,
            "set terminal svg size %d,%d dynamic noenhanced font 'sans,%d'\n"
            "set encoding utf8\nunset key\n"
            "set border 1 lc rgb '#%06x'\n"
            "set tics nomirror scale 0.4 textcolor rgb '#%06x'\n"
            "set grid ytics lt 1 lw 1 lc rgb '#%06x'\n"
            "set lmargin 7.5\nset rmargin 1.6\nset tmargin 1.6\nset bmargin %g\n",
            size->width, size->height, chart->small ? 11 : 12, SQ_INK_AXIS, SQ_INK_TEXT,
            SQ_INK_GRID, chart->x_name ? 3.2 : 2.0);
    if (chart->x_name)
        fprintf(script, "set xlabel '%s' offset 0,0.4 textcolor rgb '#%06x'\n", chart->x_name,
                SQ_INK_TEXT);
}

/* Whole nines, with the levels that they stand for. */
static void write_level_axis(FILE *script, double least, double most) {
    double low = floor(least), high = fmin(ceil(most + 0.05), 7);
    if (high < low + 1) high = low + 1;
    fprintf(script, "set yrange [%g:%g]\nset ytics (", low, high + 0.08);
    for (int nines = (int)low; nines <= (int)high; nines++) {
        if (nines == 0 || nines == 7)
            fprintf(script, "%s'%d' %d", nines > (int)low ? ", " : "", nines == 7, nines);
        else
            fprintf(script, "%s'%.*f' %d", nines > (int)low ? ", " : "", nines, 1 - pow(10, -nines),
                    nines);
    }
    fprintf(script, ")\n");
}

/* 1, 2 and 5 times powers of ten, or the powers alone where they are enough. */
static void write_log_axis(FILE *script, double least, double most) {
    static const int steps[] = {1, 2, 5};
    double low = least / 1.15, high = most * 1.15, decades = log10(high / low);
    int every = decades > 6 ? (int)ceil(decades / 6) : 1; /* of many powers, some */
    const char *separator = "";
    fprintf(script, "set logscale y\nset yrange [%.6g:%.6g]\nset ytics (", low, high);
    for (int power = (int)floor(log10(low)); power <= (int)floor(log10(high)); power++) {
        for (int k = 0; k < (decades > 2 ? 1 : 3); k++) {
            double at = steps[k] * pow(10, power);
            if (at < low || at > high || power % every != 0) continue;
            fprintf(script, "%s'%g' %g", separator, at, at);
            separator = ", ";
        }
    }
    fprintf(script, ")\n");
}

/* A step of 1, 2 or 5 times a power of ten that divides a span into about five. */
static double step_of(double span) {
    double power = pow(10, floor(log10(span / 5)));
    double part = span / 5 / power;
    return (part > 5 ? 10 : part > 2 ? 5 : part > 1 ? 2 : 1) * power;
}

static double last_x(const sq_chart *chart) {
    double last = 1;
    for (int c = 0; c < chart->n_curves; c++) {
        const sq_chart_curve *curve = &chart->curves[c];
        if (curve->count == 0) continue;
        int64_t at = curve->count - 1;
        last = fmax(last, curve->x ? curve->x[at * curve->x_stride] : (double)(at + 1));
    }
    return last;
}

static void write_axes(FILE *script, const sq_chart *chart, double least, double most) {
    if (chart->scale == SQ_SCALE_LEVEL) write_level_axis(script, least, most);
    if (chart->scale == SQ_SCALE_LOG && most > 2 * least)
        write_log_axis(script, least, most);
    else if (chart->scale != SQ_SCALE_LEVEL && most > least)
        fprintf(script, "set ytics %g\n", step_of(chart->from_zero ? most : most - least));
    if (chart->from_zero) fprintf(script, "set yrange [0:%.6g]\n", 1.06 * most);
    if (!chart->small) fprintf(script, "set xrange [0:%.9g]\n", last_x(chart));
    if (chart->span > 0)
        fprintf(script,
                "set size ratio 1\nset xrange [%g:%g]\nset yrange [%g:%g]\nset grid xtics ytics\n"
                "set lmargin 4.5\nset rmargin 1\nset tmargin 0.6\nset bmargin 1.8\nset border 0\n"
                "set xtics %g\nset ytics %g\n",
                -chart->span, chart->span, -chart->span, chart->span, chart->span / 2,
                chart->span / 2);
}

static void write_marks(FILE *script, const sq_chart *chart) {
    for (int k = 0; k < chart->n_marks; k++)
        fprintf(script,
                "set arrow from first %.9g, graph 0 to first %.9g, graph 1 nohead lw 1 dt (2,2) lc "
                "rgb '#%06x'\nset label '%s' at first %.9g, graph 1.05 center textcolor rgb "
                "'#%06x'\n",
                chart->marks[k].x, chart->marks[k].x, SQ_INK_MUTED, chart->marks[k].name,
                chart->marks[k].x, SQ_INK_TEXT);
}

static void write_curves(FILE *script, const sq_chart *chart, const drawing *size) {
    fprintf(script, "plot ");
    for (int c = 0; c < chart->n_curves; c++) {
        const sq_chart_curve *curve = &chart->curves[c];
        const style_row *style = style_of(curve->style);
        int ink = ink_of(curve->style);
        fprintf(script, "%s$d%d using 1:2 with lines lw %g dt %s lc rgb '#%06x'", c ? ", " : "", c,
                curve->thin ? 1.0 : 1.8, style->dash, ink);
        if (curve->dots)
            fprintf(script, ", $d%d using 1:2 with points pt %d ps 0.5 lc rgb '#%06x'", c,
                    style->mark, ink);
        else if (!curve->thin)
            fprintf(script,
                    ", $d%d using 1:2 every ::%" PRId64 " with points pt %d ps 0.7 lc rgb '#%06x'",
                    c, points_of(curve, size) - 1, style->mark, ink);
    }
    fprintf(script, "\n");
}

static sq_status write_script(const sq_chart *chart, const drawing *size, char **text) {
    sq_text_stream script;
    double least, most;
    sq_status status = sq_text_stream_open(&script, "a chart");
    if (status != SQ_OK) return status;
    write_look(script.stream, chart, size);
    write_data(script.stream, chart, size, &least, &most);
    if (!isfinite(least)) least = most = 1;
    write_axes(script.stream, chart, least, most);
    write_marks(script.stream, chart);
    write_curves(script.stream, chart, size);
    return sq_text_stream_take(&script, text);
}

/* ---- the figure ------------------------------------------------------------------------------ */

static sq_status write_drawing(FILE *html, const sq_chart *chart, const drawing *size) {
    char *script = NULL, *svg = NULL;
    sq_status status;
    SQ_TRY(write_script(chart, size, &script));
    SQ_TRY(sq_gnuplot_run(script, &svg));
    fprintf(html, "<div class=\"%s\">\n", size->name);
    sq_svg_write_inline(html, svg, chart->title);
    fputs("</div>\n", html);
cleanup:
    sq_free(script);
    sq_free(svg);
    return status;
}

static void write_caption(FILE *html, const sq_chart *chart) {
    fputs("<figcaption><strong>", html);
    sq_html_text(html, chart->title);
    fputs("</strong>", html);
    if (chart->note) {
        fputs(" <span>", html);
        sq_html_text(html, chart->note);
        fputs("</span>", html);
    }
    fputs("</figcaption>\n", html);
}

static void write_legend(FILE *html, const sq_chart *chart) {
    int named = 0;
    for (int c = 0; c < chart->n_curves; c++) named += !chart->curves[c].hide_name;
    if (named == 0) return;
    fputs("<ul class=\"legend\">", html);
    for (int c = 0; c < chart->n_curves; c++) {
        if (chart->curves[c].hide_name) continue;
        fputs("<li>", html);
        sq_chart_write_swatch(html, chart->curves[c].style);
        sq_html_text(html, chart->curves[c].name);
        fputs("</li>", html);
    }
    fputs("</ul>\n", html);
}

sq_status sq_chart_write(FILE *html, const sq_chart *chart) {
    sq_status status = SQ_OK;
    fprintf(html, "<figure class=\"%s\">\n", chart->small ? "small" : "chart");
    write_caption(html, chart);
    write_legend(html, chart);
    if (chart->small) {
        SQ_TRY(write_drawing(html, chart, &small_size));
    } else {
        SQ_TRY(write_drawing(html, chart, &wide));
        SQ_TRY(write_drawing(html, chart, &narrow));
    }
cleanup:
    if (status != SQ_OK) {
        fputs("<p class=\"note\">Not drawn: ", html);
        sq_html_text(html, sq_error_message());
        fputs(".</p>\n", html);
    }
    fputs("</figure>\n", html);
    return status;
}
