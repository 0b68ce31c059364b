/* Made tasks: samples drawn from a formula. A new task is one file task_NAME.c that defines an
 * sq_task, a declaration here and a line in the table of tasks.c. */
#ifndef SQ_DATASET_TASKS_H
#define SQ_DATASET_TASKS_H

#include <stddef.h>

#include "base/rng.h"
#include "softeq/config.h"
#include "softeq/error.h"

typedef struct {
    const char *name;
    const char *input_representation, *output_representation;
    int n_input, n_output;
    /* An input is point_scalars numbers of each point, one kind after another, then the coordinates
     * of one point after another. */
    int points, point_scalars, point_size;
    /* Values of data.symmetry that mean something to the task, ended by NULL; NULL: it does not
     * look at that key. */
    const char *const *symmetries;
    /* Draws one input, in the layout of vectors. input: (n_input) */
    void (*draw)(const sq_config *config, sq_rng *rng, double *input);
    /* The target that belongs to an input of that layout. input: (n_input), target: (n_output) */
    void (*evaluate)(const sq_config *config, const double *input, double *target);
} sq_task;

extern const sq_task sq_task_inertia;
extern const sq_task sq_task_cosine_similarity;
extern const sq_task sq_task_radius;
extern const sq_task sq_task_se3;
extern const sq_task sq_task_particle_interaction;

enum { SQ_TASK_MOST_INPUTS = 64 };

/* The task of that name. SQ_ERR_CONFIG if there is none (the nearest is named). */
sq_status sq_task_find(const char *name, const sq_task **task);

/* SQ_ERR_CONFIG if the configuration asks for what the task cannot be. */
sq_status sq_task_check(const sq_task *task, const sq_config *config);

/* The representations in the layout that data.layout asks for: `vectors`, the task's own, or
 * `points`, in which the points are the channels: the x of all points is one vector, the y another,
 * each number of a point another, and the output is scalars. The space then has as many dimensions
 * as there are points, and permutations of the points act on it. texts: (capacity) */
void sq_task_representations(const sq_task *task, const sq_config *config, char *input,
                             char *output, size_t capacity);

/* Row `row` of the task: a function of (data.seed, row) and the configuration only.
 * input: (n_input), in the layout asked for, target: (n_output) */
void sq_task_fill_row(const sq_task *task, const sq_config *config, int64_t row, double *input,
                      double *target);

/* The target that belongs to an input in the layout asked for. input: (n_input), target: (n_output)
 */
void sq_task_evaluate(const sq_task *task, const sq_config *config, const double *input,
                      double *target);

/* count normal numbers around data.shift: positions, as several tasks draw them. */
void sq_task_draw_positions(const sq_config *config, sq_rng *rng, double *positions, int count);

#endif
