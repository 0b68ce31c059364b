/* Steps of the real trainer on a simulated cluster, for SimGrid's smpicc:
 *
 *     simulated_steps RUN.ini STEPS KERNEL_SECONDS [section.key=value]...
 *
 * Model, data, exact sums and update are the program's own. What the ranks send takes simulated
 * time; what they compute takes none, but for KERNEL_SECONDS in each step: the time that a rank's
 * kernels took on a real machine. Prints the simulated seconds of a step, and the last loss. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "mpi/world.h"
#include "softeq/config.h"
#include "train/trainer.h"

static sq_status read_config(int argc, char **argv, sq_config *config) {
    sq_status status = SQ_OK;
    sq_config_init(config);
    SQ_TRY(sq_config_read_file(config, argv[1]));
    for (int k = 4; k < argc; k++) SQ_TRY(sq_config_set_assignment(config, argv[k], "argument"));
    SQ_TRY(sq_config_check(config));
cleanup:
    return status;
}

static sq_status run_steps(sq_problem *problem, int steps, double kernel_seconds) {
    sq_status status = SQ_OK;
    sq_trainer *trainer = NULL;
    sq_step_result result = {0};
    SQ_TRY(sq_trainer_create(problem, &trainer));
    SQ_TRY(sq_comm_barrier(problem->comm));
    double began = sq_clock_seconds(); /* smpicc makes that the simulated clock */
    for (int step = 0; step < steps; step++) {
        smpi_execute(kernel_seconds);
        SQ_TRY(sq_trainer_step(trainer, step, 0, problem->lambda, 1e-3, &result));
    }
    if (sq_comm_rank(problem->comm) == 0)
        printf(
            "{\"ranks\": %d, \"gradient_bytes\": %zu, \"step_seconds\": %.9g, \"loss\": %.17g}\n",
            sq_comm_size(problem->comm), problem->model->network.table.count * sizeof(int64_t),
            (sq_clock_seconds() - began) / steps, result.loss);
cleanup:
    sq_trainer_destroy(&trainer);
    return status;
}

/* As if all ranks shared one node, so that the trainer makes one sum a step and hides none of it
 * (blocking_collectives.c). */
static sq_status create_blocking(sq_comm **comm) {
    int size = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    return sq_comm_create_on_nodes(size, comm);
}

int main(int argc, char **argv) {
    sq_status status = SQ_OK;
    sq_config config;
    sq_problem problem = {0};
    sq_comm *comm = NULL;
    if (argc < 4) {
        fprintf(stderr, "usage: %s RUN.ini STEPS KERNEL_SECONDS [section.key=value]...\n", argv[0]);
        return 2;
    }
    MPI_Init(&argc, &argv);
    SQ_TRY(create_blocking(&comm));
    SQ_TRY(read_config(argc, argv, &config));
    SQ_TRY(sq_problem_create(&config, NULL, NULL, NULL, NULL, comm, &problem));
    SQ_TRY(run_steps(&problem, atoi(argv[2]), atof(argv[3])));
cleanup:
    if (status != SQ_OK) fprintf(stderr, "simulated_steps: %s\n", sq_error_message());
    sq_problem_clear(&problem);
    sq_comm_destroy(&comm);
    MPI_Finalize();
    return status == SQ_OK ? 0 : 1;
}
