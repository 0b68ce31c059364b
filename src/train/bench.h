/* How fast this machine trains a configuration: matrix products, the parts of a step, whole steps
 * and epochs, set-up. */
#ifndef SQ_TRAIN_BENCH_H
#define SQ_TRAIN_BENCH_H

#include "nn/gemm_shapes.h"
#include "softeq/comm.h"
#include "softeq/config.h"

/* Parts of a step as training makes it, but one after the other. Drawing the rows of a batch, the
 * errors of its outputs and clearing the sums are in none of them. */
typedef enum {
    SQ_BENCH_FEED, /* rows read, moved, scaled, laid out in lanes */
    SQ_BENCH_FORWARD,
    SQ_BENCH_BACKWARD,    /* without the next */
    SQ_BENCH_CONVERSION,  /* of the loss's gradient to fixed point */
    SQ_BENCH_REGULARIZER, /* with the conversion of its own gradient */
    SQ_BENCH_SUM,         /* over ranks, of the rank that waits least for the others */
    SQ_BENCH_UPDATE,      /* gradient from fixed point, penalties, Adam, weights from parameters */
    SQ_BENCH_PARTS
} sq_bench_part;

const char *sq_bench_part_name(sq_bench_part part);

/* A product of the model and its speed by itself, operands in cache. */
typedef struct {
    sq_gemm_shape shape;
    double gflops;
} sq_bench_gemm;

/* What was measured, by rank 0's clock. Times are in seconds: medians over repetitions; of parts
 * the slowest rank's, but for the sum. With data.augment = found all types move samples. Rates are
 * in 1e9 floating-point operations a second; a multiply-add is two operations. Open struct. */
typedef struct {
    int ranks;
    int64_t batch, batches, training_samples, validation_samples;
    size_t parameters;

    double setup_solving; /* model with all bases solved, without the data */
    double setup_cached;  /* the same, bases read from disk; NaN: there is no cache folder */

    size_t peak_order;  /* of the square product that counts as the peak */
    double peak_gflops; /* of one core, all ranks computing at once */
    size_t n_gemms;
    sq_bench_gemm *gemms; /* (n_gemms) */

    double part[SQ_BENCH_PARTS];
    double step;              /* as training does it: with overlap */
    double step_fastest;      /* the least of all, for a machine that is shared */
    double validation, epoch; /* epoch: all its steps, and validation */
    int steps_timed;

    double step_gflop;          /* of the network: forward and twice that for backward */
    double regularizer_gflop;   /* of types with lambda > 0, not in step_gflop */
    double step_gflops;         /* step_gflop / step */
    double percent_of_peak;     /* step_gflops of peak_gflops times ranks */
    double regularizer_percent; /* part[SQ_BENCH_REGULARIZER] of step */
    double samples_per_second;  /* batch / step */
} sq_bench;

/* Measures. cache: folder of solved bases where the configuration names none, or NULL.
 * Collective; takes some seconds. The caller clears. */
sq_status sq_bench_run(const sq_config *config, const char *cache, sq_comm *comm, sq_bench *bench);
void sq_bench_clear(sq_bench *bench);

#endif
