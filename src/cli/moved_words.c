#include "cli/moved_words.h"

#include "cli/verdict.h"
#include "cli/words.h"

/* Types that the model breaks, as it has learned, by little beside the size of its outputs. Inputs
 * that are not as likely moved say nothing: the model may not know them. types: (SQ_MAX_TYPES) */
static int find(const sq_evaluation *evaluation, int *types) {
    static const double least_ratio = 10.0;
    int count = 0;
    for (int g = 0; g < evaluation->n_types; g++)
        if (sq_verdict_of(evaluation->equivariance_error[g]) < SQ_BROKEN &&
            evaluation->moved_error_ratio[g] >= least_ratio &&
            sq_evaluation_inputs_are_alike(evaluation, g))
            types[count++] = g;
    return count;
}

bool sq_has_small_breaks(const sq_evaluation *evaluation) {
    int types[SQ_MAX_TYPES];
    return find(evaluation, types) > 0;
}

void sq_write_small_breaks(FILE *stream, const sq_evaluation *evaluation,
                           void (*name)(FILE *stream, const char *name)) {
    int types[SQ_MAX_TYPES];
    int count = find(evaluation, types);
    if (count == 0) return;
    fputs("Moved by elements of ", stream);
    for (int k = 0; k < count; k++) {
        name(stream, evaluation->type_names[types[k]]);
        fputs(sq_list_separator(k, count), stream);
    }
    fputs(" the samples have ", stream);
    for (int k = 0; k < count; k++)
        fprintf(stream, "%.3g%s", evaluation->moved_error_ratio[types[k]],
                sq_list_separator(k, count));
    fputs(
        " times the squared error: what breaks that has been learned, and is only small beside the "
        "size of the outputs.",
        stream);
}
