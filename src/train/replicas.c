#include "train/replicas.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "io/content_hash.h"

static int count_equal(const int64_t *hashes, int size, int64_t hash) {
    int count = 0;
    for (int rank = 0; rank < size; rank++) count += hashes[rank] == hash;
    return count;
}

/* The rank whose hash most ranks share. */
static int find_most_common(const int64_t *hashes, int size) {
    int best = 0, most = 0;
    for (int rank = 0; rank < size; rank++) {
        int count = count_equal(hashes, size, hashes[rank]);
        if (count > most) best = rank;
        if (count > most) most = count;
    }
    return best;
}

static sq_status judge(const int64_t *hashes, int size) {
    char names[256] = "";
    size_t used = 0;
    int64_t common = hashes[find_most_common(hashes, size)];
    int equal = count_equal(hashes, size, common);
    if (equal == size) return SQ_OK;
    if (2 * equal <= size)
        return sq_fail(SQ_ERR_NUMERIC,
                       "only %d of %d ranks are the same, so it cannot be told which are right; "
                       "check the machines' memory",
                       equal, size);
    for (int rank = 0; rank < size && used < sizeof names; rank++)
        if (hashes[rank] != common)
            used += (size_t)snprintf(names + used, sizeof names - used, " %d", rank);
    return sq_fail(SQ_ERR_NUMERIC,
                   "rank%s is not what the others are; check the memory of its machine", names);
}

sq_status sq_replicas_compare(sq_comm *comm, const char *content_hash) {
    sq_status status;
    int64_t *hashes = NULL; /* (size): each rank sets its own */
    int size = sq_comm_size(comm);
    SQ_TRY(sq_alloc((size_t)size, sizeof *hashes, &hashes));
    hashes[sq_comm_rank(comm)] = (int64_t)sq_hash_bytes(content_hash, strlen(content_hash), 0);
    SQ_TRY(sq_comm_sum(comm, hashes, (size_t)size));
    status = judge(hashes, size);
cleanup:
    sq_free(hashes);
    return status;
}
