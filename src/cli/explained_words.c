#include "cli/explained_words.h"

#include <math.h>

#include "cli/verdict.h"

void sq_write_explained(FILE *stream, const sq_evaluation *evaluation) {
    if (isnan(evaluation->explained_share)) return;
    fprintf(stream, ", explained %.4f", evaluation->explained_share);
}

void sq_write_explains_only(FILE *stream, const sq_evaluation *evaluation) {
    double percent = 100.0 * evaluation->explained_share;
    if (percent < 0.5)
        fputs("explains nothing of the targets", stream);
    else
        fprintf(stream, "explains only %.0f %% of the targets", percent);
}

void sq_write_little_explained(FILE *stream, const sq_evaluation *evaluation,
                               void (*name)(FILE *stream, const char *name)) {
    (void)name;
    if (!sq_explains_little(evaluation)) return;
    fputs("The model ", stream);
    sq_write_explains_only(stream, evaluation);
    if (sq_explains_nothing(evaluation))
        fputs(
            ", too little for a verdict on any type. Unless they are noise, more epochs, a larger "
            "model, another train.lr or more data may let it learn them.",
            stream);
    else
        fputs(
            ": unless the rest is noise, it may break what the model keeps, and keep what the "
            "model "
            "breaks.",
            stream);
}
