/* test_reference FILE...: compares softeq with recorded numbers of another implementation and
 * prints the largest deviation of each quantity. Exit status 0: all within the tolerance of the
 * precision; 1: not; 77: no file (skipped). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "nn/adam.h"
#include "nn/lanes.h"
#include "nn/loss.h"
#include "nn/regularizer.h"
#include "recorded.h"

#ifdef SOFTEQ_DOUBLE
static const double tolerance = 1e-10;
#else
static const double tolerance = 2e-4;
#endif

typedef struct {
    sq_nc *file;
    sq_bases *bases;
    sq_model *model;
    sq_regularizer *regularizer;
    sq_workspace *workspace;
    recorded_parameters recorded;
    recorded_array x, y, lambda;
    size_t samples, ld;
    sq_real *target;     /* (n_output, ld) */
    sq_real *gradient;   /* (parameters) */
    double *by, *values; /* regularizers by layer and type; by item */
    int failures;
} reference;

/* Prints a row of the table; the deviation is relative to the largest recorded value, if that is
 * above 1. */
static void report(reference *r, const char *what, double deviation, double largest) {
    double relative = deviation / fmax(1.0, largest);
    bool fine = relative <= tolerance;
    printf("  %-34s %10.2e  of %9.3g  %s\n", what, deviation, largest, fine ? "" : "TOO LARGE");
    if (!fine) r->failures++;
}

static void report_arrays(reference *r, const char *what, const double *recorded,
                          const sq_real *ours, size_t count) {
    double deviation = 0.0, largest = 0.0;
    for (size_t e = 0; e < count; e++) {
        deviation = fmax(deviation, fabs(recorded[e] - (double)ours[e]));
        if (isnan((double)ours[e])) deviation = INFINITY;
        largest = fmax(largest, fabs(recorded[e]));
    }
    report(r, what, deviation, largest);
}

static void add_to_gradient(void *context, size_t offset, size_t parameter_ld, size_t rows,
                            size_t columns, const sq_real *values, size_t ld) {
    sq_real *gradient = context;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            gradient[offset + i * parameter_ld + j] += values[i * ld + j];
}

/* Loss, mse and gradient at the present parameters; r->by: the regularizers. */
static void evaluate(reference *r, double *loss, double *mse) {
    sq_model *model = r->model;
    size_t n_out = model->output.size, n_in = model->input.size;
    double row[4096];
    memset(r->gradient, 0, model->table.count * sizeof *r->gradient);
    sq_real *rows = NULL;
    sq_alloc(r->samples * n_in, sizeof *rows, &rows);
    for (size_t e = 0; e < r->samples * n_in; e++) rows[e] = (sq_real)r->x.values[e];
    sq_to_lanes(r->samples, n_in, rows, r->ld, sq_workspace_input(r->workspace));
    sq_free(rows);
    sq_network_forward(&model->network, model->weights, r->ld, r->workspace);
    double scale = 1.0 / (double)(r->samples * n_out);
    sq_squared_error(n_out, r->samples, r->ld, sq_workspace_output(r->workspace), r->target, NULL,
                     scale, sq_workspace_output_gradient(r->workspace), row);
    *mse = 0.0;
    for (size_t c = 0; c < n_out; c++) *mse += row[c] * scale;
    sq_network_backward(&model->network, model->weights, r->ld, r->workspace, add_to_gradient,
                        r->gradient);
    sq_regularizer_compute(r->regularizer, r->lambda.values, add_to_gradient, r->gradient,
                           r->values);
    sq_regularizer_sum(r->regularizer, r->values, r->by, NULL);
    *loss = *mse + sq_model_add_decay(model, r->gradient);
    for (int k = 0; k < model->network.n_layers; k++)
        for (int g = 0; g < model->n_types; g++)
            *loss += r->lambda.values[g] * r->by[k * model->n_types + g];
    for (size_t e = 0; e < model->table.count; e++)
        if (!r->recorded.present[e]) r->gradient[e] = 0;
}

static sq_status prepare(reference *r, const char *path) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_nc_open(path, &r->file));
    SQ_TRY(sq_bases_create(NULL, &r->bases));
    SQ_TRY(recorded_model(r->file, r->bases, &r->model));
    SQ_TRY(recorded_load(r->file, r->model, &r->recorded));
    SQ_TRY(recorded_read(r->file, "x", &r->x));
    SQ_TRY(recorded_read(r->file, "y", &r->y));
    SQ_TRY(recorded_read(r->file, "lambda", &r->lambda));
    SQ_TRY(sq_regularizer_create(r->model, 1, 0, &r->regularizer));
    r->samples = r->x.shape[0];
    r->ld = sq_padded(r->samples);
    size_t n_out = r->model->output.size;
    size_t n_by = (size_t)(r->model->network.n_layers * r->model->n_types);
    SQ_TRY(sq_workspace_create(&r->model->network, r->samples, &r->workspace));
    SQ_TRY(sq_alloc(n_out * r->ld, sizeof *r->target, &r->target));
    for (size_t s = 0; s < r->samples; s++)
        for (size_t c = 0; c < n_out; c++)
            r->target[c * r->ld + s] = (sq_real)r->y.values[s * n_out + c];
    SQ_TRY(sq_alloc(r->model->table.count, sizeof *r->gradient, &r->gradient));
    SQ_TRY(sq_alloc(n_by, sizeof *r->by, &r->by));
    SQ_TRY(sq_alloc(sq_regularizer_items(r->regularizer), sizeof *r->values, &r->values));
cleanup:
    return status;
}

static void release(reference *r) {
    sq_nc_close(&r->file);
    sq_regularizer_destroy(&r->regularizer);
    sq_workspace_destroy(&r->workspace);
    sq_model_destroy(&r->model);
    sq_bases_destroy(&r->bases);
    recorded_parameters_clear(&r->recorded);
    recorded_clear(&r->x);
    recorded_clear(&r->y);
    recorded_clear(&r->lambda);
    sq_free(r->target);
    sq_free(r->gradient);
    sq_free(r->by);
    sq_free(r->values);
}

static sq_status check_prediction(reference *r) {
    sq_status status = SQ_OK;
    recorded_array prediction = {0};
    sq_real *rows = NULL;
    SQ_TRY(recorded_read(r->file, "prediction", &prediction));
    SQ_TRY(sq_alloc(prediction.count, sizeof *rows, &rows));
    sq_from_lanes(r->samples, r->model->output.size, sq_workspace_output(r->workspace), r->ld,
                  rows);
    report_arrays(r, "prediction", prediction.values, rows, prediction.count);
cleanup:
    recorded_clear(&prediction);
    sq_free(rows);
    return status;
}

static sq_status check_scalar(reference *r, const char *name, double ours) {
    recorded_array recorded = {0};
    sq_status status = recorded_read(r->file, name, &recorded);
    if (status == SQ_OK) report(r, name, fabs(recorded.values[0] - ours), fabs(recorded.values[0]));
    recorded_clear(&recorded);
    return status;
}

static sq_status check_regularizers(reference *r) {
    sq_status status = SQ_OK;
    recorded_array recorded = {0};
    double deviation = 0.0, largest = 0.0;
    sq_regularizer_compute(r->regularizer, NULL, NULL, NULL, r->values);
    sq_regularizer_sum(r->regularizer, r->values, r->by, NULL);
    SQ_TRY(recorded_read(r->file, "regularizer", &recorded));
    for (size_t e = 0; e < recorded.count; e++) {
        deviation = fmax(deviation, fabs(recorded.values[e] - r->by[e]));
        largest = fmax(largest, fabs(recorded.values[e]));
    }
    report(r, "regularizer by layer and type", deviation, largest);
cleanup:
    recorded_clear(&recorded);
    return status;
}

static sq_status check_projection(reference *r, int layer, int type, bool is_bias) {
    sq_status status = SQ_OK;
    recorded_array recorded = {0};
    sq_real *ours = NULL;
    char name[80];
    const sq_layer *of = &r->model->network.layers[layer];
    const sq_projection *projection = sq_model_projection(r->model, layer, type);
    snprintf(name, sizeof name, "%s_%s_projected_%d", of->name, is_bias ? "bias" : "weight", type);
    SQ_TRY(recorded_read(r->file, name, &recorded));
    SQ_TRY(sq_alloc(recorded.count, sizeof *ours, &ours));
    if (is_bias)
        sq_projection_bias(projection, r->model->weights + of->bias, 0, ours, r->model->scratch);
    else
        sq_projection_weight(projection, r->model->weights + of->weight, 0, ours,
                             r->model->scratch);
    report_arrays(r, name, recorded.values, ours, recorded.count);
cleanup:
    recorded_clear(&recorded);
    sq_free(ours);
    return status;
}

static sq_status check_projections(reference *r) {
    sq_status status = SQ_OK;
    for (int layer = 0; layer < r->model->network.n_layers; layer++) {
        for (int type = 0; type < r->model->n_types; type++) {
            SQ_TRY(check_projection(r, layer, type, false));
            SQ_TRY(check_projection(r, layer, type, true));
        }
    }
cleanup:
    return status;
}

static void check_gradients(reference *r) {
    for (size_t row = 0; row < r->model->table.rows; row++) {
        const sq_parameter *array = &r->model->table.row[row];
        char name[80];
        snprintf(name, sizeof name, "gradient of %s", array->name);
        report_arrays(r, name, r->recorded.gradient + array->offset, r->gradient + array->offset,
                      array->count);
    }
}

/* Loss, mse and regularizer per type before each of the recorded Adam steps. */
static sq_status check_adam(reference *r) {
    sq_status status = SQ_OK;
    recorded_array trace = {0};
    sq_real *m = NULL, *v = NULL;
    size_t count = r->model->table.count;
    double deviation = 0.0, largest = 0.0;
    SQ_TRY(recorded_read(r->file, "adam_trace", &trace));
    SQ_TRY(sq_alloc(count, sizeof *m, &m));
    SQ_TRY(sq_alloc(count, sizeof *v, &v));
    for (size_t step = 0; step < trace.shape[0]; step++) {
        double ours[2 + 64];
        int n_types = r->model->n_types;
        evaluate(r, &ours[0], &ours[1]);
        sq_regularizer_compute(r->regularizer, NULL, NULL, NULL, r->values);
        sq_regularizer_sum(r->regularizer, r->values, r->by, NULL);
        for (int g = 0; g < n_types; g++) {
            ours[2 + g] = 0.0;
            for (int k = 0; k < r->model->network.n_layers; k++)
                ours[2 + g] += r->by[k * n_types + g];
        }
        for (size_t e = 0; e < trace.shape[1]; e++) {
            double recorded = trace.values[step * trace.shape[1] + e];
            deviation = fmax(deviation, fabs(recorded - ours[e]));
            largest = fmax(largest, fabs(recorded));
        }
        sq_adam_step(count, 1e-3, (int64_t)step + 1, r->gradient, m, v, r->model->parameters);
        SQ_TRY(sq_model_parameters_changed(r->model));
    }
    report(r, "20 Adam steps", deviation, largest);
cleanup:
    recorded_clear(&trace);
    sq_free(m);
    sq_free(v);
    return status;
}

static sq_status check_file(const char *path, int *failures) {
    sq_status status = SQ_OK;
    reference r = {0};
    double loss = 0.0, mse = 0.0;
    printf("%s (%s)\n", path, SQ_REAL_NAME);
    SQ_TRY(prepare(&r, path));
    evaluate(&r, &loss, &mse);
    SQ_TRY(check_prediction(&r));
    SQ_TRY(check_scalar(&r, "loss", loss));
    SQ_TRY(check_scalar(&r, "mse", mse));
    SQ_TRY(check_projections(&r));
    check_gradients(&r);
    SQ_TRY(check_regularizers(&r));
    SQ_TRY(check_adam(&r));
cleanup:
    *failures += r.failures;
    release(&r);
    return status;
}

int main(int n_arguments, char **arguments) {
    int failures = 0;
    if (n_arguments < 2) {
        printf("usage: test_reference FILE...  (no file given: skipped)\n");
        return 77;
    }
    for (int k = 1; k < n_arguments; k++) {
        if (check_file(arguments[k], &failures) != SQ_OK) {
            printf("  %s\n", sq_error_message());
            failures++;
        }
    }
    printf("%d deviation%s above %.0e\n", failures, failures == 1 ? "" : "s", tolerance);
    return failures ? 1 : 0;
}
