/* Evaluations as NetCDF files. */
#include <stddef.h>
#include <string.h>

#include "io/atomic_file.h"
#include "io/netcdf_file.h"
#include "softeq/run.h"

/* One number of an evaluation, or one for each type. */
typedef struct {
    const char *name, *long_name, *units;
    size_t offset; /* into sq_evaluation */
} field;

#define FIELD(name_) .name = #name_, .offset = offsetof(sq_evaluation, name_)

static const field numbers[] = {
    {FIELD(mse), .long_name = "mean squared error", .units = "1"},
    {FIELD(shifted_mse), .long_name = "mean squared error out of distribution", .units = "1"},
    {FIELD(ade), .long_name = "average displacement error", .units = "m"},
    {FIELD(fde), .long_name = "final displacement error", .units = "m"},
    {FIELD(constant_velocity_ade), .long_name = "ade of constant velocity", .units = "m"},
    {FIELD(constant_velocity_fde), .long_name = "fde of constant velocity", .units = "m"},
};
static const field by_type[] = {
    {FIELD(equivariance_error), .long_name = "relative difference of f(g x) and g f(x)",
     .units = "1"},
    {FIELD(data_equivariance_error), .long_name = "the same of the function that made the data",
     .units = "1"},
    {FIELD(symmetry_level), .long_name = "invariant share of the squared norm of the weights",
     .units = "1"},
    {FIELD(lambda), .long_name = "weight of the regularizer", .units = "1"},
};
enum { N_NUMBERS = sizeof numbers / sizeof *numbers, N_BY_TYPE = sizeof by_type / sizeof *by_type };

static double *values_of(const sq_evaluation *evaluation, const field *which) {
    return (double *)((char *)evaluation + which->offset);
}

static sq_status define_field(sq_nc *file, const field *which, int rank) {
    static const char *const dimensions[] = {"type"};
    sq_status status;
    SQ_TRY(sq_nc_define_variable(file, which->name, SQ_NC_DOUBLE, rank, dimensions));
    SQ_TRY(sq_nc_put_text(file, which->name, "long_name", which->long_name));
    SQ_TRY(sq_nc_put_text(file, which->name, "units", which->units));
cleanup:
    return status;
}

static sq_status define(sq_nc *file, const sq_evaluation *evaluation, const char *history) {
    static const char *const dimensions[] = {"type"};
    sq_status status;
    SQ_TRY(sq_nc_put_provenance(file, "evaluation of a softeq model", history));
    SQ_TRY(sq_nc_put_integer(file, NULL, "samples", evaluation->samples));
    SQ_TRY(sq_nc_define_dimension(file, "type", (size_t)evaluation->n_types));
    SQ_TRY(sq_nc_define_variable(file, "type_name", SQ_NC_STRING, 1, dimensions));
    for (int k = 0; k < N_NUMBERS; k++) SQ_TRY(define_field(file, &numbers[k], 0));
    for (int k = 0; k < N_BY_TYPE; k++) SQ_TRY(define_field(file, &by_type[k], 1));
cleanup:
    return status;
}

static sq_status write_values(sq_nc *file, const sq_evaluation *evaluation) {
    sq_status status = SQ_OK;
    for (size_t g = 0; g < (size_t)evaluation->n_types; g++)
        SQ_TRY(sq_nc_write_string(file, "type_name", &g, evaluation->type_names[g]));
    for (int k = 0; k < N_NUMBERS; k++)
        SQ_TRY(sq_nc_write_double(file, numbers[k].name, NULL, NULL,
                                  values_of(evaluation, &numbers[k])));
    for (int k = 0; k < N_BY_TYPE; k++)
        SQ_TRY(sq_nc_write_double(file, by_type[k].name, NULL, NULL,
                                  values_of(evaluation, &by_type[k])));
cleanup:
    return status;
}

sq_status sq_evaluation_write(const sq_evaluation *evaluation, const char *path,
                              const char *history) {
    sq_status status;
    sq_atomic_file *atomic = NULL;
    sq_nc *file = NULL;
    SQ_TRY(sq_atomic_file_begin(path, &atomic));
    SQ_TRY(sq_nc_create(sq_atomic_file_path(atomic), &file));
    SQ_TRY(define(file, evaluation, history));
    SQ_TRY(write_values(file, evaluation));
    SQ_TRY(sq_nc_close(&file));
    SQ_TRY(sq_atomic_file_commit(&atomic));
cleanup:
    if (file) sq_nc_close(&file);
    sq_atomic_file_abandon(&atomic);
    return status;
}

static sq_status read_types(const sq_nc *file, sq_evaluation *evaluation) {
    sq_status status;
    size_t length;
    SQ_TRY(sq_nc_dimension_length(file, "type", &length));
    if (length > SQ_MAX_TYPES)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %zu types are too many", sq_nc_path(file), length));
    evaluation->n_types = (int)length;
    for (size_t g = 0; g < length; g++)
        SQ_TRY(sq_nc_read_string(file, "type_name", &g, evaluation->type_names[g],
                                 sizeof evaluation->type_names[g]));
cleanup:
    return status;
}

static sq_status read_field(const sq_nc *file, const field *which, int rank,
                            sq_evaluation *evaluation) {
    int found;
    size_t shape[SQ_NC_MAX_RANK];
    sq_status status;
    SQ_TRY(sq_nc_variable_shape(file, which->name, &found, shape));
    if (found != rank || (rank == 1 && shape[0] != (size_t)evaluation->n_types))
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %s has not the shape of an evaluation", sq_nc_path(file),
                       which->name));
    SQ_TRY(sq_nc_read_double(file, which->name, NULL, NULL, values_of(evaluation, which)));
cleanup:
    return status;
}

sq_status sq_evaluation_read(const char *path, sq_evaluation *evaluation) {
    sq_status status;
    sq_nc *file = NULL;
    memset(evaluation, 0, sizeof *evaluation);
    SQ_TRY(sq_nc_open(path, &file));
    SQ_TRY(sq_nc_get_integer(file, NULL, "samples", &evaluation->samples));
    SQ_TRY(read_types(file, evaluation));
    for (int k = 0; k < N_NUMBERS; k++) SQ_TRY(read_field(file, &numbers[k], 0, evaluation));
    for (int k = 0; k < N_BY_TYPE; k++) SQ_TRY(read_field(file, &by_type[k], 1, evaluation));
cleanup:
    if (file) sq_nc_close(&file);
    return status;
}
