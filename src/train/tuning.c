#include "train/tuning.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/text.h"

/* A new rule is a row of the table and a choice of symmetry.tuning. */
typedef struct {
    const char *name;
    sq_tuning_statistic statistic;
    bool held_back;   /* no regularizer before tune_at */
    bool at_once;     /* the statistic of epoch tune_at alone; else the least of the window */
    bool to_smallest; /* divided by the smallest of all types; else taken as it is, at least 1 */
    bool running;     /* set again and again, from weights of its own: sq_tuning_begin_running */
    bool projects;    /* running, and looks at what projecting the weights would cost, too */
} tuning_rule;

static const tuning_rule rules[] = {
    /* By R_g, against the smallest (Kim et al. 2023). */
    {.name = "paper", .statistic = SQ_STATISTIC_REGULARIZER, .to_smallest = true},
    /* By R_g over what it is for random weights, against the smallest. */
    {.name = "normalised", .statistic = SQ_STATISTIC_NORMALISED, .to_smallest = true},
    /* By the validation error of moved samples over that of the others. */
    {.name = "moved", .statistic = SQ_STATISTIC_MOVED, .held_back = true, .at_once = true},
    /* By that, and by the error on the validation split over that in training. */
    {.name = "gap", .statistic = SQ_STATISTIC_MOVED, .running = true},
    /* By those, and by the validation error once the weights are projected on a type. */
    {.name = "projected", .statistic = SQ_STATISTIC_MOVED, .running = true, .projects = true},
    {.name = "constant", .statistic = SQ_STATISTIC_NONE},
};
enum { N_RULES = sizeof rules / sizeof *rules };

sq_status sq_tuning_find(const char *name, int *rule) {
    const char *names[N_RULES];
    for (*rule = 0; *rule < N_RULES; (*rule)++) {
        names[*rule] = rules[*rule].name;
        if (strcmp(name, rules[*rule].name) == 0) return SQ_OK;
    }
    const char *nearest = sq_nearest_word(name, names, N_RULES);
    return sq_fail(SQ_ERR_CONFIG, "symmetry.tuning: there is no rule '%s'%s%s%s", name,
                   nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

void sq_tuning_init(sq_tuning *tuning, int rule, int n_types, const double *lambda, int64_t tune_at,
                    double power) {
    assert(n_types >= 0 && n_types <= SQ_MAX_TYPES);
    bool held_back = rules[rule].held_back && tune_at > 0;
    *tuning = (sq_tuning){.rule = rule,
                          .once = {.n_types = n_types,
                                   .tune_at = tune_at,
                                   .at_once = rules[rule].at_once,
                                   .to_smallest = rules[rule].to_smallest,
                                   .power = power}};
    for (int g = 0; g < n_types; g++) {
        tuning->once.start[g] = lambda[g];
        tuning->once.least[g] = INFINITY;
        tuning->lambda[g] = held_back ? 0.0 : lambda[g];
    }
}

bool sq_tuning_is_running(int rule) { return rules[rule].running; }
bool sq_tuning_projects(int rule) { return rules[rule].projects; }

int64_t sq_tuning_epoch(const sq_config *config) {
    int rule;
    const sq_kind *kind = NULL;
    if (sq_kind_find(config->model.kind, &kind) != SQ_OK || !kind->regularized) return 0;
    if (sq_tuning_find(config->symmetry.tuning, &rule) != SQ_OK) return 0;
    if (rules[rule].statistic == SQ_STATISTIC_NONE) return 0;
    return sq_tuning_is_running(rule) ? SQ_TUNING_ALWAYS : config->symmetry.tune_at;
}

int64_t sq_tuning_first_selected(const sq_config *config) {
    int64_t tuned = sq_tuning_epoch(config);
    return tuned == SQ_TUNING_ALWAYS ? 0 : 2 * tuned;
}

void sq_tuning_begin_running(sq_tuning *tuning, sq_stiffness stiffness, int64_t epochs) {
    memcpy(tuning->lambda, tuning->once.start, sizeof tuning->lambda);
    sq_tuned_running_begin(&tuning->running, tuning->once.n_types, stiffness, epochs,
                           tuning->lambda);
}

bool sq_tuning_may_move(const sq_kind *kind, double lambda) {
    return !kind->regularized || lambda != 0.0;
}

static bool has_begun_running(const sq_tuning *tuning) { return tuning->running.period > 0; }

sq_tuning_statistic sq_tuning_wants(const sq_tuning *tuning, int64_t epoch) {
    bool asks = has_begun_running(tuning) ? sq_tuned_running_asks(&tuning->running, epoch)
                                          : sq_tuned_once_asks(&tuning->once, epoch);
    return asks ? rules[tuning->rule].statistic : SQ_STATISTIC_NONE;
}

bool sq_tuning_end_epoch(sq_tuning *tuning, int64_t epoch, const double *statistic,
                         const sq_tuning_fit *fit) {
    if (sq_tuning_wants(tuning, epoch) == SQ_STATISTIC_NONE) return false;
    if (!has_begun_running(tuning))
        return sq_tuned_once_take(&tuning->once, epoch, statistic, tuning->lambda);
    sq_tuned_running_take(&tuning->running, epoch, statistic, fit, tuning->lambda);
    return false;
}
