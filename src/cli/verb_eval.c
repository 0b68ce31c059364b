/* softeq eval */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "cli/json.h"
#include "cli/types_table.h"
#include "cli/verb.h"
#include "softeq/run.h"

static void print_json_field(const char *name, double value) {
    printf(", ");
    sq_json_text(stdout, name);
    printf(": ");
    sq_json_number(stdout, value);
}

static void print_json_types(const char *name, const char (*types)[256], const double *values,
                             int count) {
    printf(", ");
    sq_json_text(stdout, name);
    printf(": ");
    sq_json_numbers_by_name(stdout, types, values, count);
}

/* The function that made the data is known for made tasks only. */
static bool has_data_error(const sq_evaluation *found) {
    return found->n_types > 0 && !isnan(found->data_equivariance_error[0]);
}

static void print_json(const sq_evaluation *found) {
    printf("{\"samples\": %" PRId64, found->samples);
    print_json_field("mse", found->mse);
    if (!isnan(found->ade)) {
        print_json_field("ade", found->ade);
        print_json_field("fde", found->fde);
        print_json_field("constant_velocity_ade", found->constant_velocity_ade);
        print_json_field("constant_velocity_fde", found->constant_velocity_fde);
    }
    if (!isnan(found->shifted_mse)) print_json_field("shifted_mse", found->shifted_mse);
    print_json_types("equivariance_error", found->type_names, found->equivariance_error,
                     found->n_types);
    if (has_data_error(found))
        print_json_types("data_equivariance_error", found->type_names,
                         found->data_equivariance_error, found->n_types);
    print_json_types("symmetry_level", found->type_names, found->symmetry_level, found->n_types);
    print_json_types("lambda", found->type_names, found->lambda, found->n_types);
    printf("}\n");
}

static void print_text(const sq_evaluation *found) {
    printf("%" PRId64 " samples, mse %.6g", found->samples, found->mse);
    if (!isnan(found->shifted_mse)) printf(", out of distribution %.6g", found->shifted_mse);
    printf("\n");
    if (!isnan(found->ade)) {
        printf("%-20s %10s %10s\n", "metres", "ADE", "FDE");
        printf("%-20s %10.4f %10.4f\n", "this model", found->ade, found->fde);
        printf("%-20s %10.4f %10.4f\n", "constant velocity", found->constant_velocity_ade,
               found->constant_velocity_fde);
    }
    sq_print_types(found->n_types, found->type_names, found->lambda, found->symmetry_level,
                   found->equivariance_error,
                   has_data_error(found) ? found->data_equivariance_error : NULL);
}

static sq_status run_eval(const sq_call *call) {
    sq_status status;
    sq_evaluation found;
    char *data = NULL;
    const char *out = sq_option_value(call->options, SQ_OPTION_OUTPUT);
    const char *model = sq_option_value(call->options, SQ_OPTION_CHECKPOINT);
    SQ_TRY(sq_options_join_data(call->options, &data));
    SQ_TRY(sq_evaluate(call->options->operands[0], model, data, call->cache, call->comm, &found));
    if (sq_comm_rank(call->comm) > 0) goto cleanup;
    if (out) SQ_TRY(sq_evaluation_write(&found, out, call->history));
    if (sq_option_is_given(call->options, SQ_OPTION_JSON))
        print_json(&found);
    else
        print_text(&found);
cleanup:
    sq_free(data);
    return status;
}

const sq_verb sq_verb_eval = {
    .name = "eval",
    .operands = "DIR",
    .help = "evaluate a run's best model on its test split or on other data",
    .least_operands = 1,
    .most_operands = 1,
    .accepts = SQ_ACCEPT(SQ_OPTION_OUTPUT) | SQ_ACCEPT(SQ_OPTION_DATA) |
               SQ_ACCEPT(SQ_OPTION_CHECKPOINT) | SQ_ACCEPT(SQ_OPTION_JSON),
    .parallel = true,
    .run = run_eval,
};
