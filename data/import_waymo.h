/* Waymo Open Motion: TFRecord files of tf_example or Scenario records, plain or compressed by gzip.
 *
 * Without other settings the windows are those of PER (ICML 2023): agents seen in the first 2.4 s,
 * every second step, six observed and six predicted, that rise or fall more than 5 cm and move less
 * than 5 m along x and y while observed, relative to the mean of the window. */
#ifndef SQ_DATA_IMPORT_WAYMO_H
#define SQ_DATA_IMPORT_WAYMO_H

#include "data/import.h"

extern const sq_import_format sq_import_format_waymo;

#endif
