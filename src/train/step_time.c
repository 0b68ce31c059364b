#include "train/step_time.h"

#include <math.h>

double sq_step_time(int64_t steps, double interval) {
    return round((double)steps * interval * 1e9) / 1e9;
}
