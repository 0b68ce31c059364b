#include "train/selection.h"

#include <math.h>

void sq_selection_init(sq_selection *selection, int64_t first, int64_t patience) {
    *selection =
        (sq_selection){.first = first, .patience = patience, .best = INFINITY, .best_epoch = -1};
}

bool sq_selection_take(sq_selection *selection, int64_t epoch, double valid, bool *is_best) {
    *is_best = epoch >= selection->first && valid < selection->best;
    if (*is_best) {
        selection->best = valid;
        selection->best_epoch = epoch;
    }
    int64_t since = selection->best_epoch >= 0 ? selection->best_epoch : selection->first - 1;
    return selection->patience > 0 && epoch - since > selection->patience;
}
