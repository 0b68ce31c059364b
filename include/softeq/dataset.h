/* Data sets: rows of (input, target), made by a task or read from NetCDF shards.
 *
 * A row is known by its global index, 0 .. samples-1, whatever the number of ranks or shards.
 * Every function is local to a rank; rows are read where they are asked for. */
#ifndef SOFTEQ_DATASET_H
#define SOFTEQ_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "softeq/config.h"
#include "softeq/error.h"
#include "softeq/real.h"

typedef struct sq_dataset sq_dataset;

/* Versions of the hash before the present one that checkpoints may have. */
enum { SQ_FORMER_HASHES = 2 };

/* What a data set says of itself. Open struct. */
typedef struct {
    int64_t samples;
    int n_input, n_output;
    char input_representation[256];  /* "5*T(0) + 5*T(1)" */
    char output_representation[256]; /* "T(2)" */
    char title[256];
    char units[64];       /* of the target */
    char input_units[64]; /* of the input; "": not told */
    bool masked;          /* a mask says which outputs count */
    bool trajectory;      /* outputs are predicted positions: ADE and FDE mean something */
    int64_t observed_steps, predicted_steps; /* of a trajectory; else 0 */
    double interval; /* seconds between steps of a trajectory; 0 if unknown */
    uint64_t hash;   /* over what is in it, not where: representations, sizes and values, of shards
                        their content_hash and a sample of their rows */
    /* The same as former versions made it, for their checkpoints: of fewer rows of large shards,
     * and before that of none but the ends. Of what is no shard: hash. */
    uint64_t former_hashes[SQ_FORMER_HASHES];
} sq_dataset_info;

/* Its hash in 16 hexadecimal digits. */
enum { SQ_DATA_HASH = 17 };
void sq_dataset_format_hash(const sq_dataset_info *info, char text[SQ_DATA_HASH]);

/* The split of a made task. */
typedef enum {
    SQ_SPLIT_TRAIN,
    SQ_SPLIT_VALID,
    SQ_SPLIT_TEST,
    SQ_SPLIT_ALL,    /* those three together */
    SQ_SPLIT_SHIFTED /* as many other samples as in the test split, out of distribution */
} sq_split;

/* Makes a split of config->data.task in memory: a third of data.samples each, unless
 * data.train_samples and its kin say otherwise. Row k of the whole depends on (data.seed, k) only.
 * Positions are moved by data.shift in SQ_SPLIT_SHIFTED and SQ_SPLIT_ALL. */
sq_status sq_dataset_make(const sq_config *config, sq_split split, sq_dataset **dataset);

/* Opens white-space separated NetCDF shards or glob patterns as one data set, rows in the order of
 * the names given, the matches of a pattern sorted. cache_bytes bounds the memory for rows that
 * were read. Errors: SQ_ERR_IO (missing, truncated), SQ_ERR_DATA (no rows, another width or
 * representation than the first shard; NaN or infinity in a row, found as the row is read, with
 * file and row). */
sq_status sq_dataset_open(const char *patterns, size_t cache_bytes, sq_dataset **dataset);

/* The same to predict for: the shards may be without targets. n_output is 0 then. */
sq_status sq_dataset_open_inputs(const char *patterns, size_t cache_bytes, sq_dataset **dataset);

/* A data set over the caller's arrays, which must outlive it. input: (samples, n_input), target:
 * (samples, n_output), mask: the same or NULL; info gives samples, widths and representations. */
sq_status sq_dataset_wrap(const sq_dataset_info *info, const sq_real *input, const sq_real *target,
                          const sq_real *mask, sq_dataset **dataset);

void sq_dataset_destroy(sq_dataset **dataset);

const sq_dataset_info *sq_dataset_describe(const sq_dataset *dataset);

/* Reads rows (any order, repeats allowed) into row-major arrays of the caller.
 * rows: (count); input: (count, n_input); target: (count, n_output); mask: (count, n_output), all
 * ones if the data set has none. Any of the three may be NULL. */
sq_status sq_dataset_read(sq_dataset *dataset, const int64_t *rows, size_t count, sq_real *input,
                          sq_real *target, sq_real *mask);

/* Writes all rows to a NetCDF shard (through a temporary file). history: the command that made it;
 * may be NULL. */
sq_status sq_dataset_write(sq_dataset *dataset, const char *path, const char *history);

#endif
