/* The weights of the regularizers: rules that tune them, and when to select and stop
 * (docs/architecture.md; Kim et al. 2023, section 4). Open struct: all of it is state. */
#ifndef SQ_TRAIN_TUNING_H
#define SQ_TRAIN_TUNING_H

#include <stdbool.h>
#include <stdint.h>

#include "nn/kinds.h"
#include "softeq/config.h"
#include "softeq/error.h"

/* What a rule looks at, one number a type, summed over layers. */
typedef enum {
    SQ_STATISTIC_REGULARIZER, /* R_g */
    SQ_STATISTIC_NORMALISED,  /* R_g over what it would be for random weights */
    SQ_STATISTIC_MOVED,       /* the validation error of moved samples over that of the others */
    SQ_STATISTIC_NONE         /* it never tunes */
} sq_tuning_statistic;

/* A new rule is a row of the table in tuning.c and a choice of symmetry.tuning. */
typedef struct {
    const char *name;
    sq_tuning_statistic statistic;
    bool held_back;   /* no regularizer before tune_at */
    bool at_once;     /* the statistic of epoch tune_at alone; else the least of the window */
    bool to_smallest; /* divided by the smallest of all types; else taken as it is, at least 1 */
    bool running;     /* set again and again, from weights of its own: sq_tuning_begin_running */
    bool projects;    /* running, and looks at what projecting the weights would cost, too */
} sq_tuning_rule;

/* Row of that name; SQ_ERR_CONFIG names the nearest. */
sq_status sq_tuning_find(const char *name, int *rule);

/* The window: the last SQ_TUNING_WINDOW epochs up to tune_at, or all of them if tune_at is smaller.
 * Its first half is skipped, so that at least one epoch counts. */
enum { SQ_TUNING_WINDOW = 100 };

/* How stiff a running rule holds types. */
typedef struct {
    double first;      /* lambda that types begin with, and come to no more than ... */
    double most_scale; /* ... or than this many times as much (at least 1), if the network is better
                          projected */
    bool fades; /* as gradients of squares do: with the root of the part of the targets' variance
                   that is left unexplained */
} sq_tuning_stiffness;

typedef struct {
    int rule; /* row of the table */
    int n_types;
    int64_t tune_at; /* epoch (counted from 1) after which lambda is set; 0: never */
    int64_t period;  /* epochs after which a running rule sets lambda, again and again; 0: none */
    double power;
    int64_t patience;           /* 0: no early stop */
    double start[SQ_MAX_TYPES]; /* lambda of the configuration, or of a running rule */
    double lambda[SQ_MAX_TYPES];
    double least[SQ_MAX_TYPES]; /* statistic of the kept epoch; infinity before there is one */
    double scale[SQ_MAX_TYPES]; /* of a running rule: lambda over the first, if the type holds and
                                   nothing fades */
    sq_tuning_stiffness stiffness; /* of a running rule */
    int64_t beginning;             /* of a running rule: epochs that may say nothing yet */
    int64_t middle;                /* of a running rule: from then on it may hold types exactly */
    int64_t held_since[SQ_MAX_TYPES]; /* epoch (from 0) after which it is held; -1: it is not */
    bool moves[SQ_MAX_TYPES];         /* types by which training samples may be moved */
    double share[SQ_MAX_TYPES];       /* of a running rule: part of the samples that each moves */
    double best;        /* validation value of the selected model; infinity: none yet */
    int64_t best_epoch; /* counted from 0; -1: none yet */
} sq_tuning;

/* rule: sq_tuning_find. lambda: (n_types), copied; a rule that holds back begins with zeros.
 * n_types: at most SQ_MAX_TYPES. */
void sq_tuning_init(sq_tuning *tuning, int rule, int n_types, const double *lambda, int64_t tune_at,
                    double power, int64_t patience);

/* Does the rule set lambda again and again? */
bool sq_tuning_is_running(int rule);

/* The epoch (counted from 1) after which a training of this configuration sets lambda, once; 0:
 * never, as where the kind of network has no regularizers. */
enum { SQ_TUNING_ALWAYS = -1 }; /* it is running */
int64_t sq_tuning_epoch(const sq_config *config);

/* Turns to a running rule, which needs no lambda, for types whose lambda is not zero. tune_at
 * counts no longer. epochs: of the whole training, whose first twentieth is its beginning, and in
 * whose second half types may be held exactly */
void sq_tuning_begin_running(sq_tuning *tuning, sq_tuning_stiffness stiffness, int64_t epochs);

/* May a type with this lambda move samples? One that has no weight is left out in this, too; kinds
 * of networks without regularizers leave out none. */
bool sq_tuning_may_move(const sq_kind *kind, double lambda);

/* Lets a running rule share out training samples among the types that may move them
 * (data.augment = found): none at first, then as far as moved samples cost nothing. moves:
 * (n_types) */
void sq_tuning_begin_moving(sq_tuning *tuning, const bool *moves);

/* The part of the samples that all types together move at most. */
#define SQ_TUNING_MOST_MOVED 0.9

/* Are the weights to be projected on type g after each step? (sq_trainer_hold) */
bool sq_tuning_holds(const sq_tuning *tuning, int g);

/* What an epoch showed of the fit; NaN where nothing was measured. */
typedef struct {
    double gap;         /* error on the validation split over that in training: sq_tuning_gap */
    double unexplained; /* part of the training targets' variance that was left */
    const double *projected; /* (n_types) sq_projected_error_ratio; NULL: was not asked for */
} sq_tuning_fit;

/* The gap. variance_*: of the targets of either split, so that a validation split whose targets
 * vary more than the others is not taken for overfitting; 0: unknown, then it does not count. */
double sq_tuning_gap(double valid_mse, double train_mse, double variance_valid,
                     double variance_train);

/* Which statistic the end of epoch `epoch` (counted from 0) is asked for; NONE: it does not count.
 */
sq_tuning_statistic sq_tuning_wants(const sq_tuning *tuning, int64_t epoch);

/* Does the end of epoch `epoch` ask for sq_projected_error_ratio, too? */
bool sq_tuning_wants_projected(const sq_tuning *tuning, int64_t epoch);

/* Takes in what an epoch showed that wants a statistic. A running rule sets lambda each time
 * (docs/architecture.md): weights rise while the network overfits and fall while it is held back,
 * but where types move samples, which prevents overfitting, they only fall; those of types whose
 * moved samples are worse than the others are smaller. While the network has learned next to
 * nothing, or it is not known what, all weights fall, but for those of types that it would be
 * better projected on: they stay in the beginning of the training, and rise in any case once
 * something is learned; in the second half of the training they are held exactly from then on. A
 * ratio that is NaN counts as 1; a gap that is NaN changes nothing. Of rules that set lambda once:
 * inside the window a vector is kept if any of its components is below the same component of the
 * vector kept so far. At the window's end lambda_g /= (s_g / smallest s)^power, with the smallest
 * taken over the types whose lambda is not zero (to_smallest), or lambda_g /= max(s_g, 1)^power. A
 * type whose statistic is zero holds whatever the weights are: it keeps its lambda and takes no
 * part in the smallest; so does one whose statistic is NaN. statistic: (n_types). fit: for running
 * rules only. Returns true when lambda was set for good just now. */
bool sq_tuning_end_epoch(sq_tuning *tuning, int64_t epoch, const double *statistic,
                         const sq_tuning_fit *fit);

/* Takes in the validation value of epoch `epoch` (counted from 0). Models count from epoch
 * 2 tune_at on, when training has had as long under the tuned lambda as before; with a running rule
 * from the first on. *is_best: keep this model. Returns true when training should stop early: more
 * than `patience` epochs that count have passed without a better value. */
bool sq_tuning_select(sq_tuning *tuning, int64_t epoch, double valid, bool *is_best);

#endif
