#include "cli/explained_words.h"

#include <math.h>

void sq_write_explained(FILE *stream, const sq_evaluation *evaluation) {
    if (isnan(evaluation->explained_share)) return;
    fprintf(stream, ", explained %.4f", evaluation->explained_share);
}
