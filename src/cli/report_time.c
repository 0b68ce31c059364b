/* Where the time of training went. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/html.h"
#include "cli/report.h"
#include "cli/report_page.h"
#include "cli/words.h"

static void write_row(FILE *html, const char *name, double seconds, double all, int64_t epochs) {
    fputs("<tr><th scope=\"row\">", html);
    sq_html_text(html, name);
    fprintf(html,
            "</th><td class=\"bars\"><span class=\"bar\" style=\"width:%.1f%%\"></span></td><td "
            "class=\"n\">%.1f&#8239;%%</td><td class=\"n\">",
            100 * seconds / all, 100 * seconds / all);
    sq_html_number(html, 1e3 * seconds / (double)epochs, 3);
    fputs("</td></tr>\n", html);
}

static void write_sentence(FILE *html, const sq_run_record *record) {
    int ranks = sq_report_ranks(record);
    char time[SQ_WORDS_NUMBER], speed[SQ_WORDS_NUMBER];
    sq_format_duration(sq_report_seconds(record), time);
    sq_format_short(sq_report_speed(record), speed);
    fprintf(html, "<p>%" PRId64 " epochs in %s", record->epochs, time);
    if (ranks > 0) fprintf(html, " on %d rank%s", ranks, ranks == 1 ? "" : "s");
    if (record->nodes > 0)
        fprintf(html, " of %" PRId64 " node%s", record->nodes, record->nodes == 1 ? "" : "s");
    if (record->training_samples > 0) fprintf(html, ": %s training samples a second", speed);
    if (*record->blas_kernel) {
        fputs(", in ", html);
        sq_html_text(html, record->precision);
        fputs(" with BLAS kernel ", html);
        sq_html_text(html, record->blas_kernel);
        if (*record->cpu) fputs(" on ", html);
        sq_html_text(html, record->cpu);
    }
    fputs(".</p>\n", html);
}

void sq_report_write_time(FILE *html, const sq_report_run *run) {
    const sq_run_record *record = &run->record;
    double all = sq_report_seconds(record), rest = all;
    if (all <= 0.0) return;
    sq_page_begin_section(html, "time", "Time");
    write_sentence(html, record);
    if (record->n_parts > 0 && !isnan(sq_report_part_seconds(record, 0))) {
        fputs(
            "<div class=\"scroll\"><table id=\"parts\"><thead><tr><th>part, on rank 0</th><th>"
            "</th><th class=\"n\">share</th><th class=\"n\">ms an epoch</th></tr></thead>\n"
            "<tbody>\n",
            html);
        for (int part = 0; part < record->n_parts; part++) {
            double seconds = sq_report_part_seconds(record, part);
            write_row(html, sq_report_part_words(record->part_names[part]), seconds, all,
                      record->epochs);
            if (strcmp(record->part_names[part], "read") != 0) rest -= seconds; /* a thread's own */
        }
        write_row(html, "the rest", fmax(0.0, rest), all, record->epochs);
        fputs("</tbody></table></div>\n", html);
    }
    sq_page_end_section(html);
}
