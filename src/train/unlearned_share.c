#include "train/unlearned_share.h"

#include <math.h>

#include "base/memory.h"
#include "train/augmentation.h"
#include "train/probe.h"
#include "train/unlearned.h"

enum { ELEMENTS = 5 }; /* few: the mean is over many samples, too */

/* What one element adds up over samples, where r is y - f(x), and g y - f(gx) when moved, in
 * the units of sq_scaling_weights. */
enum {
    SAMPLES,
    SQUARES,       /* |r|^2 */
    REST,          /* with what is predicted of r taken off */
    MOVED_SQUARES, /* the same two of moved samples */
    MOVED_REST,
    MISSING, /* by how much less the prediction takes off the squares of a moved sample than half of
                what it takes off those of the sample as it is */
    MISSING_SQUARES,
    DISTANCE, /* sq_unlearned_distance of the element */
    NUMBERS
};

typedef struct {
    double scale[SQ_MAX_TYPES]; /* of Lie algebra coordinates */
    sq_unlearned fit;
    double *left, *moved_left; /* (samples, n_out): what is predicted of r */
} foretelling;

/* Predicts what the model leaves of the targets. */
static sq_status fit(sq_probe *p, void *context) {
    sq_status status;
    foretelling *f = context;
    bool *counts = NULL;
    double *rest = NULL;
    size_t outputs = p->samples * p->n_out;
    SQ_TRY(sq_alloc(p->samples, sizeof *counts, &counts));
    SQ_TRY(sq_alloc(outputs, sizeof *rest, &rest));
    for (size_t s = 0; s < p->samples; s++) counts[s] = sq_probe_counts_whole(p, s);
    for (size_t at = 0; at < outputs; at++)
        rest[at] = ((double)p->target[at] - (double)p->output[at]) * p->weight[at % p->n_out];
    SQ_TRY(sq_unlearned_fit(&p->problem->model->input, p->samples, p->input, p->n_out, rest, counts,
                            &f->fit));
    SQ_TRY(sq_alloc(outputs, sizeof *f->left, &f->left));
    SQ_TRY(sq_alloc(outputs, sizeof *f->moved_left, &f->moved_left));
    SQ_TRY(sq_unlearned_predict(&f->fit, p->input, f->left));
cleanup:
    sq_free(counts);
    sq_free(rest);
    return status;
}

static double square(double x) { return x * x; }

/* Adds what one sample says of the prediction. */
static void compare(sq_probe *p, const foretelling *f, size_t sample, double *numbers) {
    double squares = 0.0, rest = 0.0, moved_squares = 0.0, moved_rest = 0.0;
    const double *moved_target =
        sq_probe_act(p, &p->problem->model->output, p->target + sample * p->n_out);
    for (size_t c = 0; c < p->n_out; c++) {
        size_t at = sample * p->n_out + c;
        double left = ((double)p->target[at] - (double)p->output[at]) * p->weight[c];
        double moved_left = (moved_target[c] - (double)p->of_moved[at]) * p->weight[c];
        squares += left * left;
        rest += square(left - f->left[at]);
        moved_squares += moved_left * moved_left;
        moved_rest += square(moved_left - f->moved_left[at]);
    }
    double missing = 0.5 * (squares - rest) - (moved_squares - moved_rest);
    numbers[SAMPLES] += 1.0;
    numbers[SQUARES] += squares;
    numbers[REST] += rest;
    numbers[MOVED_SQUARES] += moved_squares;
    numbers[MOVED_REST] += moved_rest;
    numbers[MISSING] += missing;
    numbers[MISSING_SQUARES] += missing * missing;
}

/* Each type is a series. */
static sq_status measure_element(sq_probe *p, void *context, int type, int64_t element,
                                 double *numbers) {
    sq_status status;
    foretelling *f = context;
    SQ_TRY(sq_probe_move(p, type, f->scale[type], (int64_t)type * ELEMENTS + element));
    SQ_TRY(sq_unlearned_predict(&f->fit, p->moved, f->moved_left));
    SQ_TRY(sq_unlearned_distance(&f->fit, p->moved, &numbers[DISTANCE]));
    for (size_t s = 0; s < p->samples; s++)
        if (sq_probe_counts_whole(p, s)) compare(p, f, s, numbers);
cleanup:
    return status;
}

/* In standard errors of a mean over samples: that of several elements counts once. */
static double z_of(const double *sums) {
    double mean = sums[MISSING] / sums[SAMPLES];
    double variance = sums[MISSING_SQUARES] / sums[SAMPLES] - mean * mean;
    return mean / sqrt(variance / (sums[SAMPLES] / ELEMENTS));
}

/* sums: of one type */
static void set_type(const double *sums, bool orthogonal, int type, sq_unlearned_shares *shares) {
    shares->moved[type] = 1.0 - sq_quotient(sums[MOVED_REST], sums[MOVED_SQUARES]);
    if (!orthogonal) return; /* what follows says nothing */
    shares->distance[type] = sums[DISTANCE] / ELEMENTS;
    shares->z[type] = z_of(sums);
}

sq_status sq_unlearned_measure(sq_problem *problem, sq_dataset *dataset, int64_t samples,
                               double turn, sq_unlearned_shares *shares) {
    enum { LEAST_SAMPLES = 100 }; /* fewer can be foretold by chance */
    double sums[SQ_MAX_TYPES][NUMBERS];
    bool orthogonal[SQ_MAX_TYPES];
    foretelling f = {0};
    const sq_measurement m = {.samples = samples,
                              .series = problem->n_types,
                              .elements = ELEMENTS,
                              .numbers = NUMBERS,
                              .begin = fit,
                              .measure = measure_element,
                              .context = &f};
    *shares = (sq_unlearned_shares){.all = NAN};
    for (int g = 0; g < m.series; g++) {
        double near = sq_moved_scale(problem->types[g]);
        orthogonal[g] = near == 1.0;
        f.scale[g] = orthogonal[g] ? turn : near;
        shares->moved[g] = shares->distance[g] = shares->z[g] = NAN;
    }
    sq_status status = sq_measurement_run(&m, problem, NULL, dataset, sums[0]);
    sq_unlearned_clear(&f.fit);
    sq_free(f.left);
    sq_free(f.moved_left);
    if (status != SQ_OK || sums[0][SAMPLES] < LEAST_SAMPLES * ELEMENTS) return status;
    shares->all = 1.0 - sq_quotient(sums[0][REST], sums[0][SQUARES]);
    for (int g = 0; g < m.series; g++) set_type(sums[g], orthogonal[g], g, shares);
    return SQ_OK;
}
