#include "cli/held_count.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Of the types of so many runs. */
typedef struct {
    int holding, held_of_holding; /* types that the data has; those of them that are held */
    int broken, held_of_broken;
} held_count;

/* Weights that are projected keep rounding alone; a regularizer leaves more, if little. */
static bool is_held(double level) { return 1.0 - level < 1e-10; }

/* As floats have it, of boosts as well. */
static bool data_has(double error) { return error < 1e-3; }

static void count_run(const sq_finding *run, held_count *sums) {
    for (int g = 0; g < run->n_types; g++) {
        const bool held = is_held(run->level[g]);
        if (isnan(run->data_error[g])) continue;
        if (data_has(run->data_error[g])) {
            sums->holding++;
            sums->held_of_holding += held;
        } else {
            sums->broken++;
            sums->held_of_broken += held;
        }
    }
}

static held_count count_method(const sq_known_experiment *known, const char *method) {
    held_count sums = {0};
    const sq_record *record = &known->runs.record;
    for (size_t i = 0; i < record->count; i++)
        if (!strcmp(record->findings[i].model, method)) count_run(&record->findings[i], &sums);
    return sums;
}

static void print_count(const char *method, const char *table, const held_count *sums,
                        FILE *stream) {
    fprintf(stream, "| %s | %s | %d of %d | %d of %d |\n", method, table, sums->held_of_holding,
            sums->holding, sums->held_of_broken, sums->broken);
}

static void print_head(FILE *stream) {
    fputs(
        "Types that the selected models are held to exactly (1 - level below 1e-10), of those "
        "that\n"
        "the data has (its own error below 0.001) and of those that it breaks.\n\n"
        "| method | table | held, of those the data has | of broken ones |\n|---|---|---|---|\n",
        stream);
}

void sq_held_count_print(const sq_known_experiment *known, int count, FILE *stream) {
    bool any = false;
    for (int k = 0; k < count; k++) {
        const sq_experiment *e = &known[k].e;
        for (int model = 0; model < e->n_models; model++) {
            const held_count sums = count_method(&known[k], e->model[model].name);
            if (!sq_experiment_is_method(e, model)) continue;
            if (sums.held_of_holding + sums.held_of_broken == 0) continue;
            if (!any) print_head(stream);
            any = true;
            print_count(e->model[model].name, e->name, &sums, stream);
        }
    }
    if (any) fputc('\n', stream);
}
