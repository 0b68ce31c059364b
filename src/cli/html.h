/* Text and numbers for HTML. */
#ifndef SQ_CLI_HTML_H
#define SQ_CLI_HTML_H

#include <stdint.h>
#include <stdio.h>

/* A text in which nothing is taken for markup, also inside of an attribute's quotes. */
void sq_html_text(FILE *html, const char *text);

/* A number with so many significant digits, and a dash for what was not computed. */
void sq_html_number(FILE *html, double value, int digits);

/* An integer with its digits in groups of three. */
void sq_html_count(FILE *html, int64_t value);

/* A symmetry level: as many digits as tell it from 1. */
void sq_html_level(FILE *html, double level);

/* "1 h 20 min", "83 s" */
void sq_html_duration(FILE *html, double seconds);

#endif
