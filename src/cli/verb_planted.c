/* softeq planted make and score: tasks whose symmetries are known, and how often they are found. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text_stream.h"
#include "cli/planted.h"
#include "cli/planted_score.h"
#include "cli/verb.h"
#include "io/atomic_file.h"

/* ---- make ------------------------------------------------------------------------------------ */

static void print_planted(uint64_t seed, const sq_planted *planted) {
    printf("%" PRIu64 ": %s", seed, planted->group);
    if (planted->breaking[0]) printf(" + %.2g %s", planted->strength, planted->breaking);
    printf(", noise %.2g;", planted->noise);
    for (int g = 0; g < planted->n_types; g++)
        if (planted->error[g] < SQ_PLANTED_HOLDS)
            printf(" %s holds", planted->type_names[g]);
        else
            printf(" %s %.2f", planted->type_names[g], planted->error[g]);
    printf("\n");
}

static sq_status run_make(const sq_call *call) {
    sq_status status;
    const char *out;
    SQ_TRY(sq_option_require(call->options, SQ_OPTION_OUTPUT, &out));
    for (int k = 0; k < call->options->n_operands; k++) {
        sq_planted planted;
        char folder[SQ_PLANTED_PATH];
        uint64_t seed;
        if (!sq_planted_parse_seed(call->options->operands[k], &seed))
            SQ_TRY(sq_fail(SQ_ERR_ARGUMENT, "'%s' is no seed: give whole numbers from 0 on",
                           call->options->operands[k]));
        snprintf(folder, sizeof folder, "%s/%" PRIu64, out, seed);
        SQ_TRY(sq_planted_make(seed, folder, call->history, &planted));
        print_planted(seed, &planted);
    }
cleanup:
    return status;
}

const sq_verb sq_verb_planted_make = {
    .name = "planted make",
    .operands = "SEED...",
    .help = "make tasks with planted symmetries in folders -o DIR/SEED",
    .least_operands = 1,
    .most_operands = SQ_ANY_NUMBER,
    .accepts = SQ_ACCEPT(SQ_OPTION_OUTPUT),
    .run = run_make,
};

/* ---- score ----------------------------------------------------------------------------------- */

/* "1-100"; NULL: all. */
static sq_status parse_seeds(const char *text, sq_planted_seeds *seeds) {
    char first[32] = "";
    *seeds = (sq_planted_seeds){.all = !text};
    if (!text) return SQ_OK;
    size_t length = strcspn(text, "-");
    if (length < sizeof first) memcpy(first, text, length);
    if (text[length] && sq_planted_parse_seed(first, &seeds->first) &&
        sq_planted_parse_seed(text + length + 1, &seeds->last) && seeds->first <= seeds->last)
        return SQ_OK;
    return sq_fail(SQ_ERR_ARGUMENT,
                   "--seeds %s: give the first and the last seed, such as --seeds 1-100", text);
}

static sq_status run_score(const sq_call *call) {
    sq_status status;
    sq_planted_seeds seeds;
    const char *folder, *out = sq_option_value(call->options, SQ_OPTION_OUTPUT);
    sq_text_stream scores = {0};
    SQ_TRY(sq_option_require(call->options, SQ_OPTION_RUN, &folder));
    SQ_TRY(parse_seeds(sq_option_value(call->options, SQ_OPTION_SEEDS), &seeds));
    SQ_TRY(sq_text_stream_open(&scores, "the scores"));
    SQ_TRY(sq_planted_score(folder, seeds, call->options->operands, call->options->n_operands,
                            scores.stream));
    SQ_TRY(sq_text_stream_close(&scores));
    if (out)
        SQ_TRY(sq_write_text_file(out, scores.text));
    else
        fputs(scores.text, stdout);
cleanup:
    sq_text_stream_clear(&scores);
    return status;
}

const sq_verb sq_verb_planted_score = {
    .name = "planted score",
    .operands = "RULE...",
    .help = "score the runs --run DIR/SEED/RULE of planted tasks, as a table in Markdown",
    .least_operands = 1,
    .most_operands = SQ_ANY_NUMBER,
    .accepts = SQ_ACCEPT(SQ_OPTION_RUN) | SQ_ACCEPT(SQ_OPTION_SEEDS) | SQ_ACCEPT(SQ_OPTION_OUTPUT),
    .run = run_score,
};
