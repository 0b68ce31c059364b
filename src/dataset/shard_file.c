#include "dataset/shard_file.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/units.h"
#include "dataset/shard_layout.h"

/* ---- the header ---- */

/* Catches arrays that are transposed. */
static sq_status check_first_dimension(const sq_nc *file, const char *name) {
    char found[256];
    sq_status status = sq_nc_variable_dimension(file, name, 0, found, sizeof found);
    if (status != SQ_OK || strcmp(found, SQ_SHARD_DIM_SAMPLE) == 0) return status;
    return sq_fail(SQ_ERR_DATA, "%s: %s: the first dimension is %s; it must be %s",
                   sq_nc_path(file), name, found, SQ_SHARD_DIM_SAMPLE);
}

/* NetCDF can keep numbers as scaled integers; reading them as they are would be wrong silently. */
static sq_status check_unpacked(const sq_nc *file, const char *name) {
    if (!sq_nc_is_packed(file, name)) return SQ_OK;
    return sq_fail(SQ_ERR_DATA,
                   "%s: %s: is packed (scale_factor, add_offset); write it as plain numbers",
                   sq_nc_path(file), name);
}

/* A variable name(sample,width). What the second dimension is called does not matter: some programs
 * cannot write a variable that is called as one of its dimensions. */
static sq_status check_rows(const sq_nc *file, const char *name, size_t *width) {
    size_t shape[SQ_NC_MAX_RANK];
    int rank;
    sq_status status;
    SQ_TRY(sq_nc_variable_shape(file, name, &rank, shape));
    if (rank != 2)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %s: has %d dimensions; it must have two, %s and another",
                       sq_nc_path(file), name, rank, SQ_SHARD_DIM_SAMPLE));
    SQ_TRY(check_first_dimension(file, name));
    SQ_TRY(check_unpacked(file, name));
    if (shape[1] < 1 || shape[1] > INT_MAX / SQ_SHARD_BLOCK_ROWS)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %s: a row of %zu values cannot be used", sq_nc_path(file),
                       name, shape[1]));
    *width = shape[1];
cleanup:
    return status;
}

static sq_status describe_mask(const sq_nc *file, size_t n_output) {
    size_t width;
    sq_status status;
    SQ_TRY(check_rows(file, SQ_SHARD_MASK, &width));
    if (width != n_output)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: mask has rows of %zu values, target of %zu",
                       sq_nc_path(file), width, n_output));
cleanup:
    return status;
}

/* Without targets there are no outputs. */
static sq_status describe_target(const sq_nc *file, bool may_lack_target, sq_dataset_info *info) {
    size_t n_output = 0;
    sq_status status = SQ_OK;
    if (may_lack_target && !sq_nc_has_variable(file, SQ_SHARD_TARGET)) return SQ_OK;
    SQ_TRY(check_rows(file, SQ_SHARD_TARGET, &n_output));
    info->n_output = (int)n_output;
    info->masked = sq_nc_has_variable(file, SQ_SHARD_MASK);
    if (info->masked) SQ_TRY(describe_mask(file, n_output));
cleanup:
    return status;
}

/* Names are a label like others, until somebody asks for scenes. */
static sq_status check_scenes(const sq_nc *file, size_t samples) {
    sq_nc_kind kind;
    sq_status status = SQ_OK;
    if (!sq_nc_has_variable(file, SQ_SHARD_SCENE)) return SQ_OK;
    SQ_TRY(sq_nc_variable_kind(file, SQ_SHARD_SCENE, &kind));
    if (kind == SQ_NC_TEXTS) return SQ_OK;
    SQ_TRY(sq_nc_check_shape(file, SQ_SHARD_SCENE, 1, &samples,
                             SQ_SHARD_SCENE "(" SQ_SHARD_DIM_SAMPLE ")"));
    SQ_TRY(check_first_dimension(file, SQ_SHARD_SCENE));
cleanup:
    return status;
}

static sq_status describe_variables(const sq_nc *file, bool may_lack_target,
                                    sq_dataset_info *info) {
    size_t n_input, samples;
    sq_status status;
    bool has_target = may_lack_target || sq_nc_has_variable(file, SQ_SHARD_TARGET);
    if (!sq_nc_has_variable(file, SQ_SHARD_INPUT) || !has_target)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: is no data file: it needs %s", sq_nc_path(file),
                       may_lack_target
                           ? "a variable input(sample,input)"
                           : "variables input(sample,input) and target(sample,output)"));
    SQ_TRY(check_rows(file, SQ_SHARD_INPUT, &n_input));
    SQ_TRY(describe_target(file, may_lack_target, info));
    SQ_TRY(sq_nc_dimension_length(file, SQ_SHARD_DIM_SAMPLE, &samples));
    SQ_TRY(check_scenes(file, samples));
    info->samples = (int64_t)samples;
    info->n_input = (int)n_input;
cleanup:
    return status;
}

/* Words for people, or of somebody else: what is too long is cut, what is no text is left. */
static sq_status get_words(const sq_nc *file, const char *variable, const char *name, char *text,
                           size_t capacity) {
    char *found = NULL;
    sq_status status = SQ_OK;
    text[0] = '\0';
    if (!sq_nc_has_text(file, variable, name)) return SQ_OK;
    SQ_TRY(sq_nc_copy_text(file, variable, name, &found));
    sq_copy_bounded(text, capacity, found);
    size_t end = strlen(text); /* not within a character of UTF-8 */
    while (end > 0 && ((unsigned char)found[end] & 0xC0) == 0x80) text[--end] = '\0';
cleanup:
    sq_free(found);
    return status;
}

static sq_status get_optional_integer(const sq_nc *file, const char *name, int64_t *value) {
    *value = 0;
    return sq_nc_has_attribute(file, NULL, name) ? sq_nc_get_integer(file, NULL, name, value)
                                                 : SQ_OK;
}

static sq_status describe_trajectory(const sq_nc *file, sq_dataset_info *info) {
    char task[64];
    sq_status status;
    SQ_TRY(get_words(file, NULL, SQ_SHARD_TASK, task, sizeof task));
    info->trajectory = strcmp(task, SQ_SHARD_TASK_MOTION) == 0;
    if (!info->trajectory) return SQ_OK;
    SQ_TRY(get_optional_integer(file, SQ_SHARD_OBSERVED_STEPS, &info->observed_steps));
    SQ_TRY(get_optional_integer(file, SQ_SHARD_PREDICTED_STEPS, &info->predicted_steps));
    if (sq_nc_has_attribute(file, NULL, SQ_SHARD_INTERVAL))
        SQ_TRY(sq_nc_get_number(file, NULL, SQ_SHARD_INTERVAL, &info->interval));
    if (info->predicted_steps < 1 || info->n_output % info->predicted_steps != 0)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %s = %lld does not divide %d outputs", sq_nc_path(file),
                       SQ_SHARD_PREDICTED_STEPS, (long long)info->predicted_steps, info->n_output));
cleanup:
    return status;
}

static sq_status describe(const sq_nc *file, bool may_lack_target, sq_dataset_info *info) {
    sq_status status;
    memset(info, 0, sizeof *info);
    SQ_TRY(describe_variables(file, may_lack_target, info));
    SQ_TRY(sq_nc_get_text(file, NULL, SQ_SHARD_INPUT_REPRESENTATION, info->input_representation,
                          sizeof info->input_representation));
    if (info->n_output > 0)
        SQ_TRY(sq_nc_get_text(file, NULL, SQ_SHARD_OUTPUT_REPRESENTATION,
                              info->output_representation, sizeof info->output_representation));
    SQ_TRY(get_words(file, NULL, SQ_SHARD_TITLE, info->title, sizeof info->title));
    SQ_TRY(get_words(file, SQ_SHARD_TARGET, SQ_SHARD_UNITS, info->units, sizeof info->units));
    SQ_TRY(get_words(file, SQ_SHARD_INPUT, SQ_SHARD_UNITS, info->input_units,
                     sizeof info->input_units));
    SQ_TRY(describe_trajectory(file, info));
cleanup:
    return status;
}

sq_status sq_shard_describe(const sq_nc *file, sq_dataset_info *info) {
    return describe(file, false, info);
}

sq_status sq_shard_describe_inputs(const sq_nc *file, sq_dataset_info *info) {
    return describe(file, true, info);
}

/* ---- scenes ---- */

sq_status sq_shard_read_scenes(const sq_nc *file, size_t first, size_t count, int64_t *scenes) {
    sq_nc_kind kind;
    sq_status status;
    SQ_TRY(sq_nc_variable_kind(file, SQ_SHARD_SCENE, &kind));
    if (kind == SQ_NC_TEXTS || kind == SQ_NC_OTHERS)
        SQ_TRY(
            sq_fail(SQ_ERR_DATA,
                    "%s: scene: is %s; scenes must be integers: number them, and keep their names "
                    "as scene_name, beside the numbers in scene_id",
                    sq_nc_path(file), kind == SQ_NC_TEXTS ? "text" : "of another type"));
    SQ_TRY(sq_nc_read_int64(file, SQ_SHARD_SCENE, &first, &count, scenes));
cleanup:
    return status;
}

/* ---- several shards ---- */

/* Two data sets, by the names that their files go by. */
typedef struct {
    const char *first_path, *path;
    const sq_dataset_info *first, *info;
    const char *advice;
} pair;

static sq_status fail_texts(const pair *both, const char *what, const char *first,
                            const char *text) {
    return sq_fail(SQ_ERR_DATA, "%s: %s is '%s', but '%s' in %s; %s", both->path, what, text, first,
                   both->first_path, both->advice);
}

static sq_status check_texts(const pair *both, const char *what, const char *first,
                             const char *text) {
    return sq_equal_but_for_spaces(first, text) ? SQ_OK : fail_texts(both, what, first, text);
}

static sq_status check_numbers(const pair *both, const char *what, double first, double number) {
    const double rounding = 1e-6; /* of a number that was kept as a float */
    if (fabs(first - number) <= rounding * fabs(first)) return SQ_OK;
    return sq_fail(SQ_ERR_DATA, "%s: %s is %g, but %g in %s; %s", both->path, what, number, first,
                   both->first_path, both->advice);
}

static sq_status fail_units(const pair *both) {
    return fail_texts(both, "the unit of target", both->first->units, both->info->units);
}

/* Without targets that is all there is of units. */
static sq_status check_input_units(const pair *both) {
    const char *first = both->first->input_units, *units = both->info->input_units;
    return sq_units_are_alike(first, units) ? SQ_OK
                                            : fail_texts(both, "the unit of input", first, units);
}

static const char *task_of(const sq_dataset_info *info) {
    return info->trajectory ? SQ_SHARD_TASK_MOTION : "";
}

static sq_status check_kind(const pair *both) {
    const sq_dataset_info *first = both->first, *info = both->info;
    sq_status status;
    SQ_TRY(check_texts(both, "the attribute " SQ_SHARD_TASK, task_of(first), task_of(info)));
    SQ_TRY(check_numbers(both, SQ_SHARD_PREDICTED_STEPS, (double)first->predicted_steps,
                         (double)info->predicted_steps));
    SQ_TRY(check_numbers(both, SQ_SHARD_INTERVAL, first->interval, info->interval));
cleanup:
    return status;
}

sq_status sq_shard_check_kind(const char *first_path, const sq_dataset_info *first,
                              const char *path, const sq_dataset_info *info) {
    const pair both = {first_path, path, first, info,
                       "correct the attributes of one, or name other files"};
    if (sq_units_contradict(first->units, info->units)) return fail_units(&both);
    return check_kind(&both);
}

sq_status sq_shard_check_alike(const char *first_path, const sq_dataset_info *first,
                               const char *path, const sq_dataset_info *info) {
    const pair both = {first_path, path, first, info, "they cannot be one data set"};
    sq_status status;
    SQ_TRY(check_numbers(&both, "the width of input", first->n_input, info->n_input));
    SQ_TRY(check_numbers(&both, "the width of target", first->n_output, info->n_output));
    SQ_TRY(check_texts(&both, SQ_SHARD_INPUT_REPRESENTATION, first->input_representation,
                       info->input_representation));
    SQ_TRY(check_texts(&both, SQ_SHARD_OUTPUT_REPRESENTATION, first->output_representation,
                       info->output_representation));
    if (!sq_units_are_alike(first->units, info->units)) SQ_TRY(fail_units(&both));
    if (info->n_output == 0) SQ_TRY(check_input_units(&both));
    SQ_TRY(check_kind(&both));
cleanup:
    return status;
}

/* ---- rows ---- */

static sq_status read_rows(const sq_nc *file, const char *name, int64_t first, size_t count,
                           size_t width, sq_real *values) {
    size_t start[] = {(size_t)first, 0};
    size_t shape[] = {count, width};
    return sq_nc_read_real(file, name, start, shape, values);
}

static sq_status fail_at(const sq_nc *file, const char *name, int64_t row, const char *problem) {
    return sq_fail(SQ_ERR_DATA, "%s: %s: row %lld (the first is 0) %s; repair or remove it",
                   sq_nc_path(file), name, (long long)row, problem);
}

/* NetCDF's mark for floating-point values that were never written is 9.97e36: finite, but no data.
 */
static bool is_usable(sq_real value) { return fabs((double)value) < 9.9e36; }

/* Usable numbers that stand for no value in a variable, as the file says. */
typedef struct {
    double *values; /* (count) */
    size_t count;
} missing_numbers;

static sq_status find_missing(const sq_nc *file, const char *name, missing_numbers *missing) {
    size_t found = 0;
    sq_status status = sq_nc_copy_missing_values(file, name, &missing->values, &found);
    missing->count = 0;
    for (size_t k = 0; status == SQ_OK && k < found; k++)
        if (is_usable((sq_real)missing->values[k]))
            missing->values[missing->count++] = missing->values[k];
    return status;
}

/* Both as they are read. */
static bool is_missing(const missing_numbers *missing, sq_real value) {
    for (size_t k = 0; k < missing->count; k++)
        if (value == (sq_real)missing->values[k]) return true;
    return false;
}

/* values: (width), of a row; mask: of the same shape, or NULL: what does not count may be anything.
 */
static sq_status check_row_values(const sq_nc *file, const char *name, int64_t row, size_t width,
                                  const missing_numbers *missing, const sq_real *values,
                                  const sq_real *mask) {
    char problem[64];
    for (size_t k = 0; k < width; k++) {
        if (mask && mask[k] == 0) continue;
        if (!is_usable(values[k]))
            return fail_at(file, name, row, "holds NaN, infinity or a missing value");
        if (!is_missing(missing, values[k])) continue;
        snprintf(problem, sizeof problem, "holds the missing value %g", (double)values[k]);
        return fail_at(file, name, row, problem);
    }
    return SQ_OK;
}

/* values, mask: (count, width) */
static sq_status check_values(const sq_nc *file, const char *name, int64_t first, size_t count,
                              size_t width, const sq_real *values, const sq_real *mask) {
    missing_numbers missing = {0};
    sq_status status;
    SQ_TRY(find_missing(file, name, &missing));
    for (size_t i = 0; i < count; i++)
        SQ_TRY(check_row_values(file, name, first + (int64_t)i, width, &missing, values + i * width,
                                mask ? mask + i * width : NULL));
cleanup:
    sq_free(missing.values);
    return status;
}

static sq_status check_mask(const sq_nc *file, int64_t first, size_t count, size_t width,
                            const sq_real *mask) {
    for (size_t i = 0; i < count * width; i++)
        if (mask[i] != 0 && mask[i] != 1)
            return fail_at(file, SQ_SHARD_MASK, first + (int64_t)(i / width),
                           "holds a value that is neither 0 nor 1");
    return SQ_OK;
}

sq_status sq_shard_read(const sq_nc *file, const sq_dataset_info *info, int64_t first, size_t count,
                        sq_real *input, sq_real *target, sq_real *mask) {
    size_t n_input = (size_t)info->n_input;
    size_t n_output = (size_t)info->n_output;
    sq_status status;
    SQ_TRY(read_rows(file, SQ_SHARD_INPUT, first, count, n_input, input));
    SQ_TRY(check_values(file, SQ_SHARD_INPUT, first, count, n_input, input, NULL));
    if (n_output == 0) goto cleanup;
    SQ_TRY(read_rows(file, SQ_SHARD_TARGET, first, count, n_output, target));
    if (info->masked) {
        SQ_TRY(read_rows(file, SQ_SHARD_MASK, first, count, n_output, mask));
        SQ_TRY(check_mask(file, first, count, n_output, mask));
        SQ_TRY(check_values(file, SQ_SHARD_TARGET, first, count, n_output, target, mask));
        for (size_t i = 0; i < count * n_output; i++)
            if (mask[i] == 0) target[i] = 0;
        goto cleanup;
    }
    SQ_TRY(check_values(file, SQ_SHARD_TARGET, first, count, n_output, target, NULL));
    for (size_t i = 0; mask && i < count * n_output; i++) mask[i] = 1;
cleanup:
    return status;
}
