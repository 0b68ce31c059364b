/* A folder of planted tasks and their runs: DIR/SEED/truth.nc and DIR/SEED/RULE/evaluation.nc. */
#ifndef SQ_CLI_PLANTED_FOLDER_H
#define SQ_CLI_PLANTED_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"

/* Both ends belong to it. all: whatever is in the folder. */
typedef struct {
    bool all;
    uint64_t first, last;
} sq_planted_seeds;

/* The tasks that are asked for, in order. *seeds: (*count), freed with sq_free, also on failure.
 * SQ_ERR_DATA names those that are missing; where all are asked for, folders of tasks without
 * truth.nc. */
sq_status sq_planted_list_seeds(const char *folder, sq_planted_seeds asked, uint64_t **seeds,
                                size_t *count);

/* SQ_ERR_DATA names what is missing of the rules' evaluations of these tasks: scored on fewer of
 * them, or on others, a rule would look better or worse than it is.
 * seeds: (count); rules: (n_rules) */
sq_status sq_planted_check_complete(const char *folder, const uint64_t *seeds, size_t count,
                                    const char *const *rules, int n_rules);

#endif
