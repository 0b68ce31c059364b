#include "dataset/tasks.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const sq_task *const tasks[] = {
    &sq_task_inertia,
    &sq_task_cosine_similarity,
    &sq_task_radius,
    &sq_task_se3,
};
enum { N_TASKS = sizeof tasks / sizeof tasks[0] };

sq_status sq_task_find(const char *name, const sq_task **task) {
    const char *names[N_TASKS];
    for (size_t i = 0; i < N_TASKS; i++) {
        *task = tasks[i];
        names[i] = tasks[i]->name;
        if (strcmp(names[i], name) == 0) return SQ_OK;
    }
    const char *nearest = sq_nearest_word(name, names, N_TASKS);
    return sq_fail(SQ_ERR_CONFIG, "data.task: unknown task '%s'; did you mean '%s'?", name,
                   nearest ? nearest : names[0]);
}

/* "so3-scale so3 scale" */
static void join(const char *const *words, char *text, size_t capacity) {
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; words[i] && length < capacity; i++)
        length +=
            (size_t)snprintf(text + length, capacity - length, "%s%s", i ? " " : "", words[i]);
}

sq_status sq_task_check(const sq_task *task, const sq_config *config) {
    char known[256];
    if (!task->symmetries) return SQ_OK;
    for (size_t i = 0; task->symmetries[i]; i++)
        if (strcmp(task->symmetries[i], config->data.symmetry) == 0) return SQ_OK;
    join(task->symmetries, known, sizeof known);
    return sq_fail(SQ_ERR_CONFIG, "data.symmetry: task %s has no form '%s'; choose one of: %s",
                   task->name, config->data.symmetry, known);
}

void sq_task_fill_row(const sq_task *task, const sq_config *config, int64_t row, double *input,
                      double *target) {
    sq_rng rng = sq_rng_create((uint64_t)config->data.seed, SQ_RNG_DATA, 0, (uint64_t)row);
    task->draw(config, &rng, input);
    task->evaluate(config, input, target);
}

void sq_task_draw_positions(const sq_config *config, sq_rng *rng, double *positions, int count) {
    for (int i = 0; i < count; i++) positions[i] = sq_rng_normal(rng) + config->data.shift;
}
