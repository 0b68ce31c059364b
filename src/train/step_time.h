/* When the steps of a trajectory are. */
#ifndef SQ_TRAIN_STEP_TIME_H
#define SQ_TRAIN_STEP_TIME_H

#include <stdint.h>

/* So many intervals, to the nanosecond: six of 0.4 s are 2.4, not 2.4000000000000004. */
double sq_step_time(int64_t steps, double interval);

#endif
