/* Data sets over NetCDF shards: rows are read in blocks, where they are asked for or before, and
 * kept while there is memory. */
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/memory.h"
#include "dataset/block_reader.h"
#include "dataset/shard_file.h"
#include "dataset/shard_hash.h"
#include "dataset/shard_layout.h"
#include "dataset/source.h"
#include "io/content_hash.h"
#include "io/glob_files.h"

/* A process may have about a thousand files open, and MPI wants some of them. */
enum { MOST_OPEN = 32 };

/* Bytes of long compressed chunks that are kept: of a variable, and of all in files that are open.
 */
enum { MOST_CHUNK_BYTES = 64 << 20, MOST_KEPT_BYTES = 3 * MOST_CHUNK_BYTES };

typedef struct {
    const char *path; /* owned by the set */
    sq_nc *file;      /* NULL while it is closed */
    sq_dataset_info info;
    int64_t first_row;
    bool looked_at;     /* whether it has long compressed chunks */
    size_t chunk_bytes; /* to be kept of these, of each variable; 0: there are none */
    size_t kept_bytes;  /* of all variables, at most, while it is open */
} shard;

typedef struct {
    char **paths; /* (n_shards) */
    size_t n_shards;
    shard *shards;
    int64_t samples;
    bool masked; /* any of the shards is */
    size_t n_input, n_output;
    sq_block_reader *reader;
    size_t *expected; /* (expected_capacity) */
    size_t expected_capacity;
    shard *open[MOST_OPEN]; /* a ring: the next to be closed is at `turn` */
    size_t turn;
    size_t kept_bytes; /* of all that are open, at most */
    bool warned;       /* of chunks that do not fit */
} shard_set;

/* ---- open files ---- */

static const char *const row_variables[] = {SQ_SHARD_INPUT, SQ_SHARD_TARGET, SQ_SHARD_MASK};
enum { ROW_VARIABLES = sizeof row_variables / sizeof *row_variables };

static sq_status close_shard(shard_set *set, shard **place) {
    shard *closed = *place;
    *place = NULL;
    if (!closed) return SQ_OK;
    set->kept_bytes -= closed->kept_bytes;
    return sq_nc_close(&closed->file);
}

static void warn_of_long_chunks(shard_set *set, const shard *one) {
    if (set->warned) return;
    set->warned = true;
    sq_log(SQ_LOG_WARNING,
           "%s: is compressed in chunks of more than %d rows that do not all fit into memory, so "
           "that one is read again for nearly every %d rows: write it in chunks of %d rows "
           "(docs/file-formats.md says how)",
           one->path, SQ_READ_BLOCK, SQ_READ_BLOCK, SQ_READ_BLOCK);
}

/* Blocks of rows are kept here; chunks only where one is many blocks. */
static sq_status find_long_chunks(shard_set *set, shard *one) {
    size_t bytes;
    bool all;
    sq_status status = SQ_OK;
    for (int k = 0; k < ROW_VARIABLES; k++) {
        if (!sq_nc_has_variable(one->file, row_variables[k])) continue;
        SQ_TRY(sq_nc_find_long_chunks(one->file, row_variables[k], SQ_READ_BLOCK, MOST_CHUNK_BYTES,
                                      &bytes, &all));
        if (!all) warn_of_long_chunks(set, one);
        if (bytes > one->chunk_bytes) one->chunk_bytes = bytes;
    }
cleanup:
    return status;
}

/* At most what all values of the variables take: NetCDF is only told one bound for all of them. */
static sq_status bound_kept_bytes(shard *one) {
    size_t shape[SQ_NC_MAX_RANK];
    int rank;
    sq_status status = SQ_OK;
    for (int k = 0; k < ROW_VARIABLES; k++) {
        size_t bytes = sizeof(double);
        if (!sq_nc_has_variable(one->file, row_variables[k])) continue;
        SQ_TRY(sq_nc_variable_shape(one->file, row_variables[k], &rank, shape));
        for (int axis = 0; axis < rank; axis++) bytes *= shape[axis];
        one->kept_bytes += bytes < one->chunk_bytes ? bytes : one->chunk_bytes;
    }
cleanup:
    return status;
}

/* Of a shard that was opened for the first time: opens it again if it has chunks to be kept. */
static sq_status look_at_chunks(shard_set *set, shard *one) {
    sq_status status = SQ_OK;
    SQ_TRY(find_long_chunks(set, one));
    SQ_TRY(bound_kept_bytes(one));
    one->looked_at = true;
    if (one->chunk_bytes == 0) goto cleanup;
    SQ_TRY(sq_nc_close(&one->file));
    SQ_TRY(sq_nc_open_keeping(one->path, one->chunk_bytes, &one->file));
cleanup:
    return status;
}

/* Those that were opened first give way to one that was opened now. */
static sq_status make_room(shard_set *set, const shard *opened) {
    sq_status status = SQ_OK;
    set->kept_bytes += opened->kept_bytes;
    if (set->kept_bytes > MOST_KEPT_BYTES) warn_of_long_chunks(set, opened);
    for (size_t k = 0; k + 1 < MOST_OPEN && set->kept_bytes > MOST_KEPT_BYTES; k++)
        SQ_TRY(close_shard(set, &set->open[(set->turn + k) % MOST_OPEN]));
cleanup:
    return status;
}

static sq_status open_shard(shard_set *set, shard *opened) {
    if (opened->file) return SQ_OK;
    shard **place = &set->open[set->turn];
    sq_status status = SQ_OK;
    SQ_TRY(close_shard(set, place));
    SQ_TRY(sq_nc_open_keeping(opened->path, opened->chunk_bytes, &opened->file));
    if (!opened->looked_at) SQ_TRY(look_at_chunks(set, opened));
    *place = opened;
    set->turn = (set->turn + 1) % MOST_OPEN;
    SQ_TRY(make_room(set, opened));
cleanup:
    return status;
}

/* ---- rows ---- */

/* The shard that holds a row: the last that does not begin after it. */
static shard *find_shard(const shard_set *set, int64_t row) {
    size_t low = 0;
    size_t high = set->n_shards;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (set->shards[middle].first_row <= row)
            low = middle;
        else
            high = middle;
    }
    return &set->shards[low];
}

/* A block: inputs (rows, n_input), targets (rows, n_output) and, if masked, mask (rows, n_output),
 * with room for SQ_READ_BLOCK rows in each part. */
static size_t target_offset(const shard_set *set) { return SQ_READ_BLOCK * set->n_input; }
static size_t mask_offset(const shard_set *set) {
    return SQ_READ_BLOCK * (set->n_input + set->n_output);
}
static size_t block_size(const shard_set *set) {
    return mask_offset(set) + (set->masked ? SQ_READ_BLOCK * set->n_output : 0);
}

/* Rows of one shard, up to `end` (exclusive) at most, into a block that begins with row `first`;
 * returns how many by *row. */
static sq_status load_piece(shard_set *set, int64_t first, int64_t *row, int64_t end,
                            sq_real *values) {
    shard *from = find_shard(set, *row);
    int64_t shard_end = from->first_row + from->info.samples;
    size_t at = (size_t)(*row - first);
    size_t count = (size_t)((end < shard_end ? end : shard_end) - *row);
    sq_real *target = values + target_offset(set);
    sq_real *mask = set->masked ? values + mask_offset(set) + at * set->n_output : NULL;
    sq_status status;
    SQ_TRY(open_shard(set, from));
    SQ_TRY(sq_shard_read(from->file, &from->info, *row - from->first_row, count,
                         values + at * set->n_input, target + at * set->n_output, mask));
    *row += (int64_t)count;
cleanup:
    return status;
}

/* A block may hold the end of one shard and the beginning of the next. */
static sq_status load_block(void *context, size_t block, sq_real *values) {
    shard_set *set = context;
    int64_t first = (int64_t)block * SQ_READ_BLOCK;
    int64_t left = set->samples - first;
    int64_t end = first + (left < SQ_READ_BLOCK ? left : SQ_READ_BLOCK);
    sq_status status = SQ_OK;
    for (int64_t row = first; row < end;) SQ_TRY(load_piece(set, first, &row, end, values));
cleanup:
    return status;
}

static void copy_row(const sq_real *from, size_t row, size_t width, sq_real *to, size_t to_row) {
    memcpy(to + to_row * width, from + row * width, width * sizeof *to);
}

static size_t block_of(int64_t row) { return (size_t)row / SQ_READ_BLOCK; }

static sq_status copy_rows(shard_set *set, const int64_t *rows, size_t count, sq_real *input,
                           sq_real *target, sq_real *mask) {
    sq_status status = SQ_OK;
    for (size_t i = 0; i < count; i++) {
        const sq_real *values;
        size_t row = (size_t)rows[i] % SQ_READ_BLOCK;
        SQ_TRY(sq_block_reader_get(set->reader, block_of(rows[i]), &values));
        if (input) copy_row(values, row, set->n_input, input, i);
        if (target) copy_row(values + target_offset(set), row, set->n_output, target, i);
        if (mask && set->masked) copy_row(values + mask_offset(set), row, set->n_output, mask, i);
    }
cleanup:
    return status;
}

static sq_status read_rows(void *source, const int64_t *rows, size_t count, sq_real *input,
                           sq_real *target, sq_real *mask) {
    shard_set *set = source;
    if (mask && !set->masked)
        for (size_t i = 0; i < count * set->n_output; i++) mask[i] = 1;
    sq_block_reader_open(set->reader);
    sq_status status = copy_rows(set, rows, count, input, target, mask);
    sq_block_reader_close(set->reader);
    return status;
}

/* ---- reading ahead ---- */

static sq_status expect(void *source, const int64_t *first_rows, size_t count) {
    shard_set *set = source;
    sq_status status = SQ_OK;
    if (count > set->expected_capacity) {
        SQ_TRY(sq_grow(set->expected_capacity, count, sizeof *set->expected, &set->expected));
        set->expected_capacity = count;
    }
    for (size_t i = 0; i < count; i++) set->expected[i] = block_of(first_rows[i]);
    SQ_TRY(sq_block_reader_expect(set->reader, set->expected, count));
cleanup:
    return status;
}

static void rest(void *source) {
    shard_set *set = source;
    sq_block_reader_rest(set->reader);
}

static void set_trace(void *source, sq_trace *trace) {
    shard_set *set = source;
    sq_block_reader_set_trace(set->reader, trace);
}

static void destroy(void *source) {
    shard_set *set = source;
    sq_block_reader_destroy(&set->reader); /* the first to go: its thread uses the rest */
    for (size_t i = 0; set->shards && i < set->n_shards; i++) sq_nc_close(&set->shards[i].file);
    sq_free(set->shards);
    sq_glob_free(&set->paths, set->n_shards);
    sq_free(set->expected);
    sq_free(set);
}

static const sq_source_kind shards_kind = {
    .read = read_rows, .destroy = destroy, .expect = expect, .rest = rest, .set_trace = set_trace};

/* ---- opening ---- */

typedef sq_status sq_shard_describer(const sq_nc *file, sq_dataset_info *info);

/* Reads all headers; info becomes that of the whole. */
static sq_status read_headers(shard_set *set, sq_shard_describer *describe, sq_dataset_info *info) {
    sq_status status;
    SQ_TRY(sq_alloc(set->n_shards, sizeof *set->shards, &set->shards));
    for (size_t i = 0; i < set->n_shards; i++) {
        shard *one = &set->shards[i];
        one->path = set->paths[i];
        SQ_TRY(open_shard(set, one));
        SQ_TRY(describe(one->file, &one->info));
        if (i == 0) {
            *info = one->info;
            info->samples = 0;
        }
        SQ_TRY(sq_shard_check_alike(set->paths[0], info, one->path, &one->info));
        one->first_row = info->samples;
        info->samples += one->info.samples;
        info->masked |= one->info.masked;
    }
cleanup:
    return status;
}

/* ---- the hash ---- */

/* The versions of the hash, the present one first; former ones as in info->former_hashes. */
enum { NOW, FEW_ROWS, NO_ROWS, HASHES };
_Static_assert(HASHES == 1 + SQ_FORMER_HASHES, "there is a place for every version");

static sq_status hash_ends(shard_set *set, const shard *one, sq_content_hash *hash) {
    int64_t rows[] = {one->first_row, one->first_row + one->info.samples - 1};
    size_t input_shape[] = {2, set->n_input};
    size_t target_shape[] = {2, set->n_output};
    sq_real *input = NULL;
    sq_real *target = NULL;
    struct stat found = {0};
    sq_status status;
    stat(one->path, &found); /* it has just been opened */
    uint64_t size = (uint64_t)found.st_size;
    SQ_TRY(sq_alloc(2 * set->n_input, sizeof *input, &input));
    SQ_TRY(sq_alloc(2 * set->n_output, sizeof *target, &target));
    SQ_TRY(read_rows(set, rows, 2, input, target, NULL));
    sq_content_hash_array(hash, "size", &size, sizeof size, 0, NULL);
    sq_content_hash_array(hash, "input", input, sizeof *input, 2, input_shape);
    sq_content_hash_array(hash, "target", target, sizeof *target, 2, target_shape);
cleanup:
    sq_free(input);
    sq_free(target);
    return status;
}

/* The attribute content_hash, or else the size of the file, its first and last row. */
static sq_status hash_no_rows(shard_set *set, const shard *one, sq_content_hash *hash) {
    int64_t samples = one->info.samples;
    char *text = NULL;
    sq_status status = SQ_OK;
    sq_content_hash_array(hash, "samples", &samples, sizeof samples, 0, NULL);
    if (sq_nc_has_text(one->file, NULL, SQ_SHARD_CONTENT_HASH)) {
        SQ_TRY(sq_nc_copy_text(one->file, NULL, SQ_SHARD_CONTENT_HASH, &text));
        sq_content_hash_text(hash, SQ_SHARD_CONTENT_HASH, text);
    } else {
        SQ_TRY(hash_ends(set, one, hash));
    }
cleanup:
    sq_free(text);
    return status;
}

/* Of a small shard all rows. Of a larger one no fewer, but in few runs, since each may cost as much
 * as a whole chunk. Of many files fewer each, since every one is opened by every rank. */
static sq_shard_runs choose_runs(const shard_set *set, int64_t samples) {
    enum { SHORT = SQ_SHARD_RUN_ROWS, ALL_SMALL = 128, ALL = 256, LEAST = 2, MOST = 16 };
    size_t whole = ((size_t)samples + SHORT - 1) / SHORT;
    size_t share = ALL_SMALL / set->n_shards, few = ALL / set->n_shards;
    if (whole <= share) return (sq_shard_runs){whole, SHORT};
    few = few < LEAST ? LEAST : few > MOST ? MOST : few;
    return (sq_shard_runs){few, sq_larger(SHORT, share * SHORT / few)};
}

/* Runs of the former version were short in larger shards, too. */
static sq_shard_runs choose_former_runs(const shard_set *set, int64_t samples) {
    sq_shard_runs runs = choose_runs(set, samples);
    runs.rows = SQ_SHARD_RUN_ROWS;
    return runs;
}

static sq_status hash_shard(shard_set *set, shard *one, sq_content_hash *const *hashes) {
    const int64_t samples = one->info.samples;
    sq_status status = SQ_OK;
    if (samples == 0) return SQ_OK;
    SQ_TRY(open_shard(set, one));
    SQ_TRY(sq_shard_hash_sample(one->file, &one->info, choose_runs(set, samples), hashes[NOW]));
    SQ_TRY(sq_shard_hash_sample(one->file, &one->info, choose_former_runs(set, samples),
                                hashes[FEW_ROWS]));
    SQ_TRY(hash_no_rows(set, one, hashes[NO_ROWS]));
cleanup:
    return status;
}

static sq_status begin_hash(const sq_dataset_info *info, sq_content_hash **hash) {
    sq_status status = sq_content_hash_create(hash);
    if (status != SQ_OK) return status;
    sq_content_hash_text(*hash, SQ_SHARD_INPUT_REPRESENTATION, info->input_representation);
    sq_content_hash_text(*hash, SQ_SHARD_OUTPUT_REPRESENTATION, info->output_representation);
    return SQ_OK;
}

static uint64_t end_hash(const sq_content_hash *hash) {
    char text[SQ_SHARD_HASH_SIZE];
    sq_content_hash_finish(hash, text);
    return sq_hash_bytes(text, sizeof text, 0);
}

static sq_status hash_set(shard_set *set, sq_dataset_info *info) {
    sq_content_hash *hashes[HASHES] = {0};
    sq_status status;
    for (int k = 0; k < HASHES; k++) SQ_TRY(begin_hash(info, &hashes[k]));
    for (size_t i = 0; i < set->n_shards; i++) SQ_TRY(hash_shard(set, &set->shards[i], hashes));
    info->hash = end_hash(hashes[NOW]);
    for (int k = 0; k < SQ_FORMER_HASHES; k++) info->former_hashes[k] = end_hash(hashes[k + 1]);
cleanup:
    for (int k = 0; k < HASHES; k++) sq_content_hash_destroy(&hashes[k]);
    return status;
}

/* ---- all of it ---- */

static sq_status open_set(const char *patterns, size_t cache_bytes, sq_shard_describer *describe,
                          sq_dataset **dataset) {
    shard_set *set = NULL;
    sq_dataset_info info;
    sq_status status;
    *dataset = NULL;
    SQ_TRY(sq_alloc(1, sizeof *set, &set));
    SQ_TRY(sq_glob(patterns, &set->paths, &set->n_shards));
    if (set->n_shards == 0) SQ_TRY(sq_fail(SQ_ERR_CONFIG, "no data files are named"));
    SQ_TRY(read_headers(set, describe, &info));
    if (info.samples == 0) SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: no rows", patterns));
    set->masked = info.masked;
    set->n_input = (size_t)info.n_input;
    set->n_output = (size_t)info.n_output;
    set->samples = info.samples;
    size_t n_blocks = block_of(info.samples - 1) + 1;
    SQ_TRY(sq_block_reader_create(n_blocks, block_size(set), cache_bytes, load_block, set,
                                  &set->reader));
    SQ_TRY(hash_set(set, &info));
    SQ_TRY(sq_dataset_create(&info, &shards_kind, set, dataset));
cleanup:
    if (status != SQ_OK && set) destroy(set);
    return status;
}

sq_status sq_dataset_open(const char *patterns, size_t cache_bytes, sq_dataset **dataset) {
    return open_set(patterns, cache_bytes, sq_shard_describe, dataset);
}

sq_status sq_dataset_open_inputs(const char *patterns, size_t cache_bytes, sq_dataset **dataset) {
    return open_set(patterns, cache_bytes, sq_shard_describe_inputs, dataset);
}
