/* softeq eval */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/memory.h"
#include "cli/displacements.h"
#include "cli/explained_words.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/remarks.h"
#include "cli/types_table.h"
#include "cli/verb.h"
#include "cli/verdict.h"
#include "cli/warning_words.h"
#include "cli/words.h"
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

/* "ade" ... of the model, "constant_velocity_ade" ... of a yardstick. */
static void print_json_displaced(const sq_displacements *displaced) {
    const char *const names[] = {"ade", "fde", "miss_rate"};
    const double values[] = {displaced->ade, displaced->fde, displaced->miss_rate};
    if (!displaced->displacement) return;
    for (int k = 0; k < 3; k++) {
        char name[64];
        snprintf(name, sizeof name, "%s%s%s", displaced->key, displaced->key[0] ? "_" : "",
                 names[k]);
        print_json_field(name, values[k]);
    }
}

/* By step: seconds after the last observed one, and how far each forecast is off. */
static void print_json_steps(const sq_evaluation *found) {
    printf(", \"displacement\": [");
    for (int step = 0; step < found->steps; step++) {
        printf("%s{\"seconds\": ", step ? ", " : "");
        sq_json_number(stdout, sq_evaluation_seconds(found, step));
        print_json_field("model", found->displaced.displacement[step]);
        for (int k = 0; k < found->n_yardsticks; k++)
            if (found->yardsticks[k].displacement)
                print_json_field(found->yardsticks[k].key, found->yardsticks[k].displacement[step]);
        printf("}");
    }
    printf("]");
}

static void print_json_warning(FILE *stream, int number, const char *text) {
    if (number > 0) fputs(", ", stream);
    sq_json_text(stream, text);
}

static void print_json_verdicts(const sq_evaluation *found) {
    printf(", \"verdict\": {");
    for (int g = 0; g < found->n_types; g++) {
        printf("%s", g > 0 ? ", " : "");
        sq_json_text(stdout, found->type_names[g]);
        printf(": ");
        sq_json_text(stdout, sq_verdict_word(sq_verdict_of_type(found, g)));
    }
    printf("}");
}

static void print_json(const sq_evaluation *found) {
    printf("{\"samples\": %" PRId64, found->samples);
    print_json_field("mse", found->mse);
    print_json_field("explained_share", found->explained_share);
    if (found->steps > 0) {
        printf(", \"units\": ");
        sq_json_text(stdout, found->units);
        print_json_displaced(&found->displaced);
        for (int k = 0; k < found->n_yardsticks; k++) print_json_displaced(&found->yardsticks[k]);
        print_json_steps(found);
    }
    if (!isnan(found->shifted_mse)) print_json_field("shifted_mse", found->shifted_mse);
    printf(", \"warnings\": [");
    sq_each_warning(stdout, found->warnings, print_json_warning);
    printf("]");
    print_json_verdicts(found);
    print_json_types("equivariance_error", found->type_names, found->equivariance_error,
                     found->n_types);
    if (has_data_error(found))
        print_json_types("data_equivariance_error", found->type_names,
                         found->data_equivariance_error, found->n_types);
    print_json_types("moved_error_ratio", found->type_names, found->moved_error_ratio,
                     found->n_types);
    print_json_field("unlearned_share", found->unlearned_share);
    print_json_types("unlearned_share_moved", found->type_names, found->unlearned_share_moved,
                     found->n_types);
    print_json_types("unlearned_z", found->type_names, found->unlearned_z, found->n_types);
    print_json_types("moved_distance_ratio", found->type_names, found->moved_distance_ratio,
                     found->n_types);
    print_json_types("let_go", found->type_names, found->let_go, found->n_types);
    print_json_types("symmetry_level", found->type_names, found->symmetry_level, found->n_types);
    print_json_types("lambda", found->type_names, found->lambda, found->n_types);
    printf("}\n");
}

/* A row for each step, a column for each forecast. */
static void print_steps(const sq_evaluation *found) {
    bool timed = found->interval > 0;
    printf("%-20s %18s", timed ? "off after seconds" : "off after steps", found->displaced.title);
    for (int k = 0; k < found->n_yardsticks; k++)
        if (found->yardsticks[k].displacement) printf(" %18s", found->yardsticks[k].title);
    printf("\n");
    for (int step = 0; step < found->steps; step++) {
        printf("%-20.6g %18.4f", timed ? sq_evaluation_seconds(found, step) : step + 1.0,
               found->displaced.displacement[step]);
        for (int k = 0; k < found->n_yardsticks; k++)
            if (found->yardsticks[k].displacement)
                printf(" %18.4f", found->yardsticks[k].displacement[step]);
        printf("\n");
    }
}

static void print_text(const sq_evaluation *found) {
    sq_verdict verdict[SQ_MAX_TYPES];
    printf("%" PRId64 " samples, mse %.6g", found->samples, found->mse);
    sq_write_explained(stdout, found);
    if (!isnan(found->shifted_mse)) printf(", out of distribution %.6g", found->shifted_mse);
    printf("\n");
    if (found->steps > 0) {
        sq_write_displacements(stdout, found);
        print_steps(found);
    }
    sq_write_warnings(stdout, found->warnings);
    for (int g = 0; g < found->n_types; g++) verdict[g] = sq_verdict_of_type(found, g);
    sq_print_types(&(sq_types_table){
        .count = found->n_types,
        .names = found->type_names,
        .lambda = found->lambda,
        .symmetry_level = found->symmetry_level,
        .equivariance_error = found->equivariance_error,
        .data_error = has_data_error(found) ? found->data_equivariance_error : NULL,
        .verdict = verdict});
    sq_write_remarks(stdout, found);
}

static sq_status run_eval(const sq_call *call) {
    sq_status status;
    sq_evaluation found = {0};
    char *data = NULL;
    const char *out = sq_option_value(call->options, SQ_OPTION_OUTPUT);
    const char *model = sq_option_value(call->options, SQ_OPTION_CHECKPOINT);
    SQ_TRY(sq_comm_agree(call->comm, sq_output_check_run(call, call->options->operands[0], out)));
    SQ_TRY(sq_options_join_data(call->options, &data));
    SQ_TRY(sq_evaluate(call->options->operands[0], model, data, call->cache, call->comm, &found));
    if (sq_comm_rank(call->comm) > 0) goto cleanup;
    if (out) SQ_TRY(sq_evaluation_write(&found, out, call->history));
    if (sq_option_is_given(call->options, SQ_OPTION_JSON))
        print_json(&found);
    else
        print_text(&found);
cleanup:
    sq_evaluation_clear(&found);
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
