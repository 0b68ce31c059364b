/* softeq data split: shards of training, validation and test, no scene in two of them. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/text_stream.h"
#include "cli/quote.h"
#include "cli/verb.h"
#include "dataset/split.h"

/* shares: (SQ_SPLIT_PARTS) */
static sq_status read_shares(const sq_config *config, double *shares) {
    const char *text = config->data.split;
    double sum = 0;
    for (int part = 0; part < SQ_SPLIT_PARTS; part++) {
        char *end;
        shares[part] = strtod(text, &end);
        if (end == text || !(shares[part] >= 0) || !isfinite(shares[part])) sum = NAN;
        sum += shares[part];
        text = end;
    }
    if (sum > 0 && *text == '\0') return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "data.split = '%s' is not three numbers of at least 0, such as 0.8 0.1 0.1",
                   config->data.split);
}

/* File names as one list of patterns; freed with sq_free. */
static sq_status join(const char *const *paths, int count, char **patterns) {
    sq_text_stream list;
    sq_status status = sq_text_stream_open(&list, "the names of files");
    if (status != SQ_OK) return status;
    for (int i = 0; i < count; i++) {
        sq_write_quoted(paths[i], list.stream);
        fputc(' ', list.stream);
    }
    return sq_text_stream_take(&list, patterns);
}

static sq_status run_split(const sq_call *call) {
    sq_status status;
    sq_config config;
    double shares[SQ_SPLIT_PARTS];
    sq_split_summary summary;
    char *patterns = NULL;
    const char *prefix;
    SQ_TRY(sq_option_require(call->options, SQ_OPTION_OUTPUT, &prefix));
    sq_config_init(&config);
    SQ_TRY(sq_options_apply_sets(call->options, &config));
    SQ_TRY(read_shares(&config, shares));
    SQ_TRY(join(call->options->operands, call->options->n_operands, &patterns));
    SQ_TRY(sq_split_by_scene(patterns, shares, (uint64_t)config.data.seed, prefix, call->history,
                             &summary));
    for (int part = 0; part < SQ_SPLIT_PARTS; part++)
        if (shares[part] > 0)
            printf("%s-%s.nc: %" PRId64 " %s of %" PRId64 " %s\n", prefix, sq_split_part_name(part),
                   summary.rows[part], sq_number_word(summary.rows[part], "row", "rows"),
                   summary.scenes[part], sq_number_word(summary.scenes[part], "scene", "scenes"));
cleanup:
    sq_free(patterns);
    return status;
}

const sq_verb sq_verb_data_split = {
    .name = "data split",
    .operands = "FILE.nc...",
    .help =
        "split shards by scene into PREFIX-train.nc, -valid.nc and -test.nc (data.split, "
        "data.seed)",
    .least_operands = 1,
    .most_operands = SQ_ANY_NUMBER,
    .accepts = SQ_ACCEPT(SQ_OPTION_OUTPUT) | SQ_ACCEPT(SQ_OPTION_SET),
    .run = run_split,
};
