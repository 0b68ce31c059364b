#include "train/extrapolation.h"

#include <string.h>

#include "base/memory.h"

/* ---- kinds ---- */

/* The last observed step goes on for ever. */
static void weigh_constant_velocity(int observed, int ahead, double *weights) {
    for (int i = 0; i < observed; i++) weights[i] = 0.0;
    weights[observed - 1] = 1.0 + ahead;
    weights[observed - 2] = -ahead;
}

/* The straight line at constant speed with the least squared distances from what was observed. */
static void weigh_least_squares(int observed, int ahead, double *weights) {
    double middle = 0.5 * (observed - 1);
    double squares = 0.0;
    for (int i = 0; i < observed; i++) squares += (i - middle) * (i - middle);
    double lever = observed - 1 + ahead - middle;
    for (int i = 0; i < observed; i++) weights[i] = 1.0 / observed + lever * (i - middle) / squares;
}

const sq_extrapolation_kind sq_extrapolation_kinds[] = {
    {"constant-velocity", "constant_velocity", "constant velocity", 2, weigh_constant_velocity},
    {"least-squares", "least_squares", "least-squares line", 2, weigh_least_squares},
};
const int sq_n_extrapolation_kinds =
    sizeof sq_extrapolation_kinds / sizeof sq_extrapolation_kinds[0];

const sq_extrapolation_kind *sq_extrapolation_find(const char *name) {
    for (int k = 0; k < sq_n_extrapolation_kinds; k++)
        if (strcmp(sq_extrapolation_kinds[k].name, name) == 0) return &sq_extrapolation_kinds[k];
    return NULL;
}

/* ---- use ---- */

/* Vectors in the first block of a representation. */
static size_t leading_positions(const sq_representation *rep) {
    const sq_block *first = &rep->blocks[0];
    return rep->n_blocks > 0 && first->p + first->q == 1 ? first->count : 0;
}

/* Observed positions. Shards that do not tell have nothing else in their input. */
static size_t count_observed(const sq_dataset_info *info, const sq_representation *input) {
    size_t vectors = leading_positions(input);
    if (info->observed_steps > 0)
        return vectors >= (size_t)info->observed_steps ? (size_t)info->observed_steps : 0;
    return input->n_blocks == 1 ? vectors : 0;
}

bool sq_extrapolation_applies(const sq_extrapolation_kind *kind, const sq_dataset_info *info,
                              const sq_representation *input, const sq_representation *output) {
    return info->trajectory && output->n_blocks == 1 && leading_positions(output) > 0 &&
           count_observed(info, input) >= (size_t)kind->least_observed;
}

sq_status sq_extrapolation_create(const sq_extrapolation_kind *kind, const sq_dataset_info *info,
                                  const sq_representation *input, const sq_representation *output,
                                  sq_extrapolation *extrapolation) {
    memset(extrapolation, 0, sizeof *extrapolation);
    if (!sq_extrapolation_applies(kind, info, input, output))
        return sq_fail(SQ_ERR_CONFIG,
                       "data.residual = %s needs trajectories of at least %d observed positions, "
                       "which stand first in the input; set data.residual = none",
                       kind->name, kind->least_observed);
    size_t observed = count_observed(info, input);
    size_t predicted = leading_positions(output);
    sq_status status = sq_alloc(predicted * observed, sizeof(double), &extrapolation->weights);
    if (status != SQ_OK) return status;
    extrapolation->kind = kind;
    extrapolation->d = (size_t)input->d;
    extrapolation->observed = observed;
    extrapolation->predicted = predicted;
    for (size_t step = 0; step < predicted; step++)
        kind->weigh((int)observed, (int)step + 1, extrapolation->weights + step * observed);
    return SQ_OK;
}

void sq_extrapolation_clear(sq_extrapolation *extrapolation) {
    sq_free(extrapolation->weights);
    memset(extrapolation, 0, sizeof *extrapolation);
}

void sq_extrapolation_add(const sq_extrapolation *extrapolation, double factor, size_t rows,
                          size_t n_input, const sq_real *input, sq_real *target) {
    if (!extrapolation->kind) return;
    size_t d = extrapolation->d;
    size_t observed = extrapolation->observed;
    size_t n_target = extrapolation->predicted * d;
    for (size_t row = 0; row < rows; row++) {
        const sq_real *x = input + row * n_input;
        sq_real *y = target + row * n_target;
        for (size_t c = 0; c < n_target; c++) {
            const double *weights = extrapolation->weights + c / d * observed;
            double sum = 0.0;
            for (size_t i = 0; i < observed; i++) sum += weights[i] * (double)x[i * d + c % d];
            y[c] = (sq_real)((double)y[c] + factor * sum);
        }
    }
}
