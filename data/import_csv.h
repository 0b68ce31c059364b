/* Tables of tracks: one position a row, columns by the names in the first line.
 *
 * Needed are track, time (seconds), x and y (metres); z, class, heading (radians) and scene are
 * read where they are. Rows may stand in any order, and be more than fit into memory. */
#ifndef SQ_DATA_IMPORT_CSV_H
#define SQ_DATA_IMPORT_CSV_H

#include "data/import.h"

extern const sq_import_format sq_import_format_csv;

#endif
