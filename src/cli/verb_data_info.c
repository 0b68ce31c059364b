/* softeq data info: what is in data files. Reads every row, so that a file with a bad one fails. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "cli/verb.h"
#include "dataset/scene_parts.h"
#include "dataset/shard_file.h"
#include "dataset/shard_hash.h"
#include "dataset/shard_layout.h"
#include "io/netcdf_file.h"

enum { BLOCK = SQ_SHARD_BLOCK_ROWS };

/* Of the values seen so far. */
typedef struct {
    double least, most, sum;
    int64_t count;
} range;

/* What all rows of a file say together. */
typedef struct {
    range input, target;
    sq_scene_parts *scenes;
} survey;

/* ---- reading ---- */

/* mask: of the same shape, or NULL. */
static void widen(range *seen, const sq_real *values, const sq_real *mask, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (mask && mask[i] == 0) continue;
        seen->least = fmin(seen->least, (double)values[i]);
        seen->most = fmax(seen->most, (double)values[i]);
        seen->sum += (double)values[i];
        seen->count++;
    }
}

static sq_status read_scenes(const sq_nc *file, size_t first, size_t count, survey *found) {
    int64_t scenes[BLOCK];
    sq_status status = SQ_OK;
    if (!sq_nc_has_variable(file, SQ_SHARD_SCENE)) return SQ_OK;
    SQ_TRY(sq_shard_read_scenes(file, first, count, scenes));
    SQ_TRY(sq_scene_parts_count(found->scenes, scenes, count));
cleanup:
    return status;
}

static sq_status read_rows(const sq_nc *file, const sq_dataset_info *info, survey *found) {
    size_t n_input = (size_t)info->n_input;
    size_t n_output = (size_t)info->n_output;
    sq_real *input = NULL, *target = NULL, *mask = NULL;
    sq_status status;
    SQ_TRY(sq_alloc(BLOCK * n_input, sizeof *input, &input));
    SQ_TRY(sq_alloc(BLOCK * n_output, sizeof *target, &target));
    SQ_TRY(sq_alloc(BLOCK * n_output, sizeof *mask, &mask));
    for (int64_t first = 0; first < info->samples; first += BLOCK) {
        int64_t left = info->samples - first;
        size_t count = (size_t)(left < BLOCK ? left : BLOCK);
        SQ_TRY(sq_shard_read(file, info, first, count, input, target, mask));
        widen(&found->input, input, NULL, count * n_input);
        widen(&found->target, target, mask, count * n_output);
        SQ_TRY(read_scenes(file, (size_t)first, count, found));
    }
cleanup:
    sq_free(input);
    sq_free(target);
    sq_free(mask);
    return status;
}

/* ---- printing ---- */

static void print_range(const char *name, const range *seen) {
    if (seen->count > 0)
        printf("  %-14s from %.6g to %.6g, mean %.6g\n", name, seen->least, seen->most,
               seen->sum / (double)seen->count);
}

/* Lines of an attribute, each with the name before it. */
static sq_status print_attribute(const sq_nc *file, const char *attribute, const char *name) {
    char *text = NULL;
    if (!sq_nc_has_attribute(file, NULL, attribute)) return SQ_OK;
    sq_status status = sq_nc_copy_text(file, NULL, attribute, &text);
    if (status != SQ_OK) return status;
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        printf("  %-14s %s\n", name, line);
        name = "";
    }
    sq_free(text);
    return SQ_OK;
}

static void print_trajectory(const sq_dataset_info *info) {
    if (!info->trajectory) return;
    printf("  %-14s %" PRId64 " observed and %" PRId64 " predicted steps", "trajectory",
           info->observed_steps, info->predicted_steps);
    if (info->interval > 0) printf(" of %g s", info->interval);
    printf("\n");
}

static void print_header(const char *path, const sq_dataset_info *info) {
    printf("%s: %s\n", path, info->title);
    printf("  %-14s %" PRId64 "\n", "samples", info->samples);
    printf("  %-14s %d, %s\n", "input", info->n_input, info->input_representation);
    printf("  %-14s %d, %s%s%s\n", "output", info->n_output, info->output_representation,
           *info->units ? ", in " : "", info->units);
    print_trajectory(info);
}

/* What the file says of its content, and whether that is still so. */
static sq_status print_hash(const sq_nc *file, const sq_dataset_info *info) {
    char *told = NULL;
    char found[SQ_SHARD_HASH_SIZE];
    sq_status status = SQ_OK;
    if (!sq_nc_has_text(file, NULL, SQ_SHARD_CONTENT_HASH)) return SQ_OK;
    SQ_TRY(sq_nc_copy_text(file, NULL, SQ_SHARD_CONTENT_HASH, &told));
    printf("  %-14s %s", "content hash", told);
    if (sq_shard_hash_is_ours(told)) {
        SQ_TRY(sq_shard_hash_content(file, info, found));
        if (strcmp(told, found) == 0)
            printf(", as its values have it");
        else
            printf(
                "\n  %-14s does not hold: the values, which have %s, were changed after it was "
                "written; remove the attribute " SQ_SHARD_CONTENT_HASH,
                "", found);
    } else {
        printf(", of another program and not checked");
    }
    printf("\n");
cleanup:
    sq_free(told);
    return status;
}

static sq_status print_findings(const sq_nc *file, const sq_dataset_info *info, survey *found) {
    double outputs = (double)info->samples * info->n_output;
    sq_status status;
    if (info->masked)
        printf("  %-14s %.2f %% of the outputs count\n", "mask",
               100 * (double)found->target.count / outputs);
    else
        printf("  %-14s none: all outputs count\n", "mask");
    if (sq_nc_has_variable(file, SQ_SHARD_SCENE))
        printf("  %-14s %zu\n", "scenes", sq_scene_parts_total(found->scenes));
    print_range("input values", &found->input);
    print_range("target values", &found->target);
    SQ_TRY(print_attribute(file, "window_rules", "rules"));
    SQ_TRY(print_attribute(file, "source_files", "made from"));
    SQ_TRY(print_attribute(file, "history", "history"));
    SQ_TRY(print_hash(file, info));
cleanup:
    return status;
}

static sq_status print_info(const char *path) {
    const range nothing = {.least = INFINITY, .most = -INFINITY};
    survey found = {.input = nothing, .target = nothing};
    sq_dataset_info info;
    sq_nc *file = NULL;
    sq_status status;
    SQ_TRY(sq_nc_open(path, &file));
    SQ_TRY(sq_shard_describe(file, &info));
    SQ_TRY(sq_scene_parts_create(&found.scenes));
    SQ_TRY(read_rows(file, &info, &found));
    print_header(path, &info);
    SQ_TRY(print_findings(file, &info, &found));
cleanup:
    sq_scene_parts_destroy(&found.scenes);
    sq_nc_close(&file);
    return status;
}

static sq_status run_info(const sq_call *call) {
    for (int i = 0; i < call->options->n_operands; i++) {
        sq_status status = print_info(call->options->operands[i]);
        if (status != SQ_OK) return status;
    }
    return SQ_OK;
}

const sq_verb sq_verb_data_info = {
    .name = "data info",
    .operands = "FILE.nc...",
    .help = "samples, widths, representations, scenes and ranges of values; checks every row",
    .least_operands = 1,
    .most_operands = SQ_ANY_NUMBER,
    .run = run_info,
};
