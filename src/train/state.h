/* What model files and checkpoints hold, as lists of named arrays and texts. Global: nothing in it
 * depends on the number of ranks. */
#ifndef SQ_TRAIN_STATE_H
#define SQ_TRAIN_STATE_H

#include "softeq/checkpoint.h"
#include "train/problem.h"
#include "train/selection.h"
#include "train/tuning.h"

/* Where a run stands, beside its parameters. Open struct, broadcast as it is. */
typedef struct {
    int64_t epoch;                /* the one to be done next, or under way */
    int64_t batch;                /* batches of it that are done */
    int64_t steps;                /* Adam steps done in all */
    int64_t log_length;           /* epochs in the log */
    int64_t finished;             /* 1: nothing is left to do */
    double train_loss, train_mse; /* of the batches done, as parts of the epoch's means */
    double train_weighted;        /* of sq_step_result.weighted_mse */
    int64_t passed_over;          /* samples of batches done of which no output counts */
    sq_tuning tuning;
    sq_selection selection;
} sq_position;

/* A list that borrows the arrays it names; owns their names. */
typedef struct {
    sq_state_array *arrays;
    size_t n_arrays, capacity;
    sq_state_text *texts;
    size_t n_texts, texts_capacity;
    /* What may stand for the text `data_hash` in files of older versions. */
    char former_data_hashes[SQ_FORMER_HASHES][64];
    char **owned; /* names and texts to be freed */
    size_t n_owned, owned_capacity;
} sq_state_list;

/* Texts of a model that tell data.residual. */
#define SQ_STATE_RESIDUAL "residual"
#define SQ_STATE_RESIDUAL_POSITIONS "residual_positions"
/* The array that outputs are multiplied by; its units are those of the targets. */
#define SQ_STATE_OUTPUT_SCALE "output_scale"
/* An array of models that are trained on targets with something taken off. */
#define SQ_STATE_SHIFT "output_shift"
/* Names of types that files give, each with a hash of its generators. */
#define SQ_STATE_GROUP_FILES "group_files"

void sq_state_list_clear(sq_state_list *list);

/* The model: every parameter under its own name, input_scale, output_scale, output_shift if
 * anything is shifted, lambda; texts: kind, representations, types, hashes of group files if there
 * are any, residual and the chosen copies.
 * parameters: in the order of the model's table. */
sq_status sq_state_add_model(sq_state_list *list, const sq_problem *problem, sq_real *parameters,
                             double *lambda);

/* output_shift alone: of a problem that is still to be read and shifts nothing yet. */
sq_status sq_state_add_shift(sq_state_list *list, const sq_problem *problem);

/* One array per parameter with a prefix: adam_m_layer0_weight. */
sq_status sq_state_add_parameters(sq_state_list *list, const sq_problem *problem,
                                  const char *prefix, const char *what, sq_real *values);

/* The position and the tuning, and the texts `configuration` (keys that change the mathematics) and
 * `data_hash`. */
sq_status sq_state_add_position(sq_state_list *list, const sq_problem *problem,
                                sq_position *position);

/* The text `augment_group_files`: a hash of the generators that move samples, if a file gives them.
 * A model does not depend on it, a run that goes on does. group: NULL: none is named. */
sq_status sq_state_add_augmentation(sq_state_list *list, const sq_group *group);

/* Reads every array of the list from an open checkpoint. */
sq_status sq_state_read(const sq_state_list *list, const sq_checkpoint *checkpoint);

/* SQ_ERR_DATA if a text of the list differs from the checkpoint's: for the configuration it says
 * which key. */
sq_status sq_state_check(const sq_state_list *list, const sq_checkpoint *checkpoint);

/* A text of a model file; what was meant before there was such a text, if an older version wrote
 * the file. The checkpoint or the program owns it. SQ_ERR_DATA if there is neither. */
sq_status sq_state_text_of(const sq_checkpoint *checkpoint, const char *name, const char **text);

/* Gives the model the chosen copies that a file names. */
sq_status sq_state_read_selection(const sq_checkpoint *checkpoint, sq_model *model);

/* Gives every rank what rank 0 has read of a model: parameters, scales and chosen copies.
 * Collective. */
sq_status sq_state_share_model(sq_problem *problem);

#endif
