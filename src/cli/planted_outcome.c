#include "cli/planted_outcome.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "cli/planted_rules.h"
#include "io/glob_files.h"
#include "io/netcdf_file.h"
#include "softeq/dataset.h"
#include "train/run_record.h"

enum { MAX_PATH = SQ_PLANTED_PATH };

/* What sums in other orders, on another type of CPU, may differ by. */
static const double rounding = 1e-6;

/* ---- numbers --------------------------------------------------------------------------------- */

static bool is_size(double number) { return isfinite(number) && number >= 0.0; }
static bool is_share(double number) { return number >= -rounding && number <= 1.0 + rounding; }

static sq_status check_number(const char *name, double number, bool good) {
    if (good) return SQ_OK;
    return sq_fail(SQ_ERR_DATA,
                   "%s: %g cannot be scored: evaluate the run again, and train it again if it "
                   "comes out the same",
                   name, number);
}

/* What scores are made of. */
static sq_status check_type(const sq_evaluation *found, int g) {
    sq_status status;
    const double level = found->symmetry_level[g], lambda = found->lambda[g];
    const double error = found->equivariance_error[g], ratio = found->moved_error_ratio[g];
    const double z = found->unlearned_z[g];
    const bool no_error = found->mse == 0.0 && isnan(ratio);
    SQ_TRY(check_number("symmetry_level", level, is_share(level)));
    SQ_TRY(check_number("lambda", lambda, is_size(lambda)));
    SQ_TRY(check_number("equivariance_error", error, is_share(error)));
    SQ_TRY(check_number("moved_error_ratio", ratio, no_error || is_size(ratio)));
    SQ_TRY(check_number("unlearned_z", z, !sq_evaluation_has_unlearned(found) || !isnan(z)));
cleanup:
    return status;
}

static sq_status check_numbers(const sq_evaluation *found) {
    sq_status status;
    SQ_TRY(check_number("mse", found->mse, is_size(found->mse)));
    if (isnan(found->unlearned_share) && found->mse > 0.0)
        SQ_TRY(sq_fail(SQ_ERR_DATA,
                       "unlearned_share: it does not say what is not learned: evaluate the run "
                       "again, of 100 samples or more"));
    for (int g = 0; g < found->n_types; g++) SQ_TRY(check_type(found, g));
cleanup:
    return status;
}

/* ---- whose evaluation it is ------------------------------------------------------------------ */

/* Whether the evaluated types are the task's. */
static bool has_types(const sq_planted *planted, const sq_evaluation *found) {
    bool same = planted->n_types == found->n_types;
    for (int g = 0; same && g < planted->n_types; g++)
        same = strcmp(planted->type_names[g], found->type_names[g]) == 0;
    return same;
}

/* The weights that training left in best.nc, which evaluations take over as they are.
 * lambda: (n_types) */
static sq_status read_lambda(const char *run, int n_types, double *lambda) {
    sq_status status;
    char path[MAX_PATH + 16];
    const size_t shape[] = {(size_t)n_types};
    sq_nc *file = NULL;
    snprintf(path, sizeof path, "%s/best.nc", run);
    SQ_TRY(sq_nc_open(path, &file));
    SQ_TRY(sq_nc_check_shape(file, "lambda", 1, shape, "a model of this task"));
    SQ_TRY(sq_nc_read_double(file, "lambda", NULL, NULL, lambda));
cleanup:
    if (file) sq_nc_close(&file);
    return status;
}

/* The levels of the selected model, as they were logged. */
static bool has_levels(const sq_run_record *record, const sq_evaluation *found) {
    const int64_t row = sq_run_record_row(record);
    bool same = row >= 0 && record->n_types == found->n_types;
    for (int g = 0; same && g < found->n_types; g++)
        same = fabs(record->total_symmetry_level[row * record->n_types + g] -
                    found->symmetry_level[g]) <= rounding;
    return same;
}

/* An evaluation does not name its run, but two numbers of a type that the run has as well hardly
 * ever agree between runs. */
static sq_status check_is_of(const char *run, const char *path, const sq_evaluation *found) {
    sq_status status;
    sq_run_record record = {0};
    double lambda[SQ_MAX_TYPES];
    SQ_TRY(read_lambda(run, found->n_types, lambda));
    SQ_TRY(sq_run_record_read(run, &record));
    bool same = has_levels(&record, found);
    for (int g = 0; g < found->n_types; g++) same = same && lambda[g] == found->lambda[g];
    if (!same)
        SQ_TRY(sq_fail(SQ_ERR_DATA,
                       "%s is not of the model beside it, which has other symmetry levels or "
                       "lambda: evaluate the run again",
                       path));
cleanup:
    sq_run_record_clear(&record);
    return status;
}

/* Truths, levels and lambda may all be the task's own: test data that has changed shows in its hash
 * alone. */
static sq_status check_data(const char *task, const char *path, const sq_evaluation *found) {
    sq_status status;
    char hash[SQ_DATA_HASH];
    char *quoted = NULL;
    sq_dataset *test = NULL;
    if (!found->data_hash[0])
        SQ_TRY(sq_fail(SQ_ERR_DATA,
                       "%s: an earlier version made it, which did not write down of which data it "
                       "is: evaluate the run again",
                       path));
    SQ_TRY(sq_glob_within(task, "test.nc", &quoted));
    SQ_TRY(sq_dataset_open(quoted, 1 << 20, &test));
    sq_dataset_format_hash(sq_dataset_describe(test), hash);
    if (strcmp(hash, found->data_hash) != 0)
        SQ_TRY(sq_fail(SQ_ERR_DATA,
                       "%s is of other data than %s/test.nc: evaluate the run again, or make the "
                       "task again if that file has changed",
                       path, task));
cleanup:
    sq_dataset_destroy(&test);
    sq_free(quoted);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static sq_status read_evaluation(const char *path, sq_evaluation *evaluation) {
    sq_status status = sq_evaluation_read(path, evaluation);
    if (status == SQ_OK) return SQ_OK;
    return sq_fail(status, "%s: remove it and evaluate the run again", sq_error_message());
}

sq_status sq_planted_outcome_read(const char *folder, uint64_t seed, const char *rule,
                                  sq_planted_outcome *outcome) {
    sq_status status;
    char task[MAX_PATH], run[MAX_PATH], path[MAX_PATH];
    snprintf(task, sizeof task, "%s/%" PRIu64, folder, seed);
    snprintf(run, sizeof run, "%s/%" PRIu64 "/%s", folder, seed, rule);
    snprintf(path, sizeof path, "%s/%" PRIu64 "/%s/evaluation.nc", folder, seed, rule);
    SQ_TRY(read_evaluation(path, &outcome->evaluation));
    SQ_TRY(sq_planted_read(task, &outcome->planted));
    if (!has_types(&outcome->planted, &outcome->evaluation))
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s is not a run of this task: remove it and train it again",
                       run));
    SQ_TRY(sq_planted_rule_check(task, rule));
    SQ_TRY(sq_fail_within(check_numbers(&outcome->evaluation), "%s", path));
    SQ_TRY(check_is_of(run, path, &outcome->evaluation));
    SQ_TRY(check_data(task, path, &outcome->evaluation));
cleanup:
    return status;
}
