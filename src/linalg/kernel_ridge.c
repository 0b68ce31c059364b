#include "linalg/kernel_ridge.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "linalg/linalg.h"

/* In roots of n_in, by which the distance of two inputs of order one grows. */
static const double widths[] = {1.0, 2.0, 4.0};
static const double ridges[] = {1e-4, 1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2};
enum { N_WIDTHS = sizeof widths / sizeof *widths, N_RIDGES = sizeof ridges / sizeof *ridges };

static double squares(size_t count, const double *x) {
    double sum = 0.0;
    for (size_t k = 0; k < count; k++) sum += x[k] * x[k];
    return sum;
}

/* Of each of these rows and each of the fit. x: (n, n_in); kernel: (n, rows) */
static void fill_kernel(const sq_kernel_ridge *fit, double width, size_t n, const double *x,
                        double *kernel) {
    size_t m = fit->rows, n_in = fit->n_in;
    sq_gemm_double(SQ_KEEP, SQ_TRANSPOSE, n, m, n_in, -2.0, x, n_in, fit->input, n_in, 0.0, kernel,
                   m);
    for (size_t i = 0; i < n; i++) {
        double of_x = squares(n_in, x + i * n_in);
        for (size_t j = 0; j < m; j++) {
            double distance = kernel[i * m + j] + of_x + fit->squares[j];
            kernel[i * m + j] = exp(-fmax(distance, 0.0) / (2.0 * width * width));
        }
    }
}

/* What is tried with one width: eigenvectors of the kernel, and the targets in them. */
typedef struct {
    size_t rows, n_out;
    double *vectors;          /* (rows, rows), one a row */
    double *values;           /* (rows) */
    double *targets;          /* (rows, n_out) in the basis of the vectors */
    double *shrunk, *weights; /* (rows, n_out): targets over values + ridge; in the basis of rows */
    double *diagonal;         /* (rows) of the inverse of kernel + ridge */
} trial;

static sq_status trial_create(size_t rows, size_t n_out, trial *t) {
    sq_status status;
    *t = (trial){.rows = rows, .n_out = n_out};
    SQ_TRY(sq_alloc(rows * rows, sizeof *t->vectors, &t->vectors));
    SQ_TRY(sq_alloc(rows, sizeof *t->values, &t->values));
    SQ_TRY(sq_alloc(rows * n_out, sizeof *t->targets, &t->targets));
    SQ_TRY(sq_alloc(rows * n_out, sizeof *t->shrunk, &t->shrunk));
    SQ_TRY(sq_alloc(rows * n_out, sizeof *t->weights, &t->weights));
    SQ_TRY(sq_alloc(rows, sizeof *t->diagonal, &t->diagonal));
cleanup:
    return status;
}

static void trial_clear(trial *t) {
    sq_free(t->vectors);
    sq_free(t->values);
    sq_free(t->targets);
    sq_free(t->shrunk);
    sq_free(t->weights);
    sq_free(t->diagonal);
}

static sq_status trial_begin(trial *t, const sq_kernel_ridge *fit, const double *y, double width) {
    size_t n = t->rows;
    fill_kernel(fit, width, n, fit->input, t->vectors);
    sq_status status = sq_eigen_symmetric(n, t->vectors, t->values);
    if (status == SQ_OK)
        sq_gemm_double(SQ_KEEP, SQ_KEEP, n, t->n_out, n, 1.0, t->vectors, n, y, t->n_out, 0.0,
                       t->targets, t->n_out);
    return status;
}

/* Sets the weights for this ridge; their leave-one-out error, summed over rows. */
static double trial_error(trial *t, double ridge) {
    size_t n = t->rows;
    double error = 0.0;
    memset(t->diagonal, 0, n * sizeof *t->diagonal);
    for (size_t k = 0; k < n; k++) {
        double factor = 1.0 / (fmax(t->values[k], 0.0) + ridge);
        const double *vector = t->vectors + k * n;
        for (size_t i = 0; i < n; i++) t->diagonal[i] += factor * vector[i] * vector[i];
        for (size_t c = 0; c < t->n_out; c++)
            t->shrunk[k * t->n_out + c] = factor * t->targets[k * t->n_out + c];
    }
    sq_gemm_double(SQ_TRANSPOSE, SQ_KEEP, n, t->n_out, n, 1.0, t->vectors, n, t->shrunk, t->n_out,
                   0.0, t->weights, t->n_out);
    for (size_t i = 0; i < n; i++)
        error += squares(t->n_out, t->weights + i * t->n_out) / (t->diagonal[i] * t->diagonal[i]);
    return error;
}

sq_status sq_kernel_ridge_fit(size_t rows, size_t n_in, const double *x, size_t n_out,
                              const double *y, sq_kernel_ridge *fit) {
    sq_status status;
    trial t = {0};
    double least = squares(rows * n_out, y); /* that of 0 */
    *fit = (sq_kernel_ridge){.rows = rows, .n_in = n_in, .n_out = n_out, .width = 1.0};
    SQ_TRY(sq_alloc(rows * n_in, sizeof *fit->input, &fit->input));
    SQ_TRY(sq_alloc(rows, sizeof *fit->squares, &fit->squares));
    SQ_TRY(sq_alloc(rows * n_out, sizeof *fit->weights, &fit->weights));
    SQ_TRY(trial_create(rows, n_out, &t));
    if (rows > 0) memcpy(fit->input, x, rows * n_in * sizeof *x);
    for (size_t i = 0; i < rows; i++) fit->squares[i] = squares(n_in, x + i * n_in);
    for (int w = 0; w < N_WIDTHS; w++) {
        double width = widths[w] * sqrt((double)n_in);
        SQ_TRY(trial_begin(&t, fit, y, width));
        for (int r = 0; r < N_RIDGES; r++) {
            double error = trial_error(&t, ridges[r]);
            if (!(error < least)) continue;
            least = error;
            fit->width = width;
            memcpy(fit->weights, t.weights, rows * n_out * sizeof *t.weights);
        }
    }
cleanup:
    trial_clear(&t);
    return status;
}

void sq_kernel_ridge_clear(sq_kernel_ridge *fit) {
    sq_free(fit->input);
    sq_free(fit->squares);
    sq_free(fit->weights);
    *fit = (sq_kernel_ridge){0};
}

sq_status sq_kernel_ridge_predict(const sq_kernel_ridge *fit, size_t rows, const double *x,
                                  double *y) {
    sq_status status;
    double *kernel = NULL;
    SQ_TRY(sq_alloc(rows * fit->rows, sizeof *kernel, &kernel));
    fill_kernel(fit, fit->width, rows, x, kernel);
    sq_gemm_double(SQ_KEEP, SQ_KEEP, rows, fit->n_out, fit->rows, 1.0, kernel, fit->rows,
                   fit->weights, fit->n_out, 0.0, y, fit->n_out);
cleanup:
    sq_free(kernel);
    return status;
}
