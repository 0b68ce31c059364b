/* A few windows of motion beside what a model predicts for them, to look at. */
#ifndef SQ_TRAIN_TRACKS_H
#define SQ_TRAIN_TRACKS_H

#include <stdint.h>

#include "softeq/comm.h"
#include "softeq/error.h"

enum { SQ_TRACKS_MOST = 8 };

/* One window; positions of the first two coordinates, raw units. */
typedef struct {
    int64_t row;
    double ade, constant_velocity_ade;              /* of this window */
    double *observed;                               /* (observed, 2) */
    double *truth, *prediction, *constant_velocity; /* (predicted, 2) */
} sq_track;

/* Open struct. */
typedef struct {
    int n_tracks, observed, predicted;
    int64_t looked_at; /* windows that these were taken from */
    char units[64];
    sq_track tracks[SQ_TRACKS_MOST]; /* (n_tracks), from the smallest error to the largest */
} sq_tracks;

/* Predicts up to 2000 windows spread evenly over the data (as in sq_evaluate: the run's test split,
 * or `data`), leaves those out that a mask touches or that stand still, and keeps the ones at
 * these quantiles of the average displacement error. quantiles: (count), ascending, in 0 .. 1. No
 * tracks, without an error, if the data is no motion.
 * Collective; rank 0 has the result and clears it. */
sq_status sq_tracks_collect(const char *folder, const char *data, const char *cache, sq_comm *comm,
                            const double *quantiles, int count, sq_tracks *tracks);
void sq_tracks_clear(sq_tracks *tracks);

#endif
