#include "base/units.h"

#include <stddef.h>

#include "base/text.h"

static bool is_one_of(const char *units, const char *const *names, size_t count) {
    for (size_t k = 0; k < count; k++)
        if (sq_equal_but_for_spaces(units, names[k])) return true;
    return false;
}

bool sq_units_are_metres(const char *units) {
    static const char *const names[] = {"m", "metre", "metres", "meter", "meters"};
    return is_one_of(units, names, sizeof names / sizeof *names);
}

bool sq_units_are_none(const char *units) {
    static const char *const names[] = {"", "1"};
    return is_one_of(units, names, sizeof names / sizeof *names);
}

bool sq_units_are_alike(const char *a, const char *b) {
    if (sq_units_are_metres(a)) return sq_units_are_metres(b);
    if (sq_units_are_none(a)) return sq_units_are_none(b);
    return sq_equal_but_for_spaces(a, b);
}

bool sq_units_contradict(const char *a, const char *b) {
    return !sq_units_are_none(a) && !sq_units_are_none(b) && !sq_units_are_alike(a, b);
}
