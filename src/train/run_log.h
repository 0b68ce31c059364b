/* The run log: what happened in each epoch, kept in memory and written whole to log.nc.
 * Variables and dimensions: docs/file-formats.md. Rank 0 holds the only one. */
#ifndef SQ_TRAIN_RUN_LOG_H
#define SQ_TRAIN_RUN_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"

typedef struct sq_run_log sq_run_log;

/* What is trained on what: attributes of the file. The texts are borrowed while the log lives. */
typedef struct {
    const char *kind; /* of model; NULL: nothing is known */
    const char *data; /* title of the training data */
    const char *precision, *blas_kernel, *cpu;
    int64_t parameters, training_samples, validation_samples, nodes;
} sq_run_log_facts;

/* What the log is about; texts are copied. */
typedef struct {
    int n_types, n_layers;
    const char *const *type_names;  /* (n_types) */
    const char *const *layer_names; /* (n_layers) */
    const char *metric_name;        /* "valid_ade", or NULL: the task has none beside mse */
    const char *metric_long_name, *metric_units;
    const char *mse_units; /* units of the squared error, "1" if unknown */
    const char *title, *history;
    sq_run_log_facts facts;
} sq_run_log_options;

/* One epoch. The arrays are borrowed while sq_run_log_append runs. NaN: not computed. */
typedef struct {
    int64_t epoch; /* 0-based number; must be the log's length when appended */
    double train_loss, train_mse, valid_mse, metric, learning_rate, seconds;
    double ranks;                          /* that trained it */
    const double *part_seconds;            /* (SQ_TRACE_PARTS) of rank 0, or NULL: not measured */
    const double *lambda;                  /* (n_types) */
    const double *augment_share;           /* (n_types), or NULL: types move no samples */
    const double *held_exactly;            /* (n_types) 1 or 0, or NULL: the rule holds none */
    const double *regularizer;             /* (n_layers, n_types) */
    const double *symmetry_level;          /* (n_layers, n_types) */
    const double *total_symmetry_level;    /* (n_types), or NULL: not computed */
    const double *equivariance_error;      /* (n_types), or NULL: not computed */
    const double *data_equivariance_error; /* the same */
} sq_run_log_epoch;

sq_status sq_run_log_create(const sq_run_log_options *options, sq_run_log **log);
void sq_run_log_destroy(sq_run_log **log);

sq_status sq_run_log_append(sq_run_log *log, const sq_run_log_epoch *epoch);
int64_t sq_run_log_length(const sq_run_log *log);

/* Appends epochs of which nothing is known. */
sq_status sq_run_log_skip(sq_run_log *log, int64_t epochs);

#define SQ_RUN_LOG_FAILED "failed"

/* What becomes of the run, as far as the next write knows: "running" (at first), "finished",
 * "stopped" or SQ_RUN_LOG_FAILED. The text is borrowed. */
void sq_run_log_set_state(sq_run_log *log, const char *state);

/* Whether a file is there that says so of its run. */
bool sq_run_log_says(const char *path, const char *state);

/* What of the data makes the run's verdicts worth less, one line: kept in the file. Copied. */
sq_status sq_run_log_warn(sq_run_log *log, const char *line);

/* Writes the whole log atomically. Attributes of the file as in the specification (Conventions,
 * title, source, history), long_name and units on every variable. */
sq_status sq_run_log_write(const sq_run_log *log, const char *path);

/* Reads the first `epochs` epochs of a log file into an empty log. SQ_ERR_DATA if the file is
 * about other types or layers, or holds fewer epochs. goes_on: more epochs will follow; warns if
 * that is on another type of CPU or with another kernel of the BLAS, and says both from then on. */
sq_status sq_run_log_read(sq_run_log *log, const char *path, int64_t epochs, bool goes_on);

#endif
