#include "data/import.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/import_csv.h"
#include "data/import_eth_ucy.h"
#include "data/import_waymo.h"
#include "io/atomic_file.h"

enum { PATH_CAPACITY = 4096, MOST_FORMATS = 16, SIGHTINGS_IN_MEMORY = 1 << 17 };

/* ---- formats ---- */

const sq_import_format *const sq_import_formats[] = {
    &sq_import_format_eth_ucy,
    &sq_import_format_waymo,
    &sq_import_format_csv,
    NULL,
};

sq_status sq_import_find_format(const char *name, const sq_import_format **format) {
    const char *names[MOST_FORMATS];
    size_t count = 0;
    for (; sq_import_formats[count]; count++) {
        *format = sq_import_formats[count];
        names[count] = (*format)->name;
        if (!strcmp(names[count], name)) return SQ_OK;
    }
    const char *nearest = sq_nearest_word(name, names, count);
    return sq_fail(SQ_ERR_ARGUMENT, "unknown format '%s'; did you mean '%s'?", name,
                   nearest ? nearest : names[0]);
}

void sq_import_configure(const sq_import_format *format, sq_config *config) {
    sq_config_init(config);
    for (const char *const *one = format->defaults; one && *one; one++)
        (void)sq_config_set_assignment(config, *one, format->name); /* a test sets all of them */
}

static sq_status check_format(const sq_import_job *job, const sq_window_rules *rules) {
    const sq_import_format *format = job->format;
    const unsigned all_classes = (1u << SQ_AGENT_CLASSES) - 1;
    bool asks = rules->begin == SQ_WINDOWS_CURRENT || rules->only_to_predict;
    const char *lacks = asks && !format->tells_requests ? "a current step and agents to predict"
                        : rules->classes != all_classes && !format->tells_classes ? "classes"
                        : rules->dimensions == 3 && !format->tells_height         ? "heights"
                                                                                  : NULL;
    if (!lacks) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "format %s does not tell of %s: leave data.windows, agents, classes and "
                   "dimensions as they are",
                   format->name, lacks);
}

/* Else training and validation would be the same windows. */
static sq_status check_part(const sq_import_job *job) {
    const char *part = job->config->data.part;
    if (job->format->cuts_parts || !strcmp(part, "all")) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG,
                   "data.part = %s: format %s does not cut recordings into parts; import all of "
                   "them and split by scene: softeq data split",
                   part, job->format->name);
}

/* ---- for the formats ---- */

sq_status sq_import_set_interval(sq_import *import, const char *path, double recorded) {
    return sq_window_rules_stride(import->rules, recorded, path, &import->cut.stride);
}

sq_status sq_import_damage(sq_import *import) {
    if (import->job->strict) return SQ_ERR_DATA;
    sq_log(SQ_LOG_WARNING, "%s: left out", sq_error_message());
    import->summary.counts[SQ_COUNT_DAMAGED]++;
    return SQ_OK;
}

void sq_import_note_class(sq_import *import, const char *path, int64_t line, const char *word) {
    char kept[SQ_IMPORT_WORD];
    sq_copy_bounded(kept, sizeof kept, word);
    for (int k = 0; k < import->n_words; k++)
        if (!strcmp(import->words[k], kept)) return;
    if (import->n_words == SQ_IMPORT_MOST_WORDS) return;
    memcpy(import->words[import->n_words++], kept, sizeof kept);
    sq_log(SQ_LOG_WARNING,
           "%s: line %lld: class '%s' is not known and counts as other, here and in what follows",
           path, (long long)line, word);
}

void sq_import_show(sq_import *import, int64_t bytes) {
    if (!import->job->observer) return;
    sq_import_progress now = import->progress;
    now.bytes += bytes;
    now.windows += import->summary.counts[SQ_COUNT_WINDOWS];
    import->job->observer(&now, import->job->context);
}

/* ---- shards ---- */

static sq_window_source source_of(const sq_import_job *job, size_t first, size_t count) {
    return (sq_window_source){.source = job->format->source,
                              .frame_meaning = job->format->frame_meaning,
                              .frame_units = job->format->frame_units,
                              .paths = job->paths + first,
                              .count = count,
                              .history = job->history};
}

/* What imports that were killed left of a shard: large, maybe, and of no use. */
static void remove_leftovers(const char *path) {
    char folder[PATH_CAPACITY], name[PATH_CAPACITY + 1]; /* with a dot */
    const char *const names[] = {name, NULL};
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) + 1 : 1,
             slash ? path : ".");
    snprintf(name, sizeof name, "%s.", slash ? slash + 1 : path);
    sq_atomic_file_sweep(folder, names);
}

static sq_status read_file(sq_import *import, size_t index) {
    sq_window_source from = source_of(import->job, index, 1);
    import->cut.first_frame = INT64_MIN;
    import->cut.end_frame = INT64_MAX;
    sq_status status = import->job->format->read(import, from.paths[0]);
    import->summary.counts[SQ_COUNT_FILES]++;
    import->progress.bytes += sq_window_source_bytes(&from);
    return status;
}

/* Files first .. first+count-1 into one shard; import->summary is theirs. Of several shards one
 * may be without windows: it is not written. */
static sq_status write_shard(sq_import *import, size_t first, size_t count, bool may_be_empty,
                             const char *path) {
    sq_window_source from = source_of(import->job, first, count);
    sq_status status;
    memset(&import->summary, 0, sizeof import->summary);
    remove_leftovers(path);
    SQ_TRY(sq_window_writer_create(path, import->rules, &from, &import->cut.writer));
    for (size_t i = first; i < first + count; i++) {
        SQ_TRY(read_file(import, i));
        if (count > 1) import->progress.done++;
    }
    import->progress.windows += import->summary.counts[SQ_COUNT_WINDOWS];
    if (import->summary.counts[SQ_COUNT_WINDOWS] > 0)
        SQ_TRY(sq_window_writer_finish(&import->cut.writer, &import->summary));
    else if (may_be_empty)
        sq_log(SQ_LOG_WARNING, "%s: holds no window; no shard is written", from.paths[0]);
    else
        SQ_TRY(sq_fail(SQ_ERR_DATA,
                       "%s%s: no window; see data.observed, data.predicted and the rules behind "
                       "them",
                       from.paths[0], count > 1 ? " and the other files" : ""));
cleanup:
    sq_window_writer_abandon(&import->cut.writer);
    return status;
}

/* ---- going on ---- */

static sq_status read_summary(const sq_nc *file, sq_import_summary *summary) {
    sq_status status = SQ_OK;
    for (int kind = 0; kind < SQ_COUNT_KINDS; kind++) {
        char name[64];
        snprintf(name, sizeof name, SQ_WINDOW_COUNT_PREFIX "%s",
                 sq_import_count_name((sq_import_count)kind));
        SQ_TRY(sq_nc_get_integer(file, NULL, name, &summary->counts[kind]));
    }
cleanup:
    return status;
}

/* Was it made from this file by these rules? */
static bool is_same(const sq_nc *file, const sq_import *import, size_t index) {
    sq_window_source from = source_of(import->job, index, 1);
    const char *slash = strrchr(from.paths[0], '/');
    char wanted[SQ_WINDOW_RULES_TEXT], found[PATH_CAPACITY + SQ_WINDOW_RULES_TEXT];
    int64_t bytes;
    sq_window_rules_format(import->rules, wanted);
    return sq_nc_get_text(file, NULL, SQ_WINDOW_RULES, found, sizeof found) == SQ_OK &&
           !strcmp(found, wanted) &&
           sq_nc_get_text(file, NULL, SQ_WINDOW_SOURCE_FILES, found, sizeof found) == SQ_OK &&
           !strcmp(found, slash ? slash + 1 : from.paths[0]) &&
           sq_nc_get_integer(file, NULL, SQ_WINDOW_SOURCE_BYTES, &bytes) == SQ_OK &&
           bytes == sq_window_source_bytes(&from);
}

/* *done: the shard of this file is there already; import->summary is then its own. */
static sq_status find_done(sq_import *import, size_t index, const char *path, bool *done) {
    sq_nc *file = NULL;
    sq_status status = SQ_OK;
    *done = access(path, F_OK) == 0;
    if (!*done) return SQ_OK;
    SQ_TRY(sq_nc_open(path, &file));
    if (!is_same(file, import, index))
        SQ_TRY(sq_fail(SQ_ERR_DATA,
                       "%s: is there already, but not made from %s by these rules; remove it or "
                       "choose another prefix",
                       path, import->job->paths[index]));
    SQ_TRY(read_summary(file, &import->summary));
    if (import->job->strict && import->summary.counts[SQ_COUNT_DAMAGED] > 0)
        SQ_TRY(sq_fail(SQ_ERR_DATA,
                       "%s: was made from %s without its damaged records, which --strict does not "
                       "allow; remove it",
                       path, import->job->paths[index]));
cleanup:
    sq_nc_close(&file);
    return status;
}

/* ---- all files ---- */

static sq_status import_one(sq_import *import, size_t index, sq_import_summary *total,
                            int64_t *skipped) {
    char path[PATH_CAPACITY];
    bool done = false;
    sq_status status = SQ_OK;
    int length = snprintf(path, sizeof path, "%s-%05zu.nc", import->job->out, index);
    if (length >= (int)sizeof path)
        SQ_TRY(
            sq_fail(SQ_ERR_ARGUMENT, "%s: is too long for the name of a file", import->job->out));
    SQ_TRY(find_done(import, index, path, &done));
    if (!done) SQ_TRY(write_shard(import, index, 1, true, path));
    sq_import_summary_add(total, &import->summary);
    *skipped += done;
cleanup:
    return status;
}

/* Ranks take turns, and stop together after the turn in which one of them fails. */
static sq_status import_apart(sq_import *import, sq_comm *comm, sq_import_summary *total,
                              int64_t *skipped) {
    size_t count = import->job->count;
    size_t ranks = (size_t)sq_comm_size(comm);
    for (size_t first = 0; first < count; first += ranks) {
        size_t mine = first + (size_t)sq_comm_rank(comm);
        sq_status status = mine < count ? import_one(import, mine, total, skipped) : SQ_OK;
        status = sq_comm_agree(comm, status);
        if (status != SQ_OK) return status;
        import->progress.done = (int64_t)(first + ranks < count ? first + ranks : count);
        memset(&import->summary, 0, sizeof import->summary);
        sq_import_show(import, 0);
    }
    return SQ_OK;
}

static sq_status import_together(sq_import *import, sq_comm *comm, sq_import_summary *total) {
    sq_status status = SQ_OK;
    if (sq_comm_rank(comm) == 0) {
        status = write_shard(import, 0, import->job->count, false, import->job->out);
        *total = import->summary;
    }
    return sq_comm_agree(comm, status);
}

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text);
    return length >= strlen(end) && !strcmp(text + length - strlen(end), end);
}

/* The totals of all ranks. */
static sq_status sum_up(sq_comm *comm, sq_import_summary *summary, int64_t *skipped) {
    sq_status status;
    SQ_TRY(sq_comm_sum(comm, summary->counts, SQ_COUNT_KINDS));
    SQ_TRY(sq_comm_sum(comm, skipped, 1));
cleanup:
    return status;
}

sq_status sq_import_run(const sq_import_job *job, sq_comm *comm, sq_import_summary *summary,
                        int64_t *skipped) {
    sq_window_rules rules;
    sq_import import = {.job = job, .rules = &rules, .progress = {.files = (int64_t)job->count}};
    sq_status status;
    memset(summary, 0, sizeof *summary);
    *skipped = 0;
    SQ_TRY(sq_window_rules_read(job->config, &rules));
    SQ_TRY(check_format(job, &rules));
    SQ_TRY(check_part(job));
    import.cut = (sq_window_cut){.rules = &rules, .summary = &import.summary};
    if (rules.neighbours > 0)
        SQ_TRY(sq_comm_agree(
            comm, sq_surroundings_create(job->out, SIGHTINGS_IN_MEMORY, &import.cut.surroundings)));
    if (ends_with(job->out, ".nc"))
        SQ_TRY(import_together(&import, comm, summary));
    else
        SQ_TRY(import_apart(&import, comm, summary, skipped));
    SQ_TRY(sum_up(comm, summary, skipped));
cleanup:
    sq_surroundings_destroy(&import.cut.surroundings);
    return status;
}
