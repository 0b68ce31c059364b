#include "cli/finding.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/finding_line.h"
#include "cli/report.h"
#include "softeq/run.h"
#include "train/run_record.h"

enum { MAX_PATH = 8192 };

bool sq_finding_exists(const char *folder) {
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/evaluation.nc", folder);
    return access(path, F_OK) == 0;
}

/* White space becomes blanks here and below: in a record a tab would begin another column. */
sq_status sq_finding_settings(const sq_config *config, char *settings) {
    FILE *stream = fmemopen(settings, SQ_FINDING_TEXT, "w");
    if (!stream) return sq_fail(SQ_ERR_MEMORY, "no memory for the settings of a run");
    sq_config_write_changes(config, stream);
    bool fits = ftell(stream) < SQ_FINDING_TEXT;
    fclose(stream);
    if (fits) sq_single_blanks(settings);
    return fits ? SQ_OK : sq_fail(SQ_ERR_CONFIG, "a run has too many settings for a table");
}

static sq_status read_config(const char *folder, const char *name, sq_config *config) {
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    sq_config_init(config);
    return sq_config_read_file(config, path);
}

/* What is planned may have changed since it was trained. Training writes down where this machine
 * has the folders of data and groups; the plan says it as the experiment does. */
sq_status sq_finding_read_settings(const char *folder, char *settings) {
    sq_status status;
    sq_config planned, trained;
    SQ_TRY(read_config(folder, "run.ini", &planned));
    SQ_TRY(read_config(folder, "config.ini", &trained));
    strcpy(trained.data.folder, planned.data.folder);
    strcpy(trained.symmetry.folder, planned.symmetry.folder);
    SQ_TRY(sq_finding_settings(&trained, settings));
cleanup:
    return status;
}

/* Seconds to a tenth: no two runs take the same time. */
static sq_status read_run(const char *folder, sq_finding *found) {
    sq_status status;
    sq_run_record record;
    SQ_TRY(sq_run_record_read(folder, &record));
    found->parameters = (double)record.parameters;
    found->epochs = (double)record.epochs;
    found->seconds = round(sq_report_seconds(&record) * 10.0) / 10.0;
    snprintf(found->program, sizeof found->program, "%.63s, %.31s, %.31s%s%.95s", record.source,
             record.precision, record.blas_kernel, *record.cpu ? ", " : "", record.cpu);
cleanup:
    sq_run_record_clear(&record);
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
        sq_single_blanks(found->type_names[g]);
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
    SQ_TRY(sq_finding_read_settings(folder, finding->settings));
    SQ_TRY(read_run(folder, finding));
    SQ_TRY(read_evaluation(folder, finding));
    SQ_TRY(sq_fail_within(sq_finding_check_types(finding), "%s/evaluation.nc", folder));
cleanup:
    return status;
}
