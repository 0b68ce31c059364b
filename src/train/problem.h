/* What a configuration stands for: symmetry types, data sets, scales and the model. */
#ifndef SQ_TRAIN_PROBLEM_H
#define SQ_TRAIN_PROBLEM_H

#include "base/trace.h"
#include "nn/model_internal.h"
#include "softeq/comm.h"
#include "softeq/config.h"
#include "softeq/dataset.h"
#include "train/alive.h"
#include "train/extrapolation.h"
#include "train/scaling.h"
#include "train/tuning.h"

typedef struct {
    sq_config config;
    sq_comm *comm; /* borrowed */
    sq_group **types;
    int n_types;
    double lambda[SQ_MAX_TYPES]; /* at the start; 0 for kinds without regularizers */
    const char *type_names[SQ_MAX_TYPES];
    sq_dataset *train, *valid; /* NULL: not opened */
    bool borrowed_data;        /* of the caller */
    sq_dataset_info info;      /* of the data the model is made for */
    sq_bases *bases;
    sq_model *model;
    char content_hash[33];     /* of the file that the model was read from; "": of none */
    sq_scaling scaling;        /* scales of one until it is fitted or read */
    sq_extrapolation residual; /* what the network adds to */
    sq_trace *trace;           /* borrowed; NULL: none is kept */
    sq_alive alive;            /* told after each part of what may take long */
} sq_problem;

/* Opens the training and validation data and builds the model. train, valid: the caller's, instead
 * of what the configuration names; NULL: none. alive: copied; NULL: nobody wants to know.
 * Collective: rank 0 solves the bases and initialises the parameters, the others receive them. The
 * caller clears. */
sq_status sq_problem_create(const sq_config *config, sq_dataset *train, sq_dataset *valid,
                            const char *cache, const sq_alive *alive, sq_comm *comm,
                            sq_problem *problem);

/* The same without data: the model for data of this description. */
sq_status sq_problem_create_for(const sq_config *config, const sq_dataset_info *info,
                                const char *cache, sq_comm *comm, sq_problem *problem);

/* Gives all ranks the bases that rank 0 has, so that they have the same bits whatever their
 * processors. Collective. */
sq_status sq_problem_share_bases(sq_problem *problem);

/* How the regularizers act (symmetry.penalty): in the loss, or by a pull of their own beside Adam,
 * the same for all weights or divided as Adam divides the gradient. */
typedef enum { SQ_PENALTY_LOSS, SQ_PENALTY_DECOUPLED, SQ_PENALTY_PRECONDITIONED } sq_penalty;
/* SQ_PENALTY_LOSS for kinds of networks that have none. */
sq_penalty sq_problem_penalty(const sq_problem *problem);

/* Warns of scenes that two splits of the configuration share. Not collective. */
sq_status sq_problem_check_scenes(const sq_config *config);

/* Lets the threads that read ahead rest, so that the process can be copied. */
void sq_problem_rest(const sq_problem *problem);

void sq_problem_clear(sq_problem *problem);

/* Opens a split of the configuration, or the files in `patterns` if not NULL; *dataset stays NULL
 * if the configuration names no such split. Not collective. */
sq_status sq_problem_open_split(const sq_config *config, sq_split split, const char *patterns,
                                sq_dataset **dataset);

/* SQ_ERR_DATA if the data set is of another form than the model. */
sq_status sq_problem_check_data(const sq_problem *problem, const sq_dataset *dataset);

/* SQ_ERR_DATA if the data set tells of something else than the training data of the configuration,
 * if that is still there. named: what the data set goes by. Not collective. */
sq_status sq_problem_check_kind(const sq_config *config, const char *named,
                                const sq_dataset *dataset);

/* The unit of the training targets: of a model that is trained already what its file says or, if it
 * is of a former version, what the training data of the configuration says, if that is still there.
 * "": not known. units: (capacity). Not collective. */
void sq_problem_find_units(const sq_problem *problem, char *units, size_t capacity);

#endif
