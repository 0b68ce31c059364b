#include "train/predictor.h"

#include "base/memory.h"
#include "train/load.h"

/* Not where nothing is added: -0 stays as it is. */
static void add_shift(const sq_scaling *scaling, size_t count, sq_real *output) {
    size_t n_out = (size_t)scaling->n_output;
    if (!sq_scaling_shifts(scaling)) return;
    for (size_t e = 0; e < count * n_out; e++) output[e] += (sq_real)scaling->shift[e % n_out];
}

sq_status sq_problem_predict(sq_problem *problem, const sq_real *input, size_t count,
                             sq_real *scaled, sq_real *output) {
    const sq_scaling *scaling = &problem->scaling;
    size_t n_in = (size_t)scaling->n_input, n_out = (size_t)scaling->n_output;
    for (size_t e = 0; e < count * n_in; e++)
        scaled[e] = input[e] * (sq_real)(1.0 / scaling->input[e % n_in]);
    sq_status status = sq_model_predict(problem->model, scaled, count, output);
    for (size_t e = 0; status == SQ_OK && e < count * n_out; e++)
        output[e] *= (sq_real)scaling->output[e % n_out];
    if (status != SQ_OK) return status;
    add_shift(scaling, count, output);
    sq_extrapolation_add(&problem->residual, 1.0, count, n_in, input, output);
    return status;
}

sq_status sq_predictor_create(const char *folder, const char *file, const char *cache,
                              sq_predictor **predictor) {
    sq_status status = SQ_OK;
    sq_predictor *p = NULL;
    double lambda[SQ_MAX_TYPES] = {0};
    SQ_TRY(sq_alloc(1, sizeof *p, &p));
    SQ_TRY(sq_comm_create_serial(&p->comm));
    SQ_TRY(sq_load_model(folder, file, cache, p->comm, &p->problem, lambda));
    SQ_TRY(sq_alloc(SQ_PREDICT_CHUNK * (size_t)p->problem.scaling.n_input, sizeof *p->scaled,
                    &p->scaled));
cleanup:
    if (status != SQ_OK) sq_predictor_destroy(&p);
    *predictor = p;
    return status;
}

void sq_predictor_destroy(sq_predictor **predictor) {
    if (!*predictor) return;
    sq_problem_clear(&(*predictor)->problem);
    sq_comm_destroy(&(*predictor)->comm);
    sq_free((*predictor)->scaled);
    sq_free(*predictor);
    *predictor = NULL;
}

int sq_predictor_n_input(const sq_predictor *predictor) {
    return sq_model_n_input(predictor->problem.model);
}

int sq_predictor_n_output(const sq_predictor *predictor) {
    return sq_model_n_output(predictor->problem.model);
}

const char *sq_predictor_input_representation(const sq_predictor *predictor) {
    return predictor->problem.info.input_representation;
}

const char *sq_predictor_output_representation(const sq_predictor *predictor) {
    return predictor->problem.info.output_representation;
}

sq_status sq_predictor_run(sq_predictor *predictor, const sq_real *input, size_t samples,
                           sq_real *output) {
    sq_status status = SQ_OK;
    size_t n_in = (size_t)sq_predictor_n_input(predictor);
    size_t n_out = (size_t)sq_predictor_n_output(predictor);
    for (size_t first = 0; status == SQ_OK && first < samples; first += SQ_PREDICT_CHUNK) {
        size_t left = samples - first;
        status = sq_problem_predict(&predictor->problem, input + first * n_in,
                                    left < SQ_PREDICT_CHUNK ? left : SQ_PREDICT_CHUNK,
                                    predictor->scaled, output + first * n_out);
    }
    return status;
}
