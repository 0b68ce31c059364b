#include "cli/remarks.h"

#include "cli/explained_words.h"
#include "cli/moved_words.h"
#include "cli/unlearned_words.h"
#include "cli/verdict.h"
#include "cli/words.h"

const sq_remark sq_remarks[SQ_REMARKS] = {
    {"explained", sq_explains_little, sq_write_little_explained},
    {"unlearned", sq_evaluation_has_unlearned, sq_write_unlearned},
    {"small-breaks", sq_has_small_breaks, sq_write_small_breaks},
};

void sq_write_remarks(FILE *text, const sq_evaluation *evaluation) {
    for (int k = 0; k < SQ_REMARKS; k++) {
        if (!sq_remarks[k].has(evaluation)) continue;
        sq_remarks[k].write(text, evaluation, sq_write_name);
        fputs("\n", text);
    }
}
