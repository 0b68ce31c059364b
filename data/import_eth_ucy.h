/* The ETH and UCY pedestrian recordings.
 *
 * A recording is a text file with one annotation a row: frame, pedestrian, x, y (metres, world
 * frame), separated by white space, in any order of rows; a pedestrian is annotated every 0.4 s.
 * data.part takes the windows of its first or of its last annotated frames only.
 * Sources: Pellegrini et al., "You'll never walk alone", ICCV 2009 (ETH); Lerner et al., "Crowds by
 * example", Eurographics 2007 (UCY). */
#ifndef SQ_DATA_IMPORT_ETH_UCY_H
#define SQ_DATA_IMPORT_ETH_UCY_H

#include "data/import.h"

extern const sq_import_format sq_import_format_eth_ucy;

#endif
