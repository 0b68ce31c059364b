/* The frame of a report: the page's head with its style, and its end. */
#ifndef SQ_CLI_REPORT_PAGE_H
#define SQ_CLI_REPORT_PAGE_H

#include <stdio.h>

/* <!doctype html> up to <main>. */
void sq_page_begin(FILE *html, const char *title);
/* A line about how the page was made, and the end. history: date and command line. */
void sq_page_end(FILE *html, const char *history);

/* <section> with a heading, up to sq_page_end_section. */
void sq_page_begin_section(FILE *html, const char *id, const char *heading);
void sq_page_end_section(FILE *html);

#endif
