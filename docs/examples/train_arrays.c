/* Trains on arrays of the program's own, on some of its ranks.
 *
 * The rows: a point in the plane and what it is multiplied by, a gain that is nearly the same in
 * all directions. The symmetry found should be that of rotations.
 *
 *     mpirun -n 3 train_arrays FOLDER     ranks 0 and 1 train, the others could do something else
 */
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <softeq/softeq.h>

enum { ROWS = 200, N_INPUT = 3, N_OUTPUT = 2, TRAINERS = 2 };

/* The same rows on every rank. input: (ROWS, N_INPUT): a gain and a vector; target: (ROWS,
 * N_OUTPUT)
 */
static void fill_rows(unsigned seed, sq_real *input, sq_real *target) {
    for (int row = 0; row < ROWS; row++) {
        for (int k = 0; k < N_INPUT; k++) {
            seed = seed * 1664525u + 1013904223u;
            input[row * N_INPUT + k] = (sq_real)(seed >> 8) / (sq_real)(1 << 23) - 1;
        }
        const sq_real *in = &input[row * N_INPUT];
        target[row * N_OUTPUT] = in[0] * in[1];
        target[row * N_OUTPUT + 1] = in[0] * in[2] * (sq_real)1.05;
    }
}

static sq_status wrap_rows(unsigned seed, sq_real *input, sq_real *target, sq_dataset **dataset) {
    const sq_dataset_info info = {.samples = ROWS,
                                  .n_input = N_INPUT,
                                  .n_output = N_OUTPUT,
                                  .input_representation = "T(0) + T(1)",
                                  .output_representation = "T(1)",
                                  .units = "1"};
    fill_rows(seed, input, target);
    return sq_dataset_wrap(&info, input, target, NULL, dataset);
}

static sq_status configure(sq_config *config) {
    static const char *const settings[] = {
        "symmetry.types=O(2) SO(2)", "symmetry.lambda=0 1", "symmetry.tune_at=10",
        "train.epochs=200",          "train.batch=50",      "train.microbatch=25",
        "model.channels=16",         "model.layers=3",      "train.lr=1e-2",
    };
    sq_status status = SQ_OK;
    sq_config_init(config);
    for (size_t k = 0; status == SQ_OK && k < sizeof settings / sizeof *settings; k++)
        status = sq_config_set_assignment(config, settings[k], "train_arrays");
    return status;
}

static void print_line(sq_log_level level, const char *line, void *context) {
    (void)context;
    if (level == SQ_LOG_WARNING) fprintf(stderr, "warning: %s\n", line);
}

/* Collective over the trainers. */
static sq_status train(MPI_Comm trainers, const char *folder) {
    static sq_real input[2][ROWS * N_INPUT], target[2][ROWS * N_OUTPUT];
    sq_status status;
    sq_config config;
    sq_comm *comm = NULL;
    sq_run_options options = {.folder = folder};
    sq_run_summary found;
    SQ_TRY(sq_comm_create_from_mpi(MPI_Comm_c2f(trainers), &comm));
    SQ_TRY(configure(&config));
    SQ_TRY(wrap_rows(1, input[0], target[0], &options.train));
    SQ_TRY(wrap_rows(2, input[1], target[1], &options.valid));
    SQ_TRY(sq_train(&config, &options, comm, &found));
    for (int g = 0; g < found.n_types && sq_comm_rank(comm) == 0; g++)
        printf("%s: level %.3f, equivariance error %.3f\n", found.type_names[g],
               found.symmetry_level[g], found.equivariance_error[g]);
cleanup:
    sq_dataset_destroy(&options.train);
    sq_dataset_destroy(&options.valid);
    sq_comm_destroy(&comm);
    return status;
}

int main(int argc, char **argv) {
    int rank;
    sq_status status = SQ_OK;
    MPI_Comm trainers;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_split(MPI_COMM_WORLD, rank < TRAINERS ? 0 : MPI_UNDEFINED, rank, &trainers);
    sq_log_set_sink(print_line, NULL);
    if (trainers != MPI_COMM_NULL) {
        status = train(trainers, argc > 1 ? argv[1] : "run");
        if (status != SQ_OK) fprintf(stderr, "rank %d: %s\n", rank, sq_error_message());
        MPI_Comm_free(&trainers);
    }
    MPI_Finalize();
    return status == SQ_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
