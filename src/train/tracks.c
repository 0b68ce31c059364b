#include "train/tracks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "train/extrapolation.h"
#include "train/load.h"
#include "train/predictor.h"

enum { MOST_WINDOWS = 2000, SHOWN = 2 /* coordinates */ };

static const char straight_on[] = "constant-velocity";
static const double least_way = 1.0; /* length of the true future, in the data's units */

/* What a window's row is made of: the observed positions stand first in the input. */
typedef struct {
    size_t n_input, d, observed, predicted; /* widths, dimension, steps */
} form;

/* The windows that are looked at. */
typedef struct {
    size_t count, observed;  /* rows, steps that go on straight */
    int64_t *rows;           /* (count) */
    sq_real *input, *scaled; /* (count, n_input), raw and in the network's units */
    sq_real *target, *mask, *prediction, *straight; /* (count, n_output) */
} windows;

/* One window that may be shown. */
typedef struct {
    size_t at; /* in the buffers */
    double ade;
} candidate;

/* ---- reading --------------------------------------------------------------------------------- */

static sq_status windows_create(const sq_dataset_info *info, size_t count, windows *w) {
    sq_status status;
    size_t n_in = count * (size_t)info->n_input, n_out = count * (size_t)info->n_output;
    *w = (windows){.count = count};
    SQ_TRY(sq_alloc(count, sizeof *w->rows, &w->rows));
    SQ_TRY(sq_alloc(n_in, sizeof *w->input, &w->input));
    SQ_TRY(sq_alloc(n_in, sizeof *w->scaled, &w->scaled));
    SQ_TRY(sq_alloc(n_out, sizeof *w->target, &w->target));
    SQ_TRY(sq_alloc(n_out, sizeof *w->mask, &w->mask));
    SQ_TRY(sq_alloc(n_out, sizeof *w->prediction, &w->prediction));
    SQ_TRY(sq_alloc(n_out, sizeof *w->straight, &w->straight));
cleanup:
    return status;
}

static void windows_clear(windows *w) {
    void *const arrays[] = {w->rows, w->input,      w->scaled,  w->target,
                            w->mask, w->prediction, w->straight};
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) sq_free(arrays[k]);
}

static sq_status windows_predict(sq_problem *problem, sq_dataset *dataset, windows *w) {
    sq_status status;
    const sq_dataset_info *info = sq_dataset_describe(dataset);
    sq_extrapolation straight = {0};
    SQ_TRY(sq_dataset_read(dataset, w->rows, w->count, w->input, w->target, w->mask));
    SQ_TRY(sq_problem_predict(problem, w->input, w->count, w->scaled, w->prediction));
    SQ_TRY(sq_extrapolation_create(sq_extrapolation_find(straight_on), info, &problem->model->input,
                                   &problem->model->output, &straight));
    w->observed = straight.observed;
    sq_extrapolation_add(&straight, 1.0, w->count, (size_t)info->n_input, w->input, w->straight);
cleanup:
    sq_extrapolation_clear(&straight);
    return status;
}

/* ---- one row --------------------------------------------------------------------------------- */

/* one, other: (d) */
static double distance(const sq_real *one, const sq_real *other, size_t d) {
    double squares = 0.0;
    for (size_t e = 0; e < d; e++) {
        double difference = (double)one[e] - (double)other[e];
        squares += difference * difference;
    }
    return sqrt(squares);
}

/* target, forecast: (predicted, d) */
static double ade_of(const form *f, const sq_real *target, const sq_real *forecast) {
    double sum = 0.0;
    for (size_t step = 0; step < f->predicted; step++)
        sum += distance(forecast + step * f->d, target + step * f->d, f->d);
    return sum / (double)f->predicted;
}

static bool is_worth_a_look(const form *f, const sq_real *input, const sq_real *target,
                            const sq_real *mask) {
    size_t n = f->predicted * f->d;
    for (size_t k = 0; k < n; k++)
        if (mask[k] == 0) return false;
    return distance(target + n - f->d, input + (f->observed - 1) * f->d, f->d) >= least_way;
}

/* ---- choosing -------------------------------------------------------------------------------- */

static int by_error(const void *a, const void *b) {
    double one = ((const candidate *)a)->ade, other = ((const candidate *)b)->ade;
    return (one > other) - (one < other);
}

static size_t find_candidates(const form *f, const windows *w, candidate *found) {
    size_t n = 0, n_out = f->predicted * f->d;
    for (size_t k = 0; k < w->count; k++) {
        const sq_real *target = w->target + k * n_out;
        if (!is_worth_a_look(f, w->input + k * f->n_input, target, w->mask + k * n_out)) continue;
        found[n++] = (candidate){k, ade_of(f, target, w->prediction + k * n_out)};
    }
    qsort(found, n, sizeof *found, by_error);
    return n;
}

/* ---- keeping --------------------------------------------------------------------------------- */

/* from: (steps, d); *to: (steps, SHOWN) */
static sq_status copy_steps(const sq_real *from, size_t steps, size_t d, double **to) {
    sq_status status = sq_alloc(steps * SHOWN, sizeof **to, to);
    for (size_t k = 0; status == SQ_OK && k < steps * SHOWN; k++)
        (*to)[k] = k % SHOWN < d ? (double)from[k / SHOWN * d + k % SHOWN] : 0.0;
    return status;
}

static sq_status keep(const form *f, const windows *w, const candidate *chosen, sq_track *track) {
    sq_status status;
    size_t out = chosen->at * f->predicted * f->d;
    track->row = w->rows[chosen->at];
    track->ade = chosen->ade;
    track->constant_velocity_ade = ade_of(f, w->target + out, w->straight + out);
    SQ_TRY(copy_steps(w->input + chosen->at * f->n_input, f->observed, f->d, &track->observed));
    SQ_TRY(copy_steps(w->target + out, f->predicted, f->d, &track->truth));
    SQ_TRY(copy_steps(w->prediction + out, f->predicted, f->d, &track->prediction));
    SQ_TRY(copy_steps(w->straight + out, f->predicted, f->d, &track->constant_velocity));
cleanup:
    return status;
}

static sq_status choose(sq_problem *problem, sq_dataset *dataset, const double *quantiles,
                        int count, sq_tracks *tracks) {
    sq_status status;
    const sq_dataset_info *info = sq_dataset_describe(dataset);
    windows w = {0};
    candidate *found = NULL;
    size_t n = info->samples < MOST_WINDOWS ? (size_t)info->samples : MOST_WINDOWS;
    form f = {.n_input = (size_t)info->n_input,
              .d = (size_t)problem->model->input.d,
              .predicted = (size_t)(info->n_output / problem->model->input.d)};
    SQ_TRY(windows_create(info, n, &w));
    SQ_TRY(sq_alloc(n, sizeof *found, &found));
    for (size_t k = 0; k < n; k++) w.rows[k] = info->samples * (int64_t)k / (int64_t)n;
    SQ_TRY(windows_predict(problem, dataset, &w));
    f.observed = w.observed;
    size_t candidates = find_candidates(&f, &w, found);
    tracks->observed = (int)f.observed;
    tracks->predicted = (int)f.predicted;
    tracks->looked_at = (int64_t)candidates;
    sq_copy_bounded(tracks->units, sizeof tracks->units, info->units);
    for (int k = 0; candidates > 0 && k < count && k < SQ_TRACKS_MOST; k++) {
        size_t at = (size_t)lround(quantiles[k] * (double)(candidates - 1));
        SQ_TRY(keep(&f, &w, &found[at], &tracks->tracks[tracks->n_tracks++]));
    }
cleanup:
    windows_clear(&w);
    sq_free(found);
    return status;
}

static bool applies(const sq_problem *problem, const sq_dataset *dataset) {
    return sq_extrapolation_applies(sq_extrapolation_find(straight_on),
                                    sq_dataset_describe(dataset), &problem->model->input,
                                    &problem->model->output);
}

sq_status sq_tracks_collect(const char *folder, const char *data, const char *cache, sq_comm *comm,
                            const double *quantiles, int count, sq_tracks *tracks) {
    sq_status status = SQ_OK;
    sq_problem problem = {0};
    sq_dataset *dataset = NULL;
    double lambda[SQ_MAX_TYPES] = {0};
    memset(tracks, 0, sizeof *tracks);
    SQ_TRY(sq_load_model_and_data(folder, NULL, data, cache, comm, &problem, &dataset, lambda));
    if (sq_comm_rank(comm) == 0 && applies(&problem, dataset))
        status = choose(&problem, dataset, quantiles, count, tracks);
    SQ_TRY(sq_comm_agree(comm, status));
cleanup:
    if (status != SQ_OK) sq_tracks_clear(tracks);
    sq_dataset_destroy(&dataset);
    sq_problem_clear(&problem);
    return status;
}

void sq_tracks_clear(sq_tracks *tracks) {
    for (int k = 0; k < tracks->n_tracks; k++) {
        sq_free(tracks->tracks[k].observed);
        sq_free(tracks->tracks[k].truth);
        sq_free(tracks->tracks[k].prediction);
        sq_free(tracks->tracks[k].constant_velocity);
    }
    memset(tracks, 0, sizeof *tracks);
}
