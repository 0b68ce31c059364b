/* Which types a run holds exactly from now on. */
#include <math.h>

#include "base/log.h"
#include "train/projected_error.h"
#include "train/run_internal.h"

/* Would the network be better, too, if it were held to these types beside those that it is held to?
 * Each by itself may cost nothing, and all of them much: two planes, tilted against each other by
 * next to nothing, turn into all of space. Nor may they imply what was let go. added: (n_types).
 * Collective. */
static sq_status is_better_with(sq_run *run, const bool *added, bool *better) {
    bool held[SQ_MAX_TYPES];
    int count = 0;
    double ratio = NAN;
    bool implied = false;
    sq_held_types together = {0};
    for (int g = 0; g < run->problem.n_types; g++) {
        held[g] = added[g] || sq_tuned_running_holds(&run->position.tuning.running, g);
        count += held[g];
    }
    *better = true;
    if (count == 1) return SQ_OK; /* what is asked for each type has told */
    sq_status status = sq_held_types_set(&together, &run->problem, held);
    if (status == SQ_OK) status = sq_run_imply_let_go(run, &together, &implied);
    if (status == SQ_OK && !implied)
        status = sq_held_error_ratio(&run->problem, run->problem.valid, &together, &ratio);
    sq_held_types_clear(&together, run->problem.model);
    *better = status == SQ_OK && ratio < 1.0;
    return status == SQ_ERR_NUMERIC ? SQ_OK : status; /* they are too much alike to be told apart */
}

/* The candidate that projecting on helps most; -1: there is none left. */
static int best_of(const sq_run *run, const bool *candidate, const double *projected) {
    int best = -1;
    for (int g = 0; g < run->problem.n_types; g++)
        if (candidate[g] && (best < 0 || projected[g] < projected[best])) best = g;
    return best;
}

static void hold(sq_run *run, const bool *added) {
    for (int g = 0; g < run->problem.n_types; g++) {
        if (!added[g]) continue;
        sq_tuned_running_hold(&run->position.tuning.running, run->position.epoch, g);
        if (run->root)
            sq_log(SQ_LOG_INFO, "epoch %lld: %s is held exactly from now on",
                   (long long)run->position.epoch + 1, run->problem.type_names[g]);
    }
}

bool sq_run_is_last_epoch(const sq_run *run) {
    return run->position.epoch + 1 == run->config->train.epochs;
}

sq_status sq_run_hold_types(sq_run *run, const sq_tuning_fit *fit) {
    sq_status status = SQ_OK;
    bool candidate[SQ_MAX_TYPES] = {false}, together = false;
    const sq_position *position = &run->position;
    if (sq_run_is_last_epoch(run)) return SQ_OK;
    for (int g = 0; g < run->problem.n_types; g++)
        candidate[g] =
            sq_tuned_running_may_hold(&position->tuning.running, position->epoch, fit, g);
    if (best_of(run, candidate, fit->projected) < 0) return SQ_OK;
    sq_run_beat(run, "measuring what holding types costs");
    SQ_TRY(is_better_with(run, candidate, &together));
    if (together) {
        hold(run, candidate);
        return SQ_OK;
    }
    for (int g; (g = best_of(run, candidate, fit->projected)) >= 0; candidate[g] = false) {
        bool one[SQ_MAX_TYPES] = {false};
        one[g] = true;
        SQ_TRY(is_better_with(run, one, &together));
        if (together) hold(run, one);
    }
cleanup:
    return status;
}
