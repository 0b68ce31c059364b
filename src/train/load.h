/* A trained model and the data it is to be used on. */
#ifndef SQ_TRAIN_LOAD_H
#define SQ_TRAIN_LOAD_H

#include "train/problem.h"

/* Builds the problem of a run's folder (from its config.ini) with the parameters of `file` (a model
 * or a checkpoint; NULL: best.nc of the folder), for data as that file describes it. lambda:
 * (SQ_MAX_TYPES). Collective. The caller clears the problem, also after a failure. */
sq_status sq_load_model(const char *folder, const char *file, const char *cache, sq_comm *comm,
                        sq_problem *problem, double *lambda);

/* The same, and opens `data` (NULL: the run's test split, or its validation split if it has none).
 * Collective. The caller destroys the data set, also after a failure. */
sq_status sq_load_model_and_data(const char *folder, const char *file, const char *data,
                                 const char *cache, sq_comm *comm, sq_problem *problem,
                                 sq_dataset **dataset, double *lambda);

#endif
