/* What predicting needs beside the model: the scales around it, and what it adds to. */
#ifndef SQ_TRAIN_PREDICTOR_H
#define SQ_TRAIN_PREDICTOR_H

#include "softeq/predictor.h"
#include "train/problem.h"

/* Predictions of the problem's model in raw units. input: (count, n_input), output: (count,
 * n_output), scaled: (count, n_input), overwritten, not the input. */
sq_status sq_problem_predict(sq_problem *problem, const sq_real *input, size_t count,
                             sq_real *scaled, sq_real *output);

struct sq_predictor {
    sq_comm *comm;
    sq_problem problem;
    sq_real *scaled; /* (SQ_PREDICT_CHUNK, n_input) */
};

#endif
