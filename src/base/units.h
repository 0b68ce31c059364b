/* Names of units, as the attribute `units` has them. */
#ifndef SQ_BASE_UNITS_H
#define SQ_BASE_UNITS_H

#include <stdbool.h>

/* "m", "metre", "meters" ... */
bool sq_units_are_metres(const char *units);

/* Whether there is none: "" or "1". */
bool sq_units_are_none(const char *units);

/* Whether two names mean the same as far as it is known here: equal but for spaces, both metres, or
 * both nothing ("" and "1"). */
bool sq_units_are_alike(const char *a, const char *b);

/* Whether both are told, and are not alike. */
bool sq_units_contradict(const char *a, const char *b);

#endif
