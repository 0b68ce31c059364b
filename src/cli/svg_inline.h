/* gnuplot's SVG as a part of a page: one element, in the page's colours and letters. */
#ifndef SQ_CLI_SVG_INLINE_H
#define SQ_CLI_SVG_INLINE_H

#include <stdio.h>

/* What gnuplot draws in these colours gets the page's colours instead. Series k is drawn in
 * SQ_INK_SERIES + k. */
enum { SQ_INK_TEXT = 1, SQ_INK_AXIS, SQ_INK_GRID, SQ_INK_STRONG, SQ_INK_MUTED, SQ_INK_SERIES = 16 };

/* Series that can be told apart; the ones beyond begin again. */
enum { SQ_SERIES_STYLES = 8 };

/* Writes the drawing in `svg` as one <svg> element. description: for whoever cannot see it.
 * Shapes that all drawings of a page share are left out: sq_svg_write_shapes, once a page. */
void sq_svg_write_inline(FILE *html, const char *svg, const char *description);
void sq_svg_write_shapes(FILE *html);

#endif
