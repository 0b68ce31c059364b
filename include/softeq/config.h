/* The configuration of a run: one open struct, described by one table (src/base/config_table.c)
 * that drives parsing, bounds, help and dump. */
#ifndef SOFTEQ_CONFIG_H
#define SOFTEQ_CONFIG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "softeq/error.h"

enum {
    SQ_CONFIG_TEXT = 1024, /* longest text value, with its NUL */
    SQ_MAX_TYPES = 32      /* symmetry types of a run */
};

typedef struct {
    struct {
        char task[64];              /* a made task's name; "" when files are read */
        char train[SQ_CONFIG_TEXT]; /* white-space separated files or glob patterns */
        char valid[SQ_CONFIG_TEXT];
        char test[SQ_CONFIG_TEXT];
        char folder[SQ_CONFIG_TEXT]; /* that relative names are in; "": the current one */
        int64_t samples;             /* of a made task: a third each for train, valid and test */
        int64_t train_samples, valid_samples, test_samples; /* instead of the third; 0: the third */
        int64_t axis;      /* broken axis of inertia: 0 1 2, or -1 */
        double noise;      /* strength of the breaking term */
        char symmetry[64]; /* which symmetry cosine-similarity keeps */
        char layout[16];   /* of a made task: vectors, points */
        double shift;      /* added to the positions: out-of-distribution sets */
        int64_t seed;
        char scale[128];              /* none, fit, standardize, or a number, or one an axis */
        char residual[32];            /* none, or the extrapolation that networks improve on */
        char augment[SQ_CONFIG_TEXT]; /* group whose random elements move every training sample */
        double augment_scale;         /* of its Lie algebra coordinates */
        double augment_stretch;       /* factor of that for generators other than rotations */
        int64_t cache_mb;             /* memory for rows read from files, per rank */
        int64_t shuffle_window;       /* rows that are shuffled together */
        int64_t prefetch;             /* shuffle windows that are read ahead; 0: none */
        int64_t observed;             /* importers: steps observed */
        int64_t predicted;            /* importers: steps to predict */
        double interval;              /* importers: seconds between steps */
        char windows[16];             /* importers: where windows begin: every, first, current */
        int64_t window_stride; /* importers: recorded steps between the beginnings of windows */
        char missing[16];      /* importers: windows with unseen future steps: drop, mask */
        int64_t dimensions;    /* importers: 2, 3 */
        int64_t neighbours;    /* importers: other agents that a window tells of */
        char origin[16];       /* importers: what positions are relative to: last, mean, none */
        char align[16];        /* importers: none, heading */
        double origin_height;  /* importers: part of the origin's height that is subtracted */
        double origin_shift;   /* importers: metres added to the height that is subtracted */
        char classes[64];      /* importers: classes of agents to keep; "" for all */
        char agents[16];       /* importers: all, to-predict */
        double rise_above;     /* importers: metres up or down while observed; 0: any */
        double move_below;     /* importers: metres along x and along y while observed; 0: any */
        char part[16];         /* eth-ucy: all, train, valid */
        double valid_fraction; /* eth-ucy: the last annotated frames, of each recording */
        char split[64];        /* data split: shares of train, valid and test */
        char columns[SQ_CONFIG_TEXT]; /* csv: "track=id time=stamp" */
    } data;
    struct {
        char kind[32];
        int64_t channels;
        char allocation[16]; /* of channels to the ranks of tensors: repeated, filled */
        char duals[16];      /* hidden tensors with indices of V*: exact, always */
        int64_t layers;
        char init[32];
        double rpp_basic_decay;
        double rpp_equivariant_decay;
    } model;
    struct {
        char types[SQ_CONFIG_TEXT];
        char
            folder[SQ_CONFIG_TEXT]; /* that relative names of group files are in; "": the current */
        char lambda[SQ_CONFIG_TEXT];
        int64_t dimension;
        int64_t tune_at;
        double tune_power;
        char tuning[16];      /* the rule: paper, normalised, moved, gap, projected, constant */
        char penalty[16];     /* loss: lambda_g R_g is part of it; others: beside Adam */
        char mixed_type[256]; /* mixed-rpp: the type of the residual pathway */
        char cache[SQ_CONFIG_TEXT];
    } symmetry;
    struct {
        int64_t epochs;
        int64_t batch;
        int64_t microbatch;
        char loss[16]; /* squares, distances */
        double lr;
        char schedule[16]; /* cosine, constant */
        double weight_decay;
        double gate_decay;
        double clip;
        int64_t patience;
        int64_t seed;
        int64_t compare_every; /* steps between comparisons of the ranks' parameters; 0: never */
        double stall_seconds;  /* without progress, after which all ranks are ended; 0: never */
    } train;
    struct {
        double every_seconds;
        int64_t every_epochs;
        int64_t keep;
        double retry_seconds; /* a last save that fails is tried again for this long */
    } checkpoint;
    struct {
        int64_t equivariance_every; /* epochs between equivariance errors; 0: only at the end */
        int64_t equivariance_samples;
        int64_t equivariance_elements;
        double write_seconds; /* the log file is brought up to date this often */
    } log;
} sq_config;

/* One row of the table. */
typedef enum { SQ_CONFIG_INT, SQ_CONFIG_REAL, SQ_CONFIG_STRING } sq_config_type;
typedef struct {
    const char *section;
    const char *name;
    sq_config_type type;
    size_t offset;       /* into sq_config */
    size_t capacity;     /* of a text, in bytes */
    const char *initial; /* the default, as text */
    double least, most;  /* bounds of a number, inclusive */
    const char *choices; /* of a text: words separated by '|', or NULL for any */
    char mathematics;    /* 1: changes the result, so a resumed run must have the same */
    const char *help;
} sq_config_key;

/* The whole table and its length. */
const sq_config_key *sq_config_table(size_t *count);

/* Every key at its default. */
void sq_config_init(sq_config *config);

/* Sets one key from text. `where` ("run.ini:12", "--set") goes into messages.
 * Errors: SQ_ERR_CONFIG for an unknown key (the nearest known one is named), a value that is not
 * of the type, out of bounds, not one of the choices, or too long. */
sq_status sq_config_set(sq_config *config, const char *section, const char *name, const char *value,
                        const char *where);

/* The same from "section.key=value". */
sq_status sq_config_set_assignment(sq_config *config, const char *assignment, const char *where);

/* Reads an INI file: sets every key that it names; the others stay as they are. Errors: SQ_ERR_IO
 * for a file that cannot be read, SQ_ERR_CONFIG with file and line. */
sq_status sq_config_read_file(sq_config *config, const char *path);

/* The value of a key as text that sq_config_set reads back to the same value. text: (capacity) */
void sq_config_format(const sq_config *config, const sq_config_key *key, char *text,
                      size_t capacity);

/* Writes all keys as INI / as INI at their defaults, with bounds and help as comments. */
void sq_config_write(const sq_config *config, FILE *stream);
/* The keys that are not at their default, on one line: "section.key=value | section.key=value". */
void sq_config_write_changes(const sq_config *config, FILE *stream);
void sq_config_write_help(FILE *stream);

/* Checks what no single key shows: there is something to train and to validate on; at least one
 * type; as many lambda as types, or one (kind per, which alone uses them); a mixed type among the
 * types (kind mixed-rpp). Errors: SQ_ERR_CONFIG. */
sq_status sq_config_check(const sq_config *config);

/* Reads the list of numbers in symmetry.lambda. values: (capacity); *count: how many stood there.
 * Errors: SQ_ERR_CONFIG for what is no number, negative, not finite, or too many. */
sq_status sq_config_lambda(const sq_config *config, double *values, int capacity, int *count);

#endif
