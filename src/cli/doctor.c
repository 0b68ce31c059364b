#include "cli/doctor.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "cli/json.h"

void sq_check_add(sq_checks *list, const char *name, sq_health health, const char *advice,
                  const char *found, ...) {
    if (list->count == SQ_MOST_CHECKS) return;
    sq_check *check = &list->checks[list->count++];
    va_list arguments;
    check->name = name;
    check->health = health;
    sq_copy_bounded(check->advice, sizeof check->advice, advice ? advice : "");
    va_start(arguments, found);
    vsnprintf(check->found, sizeof check->found, found, arguments);
    va_end(arguments);
}

int sq_checks_ill(const sq_checks *list) {
    int ill = 0;
    for (int k = 0; k < list->count; k++) ill += list->checks[k].health == SQ_ILL;
    return ill;
}

void sq_checks_print(const sq_checks *list, FILE *stream) {
    static const char *const marks[] = {"ok  ", "note", "BAD "};
    for (int k = 0; k < list->count; k++) {
        const sq_check *check = &list->checks[k];
        fprintf(stream, "%s  %-14s %s\n", marks[check->health], check->name, check->found);
        if (*check->advice) fprintf(stream, "      %-14s -> %s\n", "", check->advice);
    }
}

void sq_checks_print_json(const sq_checks *list, FILE *stream) {
    static const char *const words[] = {"ok", "note", "bad"};
    fprintf(stream, "{\"ok\": %s, \"checks\": [", sq_checks_ill(list) ? "false" : "true");
    for (int k = 0; k < list->count; k++) {
        const sq_check *check = &list->checks[k];
        fprintf(stream, "%s\n  {\"name\": \"%s\", \"state\": \"%s\", \"found\": ", k ? "," : "",
                check->name, words[check->health]);
        sq_json_text(stream, check->found);
        fputs(", \"advice\": ", stream);
        sq_json_text(stream, check->advice);
        fputs("}", stream);
    }
    fputs("\n]}\n", stream);
}
