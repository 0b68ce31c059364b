/* Evaluations as NetCDF files. */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "io/atomic_file.h"
#include "io/netcdf_file.h"
#include "softeq/run.h"
#include "train/extrapolation.h"

/* One number of an evaluation, or one for each type. A file may lack it: earlier versions did not
 * write all of them. */
typedef struct {
    const char *name, *long_name, *units;
    size_t offset; /* into sq_evaluation */
} field;

#define FIELD(name_) .name = #name_, .offset = offsetof(sq_evaluation, name_)

static const field numbers[] = {
    {FIELD(mse), .long_name = "mean squared error", .units = "1"},
    {FIELD(shifted_mse), .long_name = "mean squared error out of distribution", .units = "1"},
    {FIELD(explained_share),
     .long_name = "part of the variance of the targets that the model explains", .units = "1"},
    {FIELD(unlearned_share),
     .long_name = "part of the squared error that can be predicted from the inputs", .units = "1"},
};
static const field by_type[] = {
    {FIELD(equivariance_error), .long_name = "relative difference of f(g x) and g f(x)",
     .units = "1"},
    {FIELD(data_equivariance_error), .long_name = "the same of the function that made the data",
     .units = "1"},
    {FIELD(moved_error_ratio),
     .long_name = "squared error on moved samples over that on the others", .units = "1"},
    {FIELD(unlearned_share_moved),
     .long_name = "part of the squared error on moved samples that can be predicted", .units = "1"},
    {FIELD(unlearned_z), .long_name = "standard errors by which that is less than half as much",
     .units = "1"},
    {FIELD(moved_distance_ratio),
     .long_name = "squared distance of moved inputs from the nearest others over that of unmoved",
     .units = "1"},
    {FIELD(let_go), .long_name = "1: training let the type go for what was not learned",
     .units = "1"},
    {FIELD(symmetry_level), .long_name = "invariant share of the squared norm of the weights",
     .units = "1"},
    {FIELD(lambda), .long_name = "weight of the regularizer", .units = "1"},
};
/* The same of each forecast of trajectories. */
static const struct {
    const char *name, *long_name, *units; /* units NULL: those of the positions */
    size_t offset;                        /* into sq_displacements */
} displacements[] = {
    {"ade", "average displacement error", NULL, offsetof(sq_displacements, ade)},
    {"fde", "final displacement error", NULL, offsetof(sq_displacements, fde)},
    {"miss_rate", "part of the windows that end further off than 2 m", "1",
     offsetof(sq_displacements, miss_rate)},
};
enum { N_DISPLACEMENTS = sizeof displacements / sizeof *displacements, NAME = 128 };
enum { N_NUMBERS = sizeof numbers / sizeof *numbers, N_BY_TYPE = sizeof by_type / sizeof *by_type };

static double *values_of(const sq_evaluation *evaluation, const field *which) {
    return (double *)((char *)evaluation + which->offset);
}

/* A number, or one for each entry of `dimension`, if that is not NULL; coordinates: the variable
 * that names or counts these. */
static sq_status define_numbers(sq_nc *file, const char *name, const char *long_name,
                                const char *units, const char *dimension, const char *coordinates) {
    sq_status status;
    SQ_TRY(sq_nc_define_variable(file, name, SQ_NC_DOUBLE, dimension ? 1 : 0, &dimension));
    SQ_TRY(sq_nc_put_text(file, name, "long_name", long_name));
    SQ_TRY(sq_nc_put_text(file, name, "units", units));
    if (coordinates) SQ_TRY(sq_nc_put_text(file, name, "coordinates", coordinates));
cleanup:
    return status;
}

/* A file of another program may have any shape. length: of the one dimension, if rank is 1. */
static sq_status read_numbers(const sq_nc *file, const char *name, int rank, int length,
                              double *values) {
    const size_t shape[] = {(size_t)length};
    sq_status status;
    SQ_TRY(sq_nc_check_shape(file, name, rank, shape, "an evaluation"));
    SQ_TRY(sq_nc_read_double(file, name, NULL, NULL, values));
cleanup:
    return status;
}

/* ---- trajectories ---- */

/* "ade" of the model, "constant_velocity_ade" of a yardstick. name: (NAME) */
static const char *name_of(const sq_displacements *displaced, const char *what, char *name) {
    snprintf(name, NAME, "%s%s%s", displaced->key, displaced->key[0] ? "_" : "", what);
    return name;
}

static sq_status define_of(sq_nc *file, const sq_displacements *displaced, const char *what,
                           const char *long_name, const char *units, bool by_step) {
    char name[NAME], text[2 * NAME];
    snprintf(text, sizeof text, "%s: %s", long_name, displaced->title);
    return define_numbers(file, name_of(displaced, what, name), text, units,
                          by_step ? "step" : NULL, by_step ? "seconds" : NULL);
}

static sq_status define_displaced(sq_nc *file, const sq_displacements *displaced,
                                  const char *units) {
    sq_status status = SQ_OK;
    if (!displaced->displacement) return SQ_OK;
    for (int k = 0; k < N_DISPLACEMENTS; k++)
        SQ_TRY(define_of(file, displaced, displacements[k].name, displacements[k].long_name,
                         displacements[k].units ? displacements[k].units : units, false));
    SQ_TRY(define_of(file, displaced, "displacement", "mean distance from the true position", units,
                     true));
cleanup:
    return status;
}

static sq_status define_trajectory(sq_nc *file, const sq_evaluation *evaluation) {
    const char *units = evaluation->units[0] ? evaluation->units : "1";
    sq_status status = SQ_OK;
    if (evaluation->steps == 0) return SQ_OK;
    SQ_TRY(sq_nc_put_number(file, NULL, "interval", evaluation->interval));
    SQ_TRY(sq_nc_define_dimension(file, "step", (size_t)evaluation->steps));
    SQ_TRY(define_numbers(file, "seconds", "time from the last observed step", "s", "step", NULL));
    SQ_TRY(define_displaced(file, &evaluation->displaced, units));
    for (int k = 0; k < evaluation->n_yardsticks; k++)
        SQ_TRY(define_displaced(file, &evaluation->yardsticks[k], units));
cleanup:
    return status;
}

static sq_status write_displaced(sq_nc *file, const sq_displacements *displaced) {
    char name[NAME];
    sq_status status = SQ_OK;
    if (!displaced->displacement) return SQ_OK;
    for (int k = 0; k < N_DISPLACEMENTS; k++)
        SQ_TRY(sq_nc_write_double(
            file, name_of(displaced, displacements[k].name, name), NULL, NULL,
            (const double *)((const char *)displaced + displacements[k].offset)));
    SQ_TRY(sq_nc_write_double(file, name_of(displaced, "displacement", name), NULL, NULL,
                              displaced->displacement));
cleanup:
    return status;
}

static sq_status write_trajectory(sq_nc *file, const sq_evaluation *evaluation) {
    sq_status status = SQ_OK;
    const size_t one = 1;
    for (int step = 0; step < evaluation->steps; step++) {
        const size_t at = (size_t)step;
        double seconds = sq_evaluation_seconds(evaluation, step);
        SQ_TRY(sq_nc_write_double(file, "seconds", &at, &one, &seconds));
    }
    if (evaluation->steps == 0) return SQ_OK;
    SQ_TRY(write_displaced(file, &evaluation->displaced));
    for (int k = 0; k < evaluation->n_yardsticks; k++)
        SQ_TRY(write_displaced(file, &evaluation->yardsticks[k]));
cleanup:
    return status;
}

static sq_status read_displaced(const sq_nc *file, int steps, sq_displacements *displaced) {
    char name[NAME];
    sq_status status = SQ_OK;
    displaced->ade = displaced->fde = displaced->miss_rate = NAN;
    if (steps == 0 || !sq_nc_has_variable(file, name_of(displaced, "ade", name))) return SQ_OK;
    for (int k = 0; k < N_DISPLACEMENTS; k++)
        SQ_TRY(read_numbers(file, name_of(displaced, displacements[k].name, name), 0, 0,
                            (double *)((char *)displaced + displacements[k].offset)));
    SQ_TRY(sq_alloc((size_t)steps, sizeof(double), &displaced->displacement));
    SQ_TRY(read_numbers(file, name_of(displaced, "displacement", name), 1, steps,
                        displaced->displacement));
cleanup:
    return status;
}

static sq_status read_trajectory(const sq_nc *file, sq_evaluation *evaluation) {
    sq_status status = SQ_OK;
    size_t steps = 0;
    if (sq_nc_has_variable(file, "seconds")) {
        SQ_TRY(sq_nc_dimension_length(file, "step", &steps));
        SQ_TRY(sq_nc_get_number(file, NULL, "interval", &evaluation->interval));
    }
    evaluation->steps = (int)steps;
    evaluation->displaced = (sq_displacements){.key = "", .title = "this model"};
    SQ_TRY(read_displaced(file, evaluation->steps, &evaluation->displaced));
    if (steps > 0 && sq_nc_has_attribute(file, "ade", "units"))
        SQ_TRY(sq_nc_get_text(file, "ade", "units", evaluation->units, sizeof evaluation->units));
    for (int k = 0; k < sq_n_extrapolation_kinds; k++, evaluation->n_yardsticks++) {
        const sq_extrapolation_kind *kind = &sq_extrapolation_kinds[k];
        evaluation->yardsticks[k] = (sq_displacements){.key = kind->key, .title = kind->title};
        SQ_TRY(read_displaced(file, evaluation->steps, &evaluation->yardsticks[k]));
    }
cleanup:
    return status;
}

/* ---- what it is of: a run, and data ---- */

static const struct {
    const char *name;
    size_t offset, capacity; /* of the text in sq_evaluation */
} origins[] = {
    {"run", offsetof(sq_evaluation, run), sizeof((sq_evaluation *)0)->run},
    {"content_hash", offsetof(sq_evaluation, content_hash),
     sizeof((sq_evaluation *)0)->content_hash},
    {"data_hash", offsetof(sq_evaluation, data_hash), sizeof((sq_evaluation *)0)->data_hash},
};
enum { N_ORIGINS = sizeof origins / sizeof *origins };

static sq_status write_origin(sq_nc *file, const sq_evaluation *evaluation) {
    sq_status status = SQ_OK;
    for (int k = 0; k < N_ORIGINS; k++) {
        const char *text = (const char *)evaluation + origins[k].offset;
        if (text[0]) SQ_TRY(sq_nc_put_text(file, NULL, origins[k].name, text));
    }
cleanup:
    return status;
}

/* Former versions did not tell. */
static sq_status read_origin(const sq_nc *file, sq_evaluation *evaluation) {
    sq_status status = SQ_OK;
    for (int k = 0; k < N_ORIGINS; k++)
        if (sq_nc_has_text(file, NULL, origins[k].name))
            SQ_TRY(sq_nc_get_text(file, NULL, origins[k].name,
                                  (char *)evaluation + origins[k].offset, origins[k].capacity));
cleanup:
    return status;
}

/* ---- the whole ---- */

static sq_status define(sq_nc *file, const sq_evaluation *evaluation, const char *history) {
    static const char *const dimensions[] = {"type"};
    sq_status status;
    SQ_TRY(sq_nc_put_provenance(file, "evaluation of a softeq model", history));
    SQ_TRY(write_origin(file, evaluation));
    SQ_TRY(sq_nc_put_integer(file, NULL, "samples", evaluation->samples));
    SQ_TRY(sq_nc_define_dimension(file, "type", (size_t)evaluation->n_types));
    SQ_TRY(sq_nc_define_variable(file, "type_name", SQ_NC_STRING, 1, dimensions));
    SQ_TRY(sq_nc_put_text(file, "type_name", "long_name", "symmetry type"));
    SQ_TRY(sq_nc_put_text(file, "type_name", "units", "1"));
    for (int k = 0; k < N_NUMBERS; k++)
        SQ_TRY(define_numbers(file, numbers[k].name, numbers[k].long_name, numbers[k].units, NULL,
                              NULL));
    for (int k = 0; k < N_BY_TYPE; k++)
        SQ_TRY(define_numbers(file, by_type[k].name, by_type[k].long_name, by_type[k].units, "type",
                              "type_name"));
    SQ_TRY(define_trajectory(file, evaluation));
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
    SQ_TRY(write_trajectory(file, evaluation));
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
    double *values = values_of(evaluation, which);
    if (sq_nc_has_variable(file, which->name))
        return read_numbers(file, which->name, rank, evaluation->n_types, values);
    for (int g = 0; g < (rank == 0 ? 1 : evaluation->n_types); g++) values[g] = NAN;
    return SQ_OK;
}

sq_status sq_evaluation_read(const char *path, sq_evaluation *evaluation) {
    sq_status status;
    sq_nc *file = NULL;
    memset(evaluation, 0, sizeof *evaluation);
    SQ_TRY(sq_nc_open(path, &file));
    SQ_TRY(read_origin(file, evaluation));
    SQ_TRY(sq_nc_get_integer(file, NULL, "samples", &evaluation->samples));
    SQ_TRY(read_types(file, evaluation));
    for (int k = 0; k < N_NUMBERS; k++) SQ_TRY(read_field(file, &numbers[k], 0, evaluation));
    for (int k = 0; k < N_BY_TYPE; k++) SQ_TRY(read_field(file, &by_type[k], 1, evaluation));
    SQ_TRY(read_trajectory(file, evaluation));
cleanup:
    if (file) sq_nc_close(&file);
    return status;
}
