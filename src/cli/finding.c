#include "cli/finding.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/netcdf_file.h"
#include "softeq/run.h"

enum { MAX_PATH = 8192 };

bool sq_finding_exists(const char *folder) {
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/evaluation.nc", folder);
    return access(path, F_OK) == 0;
}

sq_status sq_finding_settings(const sq_config *config, char *settings) {
    FILE *stream = fmemopen(settings, SQ_FINDING_TEXT, "w");
    if (!stream) return sq_fail(SQ_ERR_MEMORY, "no memory for the settings of a run");
    sq_config_write_changes(config, stream);
    bool fits = ftell(stream) < SQ_FINDING_TEXT;
    fclose(stream);
    return fits ? SQ_OK : sq_fail(SQ_ERR_CONFIG, "a run has too many settings for a table");
}

static sq_status read_config(const char *folder, const char *name, sq_config *config) {
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    sq_config_init(config);
    return sq_config_read_file(config, path);
}

/* Those that it was trained with: what is planned may have changed since then. Training writes down
 * where this machine has the folder of the data; the plan says it as the experiment does. */
static sq_status read_settings(const char *folder, sq_finding *found) {
    sq_status status;
    sq_config planned, trained;
    SQ_TRY(read_config(folder, "run.ini", &planned));
    SQ_TRY(read_config(folder, "config.ini", &trained));
    strcpy(trained.data.folder, planned.data.folder);
    SQ_TRY(sq_finding_settings(&trained, found->settings));
cleanup:
    return status;
}

static sq_status read_program(const sq_nc *log, sq_finding *found) {
    sq_status status;
    char source[64], precision[64], kernel[64];
    SQ_TRY(sq_nc_get_text(log, NULL, "source", source, sizeof source));
    SQ_TRY(sq_nc_get_text(log, NULL, "precision", precision, sizeof precision));
    SQ_TRY(sq_nc_get_text(log, NULL, "blas_kernel", kernel, sizeof kernel));
    snprintf(found->program, sizeof found->program, "%s, %s, %s", source, precision, kernel);
cleanup:
    return status;
}

/* To a tenth of a second: no two runs take the same time. */
static double sum_of_times(const double *seconds, size_t epochs) {
    double sum = 0.0;
    for (size_t k = 0; k < epochs; k++)
        if (!isnan(seconds[k])) sum += seconds[k];
    return round(sum * 10.0) / 10.0;
}

static sq_status read_log(const char *folder, sq_finding *found) {
    sq_status status;
    char path[MAX_PATH];
    sq_nc *log = NULL;
    double *seconds = NULL;
    size_t epochs = 0;
    snprintf(path, sizeof path, "%s/log.nc", folder);
    SQ_TRY(sq_nc_open(path, &log));
    SQ_TRY(sq_nc_dimension_length(log, "epoch", &epochs));
    SQ_TRY(sq_alloc(epochs, sizeof *seconds, &seconds));
    if (epochs > 0) SQ_TRY(sq_nc_read_double(log, "seconds", NULL, NULL, seconds));
    found->epochs = (double)epochs;
    found->seconds = sum_of_times(seconds, epochs);
    SQ_TRY(read_program(log, found));
cleanup:
    sq_free(seconds);
    if (log) sq_nc_close(&log);
    return status;
}

static sq_status read_evaluation(const char *folder, sq_finding *found) {
    sq_status status;
    sq_evaluation evaluation = {0};
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/evaluation.nc", folder);
    SQ_TRY(sq_evaluation_read(path, &evaluation));
    found->mse = evaluation.mse;
    found->shifted_mse = evaluation.shifted_mse;
    found->n_types = evaluation.n_types;
    for (int g = 0; g < evaluation.n_types; g++) {
        sq_copy_bounded(found->type_names[g], sizeof found->type_names[g],
                        evaluation.type_names[g]);
        found->lambda[g] = evaluation.lambda[g];
        found->level[g] = evaluation.symmetry_level[g];
        found->error[g] = evaluation.equivariance_error[g];
        found->data_error[g] = evaluation.data_equivariance_error[g];
    }
cleanup:
    sq_evaluation_clear(&evaluation);
    return status;
}

sq_status sq_finding_read(const char *folder, sq_finding *finding) {
    sq_status status;
    SQ_TRY(read_settings(folder, finding));
    SQ_TRY(read_log(folder, finding));
    SQ_TRY(read_evaluation(folder, finding));
cleanup:
    return status;
}
