/* Evaluation of a trained model. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "nn/regularizer.h"
#include "softeq/run.h"
#include "train/constant_velocity.h"
#include "train/equivariance.h"
#include "train/load.h"
#include "train/metrics.h"

static sq_status measure_levels(const sq_problem *problem, double *total) {
    sq_status status = SQ_OK;
    sq_regularizer *regularizer = NULL;
    double *values = NULL, *by = NULL, *weight_part = NULL, *level = NULL;
    size_t n_by = (size_t)(sq_model_n_layers(problem->model) * problem->n_types);
    SQ_TRY(sq_regularizer_create(problem->model, 1, 0, &regularizer));
    SQ_TRY(sq_alloc(sq_regularizer_items(regularizer), sizeof *values, &values));
    SQ_TRY(sq_alloc(n_by, sizeof *by, &by));
    SQ_TRY(sq_alloc(n_by, sizeof *weight_part, &weight_part));
    SQ_TRY(sq_alloc(n_by, sizeof *level, &level));
    sq_regularizer_compute(regularizer, NULL, NULL, NULL, values);
    sq_regularizer_sum(regularizer, values, by, weight_part);
    sq_regularizer_levels(regularizer, weight_part, level, total);
cleanup:
    sq_regularizer_destroy(&regularizer);
    sq_free(values);
    sq_free(by);
    sq_free(weight_part);
    sq_free(level);
    return status;
}

static sq_status measure_metrics(sq_problem *problem, sq_dataset *dataset, sq_metrics *metrics,
                                 sq_metrics *yardstick) {
    sq_status status = SQ_OK;
    sq_pass pass = {0};
    SQ_TRY(sq_comm_agree(problem->comm, sq_pass_create(problem, dataset, &pass)));
    SQ_TRY(sq_pass_measure(&pass, metrics));
    memset(yardstick, 0, sizeof *yardstick);
    if (!sq_constant_velocity_applies(problem, dataset)) goto cleanup;
    pass.forecast = sq_constant_velocity_forecast;
    SQ_TRY(sq_pass_measure(&pass, yardstick));
cleanup:
    sq_pass_clear(&pass);
    return status;
}

static void fill_evaluation(const sq_problem *problem, const sq_dataset *dataset,
                            const sq_metrics *metrics, const double *lambda,
                            sq_evaluation *evaluation) {
    evaluation->samples = sq_dataset_describe(dataset)->samples;
    evaluation->mse = sq_metrics_mse(metrics);
    evaluation->ade = sq_metrics_ade(metrics);
    evaluation->fde = sq_metrics_fde(metrics);
    evaluation->n_types = problem->n_types;
    for (int g = 0; g < problem->n_types; g++) {
        sq_copy_bounded(evaluation->type_names[g], sizeof evaluation->type_names[g],
                        problem->type_names[g]);
        evaluation->lambda[g] = lambda[g];
    }
}

/* The made task's samples out of distribution. */
static sq_status measure_shifted(sq_problem *problem, double *mse) {
    sq_status status = SQ_OK;
    sq_dataset *shifted = NULL;
    sq_metrics metrics, unused;
    *mse = NAN;
    if (!problem->config.data.task[0] || problem->config.data.shift == 0.0) return SQ_OK;
    SQ_TRY(sq_comm_agree(problem->comm,
                         sq_dataset_make(&problem->config, SQ_SPLIT_SHIFTED, &shifted)));
    SQ_TRY(measure_metrics(problem, shifted, &metrics, &unused));
    *mse = sq_metrics_mse(&metrics);
cleanup:
    sq_dataset_destroy(&shifted);
    return status;
}

/* What is known of a made task's own samples only. */
static sq_status measure_made(sq_problem *problem, sq_dataset *dataset, bool own,
                              sq_evaluation *evaluation) {
    sq_status status = SQ_OK;
    evaluation->shifted_mse = NAN;
    for (int g = 0; g < problem->n_types; g++) evaluation->data_equivariance_error[g] = NAN;
    if (!own) return SQ_OK;
    SQ_TRY(measure_shifted(problem, &evaluation->shifted_mse));
    SQ_TRY(sq_equivariance_error_of_task(problem, dataset, evaluation->data_equivariance_error));
cleanup:
    return status;
}

sq_status sq_evaluate(const char *folder, const char *file, const char *data, const char *cache,
                      sq_comm *comm, sq_evaluation *evaluation) {
    sq_status status = SQ_OK;
    sq_problem problem = {0};
    sq_dataset *dataset = NULL;
    sq_metrics metrics, yardstick;
    double lambda[SQ_MAX_TYPES] = {0};
    memset(evaluation, 0, sizeof *evaluation);
    SQ_TRY(sq_load_model_and_data(folder, file, data, cache, comm, &problem, &dataset, lambda));
    SQ_TRY(measure_metrics(&problem, dataset, &metrics, &yardstick));
    fill_evaluation(&problem, dataset, &metrics, lambda, evaluation);
    evaluation->constant_velocity_ade = sq_metrics_ade(&yardstick);
    evaluation->constant_velocity_fde = sq_metrics_fde(&yardstick);
    SQ_TRY(measure_made(&problem, dataset, !data, evaluation));
    SQ_TRY(sq_equivariance_error(&problem, dataset, evaluation->equivariance_error));
    SQ_TRY(sq_comm_agree(comm, measure_levels(&problem, evaluation->symmetry_level)));
cleanup:
    sq_dataset_destroy(&dataset);
    sq_problem_clear(&problem);
    return status;
}
