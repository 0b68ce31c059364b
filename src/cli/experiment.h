/* Experiments: a table of runs in one INI file.
 *
 *     [table]
 *     title = ...
 *     base = inertia.ini        ; a configuration, relative to this file; none: the defaults
 *     seeds = 1 2 3 4 5
 *     models = per mlp          ; of a row that names none
 *     baselines = mlp emlp      ; that the others are compared with; none: with nothing
 *     told = emlp               ; those held to the symmetry of the data, or moved by it
 *     methods = per             ; that the overview of all tables shows, the others compared
 *                               ; with the first; none: no place in it
 *     variant = inertia         ; the table whose rows these are, with other settings, in the
 *                               ; same folder: beside it the overview does not count them again
 *     [model per]
 *     set = key=value | key=value
 *     [row axis-x]
 *     set = key=value | ...
 *     models = per mlp emlp
 *     emlp = key=value | ...    ; for this model in this row
 *     told = mlp                ; in this row, beside those of the table
 *     published = mlp 5.5 | ... ; median test errors of others, to stand beside those found here
 *
 * A run is a row, a model and a seed (of the data and of the training). What is set later wins:
 * base, row, model, the row's settings for the model. */
#ifndef SQ_CLI_EXPERIMENT_H
#define SQ_CLI_EXPERIMENT_H

#include <stdbool.h>

#include "softeq/config.h"
#include "softeq/error.h"

enum { SQ_EXPERIMENT_MOST = 64, SQ_EXPERIMENT_NAME = 64 };

typedef struct {
    char name[SQ_EXPERIMENT_NAME];
    char settings[SQ_CONFIG_TEXT]; /* "key=value | key=value" */
} sq_experiment_model;

typedef struct {
    char name[SQ_EXPERIMENT_NAME];
    char settings[SQ_CONFIG_TEXT];
    char models[SQ_CONFIG_TEXT]; /* names, parted by white space; "": those of the table */
    char told[SQ_CONFIG_TEXT];   /* likewise; beside those of the table */
    int n_overrides;
    sq_experiment_model overrides[SQ_EXPERIMENT_MOST]; /* by model name */
    double published[SQ_EXPERIMENT_MOST]; /* by model: median of others' test errors; 0: none */
} sq_experiment_row;

typedef struct {
    char name[SQ_EXPERIMENT_NAME]; /* of the file, without folder and .ini */
    char title[SQ_CONFIG_TEXT];
    char base[4096]; /* "": none */
    char models[SQ_CONFIG_TEXT], baselines[SQ_CONFIG_TEXT], told[SQ_CONFIG_TEXT];
    char methods[SQ_CONFIG_TEXT];
    char variant[SQ_EXPERIMENT_NAME]; /* "": of none */
    int n_seeds, n_models, n_rows;
    long long seeds[SQ_EXPERIMENT_MOST];
    sq_experiment_model model[SQ_EXPERIMENT_MOST];
    sq_experiment_row *row; /* (n_rows) */
} sq_experiment;

/* Errors: SQ_ERR_CONFIG with file and line. The caller clears. */
sq_status sq_experiment_read(const char *path, sq_experiment *experiment);
void sq_experiment_clear(sq_experiment *experiment);

/* SQ_ERR_ARGUMENT if two of the files would make tables of one name. paths: (count) */
sq_status sq_experiment_check_files(const char *const *paths, int count);

/* Index of the model of that name, of so many characters; -1: none. */
int sq_experiment_find_model(const sq_experiment *experiment, const char *name, size_t length);

/* Index of the row of that name; -1: none. */
int sq_experiment_find_row(const sq_experiment *experiment, const char *name);

/* Does the row train this model? */
bool sq_experiment_has(const sq_experiment *experiment, int row, int model);

/* A cell of the table: indices of a row and of a model that it trains. A walk over all of them:
 *
 *     for (sq_experiment_cell at = SQ_BEFORE_CELLS; sq_experiment_next(e, &at);) */
typedef struct {
    int row, model;
} sq_experiment_cell;
#define SQ_BEFORE_CELLS \
    { .row = 0, .model = -1 }

/* Goes on to the next cell, row by row; false: that was the last one. */
bool sq_experiment_next(const sq_experiment *experiment, sq_experiment_cell *at);

/* Is it one that the other models are compared with? */
bool sq_experiment_is_baseline(const sq_experiment *experiment, int model);

/* Is it, in this row, held to the symmetry that the data has, or trained on samples moved by it? */
bool sq_experiment_is_told(const sq_experiment *experiment, int row, int model);

/* Is it one that stands for the table in an overview? */
bool sq_experiment_is_method(const sq_experiment *experiment, int model);

/* Index of the first that `methods` names; -1: it names none. */
int sq_experiment_first_method(const sq_experiment *experiment);

/* The configuration of a run; SQ_ERR_CONFIG if a setting is wrong. seed: an index. */
sq_status sq_experiment_configure(const sq_experiment *experiment, sq_experiment_cell cell,
                                  int seed, sq_config *config);

/* Its folder under that of all runs: TABLE/ROW/MODEL/SEED. folder: (capacity) */
void sq_experiment_folder(const sq_experiment *experiment, sq_experiment_cell cell, int seed,
                          char *folder, size_t capacity);

#endif
