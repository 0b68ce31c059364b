#include "dataset/tasks.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const sq_task *const tasks[] = {
    &sq_task_inertia, &sq_task_cosine_similarity,    &sq_task_radius,
    &sq_task_se3,     &sq_task_particle_interaction,
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

static bool has_points_as_channels(const sq_config *config) {
    return strcmp(config->data.layout, "points") == 0;
}

void sq_task_representations(const sq_task *task, const sq_config *config, char *input,
                             char *output, size_t capacity) {
    if (has_points_as_channels(config)) {
        snprintf(input, capacity, "%d*T(1)", task->point_scalars + task->point_size);
        snprintf(output, capacity, "%d*T(0)", task->n_output);
    } else {
        sq_copy_bounded(input, capacity, task->input_representation);
        sq_copy_bounded(output, capacity, task->output_representation);
    }
}

/* Coordinates of one point after another (vectors) to those of one axis after another (points), or
 * back; the numbers before them stand the same way in both. */
static void change_layout(const sq_task *task, bool to_points, const double *from, double *to) {
    int lead = task->points * task->point_scalars;
    memcpy(to, from, (size_t)lead * sizeof *to);
    for (int point = 0; point < task->points; point++)
        for (int axis = 0; axis < task->point_size; axis++) {
            int by_vector = lead + point * task->point_size + axis;
            int by_point = lead + axis * task->points + point;
            if (to_points)
                to[by_point] = from[by_vector];
            else
                to[by_vector] = from[by_point];
        }
}

void sq_task_fill_row(const sq_task *task, const sq_config *config, int64_t row, double *input,
                      double *target) {
    double drawn[SQ_TASK_MOST_INPUTS];
    sq_rng rng = sq_rng_create((uint64_t)config->data.seed, SQ_RNG_DATA, 0, (uint64_t)row);
    task->draw(config, &rng, drawn);
    task->evaluate(config, drawn, target);
    if (has_points_as_channels(config))
        change_layout(task, true, drawn, input);
    else
        memcpy(input, drawn, (size_t)task->n_input * sizeof *input);
}

void sq_task_evaluate(const sq_task *task, const sq_config *config, const double *input,
                      double *target) {
    double vectors[SQ_TASK_MOST_INPUTS];
    if (has_points_as_channels(config)) change_layout(task, false, input, vectors);
    task->evaluate(config, has_points_as_channels(config) ? vectors : input, target);
}

void sq_task_draw_positions(const sq_config *config, sq_rng *rng, double *positions, int count) {
    for (int i = 0; i < count; i++) positions[i] = sq_rng_normal(rng) + config->data.shift;
}
