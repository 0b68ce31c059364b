/* Line charts of a page: a title, a legend and the drawing, once for wide and once for narrow
 * screens. */
#ifndef SQ_CLI_CHART_H
#define SQ_CLI_CHART_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "softeq/error.h"

/* LEVEL spreads what is close to 1: 0.9, 0.99 and 0.999 stand at equal distances. */
typedef enum { SQ_SCALE_LINEAR, SQ_SCALE_LOG, SQ_SCALE_LEVEL } sq_chart_scale;

/* Styles besides the series 0, 1, 2 ... */
enum { SQ_STYLE_STRONG = -1, SQ_STYLE_MUTED = -2 };

/* y[k * stride] over x[k * x_stride], or over 1, 2, 3 ... if x is NULL. NaN is a gap. */
typedef struct {
    const char *name;
    int style;
    const double *x, *y;
    int x_stride, stride;
    int64_t count;
    bool dots;      /* at every value, not only at the last one */
    bool thin;      /* one of many */
    bool sparse;    /* values that are missing are bridged */
    bool hide_name; /* not in the legend */
} sq_chart_curve;

/* A vertical line. */
typedef struct {
    double x;
    const char *name;
} sq_chart_mark;

typedef struct {
    const char *title; /* of the figure; also what is said to whoever cannot see it */
    const char *note;  /* units, or how to read it; may be NULL */
    const char *x_name;
    sq_chart_scale scale;
    bool small;  /* one of a row: the same drawing for all screens, as wide as it is high */
    double span; /* of a small one: of both axes, which go as far in all directions; 0: as needed */
    bool from_zero;
    const sq_chart_curve *curves;
    int n_curves;
    const sq_chart_mark *marks;
    int n_marks;
} sq_chart;

/* Writes one <figure>. SQ_ERR_IO if gnuplot fails: then the figure says so. */
sq_status sq_chart_write(FILE *html, const sq_chart *chart);

/* A line as the charts draw it, for a legend. */
void sq_chart_write_swatch(FILE *html, int style);

#endif
