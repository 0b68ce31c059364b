#include "base/cores.h"

#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

int sq_cores_allowed(void) {
    cpu_set_t cores;
    if (sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
    return CPU_COUNT(&cores);
}

enum { LINE = 256 };

/* The value of a line "key   : value"; false: another line. */
static bool take_value(const char *line, const char *key, char *value) {
    size_t length = strlen(key);
    if (strncmp(line, key, length) != 0) return false;
    line += length + strspn(line + length, " \t");
    if (*line != ':') return false;
    line += strspn(line, ": \t");
    snprintf(value, LINE, "%.*s", (int)strcspn(line, "\n"), line);
    return true;
}

/* Names alone do not tell: that of several generations may be the same. */
void sq_cpu_type(char *text, size_t capacity) {
    char line[LINE], name[LINE] = "", family[LINE] = "", model[LINE] = "";
    FILE *file = fopen("/proc/cpuinfo", "r");
    text[0] = '\0';
    if (!file) return;
    while (fgets(line, sizeof line, file) && *line != '\n') { /* the first core */
        if (take_value(line, "model name", name) || take_value(line, "cpu family", family))
            continue;
        take_value(line, "model", model);
    }
    fclose(file);
    if (*family && *model)
        snprintf(text, capacity, "%s, family %s, model %s", name, family, model);
    else
        snprintf(text, capacity, "%s", name);
}
