/* Which types a run lets go: those that what it has not learned breaks, and those that imply them.
 */
#include "base/log.h"
#include "train/equivariance.h"
#include "train/run_internal.h"
#include "train/unlearned_share.h"

/* Where something was let go before, and there is still more to learn that nothing else explains,
 * one of the types that are held must be broken, too: the one that it breaks most, though by less
 * than would do by itself; -1: there is none. */
static int find_suspect(const sq_run *run, const sq_unlearned_shares *shares) {
    static const double least_z = 1.0;
    const sq_tuned_running *tuned = &run->position.tuning.running;
    bool any_gone = false;
    int suspect = -1;
    for (int g = 0; g < run->problem.n_types; g++) {
        any_gone = any_gone || sq_tuned_running_is_let_go(tuned, g);
        if (!sq_tuned_running_holds(tuned, g) || !(shares->z[g] >= least_z)) continue;
        if (!sq_unlearned_may_tell(shares->all, shares->distance[g])) continue;
        if (suspect < 0 || shares->z[g] > shares->z[suspect]) suspect = g;
    }
    return any_gone ? suspect : -1;
}

static bool any_goes(const sq_run *run, const bool *broken) {
    for (int g = 0; g < run->problem.n_types; g++)
        if (broken[g] && sq_tuned_running_may_let_go(&run->position.tuning.running, g)) return true;
    return false;
}

/* Types that the model may take to hold, by their ratio, and the data does not have. Collective.
 * broken: (n_types) */
static sq_status find_broken(sq_run *run, const double *ratio, bool *broken) {
    enum { SAMPLES = 500 };
    static const double turn = 1.0; /* what the rule was tried and recorded with */
    sq_unlearned_shares shares;
    sq_run_beat(run, "measuring what is not learned");
    sq_status status =
        sq_unlearned_measure(&run->problem, run->problem.valid, SAMPLES, turn, &shares);
    if (status != SQ_OK) return status;
    for (int g = 0; g < run->problem.n_types; g++)
        broken[g] = sq_moved_error_is_alike(ratio[g]) &&
                    sq_unlearned_breaks(shares.all, shares.z[g], shares.distance[g]);
    if (any_goes(run, broken)) return SQ_OK;
    int suspect = find_suspect(run, &shares);
    if (suspect >= 0) broken[suspect] = true;
    return SQ_OK;
}

static void let_go(sq_run *run, int type) {
    sq_tuned_running_let_go(&run->position.tuning.running, type);
    if (run->root)
        sq_log(SQ_LOG_INFO,
               "epoch %lld: %s is let go from now on: what is not learned yet breaks it",
               (long long)run->position.epoch + 1, run->problem.type_names[type]);
}

/* A network that is held to O(2) has SO(2), and learns nothing that breaks it. Nor does one that is
 * pulled there, or whose samples are moved so: with every gradient out of it as small as what has
 * been learned of it. The data may have the type itself all the same: what is linear in a vector
 * cannot tell rotations of space from reflections. */
static sq_status set_aside_implying(sq_run *run, int broken, bool *changed) {
    sq_status status = SQ_OK;
    sq_tuned_running *tuned = &run->position.tuning.running;
    for (int g = 0; g < run->problem.n_types; g++) {
        bool implied = false;
        if (g == broken || !sq_tuned_running_may_set_aside(tuned, g)) continue;
        SQ_TRY(sq_type_implies(run->problem.model, g, broken, &implied));
        if (!implied) continue;
        sq_tuned_running_set_aside(tuned, g);
        *changed = true;
        if (run->root)
            sq_log(SQ_LOG_INFO,
                   "epoch %lld: %s is set aside from now on: a network that has it has %s",
                   (long long)run->position.epoch + 1, run->problem.type_names[g],
                   run->problem.type_names[broken]);
    }
cleanup:
    return status;
}

sq_status sq_run_imply_let_go(const sq_run *run, const sq_held_types *types, bool *implied) {
    sq_status status = SQ_OK;
    *implied = false;
    for (int g = 0; status == SQ_OK && !*implied && g < run->problem.n_types; g++)
        if (sq_tuned_running_is_let_go(&run->position.tuning.running, g))
            status = sq_held_types_imply(types, run->problem.model, g, implied);
    return status;
}

/* Types of which none implies what was let go, but all together do: which of them is wrong has to
 * be found out again. Collective. */
static sq_status release_together(sq_run *run) {
    sq_status status = SQ_OK;
    sq_held_types together = {0};
    sq_tuned_running *tuned = &run->position.tuning.running;
    bool held[SQ_MAX_TYPES], implied = false;
    int count = 0;
    for (int g = 0; g < run->problem.n_types; g++)
        count += held[g] = sq_tuned_running_holds(tuned, g);
    if (count < 2) return SQ_OK;
    SQ_TRY(sq_held_types_set(&together, &run->problem, held));
    SQ_TRY(sq_run_imply_let_go(run, &together, &implied));
    for (int g = 0; implied && g < run->problem.n_types; g++) {
        if (!held[g]) continue;
        sq_tuned_running_release(tuned, g);
        if (run->root)
            sq_log(SQ_LOG_INFO,
                   "epoch %lld: %s is held no longer: with the others it implies what is let go",
                   (long long)run->position.epoch + 1, run->problem.type_names[g]);
    }
cleanup:
    sq_held_types_clear(&together, run->problem.model);
    return status;
}

sq_status sq_run_let_go_types(sq_run *run, const double *ratio) {
    sq_status status = SQ_OK;
    bool broken[SQ_MAX_TYPES] = {false}, changed = false;
    const sq_tuned_running *tuned = &run->position.tuning.running;
    if (!sq_tuned_running_doubts(tuned, run->position.epoch) || sq_run_is_last_epoch(run))
        return SQ_OK;
    SQ_TRY(find_broken(run, ratio, broken));
    for (int g = 0; g < run->problem.n_types; g++) {
        if (!broken[g] || !sq_tuned_running_may_let_go(tuned, g)) continue;
        let_go(run, g);
        changed = true;
    }
    for (int g = 0; g < run->problem.n_types; g++)
        if (broken[g]) SQ_TRY(set_aside_implying(run, g, &changed));
    if (changed) SQ_TRY(release_together(run));
cleanup:
    return status;
}
