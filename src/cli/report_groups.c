#include "cli/report_groups.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum { MOST_KEYS_IN_LABEL = 4 };

/* ---- configurations -------------------------------------------------------------------------- */

/* A key that names files: runs on unlike data have no common spread. */
static bool names_data(const sq_config_key *key) {
    static const char *const names[] = {"train", "valid", "test", "folder"};
    if (strcmp(key->section, "data") != 0) return false;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(key->name, names[k]) == 0) return true;
    return false;
}

/* What results may depend on, but for the seeds: their spread is what is looked for. */
static bool counts(const sq_config_key *key) {
    return names_data(key) || (key->mathematics && strcmp(key->name, "seed") != 0);
}

static bool differs(const sq_config_key *key, const sq_config *a, const sq_config *b) {
    char of_a[SQ_CONFIG_TEXT], of_b[SQ_CONFIG_TEXT];
    sq_config_format(a, key, of_a, sizeof of_a);
    sq_config_format(b, key, of_b, sizeof of_b);
    return strcmp(of_a, of_b) != 0;
}

static bool is_same(const sq_config *a, const sq_config *b) {
    size_t count;
    const sq_config_key *keys = sq_config_table(&count);
    for (size_t k = 0; k < count; k++)
        if (counts(&keys[k]) && differs(&keys[k], a, b)) return false;
    return true;
}

/* Does the key tell any two of the configurations apart? */
static bool distinguishes(const sq_config_key *key, const sq_report_groups *groups) {
    const sq_config *first = &groups->runs[groups->groups[0].members[0]].record.config;
    for (int g = 1; g < groups->n_groups; g++)
        if (differs(key, first, &groups->runs[groups->groups[g].members[0]].record.config))
            return true;
    return false;
}

static void append(char *label, const char *text) {
    size_t used = strlen(label);
    sq_copy_bounded(label + used, SQ_GROUP_LABEL - used, text);
}

/* "per, epochs 100": the kind by its name alone. */
static void name_group(const sq_report_groups *groups, sq_report_group *group) {
    const sq_run_record *record = &groups->runs[group->members[0]].record;
    size_t count;
    const sq_config_key *keys = sq_config_table(&count);
    char value[SQ_CONFIG_TEXT];
    int named = 0;
    group->label[0] = '\0';
    for (size_t k = 0; k < count && named < MOST_KEYS_IN_LABEL; k++) {
        if (!counts(&keys[k]) || !distinguishes(&keys[k], groups)) continue;
        bool is_kind = strcmp(keys[k].name, "kind") == 0;
        sq_config_format(&record->config, &keys[k], value, sizeof value);
        if (named++ > 0) append(group->label, ", ");
        if (!is_kind) append(group->label, keys[k].name);
        if (!is_kind) append(group->label, " ");
        append(group->label, *value ? value : "none");
    }
    if (named == 0) sq_copy_bounded(group->label, SQ_GROUP_LABEL, record->folder);
}

static sq_status add_run(sq_report_groups *groups, int run, int count) {
    sq_report_group *group = NULL;
    for (int g = 0; g < groups->n_groups && !group; g++)
        if (is_same(&groups->runs[groups->groups[g].members[0]].record.config,
                    &groups->runs[run].record.config))
            group = &groups->groups[g];
    if (!group) {
        group = &groups->groups[groups->n_groups];
        sq_status status = sq_alloc((size_t)count, sizeof *group->members, &group->members);
        if (status != SQ_OK) return status;
        groups->n_groups++;
    }
    group->members[group->n_members++] = run;
    return SQ_OK;
}

sq_status sq_report_groups_create(const sq_report_run *runs, int count, sq_report_groups *groups) {
    sq_status status;
    *groups = (sq_report_groups){.runs = runs};
    SQ_TRY(sq_alloc((size_t)count, sizeof *groups->groups, &groups->groups));
    for (int k = 0; k < count; k++) SQ_TRY(add_run(groups, k, count));
    for (int g = 0; g < groups->n_groups; g++) name_group(groups, &groups->groups[g]);
cleanup:
    if (status != SQ_OK) sq_report_groups_clear(groups);
    return status;
}

void sq_report_groups_clear(sq_report_groups *groups) {
    for (int g = 0; g < groups->n_groups; g++) sq_free(groups->groups[g].members);
    sq_free(groups->groups);
    memset(groups, 0, sizeof *groups);
}

/* ---- figures --------------------------------------------------------------------------------- */

static double test_ade(const sq_report_run *run) { return run->evaluation.displaced.ade; }
static double test_mse(const sq_report_run *run) { return run->evaluation.mse; }

static double valid_mse(const sq_report_run *run) {
    int64_t row = sq_run_record_row(&run->record);
    return row >= 0 ? run->record.valid_mse[row] : NAN;
}

sq_report_figure *sq_report_main_figure(const sq_report_run *runs, int count, const char **name) {
    bool evaluated = true, motion = true;
    for (int k = 0; k < count; k++) {
        evaluated = evaluated && runs[k].evaluated;
        motion = motion && runs[k].evaluated && runs[k].evaluation.steps > 0;
    }
    *name = motion      ? "average displacement error"
            : evaluated ? "mean squared error, test"
                        : "mean squared error, validation";
    return motion ? test_ade : evaluated ? test_mse : valid_mse;
}

sq_spread sq_report_spread_of(const sq_report_groups *groups, int group, sq_report_figure *figure) {
    const sq_report_group *g = &groups->groups[group];
    sq_running_sums sums = {0};
    for (int k = 0; k < g->n_members; k++)
        sq_running_add(&sums, figure(&groups->runs[g->members[k]]));
    return sq_running_spread(&sums);
}

sq_spread sq_report_spread_of_type(const sq_report_groups *groups, int group, const char *type) {
    const sq_report_group *g = &groups->groups[group];
    sq_running_sums sums = {0};
    for (int k = 0; k < g->n_members; k++) {
        const sq_report_run *run = &groups->runs[g->members[k]];
        for (int t = 0; t < run->record.n_types; t++)
            if (strcmp(run->record.type_names[t], type) == 0) sq_running_add(&sums, run->error[t]);
    }
    return sq_running_spread(&sums);
}

void sq_report_verdicts_of_type(const sq_report_groups *groups, int group, const char *type,
                                int *times) {
    const sq_report_group *g = &groups->groups[group];
    memset(times, 0, SQ_VERDICTS * sizeof *times);
    for (int k = 0; k < g->n_members; k++) {
        const sq_report_run *run = &groups->runs[g->members[k]];
        for (int t = 0; t < run->record.n_types; t++)
            if (strcmp(run->record.type_names[t], type) == 0) times[run->verdict[t]]++;
    }
}

int sq_report_best_group(const sq_report_groups *groups, sq_report_figure *figure) {
    int best = -1;
    double least = INFINITY;
    for (int g = 0; g < groups->n_groups; g++) {
        double mean = sq_report_spread_of(groups, g, figure).mean;
        if (!(mean < least)) continue;
        least = mean;
        best = g;
    }
    return best;
}
