#include "partition.h"

sq_range sq_partition(int64_t total, int parts, int part) {
    int64_t share = total / parts;
    int64_t extra = total % parts;
    sq_range range;
    range.first = share * part + (part < extra ? part : extra);
    range.end = range.first + share + (part < extra ? 1 : 0);
    return range;
}

/* Insertion sort by falling cost, stable: the lists are a few hundred long and made once. */
static void order_by_cost(const double *cost, size_t count, size_t *order) {
    for (size_t i = 0; i < count; i++) {
        size_t place = i;
        while (place > 0 && cost[order[place - 1]] < cost[i]) {
            order[place] = order[place - 1];
            place--;
        }
        order[place] = i;
    }
}

void sq_partition_by_cost(const double *cost, size_t count, int parts, int *owner,
                          size_t *scratch) {
    order_by_cost(cost, count, scratch);
    /* The load of a part is recomputed as items are placed: no allocation, and with a few hundred
     * items the parts that matter are few. */
    for (size_t i = 0; i < count; i++) owner[i] = -1;
    for (size_t k = 0; k < count; k++) {
        int best = 0;
        double best_load = -1.0;
        for (int part = 0; part < parts; part++) {
            double load = 0.0;
            for (size_t i = 0; i < k; i++)
                if (owner[scratch[i]] == part) load += cost[scratch[i]];
            if (best_load < 0.0 || load < best_load) {
                best = part;
                best_load = load;
            }
            if (load == 0.0) break; /* nobody has less */
        }
        owner[scratch[k]] = best;
    }
}
