#include "cli/planted_folder.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/planted.h"

/* ---- what is missing ------------------------------------------------------------------------- */

enum { MOST_NAMED = 3, MISSING_TEXT = 768 };

/* The first few by name, and how many there are. */
typedef struct {
    uint64_t count;
    char names[MISSING_TEXT];
} missing;

/* rule: NULL: the task itself */
static void miss(missing *all, uint64_t seed, const char *rule) {
    size_t used = strlen(all->names), room = sizeof all->names - used;
    const char *separator = used > 0 ? ", " : "";
    if (all->count++ >= MOST_NAMED) return;
    if (rule)
        snprintf(all->names + used, room, "%s%" PRIu64 "/%s/evaluation.nc", separator, seed, rule);
    else
        snprintf(all->names + used, room, "%s%" PRIu64, separator, seed);
}

/* one, many: what it is that is missing; advice: what to do */
static sq_status fail_on_missing(const char *folder, const missing *all, const char *one,
                                 const char *many, const char *advice) {
    if (all->count == 0) return SQ_OK;
    return sq_fail(SQ_ERR_DATA, "%s: %" PRIu64 " %s missing: %s%s: %s", folder, all->count,
                   all->count == 1 ? one : many, all->names, all->count > MOST_NAMED ? ", ..." : "",
                   advice);
}

/* ---- tasks ----------------------------------------------------------------------------------- */

static bool is_there(const char *folder, uint64_t seed, const char *file) {
    char path[SQ_PLANTED_PATH];
    int length = snprintf(path, sizeof path, "%s/%" PRIu64 "/%s", folder, seed, file);
    return length < (int)sizeof path && access(path, F_OK) == 0;
}

static int compare_seeds(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Is it a task's folder that is asked for? "007" is not: tasks are named as their seeds are
 * printed. */
static bool is_asked(const char *name, sq_planted_seeds asked, uint64_t *seed) {
    if (!sq_planted_parse_seed(name, seed) || (name[0] == '0' && name[1])) return false;
    return asked.all || (*seed >= asked.first && *seed <= asked.last);
}

/* In order, with or without truth.nc. */
static sq_status list_folders(const char *folder, sq_planted_seeds asked, uint64_t **seeds,
                              size_t *count) {
    sq_status status = SQ_OK;
    size_t capacity = 0;
    uint64_t seed;
    DIR *entries = opendir(folder);
    if (!entries) return sq_fail(SQ_ERR_IO, "%s: %s", folder, strerror(errno));
    for (struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
        if (!is_asked(entry->d_name, asked, &seed)) continue;
        if (*count == capacity) {
            SQ_TRY(sq_grow(capacity, 2 * capacity + 64, sizeof **seeds, seeds));
            capacity = 2 * capacity + 64;
        }
        (*seeds)[(*count)++] = seed;
    }
    if (*count > 0) qsort(*seeds, *count, sizeof **seeds, compare_seeds);
cleanup:
    closedir(entries);
    return status;
}

/* Those that have a truth.nc stay; the others are missing, if all were asked for. */
static void drop_without_truth(const char *folder, bool asked, uint64_t *seeds, size_t *count,
                               missing *without) {
    size_t kept = 0;
    for (size_t k = 0; k < *count; k++)
        if (is_there(folder, seeds[k], "truth.nc"))
            seeds[kept++] = seeds[k];
        else if (asked)
            miss(without, seeds[k], NULL);
    *count = kept;
}

/* Counts what is not among the seeds, without walking through all of a large range.
 * seeds: (count > 0), of this range */
static void find_gaps(sq_planted_seeds asked, const uint64_t *seeds, size_t count, missing *gaps) {
    const uint64_t total = asked.last - asked.first - (count - 1);
    size_t k = 0;
    for (uint64_t seed = asked.first; gaps->count < total && gaps->count < MOST_NAMED; seed++)
        if (k < count && seeds[k] == seed)
            k++;
        else
            miss(gaps, seed, NULL);
    gaps->count = total;
}

sq_status sq_planted_list_seeds(const char *folder, sq_planted_seeds asked, uint64_t **seeds,
                                size_t *count) {
    sq_status status;
    missing tasks = {0};
    SQ_TRY(list_folders(folder, asked, seeds, count));
    drop_without_truth(folder, asked.all, *seeds, count, &tasks);
    if (*count == 0)
        SQ_TRY(sq_fail(SQ_ERR_DATA,
                       "%s: no task of softeq planted make is there, DIR/SEED/truth.nc, or none "
                       "with the seeds asked for",
                       folder));
    if (!asked.all) find_gaps(asked, *seeds, *count, &tasks);
    SQ_TRY(fail_on_missing(folder, &tasks, "task is", "tasks are",
                           "make them with softeq planted make, or name with --seeds those that "
                           "are there"));
cleanup:
    return status;
}

/* ---- runs ------------------------------------------------------------------------------------ */

sq_status sq_planted_check_complete(const char *folder, const uint64_t *seeds, size_t count,
                                    const char *const *rules, int n_rules) {
    missing evaluations = {0};
    for (int rule = 0; rule < n_rules; rule++)
        for (size_t k = 0; k < count; k++) {
            char file[SQ_PLANTED_PATH];
            snprintf(file, sizeof file, "%s/evaluation.nc", rules[rule]);
            if (!is_there(folder, seeds[k], file)) miss(&evaluations, seeds[k], rules[rule]);
        }
    return fail_on_missing(folder, &evaluations, "evaluation is", "evaluations are",
                           "a rule is scored on all tasks or not at all: train and evaluate these "
                           "runs, or leave the rule out if it cannot be trained");
}
