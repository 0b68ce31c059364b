#include "cli/planted_score.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/statistics.h"
#include "cli/planted_outcome.h"
#include "cli/verdict.h"
#include "train/equivariance.h"

/* One type of one task: what is true, and what was found. */
typedef struct {
    uint64_t seed;
    const char *name;
    bool holds;
    double truth, level, lambda, error, ratio;
    bool left_broken; /* by what the network has not learned */
    sq_verdict printed;
} verdict;

/* The found tasks of a rule. */
typedef struct {
    verdict *verdicts;            /* (count) */
    sq_planted_outcome *outcomes; /* (tasks) */
    int count, tasks;
    sq_running_sums log_mse; /* of those that have an error */
} findings;

/* ---- reading --------------------------------------------------------------------------------- */

static void add_verdicts(uint64_t seed, const sq_planted_outcome *found, findings *all) {
    for (int g = 0; g < found->planted.n_types; g++)
        all->verdicts[all->count++] =
            (verdict){.seed = seed,
                      .name = found->planted.type_names[g],
                      .holds = found->planted.error[g] < SQ_PLANTED_HOLDS,
                      .truth = found->planted.error[g],
                      .level = found->evaluation.symmetry_level[g],
                      .lambda = found->evaluation.lambda[g],
                      .error = found->evaluation.equivariance_error[g],
                      .ratio = found->evaluation.moved_error_ratio[g],
                      .left_broken = sq_evaluation_unlearned_breaks(&found->evaluation, g),
                      .printed = sq_verdict_of_type(&found->evaluation, g)};
    if (found->evaluation.mse > 0.0) sq_running_add(&all->log_mse, log(found->evaluation.mse));
}

static sq_status read_rule(const char *folder, const uint64_t *seeds, size_t count,
                           const char *rule, findings *all) {
    sq_status status;
    memset(all, 0, sizeof *all);
    SQ_TRY(sq_alloc(count, sizeof *all->outcomes, &all->outcomes));
    SQ_TRY(sq_alloc(count * SQ_PLANTED_TYPES, sizeof *all->verdicts, &all->verdicts));
    for (size_t k = 0; k < count; k++) {
        sq_planted_outcome *found = &all->outcomes[all->tasks++];
        SQ_TRY(sq_planted_outcome_read(folder, seeds[k], rule, found));
        add_verdicts(seeds[k], found, all);
    }
cleanup:
    return status;
}

static void clear(findings *all) {
    for (int k = 0; k < all->tasks; k++) sq_evaluation_clear(&all->outcomes[k].evaluation);
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
/* Without any error there is no ratio: nothing says then that the type holds. */
static double by_ratio(const verdict *v) { return isnan(v->ratio) ? -INFINITY : -v->ratio; }

/* Pairs of a type that holds and one that is broken, first and last of `all` given: how many are in
 * the right order, ties half. */
static double right_pairs(const findings *all, score_of *score, int first, int end, double *pairs) {
    double right = 0.0;
    *pairs = 0.0;
    for (int a = first; a < end; a++)
        for (int b = first; b < end; b++) {
            const verdict *holds = &all->verdicts[a], *broken = &all->verdicts[b];
            if (!holds->holds || broken->holds) continue;
            double ours = score(holds), theirs = score(broken);
            *pairs += 1.0;
            right += ours > theirs ? 1.0 : ours == theirs ? 0.5 : 0.0;
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

/* Whether a type is on the right side. */
typedef bool is_right_by(const verdict *v);
static bool is_right_by_moved(const verdict *v) {
    return v->holds == sq_moved_error_is_alike(v->ratio);
}
static bool is_right(const verdict *v) {
    return v->holds == (sq_moved_error_is_alike(v->ratio) && !v->left_broken);
}

/* Nearly is right of both: of one that holds the rest is the network's, and what is broken may be
 * so by little. */
static bool is_right_as_printed(const verdict *v) {
    return v->printed == SQ_NEARLY || v->holds == (v->printed == SQ_HOLDS);
}

static int right_tasks(const findings *all, is_right_by *is_right_type) {
    int right = 0;
    for (int first = 0, end; first < all->count; first = end) {
        bool all_right = true;
        end = end_of_task(all, first);
        for (int k = first; k < end; k++) all_right = all_right && is_right_type(&all->verdicts[k]);
        right += all_right;
    }
    return right;
}

/* Mean difference of the error under the action, found and true. */
static double strength_error(const findings *all) {
    sq_running_sums sums = {0};
    for (int k = 0; k < all->count; k++)
        sq_running_add(&sums, fabs(all->verdicts[k].error - all->verdicts[k].truth));
    return sq_running_spread(&sums).mean;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* " 0.9998 |"; a dash where all types hold or none does. */
static void print_area(const findings *all, score_of *score, FILE *stream) {
    double found = area(all, score);
    if (isnan(found))
        fputs(" - |", stream);
    else
        fprintf(stream, " %.4f |", found);
}

static void print_right(const findings *all, is_right_by *is_right_type, FILE *stream) {
    fprintf(stream, " %d of %d |", right_tasks(all, is_right_type), all->tasks);
}

/* Geometric; 0 if any of them is. */
static double mean_mse(const findings *all) {
    return all->log_mse.count < all->tasks ? 0.0 : exp(sq_running_spread(&all->log_mse).mean);
}

static void print_rule(const char *rule, const findings *all, FILE *stream) {
    int both = 0;
    int levels = ordered_tasks(all, by_level, &both),
        lambdas = ordered_tasks(all, by_lambda, &both);
    fprintf(stream, "| %s | %d | %d of %d | %d of %d |", rule, all->tasks, levels, both, lambdas,
            both);
    print_area(all, by_level, stream);
    print_area(all, by_lambda, stream);
    print_area(all, by_error, stream);
    print_area(all, by_ratio, stream);
    print_right(all, is_right_by_moved, stream);
    print_right(all, is_right, stream);
    print_right(all, is_right_as_printed, stream);
    fprintf(stream, " %.3f | %.4f |\n", strength_error(all), mean_mse(all));
}

static void print_wrong(const char *rule, const findings *all, FILE *stream) {
    for (int k = 0; k < all->count; k++) {
        const verdict *v = &all->verdicts[k];
        if (is_right(v)) continue;
        char ratio[32] = "-";
        if (!isnan(v->ratio)) snprintf(ratio, sizeof ratio, "%.2f", v->ratio);
        fprintf(stream, "| %s | %" PRIu64 " | `%s` | %.3f | %.3f | %s | %s | %.4f | %.3g |\n", rule,
                v->seed, v->name, v->holds ? 0.0 : v->truth, v->error, ratio,
                v->left_broken ? "breaks" : "-", v->level, v->lambda);
    }
}

sq_status sq_planted_score(const char *folder, sq_planted_seeds asked, const char *const *rules,
                           int n_rules, FILE *stream) {
    sq_status status;
    findings *all = NULL;
    uint64_t *seeds = NULL;
    size_t count = 0;
    SQ_TRY(sq_alloc((size_t)n_rules, sizeof *all, &all));
    SQ_TRY(sq_planted_list_seeds(folder, asked, &seeds, &count));
    SQ_TRY(sq_planted_check_complete(folder, seeds, count, rules, n_rules));
    for (int k = 0; k < n_rules; k++) SQ_TRY(read_rule(folder, seeds, count, rules[k], &all[k]));
    fputs(
        "| rule | tasks | order of levels | order of lambda | area: level | lambda | error | moved "
        "| right by moved alone | every type right | by the printed verdict | strength off by | "
        "test "
        "mse |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
        stream);
    for (int k = 0; k < n_rules; k++) print_rule(rules[k], &all[k], stream);
    fputs(
        "\nTypes on the wrong side (error: true and found; moved, unlearned: what decides):\n\n"
        "| rule | task | type | true error | found error | moved | unlearned | level | lambda |\n"
        "|---|---|---|---|---|---|---|---|---|\n",
        stream);
    for (int k = 0; k < n_rules; k++) print_wrong(rules[k], &all[k], stream);
cleanup:
    for (int k = 0; all && k < n_rules; k++) clear(&all[k]);
    sq_free(all);
    sq_free(seeds);
    return status;
}
