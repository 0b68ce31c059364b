/* The parts of a training step, done and timed one after the other. */
#ifndef SQ_TRAIN_BENCH_PARTS_H
#define SQ_TRAIN_BENCH_PARTS_H

#include "train/bench.h"
#include "train/problem.h"

/* Median seconds of each part over `repetitions`, of the slowest rank. Trains the model while at
 * it. part: (SQ_BENCH_PARTS). Collective. */
sq_status sq_bench_measure_parts(sq_problem *problem, int repetitions, double *part);

/* Multiply-adds of the regularizers of all types with lambda > 0. */
double sq_bench_regularizer_cost(const sq_problem *problem);

#endif
