/* The weights of the regularizers, and the rules that tune them: once (tuned_once.h) or all through
 * training (tuned_running.h). */
#ifndef SQ_TRAIN_TUNING_H
#define SQ_TRAIN_TUNING_H

#include <stdbool.h>
#include <stdint.h>

#include "nn/kinds.h"
#include "softeq/config.h"
#include "softeq/error.h"
#include "train/tuned_once.h"
#include "train/tuned_running.h"

/* What a rule looks at, one number a type, summed over layers. */
typedef enum {
    SQ_STATISTIC_REGULARIZER, /* R_g */
    SQ_STATISTIC_NORMALISED,  /* R_g over what it would be for random weights */
    SQ_STATISTIC_MOVED,       /* the validation error of moved samples over that of the others */
    SQ_STATISTIC_NONE         /* it never tunes */
} sq_tuning_statistic;

/* Row of the rule of that name in the table of tuning.c; SQ_ERR_CONFIG names the nearest. */
sq_status sq_tuning_find(const char *name, int *rule);

/* The state of either family of rules, and what it has come to. Open struct: all of it is state. */
typedef struct {
    int rule; /* row of the table */
    double lambda[SQ_MAX_TYPES];
    sq_tuned_once once;
    sq_tuned_running running; /* in place of `once` from sq_tuning_begin_running on */
} sq_tuning;

/* rule: sq_tuning_find. lambda: (n_types), copied; a rule that holds back begins with zeros.
 * n_types: at most SQ_MAX_TYPES. tune_at: epoch (counted from 1) after which lambda is set; 0:
 * never. */
void sq_tuning_init(sq_tuning *tuning, int rule, int n_types, const double *lambda, int64_t tune_at,
                    double power);

/* Does the rule set lambda again and again? */
bool sq_tuning_is_running(int rule);

/* Does the rule ask for sq_projected_error_ratio, too, each time, and hold types exactly? */
bool sq_tuning_projects(int rule);

enum { SQ_TUNING_ALWAYS = -1 }; /* again and again */
/* The epoch (counted from 1) after which a training of this configuration sets lambda, once; 0:
 * never, as where the kind of network has no regularizers; SQ_TUNING_ALWAYS. */
int64_t sq_tuning_epoch(const sq_config *config);

/* The epoch (counted from 0) from which on models may be selected: after 2 tune_at, when training
 * has had as long under the tuned lambda as before; with a running rule the first. */
int64_t sq_tuning_first_selected(const sq_config *config);

/* Turns to a running rule, which needs no lambda, for types whose lambda is not zero. tune_at
 * counts no longer. epochs: of the whole training (sq_tuned_running_begin) */
void sq_tuning_begin_running(sq_tuning *tuning, sq_stiffness stiffness, int64_t epochs);

/* May a type with this lambda move samples? One that has no weight is left out in this, too; kinds
 * of networks without regularizers leave out none. */
bool sq_tuning_may_move(const sq_kind *kind, double lambda);

/* Which statistic the end of epoch `epoch` (counted from 0) is asked for; NONE: it does not count.
 */
sq_tuning_statistic sq_tuning_wants(const sq_tuning *tuning, int64_t epoch);

/* Takes in what an epoch showed, if it asks for a statistic: sq_tuned_once_take or
 * sq_tuned_running_take. statistic: (n_types). fit: for running rules only. Returns true when
 * lambda was set, once, just now. */
bool sq_tuning_end_epoch(sq_tuning *tuning, int64_t epoch, const double *statistic,
                         const sq_tuning_fit *fit);

#endif
