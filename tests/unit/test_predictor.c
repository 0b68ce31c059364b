/* A program of its own: data from its arrays, predictions into its arrays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/netcdf_file.h"
#include "near.h"
#include "small_model.h"
#include "small_run.h"
#include "softeq/predictor.h"
#include "train/load.h"
#include "train/state.h"

enum { ROWS = 30, N_IN = 20, N_OUT = 9, MANY = 300 };

static sq_config small_config(void) {
    sq_config config = small_run_config();
    config.data.samples = 3 * ROWS;
    strcpy(config.data.scale, "fit");
    config.train.epochs = 4;
    return config;
}

static void train(const sq_config *config, const char *folder, sq_dataset *train_rows,
                  sq_dataset *valid_rows, sq_run_summary *summary) {
    const sq_run_options options = {.folder = folder, .train = train_rows, .valid = valid_rows};
    assert_ok(small_run_train(config, &options, summary));
}

/* A split of the made task as arrays of the caller. */
typedef struct {
    sq_real input[ROWS * N_IN], target[ROWS * N_OUT];
    sq_dataset *dataset;
} own_rows;

static void copy_split(const sq_config *config, sq_split split, own_rows *own) {
    sq_dataset *made = NULL;
    int64_t rows[ROWS];
    for (int k = 0; k < ROWS; k++) rows[k] = k;
    assert_ok(sq_dataset_make(config, split, &made));
    assert_ok(sq_dataset_read(made, rows, ROWS, own->input, own->target, NULL));
    assert_ok(
        sq_dataset_wrap(sq_dataset_describe(made), own->input, own->target, NULL, &own->dataset));
    sq_dataset_destroy(&made);
}

static void the_callers_arrays_train_as_files_do(void **state) {
    sq_config config = small_config();
    sq_run_summary of_task, of_arrays;
    own_rows own[2];
    train(&config, scratch_path(state, "task"), NULL, NULL, &of_task);
    copy_split(&config, SQ_SPLIT_TRAIN, &own[0]);
    copy_split(&config, SQ_SPLIT_VALID, &own[1]);
    strcpy(config.data.task, "");
    train(&config, scratch_path(state, "arrays"), own[0].dataset, own[1].dataset, &of_arrays);
    assert_string_equal(of_task.content_hash, of_arrays.content_hash);
    for (int k = 0; k < 2; k++) sq_dataset_destroy(&own[k].dataset);
}

static void one_data_set_without_the_other_is_refused(void **state) {
    sq_config config = small_config();
    sq_run_summary summary;
    sq_comm *comm = NULL;
    own_rows own;
    copy_split(&config, SQ_SPLIT_TRAIN, &own);
    const sq_run_options options = {.folder = scratch_path(state, "one"), .train = own.dataset};
    assert_ok(sq_comm_create_serial(&comm));
    assert_failure(sq_train(&config, &options, comm, &summary), SQ_ERR_ARGUMENT, "give both");
    sq_comm_destroy(&comm);
    sq_dataset_destroy(&own.dataset);
}

static void read_predictions(const char *path, sq_real *predicted) {
    sq_nc *file = NULL;
    static double values[MANY * N_OUT];
    assert_ok(sq_nc_open(path, &file));
    assert_ok(sq_nc_read_double(file, "prediction", NULL, NULL, values));
    sq_nc_close(&file);
    for (int e = 0; e < MANY * N_OUT; e++) predicted[e] = (sq_real)values[e];
}

/* More rows than the predictor takes at once. */
static void predictions_are_those_of_a_file(void **state) {
    static sq_real input[MANY * N_IN], by_file[MANY * N_OUT], by_call[MANY * N_OUT];
    sq_config config = small_config();
    sq_run_summary summary;
    sq_dataset *many = NULL;
    sq_comm *comm = NULL;
    sq_predictor *predictor = NULL;
    int64_t rows[MANY];
    char quoted[300];
    const char *folder = scratch_path(state, "run");
    const char *data = scratch_path(state, "many.nc"), *out = scratch_path(state, "out.nc");
    train(&config, folder, NULL, NULL, &summary);
    config.data.samples = MANY;
    for (int k = 0; k < MANY; k++) rows[k] = k;
    snprintf(quoted, sizeof quoted, "\"%s\"", data);
    assert_ok(sq_dataset_make(&config, SQ_SPLIT_ALL, &many));
    assert_ok(sq_dataset_write(many, data, NULL));
    assert_ok(sq_dataset_read(many, rows, MANY, input, NULL, NULL));
    assert_ok(sq_comm_create_serial(&comm));
    assert_ok(sq_predict(folder, quoted, out, NULL, NULL, comm));
    read_predictions(out, by_file);
    assert_ok(sq_predictor_create(folder, NULL, NULL, &predictor));
    assert_int_equal(sq_predictor_n_input(predictor), N_IN);
    assert_int_equal(sq_predictor_n_output(predictor), N_OUT);
    assert_string_equal(sq_predictor_input_representation(predictor), "5*T(0) + 5*T(1)");
    assert_string_equal(sq_predictor_output_representation(predictor), "T(2)");
    assert_ok(sq_predictor_run(predictor, input, MANY, by_call));
    assert_memory_equal(by_call, by_file, sizeof by_file);
    sq_predictor_destroy(&predictor);
    sq_comm_destroy(&comm);
    sq_dataset_destroy(&many);
}

/* The model of a run as it was written before models could add to an extrapolation. */
static void write_as_of_old(const char *folder, const char *path) {
    sq_comm *comm = NULL;
    sq_problem problem;
    sq_state_list list = {0};
    double lambda[SQ_MAX_TYPES];
    size_t kept = 0;
    assert_ok(sq_comm_create_serial(&comm));
    assert_ok(sq_load_model(folder, NULL, NULL, comm, &problem, lambda));
    assert_ok(sq_state_add_model(&list, &problem, sq_model_parameters(problem.model), lambda));
    for (size_t k = 0; k < list.n_texts; k++)
        if (strncmp(list.texts[k].name, "residual", 8) != 0) list.texts[kept++] = list.texts[k];
    assert_int_equal(list.n_texts, kept + 2);
    assert_ok(
        sq_checkpoint_write(path, "a model", list.arrays, list.n_arrays, list.texts, kept, NULL));
    sq_state_list_clear(&list);
    sq_problem_clear(&problem);
    sq_comm_destroy(&comm);
}

static void a_model_of_an_older_version_predicts(void **state) {
    static sq_real input[N_IN], now[N_OUT], of_old[N_OUT];
    sq_config config = small_config();
    sq_run_summary summary;
    sq_predictor *predictor = NULL;
    const char *folder = scratch_path(state, "run"), *old = scratch_path(state, "old.nc");
    const char *const files[] = {NULL, old};
    train(&config, folder, NULL, NULL, &summary);
    write_as_of_old(folder, old);
    for (int k = 0; k < N_IN; k++) input[k] = (sq_real)(0.1 * k);
    for (int k = 0; k < 2; k++) {
        assert_ok(sq_predictor_create(folder, files[k], NULL, &predictor));
        assert_ok(sq_predictor_run(predictor, input, 1, k == 0 ? now : of_old));
        sq_predictor_destroy(&predictor);
    }
    assert_memory_equal(of_old, now, sizeof now);
}

/* ---- standardized ---- */

/* A scalar of two vectors, far from 0. */
typedef struct {
    sq_real input[ROWS * 6], target[ROWS];
    sq_dataset *dataset;
} far_rows;

static far_rows *create_far_rows(void) {
    static const sq_dataset_info info = {.samples = ROWS,
                                         .n_input = 6,
                                         .n_output = 1,
                                         .input_representation = "2*T(1)",
                                         .output_representation = "T(0)"};
    far_rows *far = allocate(1, sizeof *far);
    sq_rng rng = test_rng(151);
    fill_normal(&rng, far->input, ROWS * 6);
    for (int k = 0; k < ROWS; k++) far->target[k] = 1000 + far->input[k * 6];
    assert_ok(sq_dataset_wrap(&info, far->input, far->target, NULL, &far->dataset));
    return far;
}

static void destroy_far_rows(far_rows *far) {
    sq_dataset_destroy(&far->dataset);
    sq_free(far);
}

/* Trains and validates on the same rows. */
static void train_far(const char *folder, const char *scale, far_rows *far,
                      sq_run_summary *summary) {
    sq_config config = small_config();
    strcpy(config.data.task, "");
    strcpy(config.data.scale, scale);
    train(&config, folder, far->dataset, far->dataset, summary);
}

static void predict_far(const char *folder, const char *file, const far_rows *far,
                        sq_real *prediction) {
    sq_predictor *predictor = NULL;
    assert_ok(sq_predictor_create(folder, file, NULL, &predictor));
    assert_ok(sq_predictor_run(predictor, far->input, ROWS, prediction));
    sq_predictor_destroy(&predictor);
}

/* Their errors are those that training saw, which took the mean off. */
static void a_standardized_model_predicts_in_units_of_the_data(void **state) {
    sq_run_summary summary;
    sq_real prediction[ROWS];
    double squares = 0.0;
    far_rows *far = create_far_rows();
    const char *folder = scratch_path(state, "run");
    train_far(folder, "standardize", far, &summary);
    predict_far(folder, NULL, far, prediction);
    for (int k = 0; k < ROWS; k++)
        squares += pow((double)prediction[k] - (double)far->target[k], 2);
    assert_near(squares / ROWS, summary.best_valid, 1e-3);
    assert_true(summary.best_valid < 10);
    destroy_far_rows(far);
}

/* Not with the configuration of the folder that it is read for. */
static void a_shift_goes_with_the_file_of_its_model(void **state) {
    sq_run_summary summary;
    sq_real prediction[ROWS], elsewhere[ROWS];
    char file[300];
    far_rows *far = create_far_rows();
    const char *folder = scratch_path(state, "run"), *other = scratch_path(state, "other");
    train_far(folder, "standardize", far, &summary);
    train_far(other, "fit", far, &summary);
    snprintf(file, sizeof file, "%s/best.nc", folder);
    predict_far(folder, NULL, far, prediction);
    predict_far(other, file, far, elsewhere);
    assert_memory_equal(elsewhere, prediction, sizeof prediction);
    destroy_far_rows(far);
}

/* So that models of the other scales have the hashes that they had before there were shifts. */
static void only_standardized_models_have_a_shift(void **state) {
    static const char *const scales[] = {"none", "fit", "2", "standardize"};
    sq_run_summary summary;
    sq_checkpoint *checkpoint = NULL;
    char file[300];
    far_rows *far = create_far_rows();
    for (int k = 0; k < 4; k++) {
        const char *folder = scratch_path(state, scales[k]);
        train_far(folder, scales[k], far, &summary);
        snprintf(file, sizeof file, "%s/best.nc", folder);
        assert_ok(sq_checkpoint_open(file, &checkpoint));
        assert_int_equal(sq_checkpoint_has(checkpoint, SQ_STATE_SHIFT), k == 3);
        sq_checkpoint_close(&checkpoint);
    }
    destroy_far_rows(far);
}

/* What the file predicts is compared in tests/onnx. */
static void an_export_appears_whole_or_not_at_all(void **state) {
    sq_config config = small_config();
    sq_run_summary summary;
    sq_predictor *predictor = NULL;
    const char *folder = scratch_path(state, "run"), *path = scratch_path(state, "model.onnx");
    char inside[300];
    train(&config, folder, NULL, NULL, &summary);
    snprintf(inside, sizeof inside, "%s/none/model.onnx", folder);
    assert_ok(sq_predictor_create(folder, NULL, NULL, &predictor));
    assert_ok(sq_predictor_export(predictor, path));
    assert_int_equal(access(path, R_OK), 0);
    assert_failure(sq_predictor_export(predictor, inside), SQ_ERR_IO, "none");
    sq_predictor_destroy(&predictor);
}

static void a_model_that_onnx_cannot_express_is_not_exported(void **state) {
    sq_config config = small_config();
    sq_run_summary summary;
    sq_predictor *predictor = NULL;
    const char *folder = scratch_path(state, "run"), *path = scratch_path(state, "model.onnx");
    strcpy(config.model.kind, "frame-averaging");
    train(&config, folder, NULL, NULL, &summary);
    assert_ok(sq_predictor_create(folder, NULL, NULL, &predictor));
    assert_failure(sq_predictor_export(predictor, path), SQ_ERR_CONFIG, "no eigenvectors");
    assert_int_equal(access(path, F_OK), -1);
    sq_predictor_destroy(&predictor);
}

static void a_folder_without_a_model_is_refused(void **state) {
    sq_predictor *predictor = NULL;
    assert_failure(sq_predictor_create(scratch_path(state, "none"), NULL, NULL, &predictor),
                   SQ_ERR_IO, "is not the folder of a run");
    assert_null(predictor);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(the_callers_arrays_train_as_files_do),
        in_scratch(one_data_set_without_the_other_is_refused),
        in_scratch(predictions_are_those_of_a_file),
        in_scratch(a_model_of_an_older_version_predicts),
        in_scratch(a_standardized_model_predicts_in_units_of_the_data),
        in_scratch(a_shift_goes_with_the_file_of_its_model),
        in_scratch(only_standardized_models_have_a_shift),
        in_scratch(an_export_appears_whole_or_not_at_all),
        in_scratch(a_model_that_onnx_cannot_express_is_not_exported),
        in_scratch(a_folder_without_a_model_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
