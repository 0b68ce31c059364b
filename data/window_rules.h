/* Which windows importers cut from tracks, and in which frame: the [data] keys, read once. */
#ifndef SQ_DATA_WINDOW_RULES_H
#define SQ_DATA_WINDOW_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "softeq/config.h"
#include "softeq/dataset.h"
#include "softeq/error.h"

typedef enum { SQ_WINDOWS_EVERY, SQ_WINDOWS_FIRST, SQ_WINDOWS_CURRENT } sq_windows_begin;
typedef enum { SQ_ORIGIN_LAST, SQ_ORIGIN_MEAN, SQ_ORIGIN_NONE } sq_window_origin;

typedef struct {
    int64_t observed, predicted; /* steps */
    double interval;             /* seconds */
    int dimensions;              /* 2, 3 */
    int64_t neighbours;
    sq_windows_begin begin;
    int64_t begin_stride; /* recorded steps between beginnings */
    sq_window_origin origin;
    double origin_height, origin_shift;
    bool align;        /* turn until the agent heads along x */
    bool mask_missing; /* keep windows with unseen future steps */
    bool only_to_predict;
    unsigned classes; /* bit i: keep class i */
    double rise_above, move_below;
    /* Borrowed from the configuration: which part of a recording, and which columns of a table. */
    const char *part, *columns;
    double valid_fraction;
} sq_window_rules;

enum { SQ_WINDOW_RULES_TEXT = 512 + SQ_CONFIG_TEXT };

/* config must outlive the rules. Errors: SQ_ERR_CONFIG for a class that does not exist. */
sq_status sq_window_rules_read(const sq_config *config, sq_window_rules *rules);

/* Recorded steps between two of a window, if a recording has a step every `recorded` seconds, which
 * may be off by a hundredth. Errors: SQ_ERR_CONFIG, naming the recording, if data.interval is no
 * multiple. */
sq_status sq_window_rules_stride(const sq_window_rules *rules, double recorded, const char *path,
                                 int64_t *stride);

/* What a shard of such windows says of itself. source: "ETH/UCY pedestrians". */
void sq_window_rules_describe(const sq_window_rules *rules, const char *source,
                              sq_dataset_info *info);

/* The rules as one line: shards with equal lines go together. text: (SQ_WINDOW_RULES_TEXT) */
void sq_window_rules_format(const sq_window_rules *rules, char *text);

#endif
