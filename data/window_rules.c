#include "data/window_rules.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "data/track.h"

static bool is(const char *value, const char *choice) { return strcmp(value, choice) == 0; }

static sq_status read_class(const char *word, size_t length, unsigned *classes) {
    const char *names[SQ_AGENT_CLASSES];
    char text[64];
    snprintf(text, sizeof text, "%.*s", (int)length, word);
    for (int kind = 0; kind < SQ_AGENT_CLASSES; kind++) {
        names[kind] = sq_agent_class_name((sq_agent_class)kind);
        if (!is(text, names[kind])) continue;
        *classes |= 1u << kind;
        return SQ_OK;
    }
    const char *nearest = sq_nearest_word(text, names, SQ_AGENT_CLASSES);
    if (nearest)
        return sq_fail(SQ_ERR_CONFIG, "data.classes: '%s' is no class; did you mean %s?", text,
                       nearest);
    return sq_fail(SQ_ERR_CONFIG,
                   "data.classes: '%s' is no class: there are vehicle, pedestrian, cyclist, other",
                   text);
}

static sq_status read_classes(const char *list, unsigned *classes) {
    const char *word;
    size_t length;
    *classes = 0;
    while (sq_next_word(&list, &word, &length)) {
        sq_status status = read_class(word, length, classes);
        if (status != SQ_OK) return status;
    }
    if (*classes == 0) *classes = (1u << SQ_AGENT_CLASSES) - 1;
    return SQ_OK;
}

sq_status sq_window_rules_read(const sq_config *config, sq_window_rules *rules) {
    *rules = (sq_window_rules){
        .observed = config->data.observed,
        .predicted = config->data.predicted,
        .interval = config->data.interval,
        .dimensions = (int)config->data.dimensions,
        .neighbours = config->data.neighbours,
        .begin = is(config->data.windows, "first")     ? SQ_WINDOWS_FIRST
                 : is(config->data.windows, "current") ? SQ_WINDOWS_CURRENT
                                                       : SQ_WINDOWS_EVERY,
        .begin_stride = config->data.window_stride,
        .origin = is(config->data.origin, "mean")   ? SQ_ORIGIN_MEAN
                  : is(config->data.origin, "none") ? SQ_ORIGIN_NONE
                                                    : SQ_ORIGIN_LAST,
        .origin_height = config->data.origin_height,
        .origin_shift = config->data.origin_shift,
        .align = is(config->data.align, "heading"),
        .mask_missing = is(config->data.missing, "mask"),
        .only_to_predict = is(config->data.agents, "to-predict"),
        .rise_above = config->data.rise_above,
        .move_below = config->data.move_below,
        .part = config->data.part,
        .columns = config->data.columns,
        .valid_fraction = config->data.valid_fraction,
    };
    return read_classes(config->data.classes, &rules->classes);
}

sq_status sq_window_rules_stride(const sq_window_rules *rules, double recorded, const char *path,
                                 int64_t *stride) {
    double ratio = rules->interval / recorded;
    *stride = (int64_t)llround(ratio);
    if (*stride >= 1 && fabs(ratio - (double)*stride) < 0.01 * ratio) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG, "%s: has a step every %g s; data.interval = %g is no multiple",
                   path, recorded, rules->interval);
}

void sq_window_rules_describe(const sq_window_rules *rules, const char *source,
                              sq_dataset_info *info) {
    long long observed = rules->observed;
    long long predicted = rules->predicted;
    long long neighbours = rules->neighbours;
    long long vectors = observed * (1 + neighbours);
    *info = (sq_dataset_info){.n_input = rules->dimensions * (int)vectors + (int)neighbours,
                              .n_output = rules->dimensions * (int)predicted,
                              .units = "m",
                              .masked = rules->mask_missing,
                              .trajectory = true,
                              .observed_steps = observed,
                              .predicted_steps = predicted,
                              .interval = rules->interval};
    snprintf(info->input_representation, sizeof info->input_representation, "%lld*T(1)", observed);
    if (neighbours > 0)
        snprintf(info->input_representation, sizeof info->input_representation,
                 "%lld*T(1) + %lld*T(0) + %lld*T(1)", observed, neighbours, neighbours * observed);
    snprintf(info->output_representation, sizeof info->output_representation, "%lld*T(1)",
             predicted);
    snprintf(info->title, sizeof info->title, "%s: %lld observed and %lld predicted steps of %g s",
             source, observed, predicted, rules->interval);
}

/* What only some imports ask for stands behind the rest, so that the line of others stays. */
void sq_window_rules_format(const sq_window_rules *rules, char *text) {
    const size_t capacity = SQ_WINDOW_RULES_TEXT;
    size_t used = (size_t)snprintf(
        text, capacity,
        "observed=%lld predicted=%lld interval=%.15g dimensions=%d begin=%d stride=%lld "
        "origin=%d height=%.15g shift=%.15g align=%d mask=%d to_predict=%d classes=%u "
        "rise_above=%.15g move_below=%.15g neighbours=%lld",
        (long long)rules->observed, (long long)rules->predicted, rules->interval, rules->dimensions,
        (int)rules->begin, (long long)rules->begin_stride, (int)rules->origin, rules->origin_height,
        rules->origin_shift, rules->align, rules->mask_missing, rules->only_to_predict,
        rules->classes, rules->rise_above, rules->move_below, (long long)rules->neighbours);
    if (!is(rules->part, "all"))
        used += (size_t)snprintf(text + used, capacity - used, " part=%s valid_fraction=%.15g",
                                 rules->part, rules->valid_fraction);
    if (*rules->columns) snprintf(text + used, capacity - used, " columns: %s", rules->columns);
}
