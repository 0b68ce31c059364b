/* How fast one core multiplies matrices: large ones, and those of a microbatch of a network. */
#ifndef SQ_TRAIN_BENCH_GEMMS_H
#define SQ_TRAIN_BENCH_GEMMS_H

#include "train/bench.h"
#include "train/problem.h"

/* Fills peak_order, peak_gflops, gemms and n_gemms; bench->batch is set already. Each rank by
 * itself. The bench owns what is allocated, also after an error. */
sq_status sq_bench_measure_gemms(const sq_problem *problem, sq_bench *bench);

#endif
