#include "mpi/staged_sum.h"

#include "base/memory.h"

typedef enum { STAGE_WITHIN, STAGE_BETWEEN, STAGE_BACK, STAGES } stage;

/* A sum under way. */
typedef struct {
    int tag, count;
    int64_t *values;
    int stage;           /* that it is in; STAGES: done */
    MPI_Request request; /* of that stage */
} staged_sum;

struct sq_staged_sums {
    MPI_Comm stages[STAGES]; /* node, leaders (MPI_COMM_NULL elsewhere), node again */
    int nodes;
    bool is_leader, pay;
    size_t first, end, capacity; /* of the queue, oldest first */
    staged_sum *queue;
};

/* One number from the leaders to everybody: how many nodes, and the most ranks on one. */
static int count_nodes(MPI_Comm parent, sq_staged_sums *sums) {
    int node_ranks = 0, largest = 0, leader = sums->is_leader;
    MPI_Comm_size(sums->stages[STAGE_WITHIN], &node_ranks);
    int code = MPI_Allreduce(&leader, &sums->nodes, 1, MPI_INT, MPI_SUM, parent);
    if (code == MPI_SUCCESS)
        code = MPI_Allreduce(&node_ranks, &largest, 1, MPI_INT, MPI_MAX, parent);
    sums->pay = sums->nodes > 1 && largest > 1;
    return code;
}

static int split(MPI_Comm parent, int node_color, sq_staged_sums *sums) {
    int rank = 0, node_rank = 0;
    MPI_Comm_rank(parent, &rank);
    int code = node_color == MPI_UNDEFINED
                   ? MPI_Comm_split_type(parent, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL,
                                         &sums->stages[STAGE_WITHIN])
                   : MPI_Comm_split(parent, node_color, rank, &sums->stages[STAGE_WITHIN]);
    if (code != MPI_SUCCESS) return code;
    MPI_Comm_rank(sums->stages[STAGE_WITHIN], &node_rank);
    sums->is_leader = node_rank == 0;
    code = MPI_Comm_split(parent, sums->is_leader ? 0 : MPI_UNDEFINED, rank,
                          &sums->stages[STAGE_BETWEEN]);
    if (code == MPI_SUCCESS)
        code = MPI_Comm_dup(sums->stages[STAGE_WITHIN], &sums->stages[STAGE_BACK]);
    return code == MPI_SUCCESS ? count_nodes(parent, sums) : code;
}

sq_status sq_staged_sums_create(MPI_Comm parent, int node_color, sq_staged_sums **sums) {
    sq_status status = sq_alloc(1, sizeof **sums, sums);
    if (status != SQ_OK) return status;
    for (int k = 0; k < STAGES; k++) (*sums)->stages[k] = MPI_COMM_NULL;
    if (split(parent, node_color, *sums) == MPI_SUCCESS) return SQ_OK;
    sq_staged_sums_destroy(sums);
    return sq_fail(SQ_ERR_COMM, "MPI failed to tell the nodes of the ranks apart");
}

void sq_staged_sums_destroy(sq_staged_sums **sums) {
    if (!*sums) return;
    for (int k = 0; k < STAGES; k++)
        if ((*sums)->stages[k] != MPI_COMM_NULL) MPI_Comm_free(&(*sums)->stages[k]);
    sq_free((*sums)->queue);
    sq_free(*sums);
    *sums = NULL;
}

int sq_staged_sums_nodes(const sq_staged_sums *sums) { return sums->nodes; }
bool sq_staged_sums_pay(const sq_staged_sums *sums) { return sums->pay; }

/* Starts the stage that the sum has come to; those that a rank has no part in are done at once. */
static int enter_stage(const sq_staged_sums *sums, staged_sum *sum) {
    MPI_Comm comm = sum->stage < STAGES ? sums->stages[sum->stage] : MPI_COMM_NULL;
    sum->request = MPI_REQUEST_NULL;
    switch (sum->stage) {
        case STAGE_WITHIN:
            return MPI_Ireduce(sums->is_leader ? MPI_IN_PLACE : sum->values,
                               sums->is_leader ? sum->values : NULL, sum->count, MPI_INT64_T,
                               MPI_SUM, 0, comm, &sum->request);
        case STAGE_BETWEEN:
            if (!sums->is_leader) return MPI_SUCCESS;
            return MPI_Iallreduce(MPI_IN_PLACE, sum->values, sum->count, MPI_INT64_T, MPI_SUM, comm,
                                  &sum->request);
        case STAGE_BACK:
            return MPI_Ibcast(sum->values, sum->count, MPI_INT64_T, 0, comm, &sum->request);
        default: return MPI_SUCCESS;
    }
}

int sq_staged_sums_begin(sq_staged_sums *sums, int tag, int64_t *values, int count) {
    if (sums->end == sums->capacity) {
        size_t capacity = 2 * sums->capacity + 16;
        if (sq_grow(sums->capacity, capacity, sizeof *sums->queue, &sums->queue) != SQ_OK)
            return MPI_ERR_NO_MEM;
        sums->capacity = capacity;
    }
    staged_sum *sum = &sums->queue[sums->end++];
    *sum = (staged_sum){.tag = tag, .count = count, .values = values, .stage = STAGE_WITHIN};
    return enter_stage(sums, sum);
}

/* Moves a sum on as long as its stages have arrived and no older one is behind. */
static int advance(const sq_staged_sums *sums, staged_sum *sum, int oldest_stage) {
    while (sum->stage < STAGES && sum->stage < oldest_stage) {
        int arrived = 0;
        int code = MPI_Test(&sum->request, &arrived, MPI_STATUS_IGNORE);
        if (code != MPI_SUCCESS || !arrived) return code;
        sum->stage++;
        code = enter_stage(sums, sum);
        if (code != MPI_SUCCESS) return code;
    }
    return MPI_SUCCESS;
}

static void forget_done(sq_staged_sums *sums) {
    while (sums->first < sums->end && sums->queue[sums->first].stage == STAGES) sums->first++;
    if (sums->first == sums->end) sums->first = sums->end = 0;
}

int sq_staged_sums_progress(sq_staged_sums *sums) {
    int oldest_stage = STAGES;
    for (size_t k = sums->first; k < sums->end; k++) {
        int code = advance(sums, &sums->queue[k], oldest_stage);
        if (code != MPI_SUCCESS) return code;
        oldest_stage = sums->queue[k].stage;
    }
    forget_done(sums);
    return MPI_SUCCESS;
}

bool sq_staged_sums_has(const sq_staged_sums *sums, int tag) {
    for (size_t k = sums->first; k < sums->end; k++)
        if (sums->queue[k].tag == tag && sums->queue[k].stage < STAGES) return true;
    return false;
}
