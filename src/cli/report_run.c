/* The page of one run. */
#include "cli/gnuplot.h"
#include "cli/report.h"
#include "cli/report_page.h"

void sq_report_write_page(FILE *html, const sq_report_run *run, const char *history) {
    sq_page_begin(html, run->record.folder);
    sq_report_write_summary(html, run);
    if (!sq_gnuplot_is_there())
        fputs(
            "<p class=\"note\" id=\"no-gnuplot\">Curves are not drawn: gnuplot is not installed. "
            "Its Debian package is gnuplot-nox.</p>\n",
            html);
    sq_report_write_symmetry(html, run);
    sq_report_write_errors(html, run);
    sq_report_write_motion(html, run);
    sq_report_write_time(html, run);
    sq_report_write_config(html, run);
    sq_page_end(html, history);
}
