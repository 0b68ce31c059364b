/* Whole runs: train, evaluate, predict. What the program's verbs do, for other programs to call. */
#ifndef SOFTEQ_RUN_H
#define SOFTEQ_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "softeq/comm.h"
#include "softeq/config.h"
#include "softeq/dataset.h"
#include "softeq/error.h"

/* Where training stands: given to the observer at the end of each epoch, on rank 0. */
typedef struct {
    int64_t epoch, epochs; /* finished epochs, of so many */
    int64_t step;
    double train_loss, train_mse, valid_mse;
    double metric;           /* the task's metric on the validation split; NaN if it has none */
    const char *metric_name; /* "ade", or NULL */
    double seconds, seconds_left;
    double samples_per_second;
    int n_types;
    const char *const *type_names; /* (n_types) */
    const double *lambda;          /* (n_types) */
    const double *symmetry_level;  /* (n_types), over all layers */
} sq_run_progress;
typedef void sq_run_observer(const sq_run_progress *progress, void *context);

/* Called on every rank as often as something begins: "training", "validating", "saving", after so
 * many steps. Lets a watchdog see that the rank is alive. */
typedef void sq_run_heartbeat(const char *operation, int64_t step, void *context);

typedef struct {
    const char *folder; /* DIR: made if absent */
    /* The caller's data instead of what the configuration names, both or neither: the same rows on
     * every rank. They outlive the run. */
    sq_dataset *train, *valid;
    bool resume;         /* go on from the newest checkpoint of the folder, if there is one */
    const char *history; /* command line, for the files' history attribute; may be NULL */
    const char *trace;   /* file for a trace of what each rank does when; may be NULL */
    const char *cache; /* folder of solved bases where the configuration names none; may be NULL */
    sq_run_observer *observer; /* may be NULL */
    void *observer_context;
    sq_run_heartbeat *heartbeat; /* may be NULL */
    void *heartbeat_context;
    /* Set to anything but 0, by a signal handler of any rank: all stop after the step under way,
     * with a checkpoint. May be NULL. */
    const volatile sig_atomic_t *stop;
} sq_run_options;

/* What a finished training found. */
typedef struct {
    int64_t epochs, steps; /* done in all */
    int64_t best_epoch;    /* 0-based epoch of best.nc; -1: none was selected */
    double best_valid;     /* what it was selected by: squared error, or ADE (train.loss) */
    bool stopped_early;
    double seconds;
    char content_hash[33]; /* of best.nc; "" if there is none */
    int n_types;
    char type_names[SQ_MAX_TYPES][256];
    double lambda[SQ_MAX_TYPES];
    double augment_share[SQ_MAX_TYPES]; /* of the samples, that it moved last; NaN: none */
    int64_t held_from[SQ_MAX_TYPES]; /* 0-based epoch from which on it was held exactly; -1: none */
    double symmetry_level[SQ_MAX_TYPES];     /* of the best model, over all layers */
    double equivariance_error[SQ_MAX_TYPES]; /* of the best model, on the validation split */
} sq_run_summary;

/* Trains and leaves config.ini, log.nc, best.nc and checkpoints in the folder. Collective: every
 * rank calls it with the same arguments and gets the same summary. A folder that holds another
 * run's results is only taken with resume. Saves in a copy of rank 0's process (fork), so that
 * training goes on meanwhile. Errors: whatever went wrong on any rank; SQ_STOPPED if options->stop
 * was set, after a checkpoint. */
sq_status sq_train(const sq_config *config, const sq_run_options *options, sq_comm *comm,
                   sq_run_summary *summary);

/* How far the positions of a forecast are off, in the unit of the data. NaN: does not apply. */
typedef struct {
    const char *key, *title; /* "constant_velocity", "constant velocity"; of the model "" */
    double ade, fde;  /* average over all steps that count; of the last step, where it counts */
    double miss_rate; /* part of the windows whose last position is off by more than 2 m; NaN where
                         the unit is not the metre */
    double *displacement; /* (steps): the average of each step; NULL without steps */
} sq_displacements;

enum { SQ_RUN_MAX_YARDSTICKS = 8, SQ_RUN_MAX_FOLDER = 4096 };

/* Measures of a model on a data set, in raw units. NaN: does not apply. */
typedef struct {
    char run[SQ_RUN_MAX_FOLDER];  /* the folder, from the root; "": not told (former versions) */
    char content_hash[33];        /* of the model file; "": not told */
    char data_hash[SQ_DATA_HASH]; /* sq_dataset_format_hash; "" if a file does not tell */
    int64_t samples;
    double mse;
    double explained_share;     /* part of the targets' variance, as the loss weighs outputs */
    double shifted_mse;         /* on the made task's samples out of distribution (data.shift) */
    int steps;                  /* predicted, of trajectories; else 0 */
    double interval;            /* seconds between them; 0: unknown */
    char units[64];             /* of the positions; "": not told */
    sq_displacements displaced; /* of trajectories */
    int n_yardsticks;
    sq_displacements yardsticks[SQ_RUN_MAX_YARDSTICKS]; /* extrapolations of the same windows */
    int n_types;
    char type_names[SQ_MAX_TYPES][256];
    double equivariance_error[SQ_MAX_TYPES];
    double data_equivariance_error[SQ_MAX_TYPES]; /* of the made task's own function */
    double moved_error_ratio[SQ_MAX_TYPES]; /* squared error on moved samples, over that on these */
    /* What the model has not learned, and what that breaks (docs/architecture.md). */
    double unlearned_share; /* part of the squared error that can be predicted from the inputs */
    double unlearned_share_moved[SQ_MAX_TYPES]; /* the same on moved samples */
    double unlearned_z[SQ_MAX_TYPES]; /* standard errors by which that is less than half as much */
    double moved_distance_ratio[SQ_MAX_TYPES]; /* squared distance of moved inputs from the nearest
                                                  of the others, over that of unmoved ones */
    char *warnings; /* of the training, of what makes verdicts worth less, a line each; NULL: none,
                       and on other ranks than 0 */
    double let_go[SQ_MAX_TYPES]; /* 1: training let the type go, since what was not learned then
                                    broke it; else 0; NaN: there is no log to tell */
    double symmetry_level[SQ_MAX_TYPES]; /* over all layers */
    double lambda[SQ_MAX_TYPES];         /* as training left it */
} sq_evaluation;

/* Evaluates DIR's best.nc, or the model or checkpoint in `file`, on `data` (files or patterns;
 * NULL: the run's own test split). Collective. The caller clears, also on failure. */
sq_status sq_evaluate(const char *folder, const char *file, const char *data, const char *cache,
                      sq_comm *comm, sq_evaluation *evaluation);
void sq_evaluation_clear(sq_evaluation *evaluation);
/* Seconds from the last observed step to predicted step `step`; NaN if that is not known. */
double sq_evaluation_seconds(const sq_evaluation *evaluation, int step);

/* Is the unlearned share worth speaking of? */
bool sq_evaluation_has_unlearned(const sq_evaluation *evaluation);
/* Does what is unlearned break the type? Then the data does, whether the model does or not. */
bool sq_evaluation_unlearned_breaks(const sq_evaluation *evaluation, int type);
/* Does it keep the type? Often neither can be told. */
bool sq_evaluation_unlearned_keeps(const sq_evaluation *evaluation, int type);
/* Are the inputs about as likely moved by the type as not? Else its errors on moved samples may be
 * those of inputs that the model does not know. False for groups that are not orthogonal. */
bool sq_evaluation_inputs_are_alike(const sq_evaluation *evaluation, int type);

/* Writes an evaluation to a NetCDF file (atomically) and reads it back. history: command line, may
 * be NULL. Not collective. What is read is cleared by the caller, also on failure. */
sq_status sq_evaluation_write(const sq_evaluation *evaluation, const char *path,
                              const char *history);
sq_status sq_evaluation_read(const char *path, sq_evaluation *evaluation);

/* Writes the predictions for `data`, which may be without targets, to the NetCDF file `out`: the
 * data set's variables and prediction(sample, output), raw units; of trajectories whose shards tell
 * where they were also the tracks in the world. Collective, though rank 0 does the work.
 * SQ_ERR_ARGUMENT if `out` is a file that is read. */
sq_status sq_predict(const char *folder, const char *data, const char *out, const char *history,
                     const char *cache, sq_comm *comm);

#endif
