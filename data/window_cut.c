#include "data/window_cut.h"

#include <math.h>
#include <string.h>

enum { AXES = 3, MOST_NEIGHBOURS = 64 };

/* One window under way. */
typedef struct {
    const sq_window_cut *cut;
    const sq_track *track;
    int64_t start; /* state of its first step */
} window;

/* State of step i; NULL beyond the track, or where the agent was not seen. */
static const sq_track_state *state_of(const window *w, int64_t i) {
    int64_t at = w->start + i * w->cut->stride;
    if (at >= w->track->steps || !w->track->states[at].observed) return NULL;
    return &w->track->states[at];
}

static const sq_track_state *last_observed(const window *w) {
    return &w->track->states[w->start + (w->cut->rules->observed - 1) * w->cut->stride];
}

/* ---- which windows there are ---- */

/* Recorded steps from the first to the last of `steps` steps. */
static int64_t span(const sq_window_cut *cut, int64_t steps) {
    return (steps - 1) * cut->stride + 1;
}

int64_t sq_window_cut_reach(const sq_window_cut *cut) {
    return span(cut, cut->rules->observed + cut->rules->predicted);
}

static int64_t recorded_steps_needed(const sq_window_cut *cut) {
    const sq_window_rules *rules = cut->rules;
    if (rules->mask_missing) return span(cut, rules->observed);
    int64_t steps = rules->observed + rules->predicted;
    return rules->begin == SQ_WINDOWS_FIRST ? steps * cut->stride : span(cut, steps);
}

static bool has_future(const window *w) {
    const sq_window_rules *rules = w->cut->rules;
    for (int64_t i = 0; i < rules->predicted; i++)
        if (state_of(w, rules->observed + i)) return true;
    return false;
}

static bool is_within_frames(const window *w) {
    int64_t first = w->track->first_frame + w->start * w->track->frame_step;
    int64_t last = first + (sq_window_cut_reach(w->cut) - 1) * w->track->frame_step;
    return first >= w->cut->first_frame && last < w->cut->end_frame;
}

/* Gaps are never bridged: between the steps of a window, too, the agent was seen. */
static bool is_complete(const window *w) {
    int64_t needed = recorded_steps_needed(w->cut);
    if (w->start < 0 || needed > w->track->steps - w->start) return false;
    for (int64_t i = 0; i < needed; i++)
        if (!w->track->states[w->start + i].observed) return false;
    if (w->cut->rules->mask_missing && !has_future(w)) return false;
    return is_within_frames(w);
}

/* Counts the reason if not. */
static bool is_wanted(const window *w) {
    const sq_window_rules *rules = w->cut->rules;
    const double *first = w->track->states[w->start].position;
    const double *last = last_observed(w)->position;
    int64_t *counts = w->cut->summary->counts;
    if (rules->rise_above > 0 && !(fabs(last[2] - first[2]) > rules->rise_above)) {
        counts[SQ_COUNT_LEVEL]++;
        return false;
    }
    if (rules->move_below > 0 && !(fabs(last[0] - first[0]) < rules->move_below &&
                                   fabs(last[1] - first[1]) < rules->move_below)) {
        counts[SQ_COUNT_FAR]++;
        return false;
    }
    return true;
}

/* ---- the frame ---- */

static void find_mean(const window *w, double *mean) {
    int64_t steps = w->cut->rules->observed + w->cut->rules->predicted;
    int64_t seen = 0;
    memset(mean, 0, AXES * sizeof *mean);
    for (int64_t i = 0; i < steps; i++) {
        const sq_track_state *state = state_of(w, i);
        if (!state) continue;
        for (int axis = 0; axis < AXES; axis++) mean[axis] += state->position[axis];
        seen++;
    }
    for (int axis = 0; axis < AXES; axis++) mean[axis] /= (double)seen;
}

static void find_origin(const window *w, double *origin) {
    const sq_window_rules *rules = w->cut->rules;
    memset(origin, 0, AXES * sizeof *origin);
    if (rules->origin == SQ_ORIGIN_NONE) return;
    if (rules->origin == SQ_ORIGIN_MEAN)
        find_mean(w, origin);
    else
        memcpy(origin, last_observed(w)->position, AXES * sizeof *origin);
    origin[2] = rules->origin_height * origin[2] + rules->origin_shift;
}

/* As recorded, or else the direction of the last observed step; 0 without movement. */
static double find_heading(const window *w) {
    const sq_track_state *last = last_observed(w);
    if (isfinite(last->heading)) return last->heading;
    if (w->cut->rules->observed < 2) return 0;
    const double *before = last[-w->cut->stride].position;
    double x = last->position[0] - before[0];
    double y = last->position[1] - before[1];
    return x == 0 && y == 0 ? 0 : atan2(y, x);
}

/* ---- writing ---- */

/* What is subtracted, and the turn that follows. */
typedef struct {
    double origin[AXES], heading, cosine, sine;
    int dimensions;
} frame;

static frame find_frame(const window *w) {
    frame found = {.dimensions = w->cut->rules->dimensions};
    find_origin(w, found.origin);
    if (w->cut->rules->align) found.heading = find_heading(w);
    found.cosine = cos(found.heading);
    found.sine = sin(found.heading);
    return found;
}

static void place(const frame *in, const double *world, sq_real *position) {
    double x = world[0] - in->origin[0];
    double y = world[1] - in->origin[1];
    position[0] = (sq_real)(in->cosine * x + in->sine * y);
    position[1] = (sq_real)(in->cosine * y - in->sine * x);
    if (in->dimensions == AXES) position[2] = (sq_real)(world[2] - in->origin[2]);
}

/* Unseen steps are zeros that do not count. */
static void fill_steps(const window *w, const frame *in, int64_t first, int64_t steps,
                       sq_real *positions, sq_real *mask) {
    int64_t dimensions = in->dimensions;
    for (int64_t i = 0; i < steps; i++) {
        const sq_track_state *state = state_of(w, first + i);
        memset(positions + i * dimensions, 0, (size_t)dimensions * sizeof *positions);
        if (state) place(in, state->position, positions + i * dimensions);
        for (int64_t axis = 0; mask && axis < dimensions; axis++)
            mask[i * dimensions + axis] = state != NULL;
    }
}

/* ---- neighbours ---- */

/* An agent near the one of the window, and where it was at the step at hand. */
typedef struct {
    int64_t agent;
    double squares; /* of the distance at the last observed step */
    double position[AXES];
} neighbour;

static int64_t time_of(const window *w, int64_t step) {
    int64_t at = w->start + step * w->cut->stride;
    const sq_track *track = w->track;
    return track->timed ? track->states[at].time : track->first_frame + at * track->frame_step;
}

/* Everybody at a step of the window, to half a recorded step. */
static sq_status look_around(const window *w, int64_t step, const sq_sighting **found,
                             size_t *count) {
    int64_t time = time_of(w, step), half = (w->track->frame_step - 1) / 2;
    return sq_surroundings_find(w->cut->surroundings, w->cut->scene, time - half, time + half,
                                found, count);
}

static double squared_distance(const double *a, const double *b, int dimensions) {
    double sum = 0;
    for (int axis = 0; axis < dimensions; axis++) sum += (a[axis] - b[axis]) * (a[axis] - b[axis]);
    return sum;
}

static int index_of(const neighbour *near, int count, int64_t agent) {
    for (int k = 0; k < count; k++)
        if (near[k].agent == agent) return k;
    return -1;
}

/* Puts one where it belongs by its distance, if it is among the `most` nearest so far. */
static void insert(neighbour *near, int most, int *count, const sq_sighting *seen, double squares) {
    int place = *count;
    while (place > 0 && near[place - 1].squares > squares) place--;
    if (place == most) return;
    if (*count < most) ++*count;
    memmove(near + place + 1, near + place, (size_t)(*count - 1 - place) * sizeof *near);
    near[place] = (neighbour){.agent = seen->agent, .squares = squares};
    memcpy(near[place].position, seen->position, sizeof seen->position);
}

/* The nearest others at the last observed step, nearest first. */
static sq_status find_neighbours(const window *w, neighbour *near, int *count) {
    const sq_sighting *found;
    size_t n_found;
    const double *here = last_observed(w)->position;
    sq_status status = look_around(w, w->cut->rules->observed - 1, &found, &n_found);
    *count = 0;
    for (size_t i = 0; status == SQ_OK && i < n_found; i++) {
        if (found[i].agent == w->track->agent || index_of(near, *count, found[i].agent) >= 0)
            continue;
        insert(near, (int)w->cut->rules->neighbours, count, &found[i],
               squared_distance(found[i].position, here, w->cut->rules->dimensions));
    }
    return status;
}

/* Input behind the agent's own positions: who is there (neighbours), then positions (neighbours,
 * observed, dimensions), relative to the agent's last one. A neighbour that was not seen at an
 * earlier step stands where it was seen next; one that is not there is zeros. */
static sq_status fill_neighbours(const window *w, const frame *in, sq_real *input) {
    const sq_window_rules *rules = w->cut->rules;
    neighbour near[MOST_NEIGHBOURS];
    frame around = *in;
    int count, dimensions = rules->dimensions;
    sq_real *positions = input + rules->neighbours;
    sq_status status;
    memset(input, 0,
           (size_t)(rules->neighbours * (1 + rules->observed * dimensions)) * sizeof *input);
    memcpy(around.origin, last_observed(w)->position, sizeof around.origin);
    SQ_TRY(find_neighbours(w, near, &count));
    for (int64_t step = rules->observed - 1; step >= 0; step--) {
        const sq_sighting *found;
        size_t n_found;
        SQ_TRY(look_around(w, step, &found, &n_found));
        for (size_t i = 0; i < n_found; i++) {
            int k = index_of(near, count, found[i].agent);
            if (k >= 0) memcpy(near[k].position, found[i].position, sizeof found[i].position);
        }
        for (int k = 0; k < count; k++)
            place(&around, near[k].position, positions + (k * rules->observed + step) * dimensions);
    }
    for (int k = 0; k < count; k++) input[k] = 1;
cleanup:
    return status;
}

/* ---- rows ---- */

static sq_status write_window(const window *w) {
    const sq_window_rules *rules = w->cut->rules;
    frame in = find_frame(w);
    sq_window_row row;
    sq_status status = sq_window_writer_next(w->cut->writer, &row);
    if (status != SQ_OK) return status;
    fill_steps(w, &in, 0, rules->observed, row.input, NULL);
    fill_steps(w, &in, rules->observed, rules->predicted, row.target, row.mask);
    if (rules->neighbours > 0)
        SQ_TRY(fill_neighbours(w, &in, row.input + rules->observed * rules->dimensions));
    memcpy(row.origin, in.origin, (size_t)in.dimensions * sizeof *row.origin);
    *row.heading = in.heading;
    *row.agent = w->track->agent;
    *row.kind = w->track->kind;
    *row.frame = time_of(w, rules->observed - 1);
    w->cut->summary->counts[SQ_COUNT_WINDOWS]++;
cleanup:
    return status;
}

/* ---- tracks ---- */

static bool keeps_agent(const sq_window_cut *cut, const sq_track *track) {
    int64_t *counts = cut->summary->counts;
    if (!(cut->rules->classes >> track->kind & 1)) {
        counts[SQ_COUNT_CLASS]++;
        return false;
    }
    if (cut->rules->only_to_predict && !track->to_predict) {
        counts[SQ_COUNT_UNASKED]++;
        return false;
    }
    return true;
}

/* The states where windows may begin: first, and end (exclusive). */
static void find_beginnings(const sq_window_cut *cut, const sq_track *track, int64_t *first,
                            int64_t *end) {
    *first = 0;
    *end = 1;
    if (cut->rules->begin == SQ_WINDOWS_EVERY) *end = track->steps;
    if (cut->rules->begin == SQ_WINDOWS_CURRENT) {
        *first = track->current - (cut->rules->observed - 1) * cut->stride;
        *end = *first + 1;
    }
}

sq_status sq_window_cut_track(const sq_window_cut *cut, const sq_track *track) {
    int64_t first, end;
    int64_t complete = 0;
    if (!keeps_agent(cut, track)) return SQ_OK;
    find_beginnings(cut, track, &first, &end);
    for (int64_t start = first; start < end; start += cut->rules->begin_stride) {
        window w = {cut, track, start};
        if (!is_complete(&w)) continue;
        complete++;
        if (!is_wanted(&w)) continue;
        sq_status status = write_window(&w);
        if (status != SQ_OK) return status;
    }
    if (complete == 0) cut->summary->counts[SQ_COUNT_TOO_SHORT]++;
    return SQ_OK;
}
