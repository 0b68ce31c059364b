#include "train/equivariance.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "base/partition.h"
#include "dataset/tasks.h"
#include "symmetry/group_sample.h"
#include "train/augmentation.h"
#include "train/exact_sum.h"
#include "train/predictor.h"
#include "train/unlearned.h"

/* Rows, predictions and the element at hand. */
typedef struct {
    sq_problem *problem;
    const sq_task *task; /* whose function is probed; NULL: the model */
    size_t samples, n_in, n_out;
    sq_real *input, *moved;     /* (samples, n_in) */
    sq_real *scaled;            /* (samples, n_in), for use in a forecast */
    sq_real *output, *of_moved; /* (samples, n_out): f(x), f(gx) */
    sq_real *target, *mask;     /* (samples, n_out) */
    /* Where a series asks for what is unlearned, what is predicted of y - f(x); else NULL. */
    sq_unlearned unlearned;
    double *left, *moved_left; /* (samples, n_out): at x, gx */
    double *element, *inverse;
    double *vector, *scratch;
} probe;

static sq_status probe_create(sq_problem *problem, const sq_task *task, sq_dataset *dataset,
                              int64_t wanted, probe *p) {
    sq_status status = SQ_OK;
    const sq_model *model = problem->model;
    size_t d2 = (size_t)(model->input.d * model->input.d);
    int64_t *rows = NULL;
    int64_t available = sq_dataset_describe(dataset)->samples;
    *p = (probe){
        .problem = problem, .task = task, .n_in = model->input.size, .n_out = model->output.size};
    p->samples = (size_t)(available < wanted ? available : wanted);
    SQ_TRY(sq_alloc(p->samples, sizeof *rows, &rows));
    for (size_t k = 0; k < p->samples; k++) rows[k] = (int64_t)k;
    SQ_TRY(sq_alloc(p->samples * p->n_in, sizeof *p->input, &p->input));
    SQ_TRY(sq_alloc(p->samples * p->n_in, sizeof *p->moved, &p->moved));
    SQ_TRY(sq_alloc(p->samples * p->n_in, sizeof *p->scaled, &p->scaled));
    SQ_TRY(sq_alloc(p->samples * p->n_out, sizeof *p->output, &p->output));
    SQ_TRY(sq_alloc(p->samples * p->n_out, sizeof *p->of_moved, &p->of_moved));
    SQ_TRY(sq_alloc(d2, sizeof *p->element, &p->element));
    SQ_TRY(sq_alloc(d2, sizeof *p->inverse, &p->inverse));
    SQ_TRY(sq_alloc(sq_larger(p->n_in, p->n_out), sizeof *p->vector, &p->vector));
    SQ_TRY(sq_alloc(sq_larger(sq_representation_largest_copy(&model->input),
                              sq_representation_largest_copy(&model->output)),
                    sizeof *p->scratch, &p->scratch));
    SQ_TRY(sq_alloc(p->samples * p->n_out, sizeof *p->target, &p->target));
    SQ_TRY(sq_alloc(p->samples * p->n_out, sizeof *p->mask, &p->mask));
    SQ_TRY(sq_dataset_read(dataset, rows, p->samples, p->input, p->target, p->mask));
cleanup:
    sq_free(rows);
    return status;
}

static void probe_clear(probe *p) {
    sq_free(p->input);
    sq_free(p->moved);
    sq_free(p->scaled);
    sq_free(p->output);
    sq_free(p->of_moved);
    sq_free(p->target);
    sq_free(p->mask);
    sq_free(p->left);
    sq_free(p->moved_left);
    sq_unlearned_clear(&p->unlearned);
    sq_free(p->element);
    sq_free(p->inverse);
    sq_free(p->vector);
    sq_free(p->scratch);
}

static void evaluate_task(const probe *p, const sq_real *input, sq_real *output) {
    double x[SQ_TASK_MOST_INPUTS], y[SQ_TASK_MOST_INPUTS];
    for (size_t s = 0; s < p->samples; s++) {
        for (size_t c = 0; c < p->n_in; c++) x[c] = (double)input[s * p->n_in + c];
        sq_task_evaluate(p->task, &p->problem->config, x, y);
        for (size_t c = 0; c < p->n_out; c++) output[s * p->n_out + c] = (sq_real)y[c];
    }
}

/* f(x) in raw units. */
static sq_status predict_raw(probe *p, const sq_real *input, sq_real *output) {
    if (!p->task) return sq_problem_predict(p->problem, input, p->samples, p->scaled, output);
    evaluate_task(p, input, output);
    return SQ_OK;
}

static void act(const probe *p, const sq_representation *rep, const sq_real *x) {
    for (size_t c = 0; c < rep->size; c++) p->vector[c] = (double)x[c];
    sq_representation_act(rep, p->element, p->inverse, p->vector, p->vector, p->scratch);
}

/* What one element adds up over samples. */
typedef struct {
    double error, counted;   /* of relative errors */
    double moved_squares;    /* of |f(gx) - g y|^2 */
    double squares;          /* of |f(x) - y|^2, on the same samples */
    double moved_rest, rest; /* of the same two with what is predicted of y - f(x) added to f */
    double distance;         /* sq_unlearned_distance of the element */
    /* By how much less the prediction takes off the squares of a moved sample than half of what it
     * takes off those of the sample as it is. */
    double samples, missing, missing_squares;
} findings;

enum { FINDINGS = sizeof(findings) / sizeof(double) };

/* Sum over samples of the relative error, and how many samples have one. */
static void compare(const probe *p, findings *found) {
    for (size_t s = 0; s < p->samples; s++) {
        const sq_real *there = p->of_moved + s * p->n_out;
        double difference = 0.0, first = 0.0, second = 0.0;
        act(p, &p->problem->model->output, p->output + s * p->n_out); /* g f(x) in vector */
        for (size_t c = 0; c < p->n_out; c++) {
            double delta = (double)there[c] - p->vector[c];
            difference += delta * delta;
            first += (double)there[c] * there[c];
            second += p->vector[c] * p->vector[c];
        }
        double size = sqrt(first) + sqrt(second);
        if (size == 0.0) continue;
        found->error += sqrt(difference) / size;
        found->counted += 1.0;
    }
}

static bool counts_whole(const probe *p, size_t sample) {
    for (size_t c = 0; c < p->n_out; c++)
        if (p->mask[sample * p->n_out + c] == 0) return false;
    return true;
}

/* The same with what the data says in place of f(x). */
static void compare_with_targets(const probe *p, findings *found) {
    for (size_t s = 0; s < p->samples; s++) {
        if (!counts_whole(p, s)) continue;
        act(p, &p->problem->model->output, p->target + s * p->n_out); /* g y in vector */
        for (size_t c = 0; c < p->n_out; c++) {
            size_t at = s * p->n_out + c;
            double moved = (double)p->of_moved[at] - p->vector[c];
            double unmoved = (double)p->output[at] - (double)p->target[at];
            found->moved_squares += moved * moved;
            found->squares += unmoved * unmoved;
        }
    }
}

static double square(double x) { return x * x; }

/* Adds what one sample says of the prediction. */
static void compare_prediction(const probe *p, size_t sample, findings *found) {
    double squares = 0.0, rest = 0.0, moved_squares = 0.0, moved_rest = 0.0;
    act(p, &p->problem->model->output, p->target + sample * p->n_out); /* g y in vector */
    for (size_t c = 0; c < p->n_out; c++) {
        size_t at = sample * p->n_out + c;
        double left = (double)p->target[at] - (double)p->output[at];
        double moved_left = p->vector[c] - (double)p->of_moved[at];
        squares += left * left;
        rest += square(left - p->left[at]);
        moved_squares += moved_left * moved_left;
        moved_rest += square(moved_left - p->moved_left[at]);
    }
    double missing = 0.5 * (squares - rest) - (moved_squares - moved_rest);
    found->squares += squares;
    found->rest += rest;
    found->moved_squares += moved_squares;
    found->moved_rest += moved_rest;
    found->samples += 1.0;
    found->missing += missing;
    found->missing_squares += missing * missing;
}

static sq_status compare_unlearned(probe *p, findings *found) {
    sq_status status;
    SQ_TRY(sq_unlearned_predict(&p->unlearned, p->moved, p->moved_left));
    SQ_TRY(sq_unlearned_distance(&p->unlearned, p->moved, &found->distance));
    for (size_t s = 0; s < p->samples; s++)
        if (counts_whole(p, s)) compare_prediction(p, s, found);
cleanup:
    return status;
}

/* The elements of one type, and what is compared under each of them. */
typedef struct {
    int type;
    double scale;   /* of the Lie algebra coordinates */
    bool error;     /* f(gx) with g f(x) */
    bool cost;      /* f(gx) with g y */
    bool unlearned; /* with g y both f(gx) and that with what is predicted; all series or none */
    bool projected; /* f with its weights projected on the type, at x, with y; nothing else */
    const sq_held_types *together; /* that on all of these in place of the type, or NULL */
} series;

enum { MOST_SERIES = 2 * SQ_MAX_TYPES };

static sq_status probe_element(probe *p, const series *which, int64_t index, findings *found) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_group_sample_moving(p->problem->types[which->type], which->scale,
                                  (uint64_t)p->problem->config.train.seed, SQ_RNG_ELEMENT,
                                  (uint64_t)index, p->element, p->inverse));
    for (size_t s = 0; s < p->samples; s++) {
        act(p, &p->problem->model->input, p->input + s * p->n_in);
        for (size_t c = 0; c < p->n_in; c++) p->moved[s * p->n_in + c] = (sq_real)p->vector[c];
    }
    SQ_TRY(predict_raw(p, p->moved, p->of_moved));
    if (which->unlearned) SQ_TRY(compare_unlearned(p, found));
    if (which->error) compare(p, found);
    if (which->cost) compare_with_targets(p, found);
cleanup:
    return status;
}

/* The network as it would be if it were held to the type exactly. */
static sq_status probe_projected(probe *p, const series *which, findings *found) {
    sq_status status = SQ_OK;
    sq_model *model = p->problem->model;
    size_t bytes = model->table.count * sizeof *model->parameters;
    sq_real *kept = NULL;
    SQ_TRY(sq_alloc(model->table.count, sizeof *kept, &kept));
    memcpy(kept, model->parameters, bytes);
    if (which->together)
        sq_held_types_project(which->together, model, model->parameters);
    else
        sq_model_project_vector(model, which->type, model->parameters);
    status = sq_model_parameters_changed(model);
    if (status == SQ_OK) status = predict_raw(p, p->input, p->of_moved);
    memcpy(model->parameters, kept, bytes);
    SQ_TRY(status);
    SQ_TRY(sq_model_parameters_changed(model));
    sq_set_identity(model->input.d, p->element);
    sq_set_identity(model->input.d, p->inverse);
    compare_with_targets(p, found);
cleanup:
    sq_free(kept);
    return status;
}

/* Predicts what the model leaves of the targets. */
static sq_status fit_unlearned(probe *p) {
    sq_status status;
    bool *counts = NULL;
    double *left = NULL;
    SQ_TRY(sq_alloc(p->samples, sizeof *counts, &counts));
    SQ_TRY(sq_alloc(p->samples * p->n_out, sizeof *left, &left));
    for (size_t s = 0; s < p->samples; s++) counts[s] = counts_whole(p, s);
    for (size_t at = 0; at < p->samples * p->n_out; at++)
        left[at] = (double)p->target[at] - (double)p->output[at];
    SQ_TRY(sq_unlearned_fit(&p->problem->model->input, p->samples, p->input, p->n_out, left, counts,
                            &p->unlearned));
    SQ_TRY(sq_alloc(p->samples * p->n_out, sizeof *p->left, &p->left));
    SQ_TRY(sq_alloc(p->samples * p->n_out, sizeof *p->moved_left, &p->moved_left));
    SQ_TRY(sq_unlearned_predict(&p->unlearned, p->input, p->left));
cleanup:
    sq_free(counts);
    sq_free(left);
    return status;
}

/* Units are the elements of the first series, then those of the next. */
static sq_status probe_share(probe *p, const series *all, int64_t elements, sq_range mine,
                             sq_exact_sum *sum) {
    sq_status status = SQ_OK;
    if (mine.first == mine.end) return SQ_OK;
    SQ_TRY(predict_raw(p, p->input, p->output));
    if (all->unlearned) SQ_TRY(fit_unlearned(p));
    for (int64_t unit = mine.first; unit < mine.end; unit++) {
        const series *which = &all[unit / elements];
        findings found = {0};
        double numbers[FINDINGS];
        if (which->projected)
            SQ_TRY(probe_projected(p, which, &found));
        else
            SQ_TRY(probe_element(p, which, which->type * elements + unit % elements, &found));
        memcpy(numbers, &found, sizeof numbers);
        for (size_t n = 0; n < FINDINGS; n++)
            sq_exact_sum_put(sum, FINDINGS * (size_t)unit + n, numbers[n]);
    }
cleanup:
    return status;
}

/* Of series number `which`, over its elements. */
static findings total_of(const sq_exact_sum *sum, int64_t elements, int which) {
    findings total;
    double numbers[FINDINGS] = {0};
    for (int64_t k = 0; k < elements; k++)
        for (size_t n = 0; n < FINDINGS; n++)
            numbers[n] += sq_exact_sum_get(sum, FINDINGS * (size_t)(which * elements + k) + n);
    memcpy(&total, numbers, sizeof total);
    return total;
}

/* How many there are of them at most, and for each series. */
typedef struct {
    int64_t samples, elements;
} extent;

static extent extent_of(const sq_problem *problem) {
    return (extent){problem->config.log.equivariance_samples,
                    problem->config.log.equivariance_elements};
}

/* all: (count); found: (count) */
static sq_status measure(sq_problem *problem, const sq_task *task, sq_dataset *dataset, extent size,
                         const series *all, int count, findings *found) {
    sq_status status = SQ_OK;
    probe p = {0};
    sq_exact_sum *sum = NULL;
    int64_t elements = size.elements, units = elements * count;
    sq_comm *comm = problem->comm;
    SQ_TRY(sq_comm_agree(comm, sq_exact_sum_create(comm, NULL, FINDINGS * (size_t)units, 1, &sum)));
    sq_status local = probe_create(problem, task, dataset, size.samples, &p);
    if (local == SQ_OK)
        local = probe_share(&p, all, elements,
                            sq_partition(units, sq_comm_size(comm), sq_comm_rank(comm)), sum);
    SQ_TRY(sq_exact_sum_reduce(sum, local));
    for (int k = 0; k < count; k++) found[k] = total_of(sum, elements, k);
cleanup:
    probe_clear(&p);
    sq_exact_sum_destroy(&sum);
    return status;
}

/* What error and ratio, if wanted, are found by. The same elements serve both, but for groups that
 * are not orthogonal. all: (MOST_SERIES); returns how many they are. */
static int plan(const sq_problem *problem, bool error, bool ratio, series *all) {
    int count = 0;
    for (int g = 0; g < problem->n_types; g++) {
        double near = sq_moved_scale(problem->types[g]);
        bool shared = error && ratio && near == 1.0;
        if (error) all[count++] = (series){.type = g, .scale = 1, .error = true, .cost = shared};
        if (ratio && !shared) all[count++] = (series){.type = g, .scale = near, .cost = true};
    }
    return count;
}

static double quotient(double a, double b) { return b > 0.0 ? a / b : NAN; }

static double ratio_of(const findings *found) {
    return quotient(found->moved_squares, found->squares);
}

static sq_status measure_both(sq_problem *problem, const sq_task *task, sq_dataset *dataset,
                              double *error, double *ratio) {
    series all[MOST_SERIES] = {0};
    findings found[MOST_SERIES];
    int count = plan(problem, error, ratio, all);
    sq_status status = measure(problem, task, dataset, extent_of(problem), all, count, found);
    for (int k = 0; status == SQ_OK && k < count; k++) {
        const findings *f = &found[k];
        if (all[k].error) error[all[k].type] = f->counted > 0.0 ? f->error / f->counted : NAN;
        if (all[k].cost) ratio[all[k].type] = ratio_of(f);
    }
    return status;
}

sq_status sq_equivariance_measure(sq_problem *problem, sq_dataset *dataset, double *error,
                                  double *ratio) {
    return measure_both(problem, NULL, dataset, error, ratio);
}

sq_status sq_equivariance_error(sq_problem *problem, sq_dataset *dataset, double *error) {
    return measure_both(problem, NULL, dataset, error, NULL);
}

sq_status sq_moved_error_ratio(sq_problem *problem, sq_dataset *dataset, double *ratio) {
    return measure_both(problem, NULL, dataset, NULL, ratio);
}

sq_status sq_projected_error_ratio(sq_problem *problem, sq_dataset *dataset, double *ratio) {
    series all[SQ_MAX_TYPES] = {0};
    findings found[SQ_MAX_TYPES];
    for (int g = 0; g < problem->n_types; g++) all[g] = (series){.type = g, .projected = true};
    const extent once = {extent_of(problem).samples, 1};
    sq_status status = measure(problem, NULL, dataset, once, all, problem->n_types, found);
    for (int g = 0; status == SQ_OK && g < problem->n_types; g++) ratio[g] = ratio_of(&found[g]);
    return status;
}

sq_status sq_held_error_ratio(sq_problem *problem, sq_dataset *dataset, const sq_held_types *types,
                              double *ratio) {
    const series one = {.projected = true, .together = types};
    const extent once = {extent_of(problem).samples, 1};
    findings found = {0};
    sq_status status = measure(problem, NULL, dataset, once, &one, 1, &found);
    *ratio = ratio_of(&found);
    return status;
}

/* In standard errors of a mean over samples: that of several elements counts once. */
static double z_of(const findings *found, int64_t elements) {
    double mean = found->missing / found->samples;
    double variance = found->missing_squares / found->samples - mean * mean;
    return mean / sqrt(variance / (found->samples / (double)elements));
}

sq_status sq_unlearned_measure(sq_problem *problem, sq_dataset *dataset, int64_t samples,
                               double turn, sq_unlearned_shares *shares) {
    enum { LEAST_SAMPLES = 100 };                 /* fewer can be foretold by chance */
    const extent size = {samples, .elements = 5}; /* few: the mean is over many samples, too */
    series all[SQ_MAX_TYPES] = {0};
    findings found[SQ_MAX_TYPES] = {0};
    bool orthogonal[SQ_MAX_TYPES];
    int count = problem->n_types;
    *shares = (sq_unlearned_shares){.all = NAN};
    for (int g = 0; g < count; g++) {
        double near = sq_moved_scale(problem->types[g]);
        orthogonal[g] = near == 1.0;
        shares->moved[g] = shares->distance[g] = shares->z[g] = NAN;
        all[g] = (series){.type = g, .scale = orthogonal[g] ? turn : near, .unlearned = true};
    }
    sq_status status = measure(problem, NULL, dataset, size, all, count, found);
    if (status != SQ_OK || found[0].samples < (double)(LEAST_SAMPLES * size.elements))
        return status;
    shares->all = 1.0 - quotient(found[0].rest, found[0].squares);
    for (int g = 0; g < count; g++) {
        shares->moved[g] = 1.0 - quotient(found[g].moved_rest, found[g].moved_squares);
        if (!orthogonal[g]) continue; /* what follows says nothing */
        shares->distance[g] = found[g].distance / (double)size.elements;
        shares->z[g] = z_of(&found[g], size.elements);
    }
    return SQ_OK;
}

sq_status sq_equivariance_error_of_task(sq_problem *problem, sq_dataset *dataset, double *error) {
    const sq_task *task = NULL;
    for (int g = 0; g < problem->n_types; g++) error[g] = NAN;
    if (!problem->config.data.task[0] || problem->borrowed_data) return SQ_OK;
    sq_status status = sq_task_find(problem->config.data.task, &task);
    return status == SQ_OK ? measure_both(problem, task, dataset, error, NULL) : status;
}
