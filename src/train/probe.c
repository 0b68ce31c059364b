#include "train/probe.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/partition.h"
#include "symmetry/group_sample.h"
#include "train/exact_sum.h"
#include "train/predictor.h"

static sq_status probe_create(sq_problem *problem, const sq_task *task, sq_dataset *dataset,
                              int64_t wanted, sq_probe *p) {
    sq_status status = SQ_OK;
    const sq_model *model = problem->model;
    size_t d2 = (size_t)(model->input.d * model->input.d);
    int64_t *rows = NULL;
    int64_t available = sq_dataset_describe(dataset)->samples;
    *p = (sq_probe){
        .problem = problem, .task = task, .n_in = model->input.size, .n_out = model->output.size};
    p->samples = (size_t)(available < wanted ? available : wanted);
    SQ_TRY(sq_alloc(p->samples, sizeof *rows, &rows));
    for (size_t k = 0; k < p->samples; k++) rows[k] = (int64_t)k;
    SQ_TRY(sq_alloc(p->samples * p->n_in, sizeof *p->input, &p->input));
    SQ_TRY(sq_alloc(p->samples * p->n_in, sizeof *p->moved, &p->moved));
    SQ_TRY(sq_alloc(p->samples * p->n_in, sizeof *p->scaled, &p->scaled));
    SQ_TRY(sq_alloc(p->samples * p->n_out, sizeof *p->output, &p->output));
    SQ_TRY(sq_alloc(p->samples * p->n_out, sizeof *p->of_moved, &p->of_moved));
    SQ_TRY(sq_alloc(p->n_out, sizeof *p->weight, &p->weight));
    sq_scaling_weights(&problem->scaling, &model->output, p->weight);
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

static void probe_clear(sq_probe *p) {
    sq_free(p->input);
    sq_free(p->moved);
    sq_free(p->scaled);
    sq_free(p->output);
    sq_free(p->of_moved);
    sq_free(p->target);
    sq_free(p->mask);
    sq_free(p->weight);
    sq_free(p->element);
    sq_free(p->inverse);
    sq_free(p->vector);
    sq_free(p->scratch);
}

static void evaluate_task(const sq_probe *p, const sq_real *input, sq_real *output) {
    double x[SQ_TASK_MOST_INPUTS], y[SQ_TASK_MOST_INPUTS];
    for (size_t s = 0; s < p->samples; s++) {
        for (size_t c = 0; c < p->n_in; c++) x[c] = (double)input[s * p->n_in + c];
        sq_task_evaluate(p->task, &p->problem->config, x, y);
        for (size_t c = 0; c < p->n_out; c++) output[s * p->n_out + c] = (sq_real)y[c];
    }
}

sq_status sq_probe_predict(sq_probe *p, const sq_real *input, sq_real *output) {
    if (!p->task) return sq_problem_predict(p->problem, input, p->samples, p->scaled, output);
    evaluate_task(p, input, output);
    return SQ_OK;
}

const double *sq_probe_act(sq_probe *p, const sq_representation *rep, const sq_real *x) {
    for (size_t c = 0; c < rep->size; c++) p->vector[c] = (double)x[c];
    sq_representation_act(rep, p->element, p->inverse, p->vector, p->vector, p->scratch);
    return p->vector;
}

sq_status sq_probe_move(sq_probe *p, int type, double scale, int64_t index) {
    const sq_representation *input = &p->problem->model->input;
    sq_status status = sq_group_sample_moving(
        p->problem->types[type], scale, (uint64_t)p->problem->config.train.seed, SQ_RNG_ELEMENT,
        (uint64_t)index, p->element, p->inverse);
    if (status != SQ_OK) return status;
    for (size_t s = 0; s < p->samples; s++) {
        const double *moved = sq_probe_act(p, input, p->input + s * p->n_in);
        for (size_t c = 0; c < p->n_in; c++) p->moved[s * p->n_in + c] = (sq_real)moved[c];
    }
    return sq_probe_predict(p, p->moved, p->of_moved);
}

bool sq_probe_counts_whole(const sq_probe *p, size_t sample) {
    for (size_t c = 0; c < p->n_out; c++)
        if (p->mask[sample * p->n_out + c] == 0) return false;
    return true;
}

double sq_quotient(double a, double b) { return b > 0.0 ? a / b : NAN; }

/* ---- measurements ---------------------------------------------------------------------------- */

/* Units are the elements of the first series, then those of the next. */
static sq_status measure_share(const sq_measurement *m, sq_probe *p, sq_range mine,
                               sq_exact_sum *sum) {
    sq_status status = SQ_OK;
    double *numbers = NULL;
    if (mine.first == mine.end) return SQ_OK;
    SQ_TRY(sq_alloc(m->numbers, sizeof *numbers, &numbers));
    SQ_TRY(sq_probe_predict(p, p->input, p->output));
    if (m->begin) SQ_TRY(m->begin(p, m->context));
    for (int64_t unit = mine.first; unit < mine.end; unit++) {
        memset(numbers, 0, m->numbers * sizeof *numbers);
        SQ_TRY(m->measure(p, m->context, (int)(unit / m->elements), unit % m->elements, numbers));
        for (size_t n = 0; n < m->numbers; n++)
            sq_exact_sum_put(sum, m->numbers * (size_t)unit + n, numbers[n]);
        sq_alive_tell(&p->problem->alive);
    }
cleanup:
    sq_free(numbers);
    return status;
}

/* Over the elements of each series. */
static void add_up(const sq_measurement *m, const sq_exact_sum *sum, double *sums) {
    memset(sums, 0, (size_t)m->series * m->numbers * sizeof *sums);
    for (int64_t unit = 0; unit < m->series * m->elements; unit++)
        for (size_t n = 0; n < m->numbers; n++)
            sums[(size_t)(unit / m->elements) * m->numbers + n] +=
                sq_exact_sum_get(sum, m->numbers * (size_t)unit + n);
}

sq_status sq_measurement_run(const sq_measurement *m, sq_problem *problem, const sq_task *task,
                             sq_dataset *dataset, double *sums) {
    sq_status status = SQ_OK;
    sq_probe p = {0};
    sq_exact_sum *sum = NULL;
    int64_t units = m->series * m->elements;
    sq_comm *comm = problem->comm;
    SQ_TRY(
        sq_comm_agree(comm, sq_exact_sum_create(comm, NULL, m->numbers * (size_t)units, 1, &sum)));
    sq_status local = probe_create(problem, task, dataset, m->samples, &p);
    if (local == SQ_OK)
        local =
            measure_share(m, &p, sq_partition(units, sq_comm_size(comm), sq_comm_rank(comm)), sum);
    SQ_TRY(sq_exact_sum_reduce(sum, local));
    add_up(m, sum, sums);
cleanup:
    probe_clear(&p);
    sq_exact_sum_destroy(&sum);
    return status;
}
