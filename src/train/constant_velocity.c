#include "train/constant_velocity.h"

#include "nn/lanes.h"

static bool is_positions(const sq_representation *rep) {
    return rep->n_blocks == 1 && rep->blocks[0].p + rep->blocks[0].q == 1;
}

bool sq_constant_velocity_applies(const sq_problem *problem, const sq_dataset *dataset) {
    const sq_model *model = problem->model;
    return sq_dataset_describe(dataset)->trajectory && is_positions(&model->input) &&
           is_positions(&model->output) && model->input.blocks[0].count >= 2;
}

void sq_constant_velocity_forecast(sq_pass *pass, size_t samples) {
    const sq_model *model = pass->problem->model;
    const sq_scaling *scaling = &pass->problem->scaling;
    size_t ld = sq_padded(samples), d = (size_t)model->input.d;
    const sq_real *x = sq_workspace_input(pass->workspace);
    sq_real *y = sq_workspace_output(pass->workspace);
    for (size_t c = 0; c < model->output.size; c++) {
        size_t last = model->input.size - d + c % d, before = last - d;
        double ahead = (double)(c / d + 1);
        for (size_t s = 0; s < samples; s++) {
            double here = (double)x[last * ld + s] * scaling->input[last];
            double there = (double)x[before * ld + s] * scaling->input[before];
            y[c * ld + s] = (sq_real)((here + ahead * (here - there)) / scaling->output[c]);
        }
    }
}
