/* Importer of the ETH and UCY pedestrian recordings.
 *
 * A recording is a text file with one annotation a row: frame, pedestrian, x, y (metres, world
 * frame), separated by white space, in any order of rows; a pedestrian is annotated every 0.4 s.
 * Sources: Pellegrini et al., "You'll never walk alone", ICCV 2009 (ETH); Lerner et al., "Crowds by
 * example", Eurographics 2007 (UCY). */
#ifndef SQ_DATA_ETH_UCY_H
#define SQ_DATA_ETH_UCY_H

#include <stddef.h>

#include "data/import_summary.h"
#include "softeq/config.h"
#include "softeq/error.h"

/* Cuts the recordings paths (count) into windows of config->data.observed + predicted steps of
 * config->data.interval seconds, one for every pedestrian and start without a gap, and writes them
 * to the shard out_path, in the order of recordings, pedestrians and frames.
 *
 * A sample's input are the observed, its target the predicted positions, both as 2-D vectors
 * relative to the last observed position. That position is kept in origin(sample,axis); agent,
 * frame (of the last observed step) and scene (index of the recording) say whose window it is.
 *
 * history: the command, or NULL. summary: may be NULL.
 * Errors: SQ_ERR_IO; SQ_ERR_DATA for a bad row (file and line), an empty recording or one without
 * any window; SQ_ERR_CONFIG for an interval that is no multiple of 0.4 s. Nothing is left at
 * out_path then, or what was there before. */
sq_status sq_import_eth_ucy(const char *const *paths, size_t count, const sq_config *config,
                            const char *history, const char *out_path, sq_import_summary *summary);

#endif
