/* What a verb of the program is, and the list of them. Adding a verb: one file verb_NAME.c, one
 * line here, one line in verbs.c. */
#ifndef SQ_CLI_VERB_H
#define SQ_CLI_VERB_H

#include <stdbool.h>

#include "cli/options.h"
#include "softeq/comm.h"
#include "softeq/error.h"

/* What a verb runs with; all owned by main. */
typedef struct {
    const sq_options *options;
    const char *history; /* date and command line, for the history attribute of files */
    const char *cache;   /* folder of solved bases; "" if the user has no place for one */
    sq_comm *comm;
} sq_call;

typedef struct {
    const char *name;     /* one or two words: "train", "data make" */
    const char *operands; /* for the usage line */
    const char *help;     /* one line */
    int least_operands, most_operands;
    unsigned accepts; /* sum of SQ_ACCEPT of its options */
    bool parallel;    /* all ranks run it together; otherwise rank 0 runs it alone */
    bool stoppable;   /* signals only ask it to stop: see cli/signals.h */
    /* SQ_ERR_ARGUMENT stands for wrong use: exit status 2. */
    sq_status (*run)(const sq_call *call);
} sq_verb;

enum { SQ_ANY_NUMBER = 1 << 20 }; /* of operands */

extern const sq_verb sq_verb_data_make;
extern const sq_verb sq_verb_data_import;
extern const sq_verb sq_verb_data_info;
extern const sq_verb sq_verb_data_split;
extern const sq_verb sq_verb_train;
extern const sq_verb sq_verb_eval;
extern const sq_verb sq_verb_predict;
extern const sq_verb sq_verb_report;
extern const sq_verb sq_verb_watch;
extern const sq_verb sq_verb_doctor;
extern const sq_verb sq_verb_export;
extern const sq_verb sq_verb_symmetry;
extern const sq_verb sq_verb_bench;
extern const sq_verb sq_verb_table_plan;
extern const sq_verb sq_verb_table_check;
extern const sq_verb sq_verb_table_write;
extern const sq_verb sq_verb_planted_make;
extern const sq_verb sq_verb_planted_score;
extern const sq_verb sq_verb_manual;

/* All of them. */
extern const sq_verb *const sq_verbs[];
extern const int sq_n_verbs;

/* `softeq --version`: prints; needs no communicator. */
void sq_print_version(void);

#endif
