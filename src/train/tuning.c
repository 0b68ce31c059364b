#include "train/tuning.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/text.h"

static const sq_tuning_rule rules[] = {
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
                    double power, int64_t patience) {
    assert(n_types >= 0 && n_types <= SQ_MAX_TYPES);
    *tuning = (sq_tuning){.rule = rule,
                          .n_types = n_types,
                          .tune_at = tune_at,
                          .power = power,
                          .patience = patience,
                          .best = INFINITY,
                          .best_epoch = -1};
    bool held_back = rules[rule].held_back && tune_at > 0;
    for (int g = 0; g < n_types; g++) {
        tuning->start[g] = lambda[g];
        tuning->lambda[g] = held_back ? 0.0 : lambda[g];
    }
    for (int g = 0; g < SQ_MAX_TYPES; g++) {
        tuning->least[g] = INFINITY;
        tuning->scale[g] = 1.0;
        tuning->held_since[g] = -1;
    }
}

/* Whether epoch `number` (counted from 1) is one whose regularizers count. */
static bool in_window(const sq_tuning *tuning, int64_t number) {
    int64_t window = tuning->tune_at < SQ_TUNING_WINDOW ? tuning->tune_at : SQ_TUNING_WINDOW;
    int64_t skipped = window / 2;
    return number > tuning->tune_at - window + skipped && number <= tuning->tune_at;
}

static bool any_below(const double *values, const double *bounds, int count) {
    for (int k = 0; k < count; k++) {
        if (values[k] < bounds[k]) return true;
    }
    return false;
}

/* Whether type g has a regularizer to be weighed: not zero, and of a kept epoch. */
static bool is_measured(const sq_tuning *tuning, int g) {
    return tuning->least[g] > 0 && isfinite(tuning->least[g]);
}

/* What the statistics are compared with. */
static double reference_of(const sq_tuning *tuning) {
    double smallest = INFINITY;
    if (!rules[tuning->rule].to_smallest) return 1.0;
    for (int g = 0; g < tuning->n_types; g++) {
        if (tuning->start[g] != 0 && is_measured(tuning, g)) {
            smallest = fmin(smallest, tuning->least[g]);
        }
    }
    return smallest;
}

static void set_lambda(sq_tuning *tuning) {
    double reference = reference_of(tuning);
    memcpy(tuning->lambda, tuning->start, sizeof tuning->lambda);
    for (int g = 0; g < tuning->n_types; g++) {
        if (tuning->lambda[g] == 0 || !is_measured(tuning, g)) continue;
        tuning->lambda[g] /= pow(fmax(tuning->least[g] / reference, 1.0), tuning->power);
    }
}

/* ---- running rules --------------------------------------------------------------------------- */

bool sq_tuning_is_running(int rule) { return rules[rule].running; }

int64_t sq_tuning_epoch(const sq_config *config) {
    int rule;
    const sq_kind *kind = NULL;
    if (sq_kind_find(config->model.kind, &kind) != SQ_OK || !kind->regularized) return 0;
    bool found = sq_tuning_find(config->symmetry.tuning, &rule) == SQ_OK;
    return found && sq_tuning_is_running(rule) ? SQ_TUNING_ALWAYS : config->symmetry.tune_at;
}

void sq_tuning_begin_running(sq_tuning *tuning, sq_tuning_stiffness stiffness, int64_t epochs) {
    enum { PERIODS = 80 }; /* of a training: each long enough for the weights to follow */
    tuning->tune_at = 0;
    tuning->stiffness = stiffness;
    tuning->beginning = epochs / 20;
    tuning->middle = epochs / 2;
    tuning->period = epochs < PERIODS ? 1 : epochs / PERIODS;
    for (int g = 0; g < tuning->n_types; g++) {
        if (tuning->start[g] != 0) tuning->start[g] = stiffness.first;
        tuning->lambda[g] = tuning->start[g];
    }
}

/* Has the network learned next to nothing yet? Also if that is not known. */
static bool is_silent(const sq_tuning_fit *fit) {
    static const double most_unexplained = 0.8;
    return !(fit->unexplained <= most_unexplained);
}

/* What one period changes scales by. Falls are slow near the gap that is aimed at, so that a
 * long plateau at the beginning does not use up the stiffness, and fast where the training says
 * nothing yet or the validation split no worse; rises are as fast as the gap is wide. */
static double change_of_scale(const sq_tuning_fit *fit) {
    static const double aim = 0.5, slowness = 0.1, least = 0.5, most = 1.5;
    double excess = (fit->gap - 1.0) / aim;
    if (is_silent(fit) || excess <= 0.0) return least;
    if (isnan(excess)) return 1.0;
    return fmin(fmax(excess > 1.0 ? excess : pow(excess, slowness), least), most);
}

bool sq_tuning_may_move(const sq_kind *kind, double lambda) {
    return !kind->regularized || lambda != 0.0;
}

void sq_tuning_begin_moving(sq_tuning *tuning, const bool *moves) {
    memcpy(tuning->moves, moves, (size_t)tuning->n_types * sizeof *moves);
}

/* A few samples always stay as they are: a network that saw none of them would be as wrong on them
 * as on moved ones where a symmetry is broken, and the ratio 1 as if it held. */
static void share_out(sq_tuning *tuning, const double *ratio) {
    static const double sharpness = 4.0;
    double weight[SQ_MAX_TYPES], total = 0.0, largest = 0.0;
    for (int g = 0; g < tuning->n_types; g++) {
        bool moves = tuning->moves[g] && !isnan(ratio[g]);
        weight[g] = moves ? pow(fmax(ratio[g], 1.0), -sharpness) : 0.0;
        total += weight[g];
        largest = fmax(largest, weight[g]);
    }
    for (int g = 0; g < tuning->n_types; g++)
        tuning->share[g] = total > 0.0 ? SQ_TUNING_MOST_MOVED * largest * weight[g] / total : 0.0;
}

static bool moves_samples(const sq_tuning *tuning) {
    for (int g = 0; g < tuning->n_types; g++)
        if (tuning->moves[g]) return true;
    return false;
}

static const double fastest_rise = 2.0;

static bool is_better_projected(const sq_tuning_fit *fit, int g) {
    return fit->projected && fit->projected[g] < 1.0; /* not if it is NaN */
}

bool sq_tuning_holds(const sq_tuning *tuning, int g) { return tuning->held_since[g] >= 0; }

/* However stiff a type is, the noise of the steps leads out of its subspace. In the second half,
 * when what breaks a type has been learned if it can be, this is all that projecting takes away. It
 * is for good: of weights that are projected, projecting says nothing. */
static void hold_exactly(sq_tuning *tuning, int64_t epoch, const sq_tuning_fit *fit, int g) {
    bool late = epoch >= tuning->middle, left_out = tuning->start[g] == 0;
    if (sq_tuning_holds(tuning, g) || !late || left_out || is_silent(fit)) return;
    if (is_better_projected(fit, g)) tuning->held_since[g] = epoch;
}

/* The scale of type g after a period. A type is the stiffer if the network is the better for
 * being projected on it, or as before where a training that has just begun says nothing yet; else
 * the fit decides, as of all types. */
static double next_scale(const sq_tuning *tuning, int64_t epoch, const sq_tuning_fit *fit, int g) {
    static const double sharpness = 4.0, least = 1e-6; /* so that what has fallen rises in time */
    double change = change_of_scale(fit), scale = tuning->scale[g];
    double most = moves_samples(tuning) ? scale : fmax(scale, 1.0);
    bool better = is_better_projected(fit, g), silent = is_silent(fit);
    if (sq_tuning_holds(tuning, g)) return scale;
    if (better && silent && epoch < tuning->beginning) return scale;
    if (better && !silent) {
        change = fmin(pow(fit->projected[g], -sharpness), fastest_rise);
        most = tuning->stiffness.most_scale;
    }
    return fmin(fmax(scale * change, least), most);
}

/* What is divided by the size of the gradient pulls the harder the smaller the error has become. */
static double faded(const sq_tuning *tuning, const sq_tuning_fit *fit) {
    static const double least = 1e-6;
    if (!tuning->stiffness.fades || isnan(fit->unexplained)) return 1.0;
    return sqrt(fmin(fmax(fit->unexplained, least), 1.0));
}

static void follow(sq_tuning *tuning, int64_t epoch, const double *ratio,
                   const sq_tuning_fit *fit) {
    static const double most_ratio = 1e6;
    double left = faded(tuning, fit);
    for (int g = 0; g < tuning->n_types; g++) {
        hold_exactly(tuning, epoch, fit, g);
        tuning->scale[g] = next_scale(tuning, epoch, fit, g);
        double stiff = left * tuning->scale[g] * tuning->start[g];
        double aim = stiff / fmin(fmax(ratio[g], 1.0), most_ratio);
        tuning->lambda[g] = fmin(aim, tuning->lambda[g] * fastest_rise);
    }
    share_out(tuning, ratio);
}

double sq_tuning_gap(double valid_mse, double train_mse, double variance_valid,
                     double variance_train) {
    bool known = variance_valid > 0.0 && variance_train > 0.0;
    return valid_mse / train_mse * (known ? variance_train / variance_valid : 1.0);
}

/* ---- all rules ------------------------------------------------------------------------------- */

sq_tuning_statistic sq_tuning_wants(const sq_tuning *tuning, int64_t epoch) {
    const sq_tuning_rule *rule = &rules[tuning->rule];
    if (tuning->period > 0) {
        return (epoch + 1) % tuning->period == 0 ? rule->statistic : SQ_STATISTIC_NONE;
    }
    bool counts = rule->at_once ? epoch + 1 == tuning->tune_at : in_window(tuning, epoch + 1);
    return counts ? rule->statistic : SQ_STATISTIC_NONE;
}

bool sq_tuning_wants_projected(const sq_tuning *tuning, int64_t epoch) {
    return rules[tuning->rule].projects && sq_tuning_wants(tuning, epoch) != SQ_STATISTIC_NONE;
}

bool sq_tuning_end_epoch(sq_tuning *tuning, int64_t epoch, const double *statistic,
                         const sq_tuning_fit *fit) {
    if (sq_tuning_wants(tuning, epoch) == SQ_STATISTIC_NONE) return false;
    if (tuning->period > 0) {
        follow(tuning, epoch, statistic, fit);
        return false;
    }
    if (any_below(statistic, tuning->least, tuning->n_types)) {
        memcpy(tuning->least, statistic, (size_t)tuning->n_types * sizeof *statistic);
    }
    if (epoch + 1 < tuning->tune_at) return false;
    set_lambda(tuning);
    return true;
}

bool sq_tuning_select(sq_tuning *tuning, int64_t epoch, double valid, bool *is_best) {
    int64_t first = 2 * tuning->tune_at;
    *is_best = epoch >= first && valid < tuning->best;
    if (*is_best) {
        tuning->best = valid;
        tuning->best_epoch = epoch;
    }
    int64_t since = tuning->best_epoch >= 0 ? tuning->best_epoch : first - 1;
    return tuning->patience > 0 && epoch - since > tuning->patience;
}
