/* A run as its folder tells it: log.nc, config.ini and best.nc, read into plain arrays. A log may
 * be read while its run goes on: it is replaced as a whole. */
#ifndef SQ_TRAIN_RUN_RECORD_H
#define SQ_TRAIN_RUN_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "softeq/config.h"
#include "softeq/error.h"

enum { SQ_RECORD_NAME = 256, SQ_RECORD_FOLDER = 4064 };

typedef char sq_record_name[SQ_RECORD_NAME];

/* Open struct. Numbers that were not computed, or that the files do not hold, are NaN, texts "",
 * counts 0. */
typedef struct {
    char folder[SQ_RECORD_FOLDER];
    sq_config config;
    sq_record_name state; /* "running", "finished", "stopped", "failed" */
    sq_record_name kind, data, precision, blas_kernel, cpu, source;
    char *warnings; /* what makes the verdicts worth less, a line each; NULL: nothing */
    int64_t parameters, training_samples, validation_samples, nodes;
    char content_hash[33]; /* of best.nc; "": there is none yet */
    double age;            /* seconds since the log was written */
    int64_t epochs;        /* in the log */
    int64_t best_epoch;    /* 0-based, the one whose model is selected so far; -1: none */
    int n_types, n_layers, n_parts;
    sq_record_name *type_names, *layer_names, *part_names;
    sq_record_name metric_name, metric_units, mse_units; /* metric_name "": the task has none */
    /* Each (epochs), in order. */
    double *train_loss, *train_mse, *valid_mse, *metric, *learning_rate, *seconds, *ranks;
    double *part_seconds;         /* (epochs, n_parts) */
    double *lambda;               /* (epochs, n_types) */
    double *augment_share;        /* (epochs, n_types) */
    double *held_exactly;         /* (epochs, n_types) 1 or 0 */
    double *total_symmetry_level; /* (epochs, n_types) */
    double *equivariance_error;   /* (epochs, n_types) */
    double *regularizer;          /* (epochs, n_layers, n_types) */
    double *symmetry_level;       /* (epochs, n_layers, n_types) */
} sq_run_record;

/* Reads what is in a run's folder. Errors: SQ_ERR_IO without config.ini or log.nc, SQ_ERR_DATA for
 * a damaged log or one of another form. The caller clears. Not collective. */
sq_status sq_run_record_read(const char *folder, sq_run_record *record);
void sq_run_record_clear(sq_run_record *record);

/* The row that stands for the run: of the selected model, or else the last one; -1: there is none.
 */
int64_t sq_run_record_row(const sq_run_record *record);

/* The first epoch, counted from 0, that was trained after the type had been let go; -1: it was not.
 */
int64_t sq_run_record_let_go_from(const sq_run_record *record, int type);

/* The epoch, counted from 0, from which on the type was held exactly to the end; -1: it was not. */
int64_t sq_run_record_held_from(const sq_run_record *record, int type);

/* The type that the run has kept: the largest lambda, and among equal ones the highest level over
 * all layers, in this row; -1: there are no types. */
int sq_run_record_leading(const sq_run_record *record, int64_t row);

/* The same for numbers of any origin. lambda, level: (n_types) */
int sq_leading_type(int n_types, const double *lambda, const double *level);

#endif
