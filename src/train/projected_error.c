#include "train/projected_error.h"

#include <string.h>

#include "base/memory.h"
#include "train/predictor.h"
#include "train/probe.h"

enum { PROJECTED_SQUARES, SQUARES, NUMBERS };

static double squared_error(const sq_probe *p, const sq_real *prediction) {
    double squares = 0.0;
    for (size_t s = 0; s < p->samples; s++) {
        if (!sq_probe_counts_whole(p, s)) continue;
        for (size_t c = 0; c < p->n_out; c++) {
            size_t at = s * p->n_out + c;
            double difference = ((double)prediction[at] - (double)p->target[at]) * p->weight[c];
            squares += difference * difference;
        }
    }
    return squares;
}

/* Predicts by weights that are projected on one type, or on all that are held together. */
static sq_status predict_projected(sq_probe *p, const sq_held_types *together, int type,
                                   sq_real *prediction) {
    sq_status status;
    sq_model *model = p->problem->model;
    size_t bytes = model->table.count * sizeof *model->parameters;
    sq_real *kept = NULL;
    SQ_TRY(sq_alloc(model->table.count, sizeof *kept, &kept));
    memcpy(kept, model->parameters, bytes);
    if (together)
        sq_held_types_project(together, model, model->parameters);
    else
        sq_model_project_vector(model, type, model->parameters);
    status = sq_model_parameters_changed(model);
    if (status == SQ_OK) status = sq_probe_predict(p, p->input, prediction);
    memcpy(model->parameters, kept, bytes);
    SQ_TRY(status);
    SQ_TRY(sq_model_parameters_changed(model));
cleanup:
    sq_free(kept);
    return status;
}

/* The network as it would be if it were held exactly. context: the types to hold together; NULL:
 * one, that of the series. */
static sq_status measure_projected(sq_probe *p, void *context, int series, int64_t element,
                                   double *numbers) {
    (void)element;
    sq_status status = predict_projected(p, context, series, p->of_moved);
    if (status != SQ_OK) return status;
    numbers[PROJECTED_SQUARES] = squared_error(p, p->of_moved);
    numbers[SQUARES] = squared_error(p, p->output);
    return SQ_OK;
}

/* ratio: (series) */
static sq_status measure(sq_problem *problem, sq_dataset *dataset, int series,
                         const sq_held_types *together, double *ratio) {
    double sums[SQ_MAX_TYPES][NUMBERS];
    const sq_measurement m = {.samples = problem->config.log.equivariance_samples,
                              .series = series,
                              .elements = 1,
                              .numbers = NUMBERS,
                              .measure = measure_projected,
                              .context = (void *)together};
    sq_status status = sq_measurement_run(&m, problem, NULL, dataset, sums[0]);
    for (int k = 0; status == SQ_OK && k < series; k++)
        ratio[k] = sq_quotient(sums[k][PROJECTED_SQUARES], sums[k][SQUARES]);
    return status;
}

sq_status sq_projected_error_ratio(sq_problem *problem, sq_dataset *dataset, double *ratio) {
    return measure(problem, dataset, problem->n_types, NULL, ratio);
}

sq_status sq_held_error_ratio(sq_problem *problem, sq_dataset *dataset, const sq_held_types *types,
                              double *ratio) {
    return measure(problem, dataset, 1, types, ratio);
}
