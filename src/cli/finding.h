/* What one finished run of an experiment found: what its tables are made of. */
#ifndef SQ_CLI_FINDING_H
#define SQ_CLI_FINDING_H

#include <stdbool.h>

#include "cli/experiment.h"

enum { SQ_FINDING_TEXT = 8192 };

typedef struct {
    char row[SQ_EXPERIMENT_NAME], model[SQ_EXPERIMENT_NAME];
    long long seed;
    double mse;         /* on the test split, raw units */
    double shifted_mse; /* out of distribution; NaN: the task has none */
    double parameters;  /* that were trained */
    double epochs, seconds;
    int n_types;
    char type_names[SQ_MAX_TYPES][256];
    double lambda[SQ_MAX_TYPES];     /* that training ended with */
    double level[SQ_MAX_TYPES];      /* of symmetry, over all layers */
    double error[SQ_MAX_TYPES];      /* under the group's action, of the model */
    double data_error[SQ_MAX_TYPES]; /* of the function that made the data */
    char program[256];               /* that trained: version, precision, kernel of the BLAS, CPU */
    char settings[SQ_FINDING_TEXT];  /* sq_config_write_changes */
} sq_finding;

/* Is a run in this folder finished? */
bool sq_finding_exists(const char *folder);

/* The settings that a run was trained with. settings: (SQ_FINDING_TEXT) */
sq_status sq_finding_read_settings(const char *folder, char *settings);

/* Reads a finished run: its run.ini, config.ini, log.nc and evaluation.nc. Leaves row, model and
 * seed alone. */
sq_status sq_finding_read(const char *folder, sq_finding *finding);

/* The settings of a configuration, as a finding has them: white space in them is single blanks.
 * settings: (SQ_FINDING_TEXT) */
sq_status sq_finding_settings(const sq_config *config, char *settings);

#endif
