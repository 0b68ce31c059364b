#include "cli/unlearned_words.h"

#include <math.h>

#include "cli/verdict.h"
#include "cli/words.h"

/* Types that the model holds, or nearly, and the data does not. types: (SQ_MAX_TYPES) */
static int find_wrongly_held(const sq_evaluation *evaluation, int *types) {
    int count = 0;
    for (int g = 0; g < evaluation->n_types; g++)
        if (sq_verdict_of(evaluation->equivariance_error[g]) < SQ_BROKEN &&
            sq_evaluation_unlearned_breaks(evaluation, g))
            types[count++] = g;
    return count;
}

/* Types that training let go, and that nothing clears since. */
static int find_let_go(const sq_evaluation *evaluation, int *types) {
    int count = 0;
    for (int g = 0; g < evaluation->n_types; g++)
        if (sq_verdict_of_type(evaluation, g) == SQ_BROKEN_UNLEARNED &&
            !sq_evaluation_unlearned_breaks(evaluation, g))
            types[count++] = g;
    return count;
}

/* Types that have their verdict from the model alone. */
static int find_untold(const sq_evaluation *evaluation, int *types) {
    int count = 0;
    for (int g = 0; g < evaluation->n_types; g++)
        if (sq_verdict_of_type(evaluation, g) < SQ_BROKEN &&
            !sq_evaluation_unlearned_keeps(evaluation, g))
            types[count++] = g;
    return count;
}

typedef void name_writer(FILE *stream, const char *name);

static void write_names(FILE *stream, const sq_evaluation *evaluation, const int *types, int count,
                        name_writer *name) {
    for (int k = 0; k < count; k++) {
        name(stream, evaluation->type_names[types[k]]);
        fputs(sq_list_separator(k, count), stream);
    }
}

static void write_broken(FILE *stream, const sq_evaluation *evaluation, name_writer *name) {
    int types[SQ_MAX_TYPES], count = find_wrongly_held(evaluation, types);
    if (count == 0) return;
    fputs(" That part breaks ", stream);
    write_names(stream, evaluation, types, count, name);
    fputs(
        ": the data does not have what the model does. A smaller symmetry.lambda, "
        "fewer symmetry.types, a larger train.lr or more epochs may let it learn.",
        stream);
}

static void write_doubtful(FILE *stream, const sq_evaluation *evaluation, name_writer *name) {
    int types[SQ_MAX_TYPES], count = find_let_go(evaluation, types);
    if (count > 0) {
        fputs(" Training let ", stream);
        write_names(stream, evaluation, types, count, name);
        fputs(" go for what was not learned then, and nothing says otherwise now.", stream);
    }
    count = find_untold(evaluation, types);
    if (count > 0) {
        fputs(" Whether that part breaks ", stream);
        write_names(stream, evaluation, types, count, name);
        fputs(" these samples do not tell.", stream);
    }
}

void sq_write_unlearned(FILE *stream, const sq_evaluation *evaluation,
                        void (*name)(FILE *stream, const char *name)) {
    if (!sq_evaluation_has_unlearned(evaluation)) return;
    fprintf(
        stream,
        "%.0f %% of the squared error, %.3g, can be predicted from the inputs: there is more to "
        "learn.",
        fmin(100.0 * evaluation->unlearned_share, 99.0),
        evaluation->unlearned_share * evaluation->mse);
    write_broken(stream, evaluation, name);
    write_doubtful(stream, evaluation, name);
}
