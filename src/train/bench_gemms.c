#include "train/bench_gemms.h"

#include <math.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/rng.h"
#include "nn/lanes.h"

/* A product is timed in bursts; the fastest counts, since nothing makes it run too fast. */
static const double burst_seconds = 0.01;
enum { BURSTS = 5, PEAK_ORDER = 1024 };

/* Numbers that are neither zero nor denormal. */
static sq_status create_matrix(size_t count, sq_real **matrix) {
    sq_status status = sq_alloc(count, sizeof **matrix, matrix);
    sq_rng rng = sq_rng_create(1, SQ_RNG_TEST, 0, count);
    for (size_t e = 0; status == SQ_OK && e < count; e++)
        (*matrix)[e] = (sq_real)(sq_rng_uniform(&rng) - 0.5);
    return status;
}

static double time_burst(const sq_gemm_shape *s, int count, const sq_real *a, const sq_real *b,
                         sq_real *c) {
    size_t lda = s->op_a == SQ_KEEP ? s->k : s->m, ldb = s->op_b == SQ_KEEP ? s->n : s->k;
    double began = sq_clock_seconds();
    for (int r = 0; r < count; r++)
        sq_gemm(s->op_a, s->op_b, s->m, s->n, s->k, 1, a, lda, b, ldb, 0, c, s->n);
    return (sq_clock_seconds() - began) / count;
}

static sq_status measure_gemm(const sq_gemm_shape *s, double *gflops) {
    sq_status status = SQ_OK;
    sq_real *a = NULL, *b = NULL, *c = NULL;
    SQ_TRY(create_matrix(s->m * s->k, &a));
    SQ_TRY(create_matrix(s->k * s->n, &b));
    SQ_TRY(create_matrix(s->m * s->n, &c));
    double least = time_burst(s, 1, a, b, c); /* touches all memory */
    least = time_burst(s, 1, a, b, c);
    int count = (int)(burst_seconds / least) + 1;
    for (int burst = 0; burst < BURSTS; burst++) least = fmin(least, time_burst(s, count, a, b, c));
    *gflops = 2e-9 * (double)s->m * (double)s->n * (double)s->k / least;
cleanup:
    sq_free(a);
    sq_free(b);
    sq_free(c);
    return status;
}

sq_status sq_bench_measure_gemms(const sq_problem *problem, sq_bench *bench) {
    sq_status status = SQ_OK;
    sq_gemm_shape *shapes = NULL;
    sq_gemm_shape peak = {"peak", SQ_KEEP, SQ_KEEP, PEAK_ORDER, PEAK_ORDER, PEAK_ORDER, 1};
    int64_t rows = problem->config.train.microbatch;
    if (rows > bench->batch) rows = bench->batch;
    bench->peak_order = PEAK_ORDER;
    SQ_TRY(measure_gemm(&peak, &bench->peak_gflops));
    SQ_TRY(sq_network_gemm_shapes(&problem->model->network, sq_padded((size_t)rows), &shapes,
                                  &bench->n_gemms));
    SQ_TRY(sq_alloc(bench->n_gemms, sizeof *bench->gemms, &bench->gemms));
    for (size_t k = 0; k < bench->n_gemms; k++) {
        bench->gemms[k].shape = shapes[k];
        SQ_TRY(measure_gemm(&shapes[k], &bench->gemms[k].gflops));
    }
cleanup:
    sq_free(shapes);
    return status;
}
