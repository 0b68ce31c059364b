/* Loads a trained model and predicts: reads rows of numbers from standard input, writes rows.
 *
 *     echo "0.5 1 0" | predict FOLDER     FOLDER: a run's, such as train_arrays leaves
 */
#include <stdio.h>
#include <stdlib.h>

#include <softeq/softeq.h>

/* One row of input; false: there is none. */
static int read_row(int width, sq_real *row) {
    for (int k = 0; k < width; k++) {
        double value;
        if (scanf("%lf", &value) != 1) return 0;
        row[k] = (sq_real)value;
    }
    return 1;
}

int main(int argc, char **argv) {
    sq_status status;
    sq_predictor *predictor = NULL;
    sq_real *input = NULL, *output = NULL;
    SQ_TRY(sq_predictor_create(argc > 1 ? argv[1] : "run", NULL, NULL, &predictor));
    int n_input = sq_predictor_n_input(predictor), n_output = sq_predictor_n_output(predictor);
    fprintf(stderr, "%s -> %s\n", sq_predictor_input_representation(predictor),
            sq_predictor_output_representation(predictor));
    input = malloc((size_t)n_input * sizeof *input);
    output = malloc((size_t)n_output * sizeof *output);
    while (input && output && read_row(n_input, input)) {
        SQ_TRY(sq_predictor_run(predictor, input, 1, output));
        for (int k = 0; k < n_output; k++) printf("%s%.6g", k ? " " : "", (double)output[k]);
        printf("\n");
    }
cleanup:
    if (status != SQ_OK) fprintf(stderr, "%s\n", sq_error_message());
    free(input);
    free(output);
    sq_predictor_destroy(&predictor);
    return status == SQ_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
