#include "cli/verdict.h"

#include <math.h>

static const double holds_below = 0.01, nearly_below = 0.1;

sq_verdict sq_verdict_of(double equivariance_error) {
    if (isnan(equivariance_error)) return SQ_UNKNOWN;
    if (equivariance_error < holds_below) return SQ_HOLDS;
    return equivariance_error < nearly_below ? SQ_NEARLY : SQ_BROKEN;
}

/* NaN compares as false: what is not known says nothing. */
bool sq_explains_nothing(const sq_evaluation *evaluation) {
    static const double least = 0.1;
    return evaluation->explained_share < least;
}

bool sq_explains_little(const sq_evaluation *evaluation) {
    static const double least = 0.5;
    return evaluation->explained_share < least;
}

/* Of a type that the run let go for what was not learned then: has the model, free of it, learned
 * the rest and kept it all the same, or does the rest keep it? */
static bool is_cleared(const sq_evaluation *evaluation, int type) {
    if (isnan(evaluation->unlearned_share)) return false;
    return !sq_evaluation_has_unlearned(evaluation) ||
           sq_evaluation_unlearned_keeps(evaluation, type);
}

static bool is_broken_unlearned(const sq_evaluation *evaluation, int type) {
    if (sq_evaluation_unlearned_breaks(evaluation, type)) return true;
    return evaluation->let_go[type] > 0.0 && !is_cleared(evaluation, type);
}

/* Known to be unlike: of groups that are not orthogonal nothing is known. */
static bool is_untested(const sq_evaluation *evaluation, int type) {
    return !isnan(evaluation->moved_distance_ratio[type]) &&
           !sq_evaluation_inputs_are_alike(evaluation, type);
}

sq_verdict sq_verdict_of_type(const sq_evaluation *evaluation, int type) {
    sq_verdict verdict = sq_verdict_of(evaluation->equivariance_error[type]);
    if (verdict == SQ_UNKNOWN) return verdict;
    if (sq_explains_nothing(evaluation)) return SQ_OPEN;
    if (verdict == SQ_BROKEN) return verdict;
    if (is_broken_unlearned(evaluation, type)) return SQ_BROKEN_UNLEARNED;
    return is_untested(evaluation, type) ? SQ_UNTESTED : verdict;
}

const char *sq_verdict_word(sq_verdict verdict) {
    static const char *const words[SQ_VERDICTS] = {
        "holds", "nearly", "broken", "broken, not learned", "untested", "open", "-"};
    return words[verdict];
}

const char *sq_verdict_verb(sq_verdict verdict, int types) {
    static const char *const verbs[SQ_VERDICTS][2] = {
        {"holds", "hold"},
        {"nearly holds", "nearly hold"},
        {"is broken", "are broken"},
        {"is broken by what the model has not learned",
         "are broken by what the model has not learned"},
        {"holds or nearly holds for the model but is not tested by the data",
         "hold or nearly hold for the model but are not tested by the data"},
        {"is open", "are open"},
        {"was not measured", "were not measured"},
    };
    return verbs[verdict][types > 1];
}

const char *sq_verdict_class(sq_verdict verdict) {
    static const char *const classes[SQ_VERDICTS] = {"holds", "nearly", "broken", "broken",
                                                     "open",  "open",   "open"};
    return classes[verdict];
}

void sq_write_verdicts(FILE *stream, const int *times) {
    int found = 0, written = 0;
    for (int verdict = 0; verdict < SQ_VERDICTS; verdict++) found += times[verdict] > 0;
    for (int verdict = 0; verdict < SQ_VERDICTS; verdict++) {
        if (times[verdict] == 0) continue;
        fprintf(stream, "%s%s", written++ > 0 ? "; " : "", sq_verdict_word((sq_verdict)verdict));
        if (found > 1) fprintf(stream, " %d", times[verdict]);
    }
}
