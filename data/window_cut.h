/* Cuts tracks into windows and brings each into its frame. */
#ifndef SQ_DATA_WINDOW_CUT_H
#define SQ_DATA_WINDOW_CUT_H

#include "data/import_summary.h"
#include "data/surroundings.h"
#include "data/track.h"
#include "data/window_rules.h"
#include "data/window_writer.h"

/* Everything borrowed. Open struct. */
typedef struct {
    const sq_window_rules *rules;
    int64_t stride; /* recorded steps between two of a window */
    /* Only windows that lie wholly within these frames. */
    int64_t first_frame, end_frame;
    /* Who else is there; NULL unless the rules ask for neighbours. */
    sq_surroundings *surroundings;
    int64_t scene; /* in the surroundings */
    sq_window_writer *writer;
    sq_import_summary *summary;
} sq_window_cut;

/* Writes the windows of a track, or counts why there are none. */
sq_status sq_window_cut_track(const sq_window_cut *cut, const sq_track *track);

/* Longest gap, in recorded steps, that a window can hold; longer ones may as well end a track. */
int64_t sq_window_cut_reach(const sq_window_cut *cut);

#endif
