/* What both kinds of communicator share: argument checks and the agreement on success. */
#include "softeq/comm.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "mpi/comm_internal.h"

enum { MESSAGE_CAPACITY = 2048 }; /* as long as sq_error_message gets */

/* What the lowest failed rank tells the others. */
typedef struct {
    int32_t status;
    char message[MESSAGE_CAPACITY];
} failure;

sq_status sq_comm_allocate(const sq_comm_operations *operations, sq_comm **comm) {
    sq_status status = sq_alloc(1, sizeof **comm, comm);
    if (status != SQ_OK) return status;
    (*comm)->operations = operations;
    (*comm)->size = 1;
    (*comm)->nodes = 1;
    (*comm)->failed_rank = -1;
    return SQ_OK;
}

void sq_comm_destroy(sq_comm **comm) {
    if (!*comm) return;
    (*comm)->operations->destroy(*comm);
    sq_free(*comm);
    *comm = NULL;
}

int sq_comm_rank(const sq_comm *comm) { return comm->rank; }

int sq_comm_size(const sq_comm *comm) { return comm->size; }

int sq_comm_nodes(const sq_comm *comm) { return comm->nodes; }

int sq_comm_failed_rank(const sq_comm *comm) { return comm->failed_rank; }

const char *sq_comm_description(const sq_comm *comm) { return comm->description; }

sq_status sq_comm_sum(sq_comm *comm, int64_t *values, size_t count) {
    return comm->operations->reduce(comm, SQ_COMM_SUM, values, count);
}

sq_status sq_comm_lend(sq_comm *comm, size_t count, int64_t **values) {
    return comm->operations->lend(comm, count, values);
}

void sq_comm_give_back(sq_comm *comm, int64_t *values) {
    if (values) comm->operations->give_back(comm, values);
}

sq_status sq_comm_max(sq_comm *comm, int64_t *values, size_t count) {
    return comm->operations->reduce(comm, SQ_COMM_MAX, values, count);
}

sq_status sq_comm_sum_begin(sq_comm *comm, int slot, int64_t *values, size_t count) {
    if (slot < 0 || slot >= SQ_COMM_SLOTS)
        return sq_fail(SQ_ERR_ARGUMENT, "sum %d: there are only slots 0 to %d", slot,
                       SQ_COMM_SLOTS - 1);
    if (comm->begun[slot])
        return sq_fail(SQ_ERR_ARGUMENT, "sum %d was begun twice; finish it first", slot);
    sq_status status = comm->operations->sum_begin(comm, slot, values, count);
    comm->begun[slot] = status == SQ_OK;
    return status;
}

void sq_comm_progress(sq_comm *comm) { comm->operations->progress(comm); }

sq_status sq_comm_sum_finish(sq_comm *comm, int slot) {
    if (slot < 0 || slot >= SQ_COMM_SLOTS)
        return sq_fail(SQ_ERR_ARGUMENT, "sum %d: there are only slots 0 to %d", slot,
                       SQ_COMM_SLOTS - 1);
    if (!comm->begun[slot]) return SQ_OK;
    comm->begun[slot] = false;
    return comm->operations->sum_finish(comm, slot);
}

sq_status sq_comm_broadcast(sq_comm *comm, void *bytes, size_t count) {
    return comm->operations->broadcast(comm, bytes, count);
}

sq_status sq_comm_barrier(sq_comm *comm) { return comm->operations->barrier(comm); }

void sq_comm_set_patience(sq_comm *comm, double seconds) {
    comm->operations->set_patience(comm, seconds > 0 ? seconds : INFINITY);
}

int sq_comm_first_waiting(const sq_comm *comm) { return comm->operations->first_waiting(comm); }

uint64_t sq_comm_looks(const sq_comm *comm) { return comm->operations->looks(comm); }

void sq_comm_abort(sq_comm *comm, int exit_status) { comm->operations->abort(comm, exit_status); }

/* What this rank returns when the agreement itself fails: its own failure counts for more. */
static sq_status keep_own(const failure *own, sq_status of_agreement) {
    if (own->status == SQ_OK) return of_agreement;
    return sq_fail((sq_status)own->status, "%s", own->message);
}

sq_status sq_comm_agree_within(sq_comm *comm, sq_status mine, double seconds, bool *reached) {
    failure own = {.status = (int32_t)mine};
    if (mine != SQ_OK) sq_copy_bounded(own.message, sizeof own.message, sq_error_message());
    comm->failed_rank = -1;
    *reached = false;

    int64_t lowest = comm->size;
    int64_t candidate = mine == SQ_OK ? comm->size : comm->rank;
    sq_status status = comm->operations->least(comm, candidate, seconds, &lowest, reached);
    if (status != SQ_OK) return keep_own(&own, status);
    if (!*reached)
        return keep_own(&own, sq_fail(SQ_ERR_COMM,
                                      "rank %d: other ranks did not answer within "
                                      "%g seconds",
                                      comm->rank, seconds));
    if (lowest == comm->size) return SQ_OK;

    failure told = own;
    status = comm->operations->tell(comm, (int)lowest, &told, sizeof told);
    if (status != SQ_OK) return keep_own(&own, status);
    comm->failed_rank = (int)lowest;
    if (mine != SQ_OK) return keep_own(&own, mine);
    return sq_fail((sq_status)told.status, "rank %d: %s", (int)lowest, told.message);
}

sq_status sq_comm_agree(sq_comm *comm, sq_status mine) {
    bool reached;
    return sq_comm_agree_within(comm, mine, INFINITY, &reached);
}
