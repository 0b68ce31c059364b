#include "cli/unlearned_words.h"

#include <math.h>

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

void sq_write_unlearned(FILE *stream, const sq_evaluation *evaluation,
                        void (*name)(FILE *stream, const char *name)) {
    int types[SQ_MAX_TYPES];
    if (!sq_evaluation_has_unlearned(evaluation)) return;
    fprintf(
        stream,
        "%.0f %% of the squared error, %.3g, can be predicted from the inputs: there is more to "
        "learn.",
        fmin(100.0 * evaluation->unlearned_share, 99.0),
        evaluation->unlearned_share * evaluation->mse);
    int count = find_wrongly_held(evaluation, types);
    if (count == 0) return;
    fputs(" That part breaks ", stream);
    for (int k = 0; k < count; k++) {
        name(stream, evaluation->type_names[types[k]]);
        fputs(sq_list_separator(k, count), stream);
    }
    fputs(
        ": the data does not have what the model does. A smaller symmetry.lambda, "
        "fewer symmetry.types, a larger train.lr or more epochs may let it learn.",
        stream);
}
