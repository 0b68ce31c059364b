/* The verbs of the program, in the order of its help: one a line. */
#include "cli/verb.h"

/* clang-format off */
const sq_verb *const sq_verbs[] = {
    &sq_verb_data_make,
    &sq_verb_data_import,
    &sq_verb_data_info,
    &sq_verb_data_split,
    &sq_verb_train,
    &sq_verb_eval,
    &sq_verb_predict,
    &sq_verb_export,
    &sq_verb_report,
    &sq_verb_watch,
    &sq_verb_doctor,
    &sq_verb_symmetry,
    &sq_verb_bench,
    &sq_verb_table_plan,
    &sq_verb_table_check,
    &sq_verb_table_write,
    &sq_verb_planted_make,
    &sq_verb_planted_score,
    &sq_verb_manual,
};
/* clang-format on */

const int sq_n_verbs = sizeof sq_verbs / sizeof sq_verbs[0];
