/* Data sets of made tasks. */
#include <stdio.h>

#include "base/memory.h"
#include "base/partition.h"
#include "base/text.h"
#include "dataset/source.h"
#include "dataset/tasks.h"

/* Samples of a split: as the configuration says, or a third of data.samples. */
static int64_t samples_of(const sq_config *config, sq_split split) {
    const int64_t asked[] = {config->data.train_samples, config->data.valid_samples,
                             config->data.test_samples};
    sq_range third = sq_partition(config->data.samples, 3, (int)split);
    return asked[split] > 0 ? asked[split] : third.end - third.first;
}

/* The splits stand one after another; behind them the shifted one, as large as the test split. */
static sq_range rows_of(const sq_config *config, sq_split split) {
    int64_t train = samples_of(config, SQ_SPLIT_TRAIN);
    int64_t valid = train + samples_of(config, SQ_SPLIT_VALID);
    int64_t test = valid + samples_of(config, SQ_SPLIT_TEST);
    switch (split) {
        case SQ_SPLIT_TRAIN: return (sq_range){0, train};
        case SQ_SPLIT_VALID: return (sq_range){train, valid};
        case SQ_SPLIT_TEST: return (sq_range){valid, test};
        case SQ_SPLIT_SHIFTED: return (sq_range){test, 2 * test - valid};
        case SQ_SPLIT_ALL: break;
    }
    return (sq_range){0, test};
}

static void describe(const sq_task *task, const sq_config *config, int64_t samples,
                     sq_dataset_info *info) {
    *info =
        (sq_dataset_info){.samples = samples, .n_input = task->n_input, .n_output = task->n_output};
    sq_task_representations(task, config, info->input_representation, info->output_representation,
                            sizeof info->input_representation);
    sq_copy_bounded(info->units, sizeof info->units, "1");
    snprintf(info->title, sizeof info->title, "made task %s, noise %g, seed %lld", task->name,
             config->data.noise, (long long)config->data.seed);
}

/* Computed in double, kept in the precision of training. */
static sq_status fill(const sq_task *task, const sq_config *config, sq_range rows, sq_real *input,
                      sq_real *target) {
    double *row_input = NULL;
    double *row_target = NULL;
    sq_status status;
    SQ_TRY(sq_alloc((size_t)task->n_input, sizeof(double), &row_input));
    SQ_TRY(sq_alloc((size_t)task->n_output, sizeof(double), &row_target));
    for (int64_t row = rows.first; row < rows.end; row++) {
        sq_task_fill_row(task, config, row, row_input, row_target);
        for (int i = 0; i < task->n_input; i++) *input++ = (sq_real)row_input[i];
        for (int i = 0; i < task->n_output; i++) *target++ = (sq_real)row_target[i];
    }
cleanup:
    sq_free(row_input);
    sq_free(row_target);
    return status;
}

sq_status sq_dataset_make(const sq_config *config, sq_split split, sq_dataset **dataset) {
    const sq_task *task;
    sq_dataset_info info;
    sq_config moved = *config;
    sq_real *input = NULL;
    sq_real *target = NULL;
    sq_range rows = rows_of(config, split);
    size_t samples = (size_t)(rows.end - rows.first);
    sq_status status;
    *dataset = NULL;
    SQ_TRY(sq_task_find(config->data.task, &task));
    SQ_TRY(sq_task_check(task, config));
    if (rows.first == rows.end)
        SQ_TRY(sq_fail(SQ_ERR_CONFIG, "data.samples = %lld leaves a split empty; use 3 or more",
                       (long long)config->data.samples));
    describe(task, config, rows.end - rows.first, &info);
    SQ_TRY(sq_alloc(samples * (size_t)task->n_input, sizeof *input, &input));
    SQ_TRY(sq_alloc(samples * (size_t)task->n_output, sizeof *target, &target));
    if (split != SQ_SPLIT_ALL && split != SQ_SPLIT_SHIFTED) moved.data.shift = 0.0;
    SQ_TRY(fill(task, &moved, rows, input, target));
    SQ_TRY(sq_dataset_create_memory(&info, input, target, NULL, true, dataset));
cleanup:
    if (status != SQ_OK) {
        sq_free(input);
        sq_free(target);
    }
    return status;
}
