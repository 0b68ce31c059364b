#include "cli/words.h"

#include <inttypes.h>
#include <math.h>

const char *sq_list_separator(int k, int count) {
    if (k + 1 == count) return "";
    return k + 2 == count ? " and " : ", ";
}

void sq_format_level(double level, char *text) {
    double rest = 1.0 - level;
    int digits = rest > 0.0 && rest < 0.5 ? (int)floor(-log10(rest)) + 1 : 3;
    if (digits < 3) digits = 3;
    if (isnan(level))
        snprintf(text, SQ_WORDS_NUMBER, "\xe2\x80\x93");
    else if (rest < 5e-8)
        snprintf(text, SQ_WORDS_NUMBER, "1");
    else
        snprintf(text, SQ_WORDS_NUMBER, "%.*f", digits, level);
}

void sq_format_duration(double seconds, char *text) {
    long whole = isfinite(seconds) ? lround(seconds) : 0;
    if (!isfinite(seconds))
        snprintf(text, SQ_WORDS_NUMBER, "\xe2\x80\x93");
    else if (seconds < 10)
        snprintf(text, SQ_WORDS_NUMBER, "%.2g s", seconds);
    else if (whole < 120)
        snprintf(text, SQ_WORDS_NUMBER, "%ld s", whole);
    else if (whole < 7200)
        snprintf(text, SQ_WORDS_NUMBER, "%ld min %ld s", whole / 60, whole % 60);
    else
        snprintf(text, SQ_WORDS_NUMBER, "%ld h %ld min", whole / 3600, whole % 3600 / 60);
}

void sq_format_short(double value, char *text) {
    static const char *const units[] = {"", "k", "M", "G"};
    int unit = 0;
    while (value >= 999.5 && unit < 3) {
        value /= 1000;
        unit++;
    }
    snprintf(text, SQ_WORDS_NUMBER, "%.3g%s", value, units[unit]);
}

static const char *whether_later(int64_t from, int64_t epoch) {
    return epoch < from ? ", after this model" : "";
}

void sq_format_held(int64_t held_from, int64_t epoch, char *text) {
    text[0] = '\0';
    if (held_from >= 0)
        snprintf(text, SQ_WORDS_HELD, "weights held exactly from epoch %" PRId64 "%s",
                 held_from + 1, whether_later(held_from, epoch));
}

void sq_format_let_go(int64_t let_go_from, int64_t epoch, char *text) {
    text[0] = '\0';
    if (let_go_from >= 0)
        snprintf(text, SQ_WORDS_HELD, "let go after epoch %" PRId64 "%s", let_go_from,
                 whether_later(let_go_from, epoch));
}

void sq_write_name(FILE *stream, const char *name) { fputs(name, stream); }
