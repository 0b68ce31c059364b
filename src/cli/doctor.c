#include "cli/doctor.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "cli/json.h"

void sq_finding_add(sq_findings *list, const char *name, sq_health health, const char *advice,
                    const char *found, ...) {
    if (list->count == SQ_MOST_FINDINGS) return;
    sq_finding *finding = &list->findings[list->count++];
    va_list arguments;
    finding->name = name;
    finding->health = health;
    sq_copy_bounded(finding->advice, sizeof finding->advice, advice ? advice : "");
    va_start(arguments, found);
    vsnprintf(finding->found, sizeof finding->found, found, arguments);
    va_end(arguments);
}

int sq_findings_ill(const sq_findings *list) {
    int ill = 0;
    for (int k = 0; k < list->count; k++) ill += list->findings[k].health == SQ_ILL;
    return ill;
}

void sq_findings_print(const sq_findings *list, FILE *stream) {
    static const char *const marks[] = {"ok  ", "note", "BAD "};
    for (int k = 0; k < list->count; k++) {
        const sq_finding *finding = &list->findings[k];
        fprintf(stream, "%s  %-14s %s\n", marks[finding->health], finding->name, finding->found);
        if (*finding->advice) fprintf(stream, "      %-14s -> %s\n", "", finding->advice);
    }
}

void sq_findings_print_json(const sq_findings *list, FILE *stream) {
    static const char *const words[] = {"ok", "note", "bad"};
    fprintf(stream, "{\"ok\": %s, \"checks\": [", sq_findings_ill(list) ? "false" : "true");
    for (int k = 0; k < list->count; k++) {
        const sq_finding *finding = &list->findings[k];
        fprintf(stream, "%s\n  {\"name\": \"%s\", \"state\": \"%s\", \"found\": ", k ? "," : "",
                finding->name, words[finding->health]);
        sq_json_text(stream, finding->found);
        fputs(", \"advice\": ", stream);
        sq_json_text(stream, finding->advice);
        fputs("}", stream);
    }
    fputs("\n]}\n", stream);
}
