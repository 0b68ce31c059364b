/* The yardstick of motion forecasting: the last observed step goes on for ever. */
#ifndef SQ_TRAIN_CONSTANT_VELOCITY_H
#define SQ_TRAIN_CONSTANT_VELOCITY_H

#include <stdbool.h>

#include "train/metrics.h"

/* True if inputs and outputs are positions only, at least two of them observed. */
bool sq_constant_velocity_applies(const sq_problem *problem, const sq_dataset *dataset);

sq_forecast sq_constant_velocity_forecast;

#endif
