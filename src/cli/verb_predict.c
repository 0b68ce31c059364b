/* softeq predict */
#include <stdio.h>

#include "base/memory.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "softeq/run.h"

static sq_status run_predict(const sq_call *call) {
    sq_status status;
    char *data = NULL;
    const char *path, *first;
    SQ_TRY(sq_option_require(call->options, SQ_OPTION_DATA, &first));
    SQ_TRY(sq_option_require(call->options, SQ_OPTION_OUTPUT, &path));
    SQ_TRY(sq_options_join_data(call->options, &data));
    SQ_TRY(sq_comm_agree(call->comm, sq_output_check_run(call, call->options->operands[0], path)));
    SQ_TRY(
        sq_predict(call->options->operands[0], data, path, call->history, call->cache, call->comm));
    if (sq_comm_rank(call->comm) == 0) printf("%s: predictions for %s\n", path, data);
cleanup:
    sq_free(data);
    return status;
}

const sq_verb sq_verb_predict = {
    .name = "predict",
    .operands = "DIR",
    .help = "write the predictions of a run's best model for a data set",
    .least_operands = 1,
    .most_operands = 1,
    .accepts = SQ_ACCEPT(SQ_OPTION_DATA) | SQ_ACCEPT(SQ_OPTION_OUTPUT),
    .parallel = true,
    .run = run_predict,
};
