#include "train/tuned_running.h"

#include <math.h>
#include <string.h>

/* Of held_since: instead of an epoch. */
enum { NOT_YET = -1, NOT_ANY_MORE = -2 };

static const double least_scale = 1e-6;    /* so that what has fallen rises in time */
static const double fastest_rise = 2.0;    /* of lambda and of its scale, in a period */
static const double share_sharpness = 4.0; /* power of the ratio by which samples are shared out */
static const double rise_sharpness = 4.0;  /* power of the projected error by which scales rise */

/* What the rule does with a type. */
typedef enum {
    LEFT_OUT,  /* by the configuration: nothing */
    PULLED,    /* by its regularizer */
    HELD,      /* exactly */
    SET_ASIDE, /* pulled, from next to nothing on; it is not held and moves no samples */
    LET_GO     /* nothing any more */
} type_state;

sq_stiffness sq_stiffness_in_loss(double loss_of_constant) {
    return (sq_stiffness){.first = 10.0 * loss_of_constant, .most_scale = 1.0};
}

sq_stiffness sq_stiffness_decoupled(double lr, int candidates) {
    return (sq_stiffness){.first = 0.1 / fmax(lr, 1e-30),
                          .most_scale = candidates > 0 ? fmax(5.0 / candidates, 1.0) : 1.0};
}

sq_stiffness sq_stiffness_preconditioned(double loss_of_constant, bool squares) {
    return (sq_stiffness){.first = 3.0 * loss_of_constant, .most_scale = 30.0, .fades = squares};
}

void sq_tuned_running_begin(sq_tuned_running *tuned, int n_types, sq_stiffness stiffness,
                            int64_t epochs, double *lambda) {
    enum { PERIODS = 80 }; /* of a training: each long enough for the weights to follow */
    *tuned = (sq_tuned_running){.n_types = n_types,
                                .period = epochs < PERIODS ? 1 : epochs / PERIODS,
                                .beginning = epochs / 20,
                                .middle = epochs / 2,
                                .stiffness = stiffness};
    for (int g = 0; g < n_types; g++) {
        if (lambda[g] != 0) lambda[g] = stiffness.first;
        tuned->start[g] = lambda[g];
        tuned->scale[g] = 1.0;
        tuned->held_since[g] = NOT_YET;
    }
}

void sq_tuned_running_begin_moving(sq_tuned_running *tuned, const bool *moves) {
    memcpy(tuned->moves, moves, (size_t)tuned->n_types * sizeof *moves);
}

bool sq_tuned_running_asks(const sq_tuned_running *tuned, int64_t epoch) {
    return tuned->period > 0 && (epoch + 1) % tuned->period == 0;
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

static type_state state_of(const sq_tuned_running *tuned, int g) {
    if (tuned->period == 0 || tuned->start[g] == 0) return LEFT_OUT;
    if (tuned->scale[g] == 0.0) return LET_GO;
    if (tuned->held_since[g] == NOT_ANY_MORE) return SET_ASIDE;
    return tuned->held_since[g] == NOT_YET ? PULLED : HELD;
}

static bool moves_samples(const sq_tuned_running *tuned, int g) {
    type_state state = state_of(tuned, g);
    return tuned->moves[g] && state != SET_ASIDE && state != LET_GO;
}

/* A few samples always stay as they are: a network that saw none of them would be as wrong on them
 * as on moved ones where a symmetry is broken, and the ratio 1 as if it held. */
static void share_out(sq_tuned_running *tuned, const double *ratio) {
    double weight[SQ_MAX_TYPES], total = 0.0, largest = 0.0;
    for (int g = 0; g < tuned->n_types; g++) {
        bool moves = moves_samples(tuned, g) && !isnan(ratio[g]);
        weight[g] = moves ? pow(fmax(ratio[g], 1.0), -share_sharpness) : 0.0;
        total += weight[g];
        largest = fmax(largest, weight[g]);
    }
    for (int g = 0; g < tuned->n_types; g++)
        tuned->share[g] = total > 0.0 ? SQ_TUNING_MOST_MOVED * largest * weight[g] / total : 0.0;
}

static bool any_moves_samples(const sq_tuned_running *tuned) {
    for (int g = 0; g < tuned->n_types; g++)
        if (tuned->moves[g]) return true;
    return false;
}

static bool is_better_projected(const sq_tuning_fit *fit, int g) {
    return fit->projected && fit->projected[g] < 1.0; /* not if it is NaN */
}

bool sq_tuned_running_holds(const sq_tuned_running *tuned, int g) {
    return state_of(tuned, g) == HELD;
}

/* However stiff a type is, the noise of the steps leads out of its subspace. In the second half,
 * when what breaks a type has been learned if it can be, this is all that projecting takes away. */
bool sq_tuned_running_may_hold(const sq_tuned_running *tuned, int64_t epoch,
                               const sq_tuning_fit *fit, int g) {
    if (epoch < tuned->middle || !sq_tuned_running_asks(tuned, epoch)) return false;
    return state_of(tuned, g) == PULLED && !is_silent(fit) && is_better_projected(fit, g);
}

/* It is for good, but for what is let go: of weights that are projected, projecting says nothing.
 */
void sq_tuned_running_hold(sq_tuned_running *tuned, int64_t epoch, int g) {
    tuned->held_since[g] = epoch;
}

/* A network that is held to a type which the data breaks is at a saddle: no gradient leads out, and
 * its samples are as easy to predict moved as not. What it has not learned tells. */
bool sq_tuned_running_doubts(const sq_tuned_running *tuned, int64_t epoch) {
    enum { PERIODS_BETWEEN = 4 };
    return epoch >= tuned->middle && sq_tuned_running_asks(tuned, epoch) &&
           (epoch + 1) / tuned->period % PERIODS_BETWEEN == 0;
}

bool sq_tuned_running_may_let_go(const sq_tuned_running *tuned, int g) {
    type_state state = state_of(tuned, g);
    return state != LEFT_OUT && state != LET_GO;
}

bool sq_tuned_running_is_let_go(const sq_tuned_running *tuned, int g) {
    return state_of(tuned, g) == LET_GO;
}

void sq_tuned_running_let_go(sq_tuned_running *tuned, int g) {
    tuned->scale[g] = 0.0;
    tuned->held_since[g] = NOT_YET;
}

bool sq_tuned_running_may_set_aside(const sq_tuned_running *tuned, int g) {
    type_state state = state_of(tuned, g);
    return state == PULLED || state == HELD;
}

void sq_tuned_running_set_aside(sq_tuned_running *tuned, int g) {
    tuned->scale[g] = fmin(tuned->scale[g], least_scale);
    tuned->held_since[g] = NOT_ANY_MORE;
}

void sq_tuned_running_release(sq_tuned_running *tuned, int g) { tuned->held_since[g] = NOT_YET; }

/* The scale of type g after a period. A type is the stiffer if the network is the better for
 * being projected on it, or as before where a training that has just begun says nothing yet; else
 * the fit decides, as of all types. */
static double next_scale(const sq_tuned_running *tuned, int64_t epoch, const sq_tuning_fit *fit,
                         int g) {
    type_state state = state_of(tuned, g);
    double change = change_of_scale(fit), scale = tuned->scale[g];
    double most = any_moves_samples(tuned) ? scale : fmax(scale, 1.0);
    bool better = is_better_projected(fit, g), silent = is_silent(fit);
    if (state == HELD || state == LET_GO) return scale;
    if (better && silent && epoch < tuned->beginning) return scale;
    if (better && !silent) {
        change = fmin(pow(fit->projected[g], -rise_sharpness), fastest_rise);
        most = tuned->stiffness.most_scale;
    }
    return fmin(fmax(scale * change, least_scale), most);
}

/* What is divided by the size of the gradient pulls the harder the smaller the error has become. */
static double faded(const sq_tuned_running *tuned, const sq_tuning_fit *fit) {
    static const double least_left = 1e-6;
    if (!tuned->stiffness.fades || isnan(fit->unexplained)) return 1.0;
    return sqrt(fmin(fmax(fit->unexplained, least_left), 1.0));
}

void sq_tuned_running_take(sq_tuned_running *tuned, int64_t epoch, const double *ratio,
                           const sq_tuning_fit *fit, double *lambda) {
    static const double most_ratio = 1e6;
    double left = faded(tuned, fit);
    for (int g = 0; g < tuned->n_types; g++) {
        tuned->scale[g] = next_scale(tuned, epoch, fit, g);
        double stiff = left * tuned->scale[g] * tuned->start[g];
        double aim = stiff / fmin(fmax(ratio[g], 1.0), most_ratio);
        lambda[g] = fmin(aim, lambda[g] * fastest_rise);
    }
    share_out(tuned, ratio);
}

double sq_tuning_gap(double valid_mse, double train_mse, double variance_valid,
                     double variance_train) {
    bool known = variance_valid > 0.0 && variance_train > 0.0;
    return valid_mse / train_mse * (known ? variance_train / variance_valid : 1.0);
}
