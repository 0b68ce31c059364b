/* Evaluation of a trained model. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/units.h"
#include "nn/regularizer.h"
#include "softeq/run.h"
#include "train/equivariance.h"
#include "train/load.h"
#include "train/metrics.h"
#include "train/run_record.h"
#include "train/step_time.h"
#include "train/target_variance.h"
#include "train/tuning.h"
#include "train/unlearned_share.h"

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

/* Measures a pass; leaves its displacements. */
static sq_status measure_pass(sq_pass *pass, sq_metrics *metrics, sq_displacements *displaced) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_pass_measure(pass, metrics));
    if (metrics->counted > 0.0 && !isfinite(sq_metrics_mse(metrics)))
        SQ_TRY(sq_fail(SQ_ERR_NUMERIC,
                       "the error of %s is not a finite number: the data is of a size that the "
                       "model was not trained on, or the model itself is not finite",
                       displaced->title));
    displaced->ade = sq_metrics_ade(metrics);
    displaced->fde = sq_metrics_fde(metrics);
    displaced->miss_rate = sq_metrics_miss_rate(metrics);
    if (pass->n_steps == 0) goto cleanup;
    SQ_TRY(sq_alloc(pass->n_steps, sizeof *displaced->displacement, &displaced->displacement));
    for (size_t step = 0; step < pass->n_steps; step++)
        displaced->displacement[step] = sq_step_metrics_mean(&pass->steps[step]);
cleanup:
    return status;
}

/* Extrapolations of the same windows, where they apply. */
static sq_status measure_yardstick(const sq_problem *problem, const sq_extrapolation_kind *kind,
                                   sq_pass *pass, sq_displacements *displaced) {
    sq_status status = SQ_OK;
    sq_extrapolation extrapolation = {0};
    const sq_model *model = problem->model;
    sq_metrics metrics;
    *displaced = (sq_displacements){kind->key, kind->title, NAN, NAN, NAN, NULL};
    if (!sq_extrapolation_applies(kind, &problem->info, &model->input, &model->output))
        return SQ_OK;
    SQ_TRY(sq_comm_agree(problem->comm, sq_extrapolation_create(kind, &problem->info, &model->input,
                                                                &model->output, &extrapolation)));
    sq_pass_set_yardstick(pass, &extrapolation);
    SQ_TRY(measure_pass(pass, &metrics, displaced));
cleanup:
    sq_extrapolation_clear(&extrapolation);
    return status;
}

/* What a miss is, is a number of metres. */
static void forget_misses(sq_evaluation *evaluation) {
    evaluation->displaced.miss_rate = NAN;
    for (int k = 0; k < evaluation->n_yardsticks; k++) evaluation->yardsticks[k].miss_rate = NAN;
}

static sq_status measure_metrics(const sq_problem *problem, sq_dataset *dataset,
                                 sq_evaluation *evaluation) {
    sq_status status = SQ_OK;
    sq_pass pass = {0};
    sq_metrics metrics;
    sq_target_variance targets;
    SQ_TRY(sq_comm_agree(problem->comm, sq_pass_create(problem, dataset, true, &pass)));
    evaluation->steps = (int)pass.n_steps;
    evaluation->displaced = (sq_displacements){.key = "", .title = "this model"};
    SQ_TRY(measure_pass(&pass, &metrics, &evaluation->displaced));
    SQ_TRY(sq_target_variance_measure(problem, dataset, &targets));
    evaluation->mse = sq_metrics_mse(&metrics);
    evaluation->explained_share =
        sq_target_explained_share(&targets, sq_metrics_weighted_mse(&metrics));
    for (int k = 0; k < sq_n_extrapolation_kinds; k++, evaluation->n_yardsticks++)
        SQ_TRY(measure_yardstick(problem, &sq_extrapolation_kinds[k], &pass,
                                 &evaluation->yardsticks[k]));
    if (!sq_units_are_metres(sq_dataset_describe(dataset)->units)) forget_misses(evaluation);
cleanup:
    sq_pass_clear(&pass);
    return status;
}

/* From the root, so that it still says which folder it is when it is read elsewhere. */
static void name_run(const char *folder, sq_evaluation *evaluation) {
    char *found = realpath(folder, NULL);
    sq_copy_bounded(evaluation->run, sizeof evaluation->run, found ? found : folder);
    free(found);
}

static void fill_evaluation(const sq_problem *problem, const sq_dataset *dataset,
                            const double *lambda, sq_evaluation *evaluation) {
    strcpy(evaluation->content_hash, problem->content_hash);
    sq_dataset_format_hash(sq_dataset_describe(dataset), evaluation->data_hash);
    evaluation->samples = sq_dataset_describe(dataset)->samples;
    evaluation->interval = sq_dataset_describe(dataset)->interval;
    sq_copy_bounded(evaluation->units, sizeof evaluation->units,
                    sq_dataset_describe(dataset)->units);
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
    sq_pass pass = {0};
    sq_metrics metrics;
    *mse = NAN;
    if (!problem->config.data.task[0] || problem->config.data.shift == 0.0) return SQ_OK;
    SQ_TRY(sq_comm_agree(problem->comm,
                         sq_dataset_make(&problem->config, SQ_SPLIT_SHIFTED, &shifted)));
    SQ_TRY(sq_comm_agree(problem->comm, sq_pass_create(problem, shifted, false, &pass)));
    SQ_TRY(sq_pass_measure(&pass, &metrics));
    *mse = sq_metrics_mse(&metrics);
cleanup:
    sq_pass_clear(&pass);
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

static sq_status measure_unlearned(sq_problem *problem, sq_dataset *dataset,
                                   sq_evaluation *evaluation) {
    enum { MOST_UNLEARNED = 1000 };
    static const double any_rotation = 4.0;
    sq_unlearned_shares shares;
    sq_status status =
        sq_unlearned_measure(problem, dataset, MOST_UNLEARNED, any_rotation, &shares);
    if (status != SQ_OK) return status;
    evaluation->unlearned_share = shares.all;
    memcpy(evaluation->unlearned_share_moved, shares.moved, sizeof shares.moved);
    memcpy(evaluation->unlearned_z, shares.z, sizeof shares.z);
    memcpy(evaluation->moved_distance_ratio, shares.distance, sizeof shares.distance);
    return SQ_OK;
}

/* Rank 0: what the log says of the training, if it is there and of these types. */
static void recall_training(const char *folder, sq_evaluation *evaluation) {
    sq_run_record record;
    int rule = 0;
    for (int g = 0; g < evaluation->n_types; g++) evaluation->let_go[g] = NAN;
    if (sq_run_record_read(folder, &record) != SQ_OK) return;
    if (record.n_types == evaluation->n_types &&
        sq_tuning_find(record.config.symmetry.tuning, &rule) == SQ_OK)
        for (int g = 0; g < evaluation->n_types; g++)
            evaluation->let_go[g] =
                sq_tuning_projects(rule) && sq_run_record_let_go_from(&record, g) >= 0;
    evaluation->warnings = record.warnings;
    record.warnings = NULL;
    sq_run_record_clear(&record);
}

static sq_status share_training(const char *folder, sq_comm *comm, sq_evaluation *evaluation) {
    if (sq_comm_rank(comm) == 0) recall_training(folder, evaluation);
    return sq_comm_broadcast(comm, evaluation->let_go, sizeof evaluation->let_go);
}

sq_status sq_evaluate(const char *folder, const char *file, const char *data, const char *cache,
                      sq_comm *comm, sq_evaluation *evaluation) {
    sq_status status = SQ_OK;
    sq_problem problem = {0};
    sq_dataset *dataset = NULL;
    double lambda[SQ_MAX_TYPES] = {0};
    memset(evaluation, 0, sizeof *evaluation);
    SQ_TRY(sq_load_model_and_data(folder, file, data, cache, comm, &problem, &dataset, lambda));
    name_run(folder, evaluation);
    fill_evaluation(&problem, dataset, lambda, evaluation);
    SQ_TRY(share_training(folder, comm, evaluation));
    SQ_TRY(measure_metrics(&problem, dataset, evaluation));
    SQ_TRY(measure_made(&problem, dataset, !data, evaluation));
    SQ_TRY(sq_equivariance_measure(&problem, dataset, evaluation->equivariance_error,
                                   evaluation->moved_error_ratio));
    SQ_TRY(measure_unlearned(&problem, dataset, evaluation));
    SQ_TRY(sq_comm_agree(comm, measure_levels(&problem, evaluation->symmetry_level)));
cleanup:
    sq_dataset_destroy(&dataset);
    sq_problem_clear(&problem);
    return status;
}

void sq_evaluation_clear(sq_evaluation *evaluation) {
    sq_free(evaluation->warnings);
    sq_free(evaluation->displaced.displacement);
    for (int k = 0; k < evaluation->n_yardsticks; k++)
        sq_free(evaluation->yardsticks[k].displacement);
    memset(evaluation, 0, sizeof *evaluation);
}

bool sq_evaluation_has_unlearned(const sq_evaluation *evaluation) {
    return sq_is_unlearned(evaluation->unlearned_share);
}

bool sq_evaluation_unlearned_breaks(const sq_evaluation *evaluation, int type) {
    return sq_unlearned_breaks(evaluation->unlearned_share, evaluation->unlearned_z[type],
                               evaluation->moved_distance_ratio[type]);
}

bool sq_evaluation_unlearned_keeps(const sq_evaluation *evaluation, int type) {
    return sq_unlearned_keeps(evaluation->unlearned_share, evaluation->unlearned_z[type],
                              evaluation->moved_distance_ratio[type]);
}

bool sq_evaluation_inputs_are_alike(const sq_evaluation *evaluation, int type) {
    return sq_moved_inputs_are_alike(evaluation->moved_distance_ratio[type]);
}

double sq_evaluation_seconds(const sq_evaluation *evaluation, int step) {
    return evaluation->interval > 0 ? sq_step_time(step + 1, evaluation->interval) : NAN;
}
