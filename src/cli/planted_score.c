#include "cli/planted_score.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/planted.h"
#include "softeq/run.h"

enum { MAX_PATH = 4096, MOST_TASKS = 10000 };

/* A symmetry holds if moving the samples adds less than half of the model's own error. */
static const double most_ratio = 1.5;

/* One type of one task: what is true, and what was found. */
typedef struct {
    int seed;
    const char *name;
    bool holds;
    double truth, level, lambda, error, ratio;
} verdict;

typedef struct {
    sq_planted planted;
    sq_evaluation evaluation;
} outcome;

/* The found tasks of a rule. */
typedef struct {
    verdict *verdicts; /* (count) */
    outcome *outcomes; /* (tasks) */
    int count, tasks;
    double mse_sum; /* of the logarithms */
} findings;

/* ---- reading --------------------------------------------------------------------------------- */

static int compare_seeds(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

/* Folders with a number for a name. seeds: (MOST_TASKS) */
static sq_status list_seeds(const char *folder, int *seeds, int *count) {
    DIR *entries = opendir(folder);
    if (!entries) return sq_fail(SQ_ERR_IO, "%s: %s", folder, strerror(errno));
    *count = 0;
    for (struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
        char *end;
        long seed = strtol(entry->d_name, &end, 10);
        if (!*end && end != entry->d_name && *count < MOST_TASKS) seeds[(*count)++] = (int)seed;
    }
    closedir(entries);
    qsort(seeds, (size_t)*count, sizeof *seeds, compare_seeds);
    return SQ_OK;
}

static void add_verdicts(int seed, const outcome *found, findings *all) {
    for (int g = 0; g < found->planted.n_types; g++)
        all->verdicts[all->count++] = (verdict){.seed = seed,
                                                .name = found->planted.type_names[g],
                                                .holds = found->planted.error[g] < SQ_PLANTED_HOLDS,
                                                .truth = found->planted.error[g],
                                                .level = found->evaluation.symmetry_level[g],
                                                .lambda = found->evaluation.lambda[g],
                                                .error = found->evaluation.equivariance_error[g],
                                                .ratio = found->evaluation.moved_error_ratio[g]};
    all->mse_sum += log(found->evaluation.mse);
}

static sq_status read_task(const char *folder, int seed, const char *rule, findings *all) {
    sq_status status;
    char path[MAX_PATH];
    outcome *found = &all->outcomes[all->tasks];
    snprintf(path, sizeof path, "%s/%d/%s/evaluation.nc", folder, seed, rule);
    if (access(path, F_OK) != 0) return SQ_OK;
    SQ_TRY(sq_evaluation_read(path, &found->evaluation));
    snprintf(path, sizeof path, "%s/%d", folder, seed);
    SQ_TRY(sq_planted_read(path, &found->planted));
    if (found->planted.n_types != found->evaluation.n_types)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s/%s is not a run of this task", path, rule));
    all->tasks++;
    add_verdicts(seed, found, all);
cleanup:
    return status;
}

static sq_status read_rule(const char *folder, const int *seeds, int count, const char *rule,
                           findings *all) {
    sq_status status;
    memset(all, 0, sizeof *all);
    SQ_TRY(sq_alloc((size_t)count, sizeof *all->outcomes, &all->outcomes));
    SQ_TRY(sq_alloc((size_t)count * SQ_PLANTED_TYPES, sizeof *all->verdicts, &all->verdicts));
    for (int k = 0; k < count; k++) SQ_TRY(read_task(folder, seeds[k], rule, all));
cleanup:
    return status;
}

static void clear(findings *all) {
    sq_free(all->outcomes);
    sq_free(all->verdicts);
    memset(all, 0, sizeof *all);
}

/* ---- scores ---------------------------------------------------------------------------------- */

/* A number that is larger the more the type holds. */
typedef double score_of(const verdict *v);
static double by_level(const verdict *v) { return v->level; }
static double by_lambda(const verdict *v) { return v->lambda; }
static double by_error(const verdict *v) { return -v->error; }
static double by_ratio(const verdict *v) { return -v->ratio; }

/* Pairs of a type that holds and one that is broken, first and last of `all` given: how many are in
 * the right order, ties half. */
static double right_pairs(const findings *all, score_of *score, int first, int end, double *pairs) {
    double right = 0.0;
    *pairs = 0.0;
    for (int a = first; a < end; a++)
        for (int b = first; b < end; b++) {
            const verdict *holds = &all->verdicts[a], *broken = &all->verdicts[b];
            if (!holds->holds || broken->holds) continue;
            double difference = score(holds) - score(broken);
            *pairs += 1.0;
            right += difference > 0.0 ? 1.0 : difference == 0.0 ? 0.5 : 0.0;
        }
    return right;
}

static int end_of_task(const findings *all, int first) {
    int end = first;
    while (end < all->count && all->verdicts[end].seed == all->verdicts[first].seed) end++;
    return end;
}

/* Tasks in which every type that holds has a larger score than every broken one, of those that have
 * both sorts. */
static int ordered_tasks(const findings *all, score_of *score, int *both) {
    int ordered = 0;
    *both = 0;
    for (int first = 0, end; first < all->count; first = end) {
        double pairs;
        end = end_of_task(all, first);
        double right = right_pairs(all, score, first, end, &pairs);
        *both += pairs > 0.0;
        ordered += pairs > 0.0 && right == pairs;
    }
    return ordered;
}

/* Area under the curve of a threshold that is the same for all tasks. */
static double area(const findings *all, score_of *score) {
    double pairs, right = right_pairs(all, score, 0, all->count, &pairs);
    return pairs > 0.0 ? right / pairs : NAN;
}

static bool is_right(const verdict *v) { return v->holds == (v->ratio < most_ratio); }

static int right_tasks(const findings *all) {
    int right = 0;
    for (int first = 0, end; first < all->count; first = end) {
        bool all_right = true;
        end = end_of_task(all, first);
        for (int k = first; k < end; k++) all_right = all_right && is_right(&all->verdicts[k]);
        right += all_right;
    }
    return right;
}

/* Mean difference of the error under the action, found and true. */
static double strength_error(const findings *all) {
    double sum = 0.0;
    for (int k = 0; k < all->count; k++)
        sum += fabs(all->verdicts[k].error - all->verdicts[k].truth) / all->count;
    return sum;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void print_rule(const char *rule, const findings *all, FILE *stream) {
    int both = 0;
    if (all->tasks == 0) {
        fprintf(stream, "| %s | 0 | - | - | - | - | - | - | - | - | - |\n", rule);
        return;
    }
    int levels = ordered_tasks(all, by_level, &both),
        lambdas = ordered_tasks(all, by_lambda, &both);
    fprintf(stream,
            "| %s | %d | %d of %d | %d of %d | %.4f | %.4f | %.4f | %.4f | %d of %d | %.3f ", rule,
            all->tasks, levels, both, lambdas, both, area(all, by_level), area(all, by_lambda),
            area(all, by_error), area(all, by_ratio), right_tasks(all), all->tasks,
            strength_error(all));
    fprintf(stream, "| %.4f |\n", exp(all->mse_sum / all->tasks));
}

static void print_wrong(const char *rule, const findings *all, FILE *stream) {
    for (int k = 0; k < all->count; k++) {
        const verdict *v = &all->verdicts[k];
        if (is_right(v)) continue;
        fprintf(stream, "| %s | %d | `%s` | %.3f | %.3f | %.2f | %.4f | %.3g |\n", rule, v->seed,
                v->name, v->holds ? 0.0 : v->truth, v->error, v->ratio, v->level, v->lambda);
    }
}

sq_status sq_planted_score(const char *folder, const char *const *rules, int n_rules,
                           FILE *stream) {
    sq_status status;
    findings *all = NULL;
    int *seeds = NULL, count = 0;
    SQ_TRY(sq_alloc(MOST_TASKS, sizeof *seeds, &seeds));
    SQ_TRY(sq_alloc((size_t)n_rules, sizeof *all, &all));
    SQ_TRY(list_seeds(folder, seeds, &count));
    for (int k = 0; k < n_rules; k++) SQ_TRY(read_rule(folder, seeds, count, rules[k], &all[k]));
    fputs(
        "| rule | tasks | order of levels | order of lambda | area: level | lambda | error | moved "
        "| every type right | strength off by | test mse |\n|---|---|---|---|---|---|---|---|---|"
        "---|---|\n",
        stream);
    for (int k = 0; k < n_rules; k++) print_rule(rules[k], &all[k], stream);
    fputs(
        "\nTypes on the wrong side (error: true and found; moved: the ratio that decides):\n\n"
        "| rule | task | type | true error | found error | moved | level | lambda |\n"
        "|---|---|---|---|---|---|---|---|\n",
        stream);
    for (int k = 0; k < n_rules; k++) print_wrong(rules[k], &all[k], stream);
cleanup:
    for (int k = 0; all && k < n_rules; k++) clear(&all[k]);
    sq_free(all);
    sq_free(seeds);
    return status;
}
