/* softeq doctor: is everything there that softeq needs, and what to do if not. */
#include <string.h>

#include "cli/doctor.h"
#include "cli/environment.h"
#include "cli/verb.h"

/* Alone it looks at all there is, and starts two ranks; as a job it looks at the job. */
static sq_status look(const sq_call *call, sq_checks *list) {
    const char *folder = call->options->n_operands > 0 ? call->options->operands[0] : ".";
    bool root = sq_comm_rank(call->comm) == 0, job = sq_environment_is_mpi();
    if (job) return sq_doctor_ranks(list, call->comm);
    if (!root) return SQ_OK;
    sq_doctor_machine(list);
    sq_doctor_launcher(list);
    sq_doctor_storage(list, folder, call->cache);
    return SQ_OK;
}

static sq_status run_doctor(const sq_call *call) {
    sq_checks list = {.count = 0};
    sq_status status = look(call, &list);
    if (status != SQ_OK || sq_comm_rank(call->comm) > 0) return sq_comm_agree(call->comm, status);
    if (sq_option_is_given(call->options, SQ_OPTION_JSON))
        sq_checks_print_json(&list, stdout);
    else
        sq_checks_print(&list, stdout);
    int ill = sq_checks_ill(&list);
    if (ill > 0)
        status = sq_fail(SQ_ERR_IO, "%d of %d checks failed: %s", ill, list.count,
                         "see the lines marked BAD and what to do about each");
    return sq_comm_agree(call->comm, status);
}

const sq_verb sq_verb_doctor = {
    .name = "doctor",
    .operands = "[DIR]",
    .help = "check libraries, kernels, MPI, the disk of DIR; under mpirun: the ranks of the job",
    .least_operands = 0,
    .most_operands = 1,
    .accepts = SQ_ACCEPT(SQ_OPTION_JSON),
    .parallel = true,
    .run = run_doctor,
};
