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

void sq_partition_by_cost(const double *cost, size_t count, int parts, int *owner, size_t *order,
                          double *load) {
    order_by_cost(cost, count, order);
    for (int part = 0; part < parts; part++) load[part] = 0.0;
    for (size_t k = 0; k < count; k++) {
        int best = 0;
        for (int part = 1; part < parts && load[best] > 0.0; part++) /* nobody has less than 0 */
            if (load[part] < load[best]) best = part;
        owner[order[k]] = best;
        load[best] += cost[order[k]];
    }
}
