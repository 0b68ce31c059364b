/* One rank alone: every collective is finished as it begins. */
#include "base/text.h"
#include "mpi/comm_internal.h"

static void serial_destroy(sq_comm *comm) { (void)comm; }

static sq_status serial_reduce(sq_comm *comm, sq_comm_reduction reduction, int64_t *values,
                               size_t count) {
    (void)comm, (void)reduction, (void)values, (void)count;
    return SQ_OK;
}

static sq_status serial_lend(sq_comm *comm, size_t count, int64_t **values) {
    (void)comm, (void)count;
    *values = NULL;
    return SQ_OK;
}

static void serial_give_back(sq_comm *comm, int64_t *values) { (void)comm, (void)values; }

static sq_status serial_sum_begin(sq_comm *comm, int slot, int64_t *values, size_t count) {
    (void)comm, (void)slot, (void)values, (void)count;
    return SQ_OK;
}

static void serial_progress(sq_comm *comm) { (void)comm; }

static sq_status serial_sum_finish(sq_comm *comm, int slot) {
    (void)comm, (void)slot;
    return SQ_OK;
}

static sq_status serial_broadcast(sq_comm *comm, void *bytes, size_t count) {
    (void)comm, (void)bytes, (void)count;
    return SQ_OK;
}

static sq_status serial_barrier(sq_comm *comm) {
    (void)comm;
    return SQ_OK;
}

static void serial_abort(sq_comm *comm, int exit_status) {
    (void)comm, (void)exit_status; /* there are no other ranks */
}

static void serial_set_patience(sq_comm *comm, double seconds) { (void)comm, (void)seconds; }

static int serial_first_waiting(const sq_comm *comm) {
    (void)comm;
    return -1;
}

static uint64_t serial_looks(const sq_comm *comm) {
    (void)comm;
    return 0;
}

static sq_status serial_least(sq_comm *comm, int64_t mine, double seconds, int64_t *least,
                              bool *reached) {
    (void)comm, (void)seconds;
    *least = mine;
    *reached = true;
    return SQ_OK;
}

static sq_status serial_tell(sq_comm *comm, int from_rank, void *bytes, size_t count) {
    (void)comm, (void)from_rank, (void)bytes, (void)count;
    return SQ_OK;
}

static const sq_comm_operations serial_operations = {
    .destroy = serial_destroy,
    .reduce = serial_reduce,
    .lend = serial_lend,
    .give_back = serial_give_back,
    .sum_begin = serial_sum_begin,
    .progress = serial_progress,
    .sum_finish = serial_sum_finish,
    .broadcast = serial_broadcast,
    .barrier = serial_barrier,
    .abort = serial_abort,
    .set_patience = serial_set_patience,
    .first_waiting = serial_first_waiting,
    .looks = serial_looks,
    .least = serial_least,
    .tell = serial_tell,
};

sq_status sq_comm_create_serial(sq_comm **comm) {
    sq_status status = sq_comm_allocate(&serial_operations, comm);
    if (status == SQ_OK)
        sq_copy_bounded((*comm)->description, sizeof(*comm)->description, "serial");
    return status;
}
