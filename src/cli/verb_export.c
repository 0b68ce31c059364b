/* softeq export */
#include <stdio.h>

#include "cli/output.h"
#include "cli/verb.h"
#include "softeq/predictor.h"

static sq_status run_export(const sq_call *call) {
    sq_status status;
    sq_predictor *predictor = NULL;
    const char *path, *model = sq_option_value(call->options, SQ_OPTION_CHECKPOINT);
    SQ_TRY(sq_option_require(call->options, SQ_OPTION_OUTPUT, &path));
    SQ_TRY(sq_output_check_run(call, call->options->operands[0], path));
    SQ_TRY(sq_predictor_create(call->options->operands[0], model, call->cache, &predictor));
    SQ_TRY(sq_predictor_export(predictor, path));
    printf("%s: input (sample, %d) %s, output (sample, %d) %s\n", path,
           sq_predictor_n_input(predictor), sq_predictor_input_representation(predictor),
           sq_predictor_n_output(predictor), sq_predictor_output_representation(predictor));
cleanup:
    sq_predictor_destroy(&predictor);
    return status;
}

const sq_verb sq_verb_export = {
    .name = "export",
    .operands = "DIR",
    .help = "write a run's best model as an ONNX file, for other programs to run",
    .least_operands = 1,
    .most_operands = 1,
    .accepts = SQ_ACCEPT(SQ_OPTION_OUTPUT) | SQ_ACCEPT(SQ_OPTION_CHECKPOINT),
    .run = run_export,
};
