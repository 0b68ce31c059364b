/* The configuration as the run resolved it. */
#include <string.h>

#include "cli/html.h"
#include "cli/report.h"
#include "cli/report_page.h"

/* Is the key at another value than its default? text: (SQ_CONFIG_TEXT), receives the value. */
static bool is_set(const sq_config *config, const sq_config *defaults, const sq_config_key *key,
                   char *text) {
    char initial[SQ_CONFIG_TEXT];
    sq_config_format(config, key, text, SQ_CONFIG_TEXT);
    sq_config_format(defaults, key, initial, sizeof initial);
    return strcmp(text, initial) != 0;
}

static void write_rows(FILE *html, const sq_config *config, bool all) {
    sq_config defaults;
    size_t count;
    const sq_config_key *keys = sq_config_table(&count);
    char value[SQ_CONFIG_TEXT];
    sq_config_init(&defaults);
    for (size_t k = 0; k < count; k++) {
        bool set = is_set(config, &defaults, &keys[k], value);
        if (!set && !all) continue;
        fprintf(html, "<tr><td><code>%s.%s</code></td><td class=\"wrap\"><code>", keys[k].section,
                keys[k].name);
        sq_html_text(html, value);
        fputs("</code></td>", html);
        if (all) {
            fputs("<td class=\"wrap\">", html);
            sq_html_text(html, keys[k].help);
            fputs("</td>", html);
        }
        fputs("</tr>\n", html);
    }
}

void sq_report_write_config(FILE *html, const sq_report_run *run) {
    const sq_run_record *record = &run->record;
    sq_page_begin_section(html, "configuration", "Configuration");
    fputs(
        "<p class=\"note\">The keys that differ from their defaults.</p>\n<div class=\"scroll\">"
        "<table><tbody>\n",
        html);
    write_rows(html, &record->config, false);
    fputs(
        "</tbody></table></div>\n<details><summary>All keys</summary>\n<div class=\"scroll\">"
        "<table id=\"keys\"><tbody>\n",
        html);
    write_rows(html, &record->config, true);
    fputs("</tbody></table></div></details>\n", html);
    if (*record->content_hash)
        fprintf(html,
                "<p class=\"note\"><code>content_hash</code> of best.nc: <code>%s</code></p>\n",
                record->content_hash);
    sq_page_end_section(html);
}
