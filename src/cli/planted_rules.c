#include "cli/planted_rules.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/planted.h"
#include "softeq/config.h"

enum { MOST_SETTINGS = 3, MAX_PATH = SQ_PLANTED_PATH };

/* What a rule adds to run.ini. jobs/planted.sh trains with the same, or it could not be scored. */
typedef struct {
    const char *name, *settings[MOST_SETTINGS];
} planted_rule;

static const planted_rule rules[] = {
    {"moved", {"symmetry.tuning=moved"}},
    {"gap", {"symmetry.tuning=gap"}},
    {"found", {"symmetry.tuning=gap", "symmetry.penalty=decoupled", "data.augment=found"}},
    {"projected",
     {"symmetry.tuning=projected", "symmetry.penalty=preconditioned", "data.augment=found"}},
    {"paper", {"symmetry.tuning=paper"}},
    {"normalised", {"symmetry.tuning=normalised"}},
    {"constant", {"symmetry.tuning=constant"}},
    {"none", {"symmetry.tuning=constant", "symmetry.lambda=0"}},
};

static const planted_rule *find_rule(const char *name) {
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++)
        if (strcmp(rules[k].name, name) == 0) return &rules[k];
    return NULL;
}

static sq_status read_config(const char *folder, const char *name, sq_config *config) {
    char path[MAX_PATH + 16];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    sq_config_init(config);
    return sq_config_read_file(config, path);
}

static sq_status read_asked(const char *task, const planted_rule *rule, sq_config *config) {
    sq_status status;
    SQ_TRY(read_config(task, "run.ini", config));
    for (int k = 0; k < MOST_SETTINGS && rule->settings[k]; k++)
        SQ_TRY(sq_config_set_assignment(config, rule->settings[k], rule->name));
cleanup:
    return status;
}

/* Of the keys that change results. */
static sq_status compare(const char *run, const sq_config *trained, const planted_rule *rule,
                         const sq_config *asked) {
    size_t keys = 0;
    const sq_config_key *table = sq_config_table(&keys);
    for (const sq_config_key *key = table; key < table + keys; key++) {
        char ours[SQ_CONFIG_TEXT], theirs[SQ_CONFIG_TEXT];
        if (!key->mathematics) continue;
        sq_config_format(trained, key, ours, sizeof ours);
        sq_config_format(asked, key, theirs, sizeof theirs);
        if (strcmp(ours, theirs) != 0)
            return sq_fail(SQ_ERR_DATA,
                           "%s was trained with %s.%s = %s, but the rule %s has %s on this task: "
                           "remove it and train it again, or rename it to what is no rule",
                           run, key->section, key->name, ours, rule->name, theirs);
    }
    return SQ_OK;
}

sq_status sq_planted_rule_check(const char *task, const char *name) {
    sq_status status = SQ_OK;
    const planted_rule *rule = find_rule(name);
    sq_config trained, asked;
    char run[MAX_PATH];
    if (!rule) return SQ_OK;
    snprintf(run, sizeof run, "%s/%s", task, rule->name);
    SQ_TRY(read_config(run, "config.ini", &trained));
    SQ_TRY(read_asked(task, rule, &asked));
    SQ_TRY(compare(run, &trained, rule, &asked));
cleanup:
    return status;
}
