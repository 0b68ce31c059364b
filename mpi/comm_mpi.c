/* The communicator over MPI. */
#include <math.h>
#include <mpi.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "mpi/comm_internal.h"
#include "mpi/shared_sums.h"
#include "mpi/staged_sum.h"
#include "mpi/vigil.h"

/* MPI counts are ints; longer arrays go in pieces of this many elements (128 MiB). */
#define PIECE ((size_t)1 << 24)

/* A sum under way: one request for each piece. */
typedef struct {
    MPI_Request *requests; /* (capacity) */
    int pending;           /* 0: none, or known to have arrived */
    int capacity;
    int error; /* of MPI, met while progressing; reported when finished */
} pending_sum;

typedef struct {
    MPI_Comm data;    /* sums, maxima, broadcasts */
    MPI_Comm control; /* agreements: never matched with what runs on `data` */
    sq_vigil vigil;   /* over `control` */
    bool owns_mpi;
    pending_sum sums[SQ_COMM_SLOTS];
    sq_shared_sums *shared; /* for ranks on one node; NULL: others */
    sq_staged_sums *staged; /* for ranks on several nodes */
    /* Of an agreement that may have been given up waiting for, hence not on the stack. */
    MPI_Request agreement;
    int64_t agreement_mine, agreement_least;
} mpi_state;

static mpi_state *state_of(sq_comm *comm) { return comm->state; }

/* Elements of the piece that begins at `first`. */
static int piece_length(size_t count, size_t first) {
    return (int)(count - first < PIECE ? count - first : PIECE);
}

/* Tag of the blocking sum among the staged ones, behind those of the slots. */
enum { BLOCKING_TAG = SQ_COMM_SLOTS };

static int begin_staged(mpi_state *state, int tag, int64_t *values, size_t count) {
    int code = MPI_SUCCESS;
    for (size_t first = 0; first < count && code == MPI_SUCCESS; first += PIECE)
        code = sq_staged_sums_begin(state->staged, tag, values + first, piece_length(count, first));
    return code;
}

typedef struct {
    sq_staged_sums *sums;
    int tag;
} staged_wait;

static int poll_staged(void *context, int *arrived) {
    const staged_wait *wait = context;
    int code = sq_staged_sums_progress(wait->sums);
    *arrived = !sq_staged_sums_has(wait->sums, wait->tag);
    return code;
}

static sq_status finish_staged(mpi_state *state, int tag) {
    staged_wait wait = {.sums = state->staged, .tag = tag};
    return sq_vigil_wait(&state->vigil, poll_staged, &wait, "sum over ranks and nodes");
}

static sq_status sum_staged(mpi_state *state, int64_t *values, size_t count) {
    sq_status status =
        sq_mpi_check(begin_staged(state, BLOCKING_TAG, values, count), "begin a sum over ranks");
    return status == SQ_OK ? finish_staged(state, BLOCKING_TAG) : status;
}

/* The one request of a collective that is waited for at once. */
static sq_status wait_one(sq_comm *comm, int code, MPI_Request *request, const char *what) {
    if (code != MPI_SUCCESS) return sq_mpi_check(code, what);
    return sq_vigil_wait_all(&state_of(comm)->vigil, 1, request, what);
}

static bool is_shared(const mpi_state *state, const int64_t *values) {
    return state->shared && sq_shared_sums_has(state->shared, values);
}

static sq_status mpi_lend(sq_comm *comm, size_t count, int64_t **values) {
    *values = NULL;
    if (!state_of(comm)->shared) return SQ_OK;
    return sq_shared_sums_lend(state_of(comm)->shared, count, values);
}

static void mpi_give_back(sq_comm *comm, int64_t *values) {
    sq_shared_sums_take_back(state_of(comm)->shared, values);
}

static sq_status mpi_reduce(sq_comm *comm, sq_comm_reduction reduction, int64_t *values,
                            size_t count) {
    MPI_Op op = reduction == SQ_COMM_SUM ? MPI_SUM : MPI_MAX;
    if (reduction == SQ_COMM_SUM && sq_staged_sums_pay(state_of(comm)->staged))
        return sum_staged(state_of(comm), values, count);
    if (reduction == SQ_COMM_SUM && is_shared(state_of(comm), values))
        return sq_shared_sums_add(state_of(comm)->shared, values, count);
    sq_status status = SQ_OK;
    for (size_t first = 0; first < count && status == SQ_OK; first += PIECE) {
        MPI_Request request;
        int code = MPI_Iallreduce(MPI_IN_PLACE, values + first, piece_length(count, first),
                                  MPI_INT64_T, op, state_of(comm)->data, &request);
        status = wait_one(comm, code, &request, "reduce over ranks");
    }
    return status;
}

static sq_status reserve_requests(pending_sum *sum, size_t pieces) {
    if (pieces <= (size_t)sum->capacity) return SQ_OK;
    sq_status status =
        sq_grow((size_t)sum->capacity, pieces, sizeof *sum->requests, &sum->requests);
    if (status == SQ_OK) sum->capacity = (int)pieces;
    return status;
}

static sq_status mpi_sum_begin(sq_comm *comm, int slot, int64_t *values, size_t count) {
    pending_sum *sum = &state_of(comm)->sums[slot];
    sum->error = MPI_SUCCESS;
    if (sq_staged_sums_pay(state_of(comm)->staged))
        return sq_mpi_check(begin_staged(state_of(comm), slot, values, count),
                            "begin a sum over ranks");
    sq_status status = reserve_requests(sum, (count + PIECE - 1) / PIECE);
    for (size_t first = 0; first < count && status == SQ_OK; first += PIECE) {
        int code =
            MPI_Iallreduce(MPI_IN_PLACE, values + first, piece_length(count, first), MPI_INT64_T,
                           MPI_SUM, state_of(comm)->data, &sum->requests[sum->pending]);
        status = sq_mpi_check(code, "begin a sum over ranks");
        if (status == SQ_OK) sum->pending++;
    }
    return status;
}

static void mpi_progress(sq_comm *comm) {
    if (sq_staged_sums_pay(state_of(comm)->staged)) {
        /* An error comes back when the sum is finished. */
        (void)sq_staged_sums_progress(state_of(comm)->staged);
        return;
    }
    for (int slot = 0; slot < SQ_COMM_SLOTS; slot++) {
        pending_sum *sum = &state_of(comm)->sums[slot];
        if (sum->pending == 0) continue;
        int arrived = 0;
        sum->error = MPI_Testall(sum->pending, sum->requests, &arrived, MPI_STATUSES_IGNORE);
        if (arrived || sum->error != MPI_SUCCESS) sum->pending = 0;
    }
}

static sq_status mpi_sum_finish(sq_comm *comm, int slot) {
    pending_sum *sum = &state_of(comm)->sums[slot];
    if (sq_staged_sums_pay(state_of(comm)->staged)) return finish_staged(state_of(comm), slot);
    int pending = sum->pending;
    sum->pending = 0;
    if (sum->error != MPI_SUCCESS) return sq_mpi_check(sum->error, "sum over ranks");
    return sq_vigil_wait_all(&state_of(comm)->vigil, pending, sum->requests, "sum over ranks");
}

static sq_status mpi_broadcast(sq_comm *comm, void *bytes, size_t count) {
    sq_status status = SQ_OK;
    for (size_t first = 0; first < count && status == SQ_OK; first += PIECE) {
        MPI_Request request;
        int code = MPI_Ibcast((char *)bytes + first, piece_length(count, first), MPI_BYTE, 0,
                              state_of(comm)->data, &request);
        status = wait_one(comm, code, &request, "broadcast from rank 0");
    }
    return status;
}

static sq_status mpi_barrier(sq_comm *comm) {
    MPI_Request request;
    int code = MPI_Ibarrier(state_of(comm)->data, &request);
    return wait_one(comm, code, &request, "wait for all ranks");
}

static void mpi_abort(sq_comm *comm, int exit_status) {
    MPI_Abort(state_of(comm)->control, exit_status);
}

static void mpi_set_patience(sq_comm *comm, double seconds) {
    state_of(comm)->vigil.patience = seconds;
}

static int mpi_first_waiting(const sq_comm *comm) {
    return ((const mpi_state *)comm->state)->vigil.lowest_present;
}

static uint64_t mpi_looks(const sq_comm *comm) {
    return atomic_load(&((const mpi_state *)comm->state)->vigil.looks);
}

/* Waits for a request, `seconds` at most. *arrived: whether it came. */
static int wait_within(MPI_Request *request, double seconds, int *arrived) {
    const struct timespec pause = {.tv_nsec = 1000000};
    for (double end = sq_clock_seconds() + seconds; sq_clock_seconds() < end;
         nanosleep(&pause, NULL)) {
        int code = MPI_Test(request, arrived, MPI_STATUS_IGNORE);
        if (code != MPI_SUCCESS || *arrived) return code;
    }
    *arrived = 0;
    return MPI_SUCCESS;
}

static sq_status mpi_least(sq_comm *comm, int64_t mine, double seconds, int64_t *least,
                           bool *reached) {
    mpi_state *state = state_of(comm);
    int arrived = 0;
    state->agreement_mine = mine;
    int code = MPI_Iallreduce(&state->agreement_mine, &state->agreement_least, 1, MPI_INT64_T,
                              MPI_MIN, state->control, &state->agreement);
    if (isinf(seconds)) {
        sq_status status = wait_one(comm, code, &state->agreement, "agree with the other ranks");
        *reached = status == SQ_OK;
        *least = state->agreement_least;
        return status;
    }
    if (code == MPI_SUCCESS) code = wait_within(&state->agreement, seconds, &arrived);
    *reached = code == MPI_SUCCESS && arrived;
    *least = state->agreement_least;
    return sq_mpi_check(code, "agree with the other ranks");
}

static sq_status mpi_tell(sq_comm *comm, int from_rank, void *bytes, size_t count) {
    MPI_Request request;
    int code =
        MPI_Ibcast(bytes, (int)count, MPI_BYTE, from_rank, state_of(comm)->control, &request);
    return wait_one(comm, code, &request, "pass on a failure's message");
}

static void mpi_destroy(sq_comm *comm) {
    mpi_state *state = state_of(comm);
    bool owns_mpi = state->owns_mpi;
    for (int slot = 0; slot < SQ_COMM_SLOTS; slot++) {
        if (state->staged) (void)mpi_sum_finish(comm, slot);
        sq_free(state->sums[slot].requests);
    }
    sq_shared_sums_destroy(&state->shared);
    sq_staged_sums_destroy(&state->staged);
    sq_vigil_clear(&state->vigil);
    if (state->control != MPI_COMM_NULL) MPI_Comm_free(&state->control);
    if (state->data != MPI_COMM_NULL) MPI_Comm_free(&state->data);
    sq_free(state);
    if (owns_mpi) MPI_Finalize();
}

static const sq_comm_operations mpi_operations = {
    .destroy = mpi_destroy,
    .reduce = mpi_reduce,
    .lend = mpi_lend,
    .give_back = mpi_give_back,
    .sum_begin = mpi_sum_begin,
    .progress = mpi_progress,
    .sum_finish = mpi_sum_finish,
    .broadcast = mpi_broadcast,
    .barrier = mpi_barrier,
    .abort = mpi_abort,
    .set_patience = mpi_set_patience,
    .first_waiting = mpi_first_waiting,
    .looks = mpi_looks,
    .least = mpi_least,
    .tell = mpi_tell,
};

/* A copy of `parent` whose failures come back as codes. */
static sq_status duplicate(MPI_Comm parent, MPI_Comm *copy) {
    sq_status status = sq_mpi_check(MPI_Comm_dup(parent, copy), "duplicate the communicator");
    if (status != SQ_OK) return status;
    return sq_mpi_check(MPI_Comm_set_errhandler(*copy, MPI_ERRORS_RETURN), "set the error handler");
}

sq_status sq_comm_create_over(int fortran_handle, int node_color, bool owns_mpi, sq_comm **comm) {
    sq_status status;
    MPI_Comm parent = MPI_Comm_f2c(fortran_handle);
    mpi_state *state = NULL;
    SQ_TRY(sq_alloc(1, sizeof *state, &state));
    SQ_TRY(sq_comm_allocate(&mpi_operations, comm));
    (*comm)->state = state;
    state->data = state->control = MPI_COMM_NULL;
    SQ_TRY(duplicate(parent, &state->data));
    SQ_TRY(duplicate(parent, &state->control));
    SQ_TRY(sq_mpi_check(MPI_Comm_rank(state->data, &(*comm)->rank), "find the rank"));
    SQ_TRY(sq_mpi_check(MPI_Comm_size(state->data, &(*comm)->size), "count the ranks"));
    SQ_TRY(sq_vigil_create(state->control, &state->vigil));
    SQ_TRY(sq_staged_sums_create(state->data, node_color, &state->staged));
    (*comm)->nodes = sq_staged_sums_nodes(state->staged);
    /* A given colour does not mean that its ranks share memory. */
    if (node_color == MPI_UNDEFINED && (*comm)->nodes == 1 && (*comm)->size > 1)
        SQ_TRY(sq_shared_sums_create(state->data, &state->vigil, &state->shared));
    sq_comm_mpi_version((*comm)->description, sizeof(*comm)->description);
    state->owns_mpi = owns_mpi; /* only now: a failure leaves MPI to whoever started it */
    return SQ_OK;
cleanup:
    if (*comm)
        sq_comm_destroy(comm);
    else
        sq_free(state);
    return status;
}

sq_status sq_comm_create_from_mpi(int fortran_handle, sq_comm **comm) {
    *comm = NULL;
    return sq_comm_create_over(fortran_handle, MPI_UNDEFINED, false, comm);
}

void sq_comm_mpi_version(char *text, size_t capacity) {
    char version[MPI_MAX_LIBRARY_VERSION_STRING];
    int length = 0;
    MPI_Get_library_version(version, &length);
    version[strcspn(version, "\n")] = '\0';
    sq_copy_bounded(text, capacity, version);
}
