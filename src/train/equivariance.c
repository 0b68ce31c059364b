#include "train/equivariance.h"

#include <math.h>

#include "train/augmentation.h"
#include "train/probe.h"

/* What one element adds up over samples. */
enum {
    ERROR,         /* relative errors */
    COUNTED,       /* samples that have one */
    MOVED_SQUARES, /* |f(gx) - g y|^2 */
    SQUARES,       /* |f(x) - y|^2, of the same samples */
    NUMBERS
};

/* The elements of one type, and what is compared under each of them. */
typedef struct {
    int type;
    double scale; /* of the Lie algebra coordinates */
    bool error;   /* f(gx) with g f(x) */
    bool cost;    /* f(gx) with g y */
} series;

enum { MOST_SERIES = 2 * SQ_MAX_TYPES };

/* What is taken off the targets says nothing of the model, however large it is: it is taken off
 * the sizes, too. No element moves it, so that the difference stays as it is. */
static void compare(sq_probe *p, double *numbers) {
    const sq_representation *rep = &p->problem->model->output;
    const double *shift = p->problem->scaling.shift;
    for (size_t s = 0; s < p->samples; s++) {
        const sq_real *there = p->of_moved + s * p->n_out;
        const double *here = sq_probe_act(p, rep, p->output + s * p->n_out);
        double difference = 0.0, first = 0.0, second = 0.0;
        for (size_t c = 0; c < p->n_out; c++) {
            double weight = p->weight[c];
            double delta = ((double)there[c] - here[c]) * weight;
            double a = ((double)there[c] - shift[c]) * weight;
            double b = (here[c] - shift[c]) * weight;
            difference += delta * delta;
            first += a * a;
            second += b * b;
        }
        double size = sqrt(first) + sqrt(second);
        if (size == 0.0) continue;
        numbers[ERROR] += sqrt(difference) / size;
        numbers[COUNTED] += 1.0;
    }
}

/* The same with what the data says in place of f(x). */
static void compare_with_targets(sq_probe *p, double *numbers) {
    const sq_representation *rep = &p->problem->model->output;
    for (size_t s = 0; s < p->samples; s++) {
        if (!sq_probe_counts_whole(p, s)) continue;
        const double *moved_target = sq_probe_act(p, rep, p->target + s * p->n_out);
        for (size_t c = 0; c < p->n_out; c++) {
            size_t at = s * p->n_out + c;
            double moved = ((double)p->of_moved[at] - moved_target[c]) * p->weight[c];
            double unmoved = ((double)p->output[at] - (double)p->target[at]) * p->weight[c];
            numbers[MOVED_SQUARES] += moved * moved;
            numbers[SQUARES] += unmoved * unmoved;
        }
    }
}

/* context: all series */
static sq_status measure_element(sq_probe *p, void *context, int number, int64_t element,
                                 double *numbers) {
    const series *all = context, *which = &all[number];
    int64_t elements = p->problem->config.log.equivariance_elements;
    sq_status status =
        sq_probe_move(p, which->type, which->scale, which->type * elements + element);
    if (status == SQ_OK && which->error) compare(p, numbers);
    if (status == SQ_OK && which->cost) compare_with_targets(p, numbers);
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

static sq_status measure(sq_problem *problem, const sq_task *task, sq_dataset *dataset,
                         double *error, double *ratio) {
    series all[MOST_SERIES] = {0};
    double sums[MOST_SERIES][NUMBERS];
    const sq_measurement m = {.samples = problem->config.log.equivariance_samples,
                              .series = plan(problem, error, ratio, all),
                              .elements = problem->config.log.equivariance_elements,
                              .numbers = NUMBERS,
                              .measure = measure_element,
                              .context = all};
    sq_status status = sq_measurement_run(&m, problem, task, dataset, sums[0]);
    for (int k = 0; status == SQ_OK && k < m.series; k++) {
        const double *found = sums[k];
        if (all[k].error) error[all[k].type] = sq_quotient(found[ERROR], found[COUNTED]);
        if (all[k].cost) ratio[all[k].type] = sq_quotient(found[MOVED_SQUARES], found[SQUARES]);
    }
    return status;
}

sq_status sq_equivariance_measure(sq_problem *problem, sq_dataset *dataset, double *error,
                                  double *ratio) {
    return measure(problem, NULL, dataset, error, ratio);
}

sq_status sq_equivariance_error(sq_problem *problem, sq_dataset *dataset, double *error) {
    return measure(problem, NULL, dataset, error, NULL);
}

sq_status sq_moved_error_ratio(sq_problem *problem, sq_dataset *dataset, double *ratio) {
    return measure(problem, NULL, dataset, NULL, ratio);
}

sq_status sq_equivariance_error_of_task(sq_problem *problem, sq_dataset *dataset, double *error) {
    const sq_task *task = NULL;
    for (int g = 0; g < problem->n_types; g++) error[g] = NAN;
    if (!problem->config.data.task[0] || problem->borrowed_data) return SQ_OK;
    sq_status status = sq_task_find(problem->config.data.task, &task);
    return status == SQ_OK ? measure(problem, task, dataset, error, NULL) : status;
}
